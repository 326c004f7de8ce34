import {
  agentId,
  base32,
  type AccountId,
  type CommandId,
  type ConversationId,
  type MobileUserId,
} from '#shared/base/ids.ts'
import { mobileUserOf, numberOf, parseAddress } from '#shared/base/phone.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { minute } from '#shared/base/time.ts'
import type { Command } from '#shared/core/command.ts'
import type { Handover } from '#shared/core/input.ts'
import type { Entry } from '#shared/model/entry.ts'
import { entryOf, type AgentId, type ClientId, type EntryId } from '#shared/base/ids.ts'
import { AccountObject } from '../account/object.ts'
import type { AccountParts } from '../account/object.ts'
import type { CrashPoint } from '../account/crash-points.ts'
import { newCookie } from '../http/cookie.ts'
import type { DurableHistory } from '../account/durable.ts'
import { readNumber, writeMeta } from '../account/memory.ts'
import type { Sql } from '../account/sql.ts'
import { isFounded } from '../account/tables.ts'
import type { Env } from '../env.ts'
import { addressOf, onlooker, threadOf } from './seed/crowd.ts'
import { copyStorage, putBackStorage, type StorageCopy } from './storage-copy.ts'
import { mediaIdOf, type Fate, type Happening } from './seed/plan.ts'

/** A commit writes at most 500 rows [E19]: of each onlooker there are three, and ten texts go to D1. */
const onlookersPerCommit = 40

/** An account object whose clock can be moved, whose past can be written, and which can be made to die. */
export class DevAccount extends AccountObject {
  /** Called at each named crash point. What it throws is the end of that object. */
  static crash: ((point: CrashPoint, account: DevAccount) => void) | null = null
  /** True while the durable history does not answer. */
  static historyDown = false
  /** True while what the Worker keeps in R2 cannot be read. */
  static keepDown = false
  static readonly #copies = new Map<string, StorageCopy>()
  #past: number | null = null
  #shift: number | null = null

  constructor(ctx: DurableObjectState, env: Env, outside: AccountParts) {
    super(ctx, env, {
      ...outside,
      bringInKept: (...asked) =>
        DevAccount.keepDown ? Promise.reject(new Error('R2 is away.')) : outside.bringInKept(...asked),
      history: (env) => awayAtTimes(outside.history(env)),
    })
  }

