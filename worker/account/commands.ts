import type { AgentId, ClientId, ConversationId } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { momentOf } from '#shared/base/moment.ts'
import type { Input, InputOf } from '#shared/core/input.ts'
import type { Refusal } from '#shared/core/refusal.ts'
import { held, type World } from '#shared/core/world.ts'
import type { Ack } from '#shared/wire/down.ts'
import type { CommandFrame, OutdatedFrame } from '#shared/wire/up.ts'
import type { Reached } from './crash-points.ts'
import type { Drafts } from './drafts.ts'
import { conversationOf } from './gather.ts'
import type { Memory } from './memory.ts'
import type { Sql } from './sql.ts'
import { isEmpty, type Step } from './step.ts'

/** In the place of the hash of a command that only its entry in D1 is known of [E24]. */
export const fromD1 = ''

export type CommandAnswer = { kind: 'ack'; ack: Ack } | { kind: 'gap'; last: number } | { kind: 'fork' }

export interface CommandsDeps {
  sql: Sql
  now(): number
  memory(): Memory
  drafts: Drafts
  reached: Reached
  /** The world around an input. */
  gather(input: Input): World
  /** Gathers, decides and writes one input. Answers the refusal, if a rule said no. */
  apply(input: Input, step: Step): { code: string; text: string } | null
}

/**
 * Admits agents' commands, within the transaction of a step: each is taken once, in the order of its client's
 * numbers, and answered the same for ever [E11].
 */
export class Commands {
  readonly #deps: CommandsDeps

  constructor(deps: CommandsDeps) {
    this.#deps = deps
  }

  /** Takes exactly the next number of a client, or a known id; `decide` is asked for what is new. */
  take(
    frame: CommandFrame | OutdatedFrame,
    decide: () => Omit<Ack, 'seq'> & { seq?: number },
    actor: AgentId,
    client: ClientId,
  ): CommandAnswer {
    const { sql } = this.#deps
    const hash = hash64(
      JSON.stringify([actor, frame.t === 'command' ? (frame.pressed ?? frame.command) : frame.pressed]),
    )
    const record = sql.one<{ agent: string; last: number }>(
      `SELECT agent, last FROM clients WHERE id = ?`,
      client,
    )
    if (record && record.agent !== actor) return { kind: 'fork' }
    const last = record?.last ?? 0
    const known = sql.one<{ hash: string; answer: string }>(
      `SELECT hash, answer FROM commands WHERE id = ?`,
      frame.id,
    )
    if (known) {
      if (known.hash !== hash && known.hash !== fromD1) return { kind: 'fork' }
      if (frame.n === last + 1) this.#consume(client, actor, frame.n)
      const ack = { ...(JSON.parse(known.answer) as Ack), n: frame.n }
      const recalled = frame.t === 'command' && known.hash === fromD1
      return { kind: 'ack', ack: recalled ? this.#recall(frame, ack) : ack }
    }
    if (frame.n <= last) return { kind: 'fork' }
    if (frame.n > last + 1) return { kind: 'gap', last }
    this.#consume(client, actor, frame.n)
    this.#deps.reached('after-dedupe')
    const ack = { seq: this.#deps.memory().head.seq, ...decide() }
    sql.run(
      `INSERT INTO commands (id, hash, answer, at) VALUES (?, ?, ?, ?)`,
      frame.id,
      hash,
      JSON.stringify(ack),
      this.#deps.now(),
    )
    return { kind: 'ack', ack }
  }

  /** Decides on a command and puts its answer together. */
  decide(frame: CommandFrame, actor: AgentId, step: Step): Ack {
    const input: InputOf<'command'> = {
      kind: 'command',
      actor,
      id: frame.id,
      command: frame.command,
      press: {
        seen: frame.seen,
        synced: frame.synced,
        waited: frame.waited,
        ...(frame.again ? { again: true } : {}),
      },
      ...(frame.wroteAt === undefined ? {} : { wroteAt: Math.min(frame.wroteAt, this.#deps.now()) }),
    }
    const joined = this.#joinedBy(input)
    const refusal = this.#deps.apply(input, step)
    if (joined !== null && refusal === null && frame.command.name === 'StartConversation')
      this.#alias(frame.command.conversation, joined)
    const thread = step.threads.at(-1)
    const draft = refusal === null ? this.#closeDraft(frame, step) : null
    return {
      n: frame.n,
      id: frame.id,
      seq: isEmpty(step) ? this.#deps.memory().head.seq : step.seq,
      refusal,
      thread: thread ? { id: thread.thread, epoch: thread.epoch, clock: thread.to } : null,
      conversation: refusal === null ? joined : null,
      ...(draft === null ? {} : { draft }),
    }
  }

  /**
   * Ends the epoch of the draft that a sent text came from, in the transaction that keeps the text [E15]. Answers
   * the epoch in which that box goes on; null where the command is none that takes text from a box.
   */
  #closeDraft({ command, draft }: CommandFrame, step: Step): number | null {
    const takesText = ['SendReply', 'ScheduleReply', 'StartConversation', 'AddNote']
    if (!takesText.includes(command.name) || !('conversation' in command)) return null
    const id = conversationOf(this.#deps.sql, command.conversation)?.id
    if (id === undefined) return null
    const box = {
      conversation: id,
      kind: command.name === 'AddNote' ? ('note' as const) : ('reply' as const),
    }
    const moment = momentOf(this.#deps.memory().epoch, step.seq)
    const closing = draft && this.#deps.drafts.close(box, draft.epoch, draft.seen, moment)
    if (closing) step.drafts.push(closing)
    return this.#deps.drafts.epoch(box)
  }

  /** The open conversation that a start finds in its place; the unsent id becomes another name of it [E14]. */
  #joinedBy(input: InputOf<'command'>) {
    if (input.command.name !== 'StartConversation') return null
    const { openOfPair, conversation } = this.#deps.gather(input)
    const open = held(openOfPair)
    if (open === null || held(conversation) !== null) return null
    return open.id
  }

  /** Written once the start was taken: before, the unsent id would already name what it is to join. */
  #alias(unsent: ConversationId, joined: ConversationId): void {
    this.#deps.sql.run(`INSERT OR IGNORE INTO aliases (id, conversation) VALUES (?, ?)`, unsent, joined)
  }

  /** The answer to a command of which only its entry came back from D1: a start may have joined another [E14]. */
  #recall({ command }: CommandFrame, ack: Ack): Ack {
    if (command.name !== 'StartConversation' || ack.conversation === command.conversation)
      return { ...ack, conversation: null }
    if (ack.conversation) this.#alias(command.conversation, ack.conversation)
    return ack
  }

  #consume(client: ClientId, agent: AgentId, n: number): void {
    this.#deps.sql.run(
      `INSERT INTO clients (id, agent, last) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET last = excluded.last`,
      client,
      agent,
      n,
    )
  }
}

/** The answer to a command that is refused before anything is decided. */
export function refused({ n, id }: { n: number; id: Ack['id'] }, { code, text }: Refusal): Omit<Ack, 'seq'> {
  return { n, id, refusal: { code, text }, thread: null, conversation: null }
}
