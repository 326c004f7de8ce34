import type { ChannelId, EntryId } from '#shared/base/ids.ts'
import type { Input } from '#shared/core/input.ts'
import type { Change, Effect } from '#shared/core/outcome.ts'
import type { Broadcasts } from './broadcasts.ts'
import { conversationOf } from './gather.ts'
import type { ListMembers } from './list-members.ts'
import type { Lookups } from './lookups.ts'
import type { MediaCopies } from './media-copies.ts'
import type { Memory } from './memory.ts'
import type { Outbox } from './outbox.ts'
import type { Pushes } from './pushes.ts'
import type { Sql } from './sql.ts'
import { conversationIdOf, type Step } from './step.ts'
import { scheduleOf, type Timers } from './timers.ts'
import type { Writer } from './writer.ts'

export interface EffectsDeps {
  sql: Sql
  now(): number
  memory(): Memory
  outbox: Outbox
  lookups: Lookups
  copies: MediaCopies
  pushes: Pushes
  timers: Timers
  broadcasts: Broadcasts
  members: ListMembers
  writer: Writer
  /** Brings a further input to its decision within the same step. */
  apply(input: Input, step: Step): unknown
}

/** Carries out a decision's effects: all of them are rows of the same transaction, and none leaves it. */
export class Effects {
  readonly #deps: EffectsDeps

  constructor(deps: EffectsDeps) {
    this.#deps = deps
  }

  /** Does what a decision asked for beside its rows and threads. */
  carryOut(effect: Effect, input: Input | null, step: Step): void {
    const { sql } = this.#deps
    switch (effect.kind) {
      case 'hand over': {
        const conversation = conversationIdOf(step, effect.message)
        this.#deps.outbox.add(effect, conversation, this.#deps.now())
        step.texts = true
        return
      }
      case 'withdraw':
        this.#deps.outbox.withdraw(effect.message)
        this.#deps.timers.clear(scheduleOf(effect.message))
        // The conversation's next text may have waited for this one.
        step.texts = true
        return
      case 'hold':
      case 'schedule': {
        const { message, user, channel } = effect
        this.#deps.outbox.know(message, user, conversationIdOf(step, message), channel, this.#deps.now())
        if (effect.kind === 'hold' && effect.mayHaveLeft)
          this.#deps.lookups.addNameless({ message, channel, ...effect.mayHaveLeft }, null)
        if (effect.kind === 'schedule')
          this.#deps.timers.set({ id: scheduleOf(message), due: effect.due, kind: 'scheduled', ref: message })
        return
      }
      case 'claim':
        this.#deps.outbox.claim(effect.message, this.#deps.now())
        return
      case 'retry':
        this.#deps.outbox.retry(effect.message, this.#deps.now() + effect.after)
        return
      case 'remember':
        this.#attach(effect.message, effect.carrierId, step)
        return
      case 'carrier answered':
        this.#count(effect.message, effect.answered, step)
        return
      case 'look up':
        this.#deps.lookups.add(effect.message, this.#deps.now())
        return
      case 'ask carrier':
        this.#deps.lookups.hurry(effect.message, this.#deps.now())
        return
      case 'looked up':
        this.#deps.lookups.close(effect.message, this.#deps.now())
        return
      case 'settled':
        this.#deps.lookups.forget(effect.message)
        return
      case 'notify':
        this.#deps.pushes.add(effect.entry, effect.conversation, effect.order, step.seq, this.#deps.now())
        return
      case 'copy':
        return this.#deps.copies.add(effect, this.#deps.now())
      case 'copied':
        return this.#deps.copies.forget(effect.media)
      case 'park receipt':
        if (input?.kind !== 'receipt') return
        sql.run(
          `INSERT INTO parked_receipts (channel, carrier_id, state, receipt, at, message) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO NOTHING`,
          input.channel,
          input.carrierId,
          input.receipt.state,
          JSON.stringify(input.receipt),
          this.#deps.now(),
          input.message,
        )
        return
      case 'join list':
        return this.#deps.members.join(effect.list, effect.users)
      case 'leave list':
        return this.#deps.members.leave(effect.list, effect.users)
      case 'prepare':
        this.#deps.broadcasts.begin(effect.broadcast, effect.list)
        step.texts = true
        return
      case 'skip broadcasts':
        return this.#deps.broadcasts.skipFor(effect.user, effect.word, this.#deps.now())
      case 'broadcast answered':
        return this.#deps.broadcasts.answered(effect.message)
      case 'audit':
        sql.run(
          `INSERT INTO audit (seq, at, what, by, about) VALUES (?, ?, ?, ?, ?)`,
          step.seq,
          this.#deps.now(),
          effect.what,
          effect.by,
          effect.about,
        )
        return
    }
  }

  /** Learns a carrier's name for a text and applies the receipts that came before it was known. */
  #attach(message: EntryId, carrierId: string, step: Step): void {
    this.#deps.outbox.remember(message, carrierId)
    const channel = this.#deps.outbox.channelOf(message)
    if (channel === null) return
    const { sql } = this.#deps
    const parked = sql.all<{ receipt: string }>(
      `SELECT receipt FROM parked_receipts WHERE channel = ? AND carrier_id = ?`,
      channel,
      carrierId,
    )
    sql.run(`DELETE FROM parked_receipts WHERE channel = ? AND carrier_id = ?`, channel, carrierId)
    for (const { receipt } of parked)
      this.#deps.apply({ kind: 'receipt', channel, carrierId, message, receipt: JSON.parse(receipt) }, step)
  }

  /**
   * A text that its device offers again is held, and may have left in the life that is lost [E24]: from now on its
   * receipts find it, and so do those that came before it.
   */
  offeredAgain(changes: readonly Change[], step: Step): void {
    const { sql, outbox, memory, now } = this.#deps
    for (const change of changes) {
      if (change.kind !== 'entry' || change.entry.kind !== 'outbound') continue
      const { id, conversation } = change.entry
      const row = conversationOf(sql, conversation)
      const channel = row && memory().numbers.get(row.number)?.channel
      if (!channel) continue
      outbox.know(id, change.user, conversation, channel, now())
      this.knownAgain(id, step)
    }
  }

  /** Applies the receipts of a text that came while nobody knew it, if it was named in them. */
  knownAgain(message: EntryId, step: Step): void {
    const parked = this.#deps.sql.one<{ carrierId: string }>(
      `SELECT carrier_id AS carrierId FROM parked_receipts WHERE channel = ? AND message = ?`,
      this.#deps.outbox.channelOf(message),
      message,
    )
    if (parked) this.#attach(message, parked.carrierId, step)
  }

  /** Two silences in a row open a channel's breaker; an answer closes it [E22]. */
  #count(message: EntryId, answered: boolean, step: Step): void {
    const channel = this.#deps.outbox.channelOf(message)
    if (channel !== null) this.countChannel(channel, answered, step)
  }

  /** Counts an answer or a silence of a channel [E22]. */
  countChannel(channel: ChannelId, answered: boolean, step: Step): void {
    const opened = this.#deps.outbox.count(channel, answered, this.#deps.now())
    if (opened !== null) this.channelReachable(channel, !opened, step)
  }

  /** Says of a channel whether its carrier is heard of, where that changed [E22]. */
  channelReachable(id: string, reachable: boolean, step: Step): void {
    const channel = [...this.#deps.memory().channels.values()].find((row) => row.id === id)
    if (!channel || channel.reachable === reachable) return
    this.#deps.writer.put(
      { table: 'channels', row: { ...channel, reachable, since: this.#deps.now() } },
      step,
    )
  }
}