  protected override now(): number {
    // A field initializer has not run yet while the base class starts: read the store then.
    if (#past in this && this.#past !== null) return this.#past
    return Date.now() + this.shift()
  }

  protected override reached(point: CrashPoint): void {
    DevAccount.crash?.(point, this)
  }

  /** A thread as it stands, for whoever has to look inside. */
  threadOf(user: MobileUserId): Entry[] {
    return this.door.documents.read(user).entries
  }

  /** Writes as the object does, so that it knows of it. */
  write(statement: string): void {
    this.sql.run(statement)
  }

  /** How many entries the durable history does not have yet. */
  unflushed(): number {
    return this.sql.one<{ count: number }>(`SELECT COUNT(*) AS count FROM unflushed`)?.count ?? 0
  }

  /** Adds `count` people of the crowd from the `from`-th on, each with a conversation and its texts. */
  gather(from: number, count: number): void {
    const { agents, numbers } = this.door.memory
    const [[owner], [number]] = [[...agents.keys()], [...numbers.values()]]
    if (!owner || !number) throw new Error('A crowd needs an agent and a number.')
    const now = this.now()
    for (let done = 0; done < count; done += onlookersPerCommit) {
      const puts = Array.from({ length: Math.min(onlookersPerCommit, count - done) }, (_, index) =>
        onlooker(from + done + index, number, owner, now),
      ).flat()
      this.door.install(
        puts,
        puts.flatMap((put) =>
          put.table === 'conversations'
            ? threadOf(put.row, owner).map((entry) => ({ kind: 'entry', user: put.row.user, entry }) as const)
            : [],
        ),
      )
    }
    this.door.documents.compact()
  }

  /**
   * Has each of `count` people of the crowd text once, from the `from`-th on. `round` makes the texts of a second
   * time other ones than those of the first.
   */
  speak(from: number, count: number, round: string): void {
    const [number] = this.door.memory.numbers.values()
    if (!number) throw new Error('A crowd needs a number.')
    for (let index = from; index < from + count; index++) {
      const carrierId = `crowd-${round}-${index}`
      const text = `Still waiting for an answer about order ${index}, is anybody there?`
      const { channel, address: to } = number
      this.door.commit({ kind: 'inbound', channel, carrierId, from: addressOf(index), to, text, media: [] })
    }
    this.door.documents.compact()
    this.goOn()
  }

  /** Adds agents, each signed in already: what many sockets are measured with. */
  async people(account: AccountId, count: number): Promise<{ agent: string; cookie: string }[]> {
    const names = Array.from({ length: count }, (_, index) => agentId.parse(`crowd-${index}`))
    this.door.install(
      names.map((id) => ({
        table: 'agents',
        row: { id, name: id, email: `${id}@demo.test`, role: 'agent', groups: [], active: true },
      })),
    )
    return Promise.all(
      names.map(async (agent) => {
        const { hash, header } = await newCookie(account)
        this.openSession(hash, agent, 'bench')
        return { agent, cookie: header.split(';')[0] ?? '' }
      }),
    )
  }

  /**
   * Keeps a copy of everything that this object holds, and puts it back: what point-in-time recovery does on the
   * platform, which the local runtime does not have [E24].
   */
  keepCopy(): void {
    DevAccount.#copies.set(this.ctx.id.toString(), copyStorage(this.sql))
  }

  override bookmarkAt(time: number): Promise<string | null> {
    const copy = this.ctx.id.toString()
    return DevAccount.#copies.has(copy) ? Promise.resolve(copy) : super.bookmarkAt(time)
  }

  override returnTo(bookmark: string): Promise<string> {
    const copy = DevAccount.#copies.get(bookmark)
    if (!copy) return super.returnTo(bookmark)
    DevAccount.#copies.set(bookmark, copyStorage(this.sql))
    putBackStorage(this.sql, copy)
    this.endSoon()
    return Promise.resolve(bookmark)
  }

  goBackToCopy(): void {
    const copy = DevAccount.#copies.get(this.ctx.id.toString())
    if (!copy) throw new Error('There is no copy to go back to.')
    putBackStorage(this.sql, copy)
    this.ctx.waitUntil(this.ctx.storage.sync().then(() => this.ctx.abort('The storage went back.')))
  }

  /** Ends this object at once, as a crash does: memory is gone, what was not durable is gone. */
  die(reason: string): never {
    this.ctx.abort(reason)
    throw new Error(reason)
  }

  protected override get paused(): boolean {
    return #past in this && this.#past !== null
  }

  /** Moves this object's clock, and does what has become due. */
  shiftClock(ms: number): number {
    this.#shift = this.shift() + ms
    writeMeta(this.sql, 'clock shift', this.#shift)
    this.goOn()
    return this.now()
  }

  private shift(): number {
    // The same while the base class starts: what it does then happens at the time it stands at.
    const { sql } = this
    if (!(#shift in this)) return storedShift(sql)
    this.#shift ??= storedShift(sql)
    return this.#shift
  }

  isSeeded(): boolean {
    return isFounded(this.sql) && readNumber(this.sql, 'seeded', 0) === 1
  }

  /** The address at which the carriers were introduced: another port needs them introduced again. */
  settledAt(): string | null {
    return this.sql.one<{ value: string }>(`SELECT value FROM meta WHERE key = 'seed origin'`)?.value ?? null
  }

  settleAt(origin: string): void {
    writeMeta(this.sql, 'seed origin', origin)
  }

  /** When the past ends: the moment of the first attempt, so that one that was cut off goes on with the same. */
  seedEnd(): number {
    const known = readNumber(this.sql, 'seed end', 0)
    if (known !== 0) return known
    const end = Date.now()
    writeMeta(this.sql, 'seed end', end)
    return end
  }

  /** Writes a part of the past through the door, with the clock that it had. Repeating it changes nothing. */
  live(happenings: { at: number; key: string; happening: Happening }[], done: boolean): void {
    try {
      for (const { at, key, happening } of happenings) {
        this.#past = at
        this.#happen(key, happening)
      }
    } finally {
      this.#past = null
    }
    if (!done) return
    writeMeta(this.sql, 'seeded', 1)
    this.goOn()
  }

  #happen(key: string, happening: Happening): void {
    const number = numberOf(happening.number)
    const channel = this.door.memory.numbers.get(number)?.channel
    const user = mobileUserOf(parseAddress(happening.handset) ?? { kind: 'phone', text: happening.handset })
    if (!channel) throw new Error(`${happening.number} is no number of this company.`)
    if (happening.what === 'in') {
      const { text, media = [], handset: from, number: to } = happening
      this.door.commit({ kind: 'inbound', channel, carrierId: key, from, to, text, media })
      return
    }
    const conversation = this.sql.one<{ conversation: ConversationId }>(
      `SELECT conversation FROM open_pairs WHERE user = ? AND number = ?`,
      user,
      number,
    )?.conversation
    if (!conversation) return
    const command = this.#commandFor(happening, conversation, user)
    const id = this.#command(key, happening.by, command, happening.what === 'out' ? happening.fate : null)
    if (happening.what === 'out') this.#fare(entryOf(id, 0), key, happening.fate)
  }

  #commandFor(
    happening: Exclude<Happening, { what: 'in' }>,
    conversation: ConversationId,
    user: string,
  ): Command {
    const owner = () => {
      const row = this.sql.one<{ body: string }>(
        `SELECT body FROM rows WHERE tbl = 'conversations' AND id = ?`,
        conversation,
      )
      const { agent, group } = JSON.parse(row?.body ?? '{}')
      return { agent, group }
    }
    switch (happening.what) {
      case 'out':
        return {
          name: 'SendReply',
          conversation,
          text: happening.text,
          ...(happening.file ? { media: [mediaIdOf(happening.file)] } : {}),
        }
      case 'schedule': {
        const quarter = 15 * minute
        const at = this.now() + (happening.ago + happening.in) * minute
        return {
          name: 'ScheduleReply',
          conversation,
          text: happening.text,
          at: Math.ceil(at / quarter) * quarter,
        }
      }
      case 'note':
        return { name: 'AddNote', conversation, text: happening.text }
      case 'claim':
        return { name: 'ClaimConversation', conversation, expect: owner() }
      case 'transfer':
        return {
          name: 'TransferConversation',
          conversation,
          expect: owner(),
          to: { agent: happening.agent, group: happening.group },
        }
      case 'follow up':
        return { name: 'SetFollowUp', conversation, on: true }
      case 'end':
        return { name: 'EndConversation', conversation }
      case 'read':
        return {
          name: 'MarkRead',
          conversation,
          order:
            this.door.documents.read(mobileUserOf({ kind: 'phone', text: `+${user.slice(2)}` })).next - 1,
        }
    }
  }

  /** A command of the past: its id and number follow from its key, so that a second run is the same command. */
  #command(key: string, actor: AgentId, command: Command, fate: Fate | null): CommandId {
    const id = `x${base32Of(`command ${key}`)}` as CommandId
    const client = `d${base32Of(`client ${actor}`)}` as ClientId
    const last = this.sql.one<{ last: number }>(`SELECT last FROM clients WHERE id = ?`, client)?.last ?? 0
    const press =
      fate === 'late' ? { seen: 1, synced: false, waited: 0 } : { seen: 1e9, synced: true, waited: 0 }
    this.door.command({ t: 'command', n: last + 1, id, command, ...press }, actor, client)
    return id
  }

  /** What the carrier did with a text of the past, without asking it. */
  #fare(message: EntryId, key: string, fate: Fate): void {
    if (fate === 'late') return
    const outcome: Handover =
      fate === 'failed'
        ? { kind: 'rejected', code: '30006', text: 'Landline or unreachable', optedOut: false }
        : fate === 'unconfirmed'
          ? { kind: 'silent', text: 'no answer' }
          : { kind: 'accepted', carrierId: `seed-${key}` }
    this.door.commit({ kind: 'claim', message })
    this.door.commit({ kind: 'handed', message, outcome })
    const channel = this.door.outbox.channelOf(message)
    if (fate !== 'delivered' || !channel) return
    this.#past = (this.#past ?? 0) + minute / 20
    this.door.commit({
      kind: 'receipt',
      channel,
      carrierId: `seed-${key}`,
      message,
      receipt: { state: 'delivered' },
    })
  }
}

function storedShift(sql: Sql): number {
  return isFounded(sql) ? readNumber(sql, 'clock shift', 0) : 0
}

/** D1, while it answers. */
function awayAtTimes(history: DurableHistory): DurableHistory {
  const there = <Result>(ask: () => Promise<Result>): Promise<Result> =>
    DevAccount.historyDown ? Promise.reject(new Error('D1 is away.')) : ask()
  return {
    flush: (account, batch) => there(() => history.flush(account, batch)),
    head: (account) => there(() => history.head(account)),
    raise: (account, from) => there(() => history.raise(account, from)),
    ledger: (...asked) => there(() => history.ledger(...asked)),
    lost: (...page) => there(() => history.lost(...page)),
  }
}

function base32Of(text: string): string {
  const hex = hash64(text) + hash64(`again ${text}`)
  return base32(
    Uint8Array.from({ length: 16 }, (_, index) => parseInt(hex.slice(index * 2, index * 2 + 2), 16)),
  )
}
