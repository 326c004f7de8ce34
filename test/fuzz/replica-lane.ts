import { fromBase64, toBase64 } from 'lib0/buffer'
import { makeIds, type AgentId, type ConversationId, type MobileUserId } from '#shared/base/ids.ts'
import { clientOf, clockOf, encodeSince, newDocument, readForeignThread } from '#shared/docs/thread.ts'
import { entry } from '#shared/model/entry.ts'
import { defaultViews } from '#shared/rules/views.ts'
import { tables } from '#shared/rows/tables.ts'
import { down, type Down, type ThreadState, type Welcome } from '#shared/wire/down.ts'
import { wireVersion } from '#shared/wire/version.ts'
import { applyFrame, applyPage, applyPulled, wipe, type Writer } from '#client/db/frames.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare, raiseTalker, readReplica } from '#client/db/meta.ts'
import { readOpenThread } from '#client/db/open-thread.ts'
import { readHeldThread } from '#client/db/threads.ts'
import { readView } from '#client/db/views.ts'
import { makeRandom, type Random } from '#test/kit/random.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from '#test/client/kit/fake-edge.ts'
import { mutateBytes, mutateJson, mutateText } from './mutate.ts'
import { Speaker } from './speaker.ts'
import type { Lane, Report } from './watch.ts'

const lifetime = 400
const identity = { account: 'northwind' as never, agent: 'maya' as AgentId }
const now = 1_700_000_000_000

/**
 * What a device hears: frames, threads and welcomes, and the Yjs updates in them. What cannot be is left out or
 * asked for again; every screen can be read after it, and a new copy is like the edge's whatever stood there.
 */
export const replicaLane: Lane = {
  name: 'replica',
  inputs: 8000,
  expected: [
    'no message',
    'frame stored',
    'frame missed',
    'thread',
    'update taken',
    'update left',
    'welcome',
  ],
  async play(seed, count, report) {
    const random = makeRandom(seed)
    for (let played = 0; played < count; played += lifetime) {
      const life = await Life.begin(random, report)
      for (let input = 0; input < Math.min(lifetime, count - played); input++) await life.input()
      await life.end()
    }
  },
}

class Life {
  readonly #random: Random
  readonly #report: Report
  readonly #edge: FakeEdge
  readonly #speaker: Speaker
  readonly #writer: Writer
  readonly #id: ConversationId
  readonly #user: MobileUserId

  static async begin(random: Random, report: Report): Promise<Life> {
    const store = new MemoryStore()
    const ids = makeIds(() => random.bytes(16))
    await prepare(store, identity, ids)
    const writer = { store, talker: await raiseTalker(store), me: identity.agent, ids, now: () => now }
    const life = new Life(random, report, writer)
    await life.#copy()
    return life
  }

  private constructor(random: Random, report: Report, writer: Writer) {
    this.#random = random
    this.#report = report
    this.#writer = writer
    this.#edge = seededEdge(3)
    const { id, user } = conversationOf(this.#edge, 0)
    this.#id = id
    this.#user = user
    this.#speaker = new Speaker(random)
    this.#speaker.bytes = () => toBase64(mutateBytes(this.#bytes(0), random))
    this.#speaker.known = [...this.#edge.rows.values()].map(({ id }) => id)
  }

  async input(): Promise<void> {
    const way = this.#random.next()
    const text = way < 0.4 ? await this.#update() : way < 0.6 ? this.#pulled() : await this.#message()
    await this.#report.input(text, () => this.#hear(text))
    // Stale bytes are asked for anew, as the device does; now and then it begins from nothing.
    if ((await this.#held())?.stale === 1) await applyPulled(this.#writer, this.#state(0))
    if (this.#report.inputs % 20 === 0) await this.#copy()
  }

  /** Nothing that was heard outlives a new copy: the device stands as the edge does. */
  async end(): Promise<void> {
    await this.#copy()
    const { store } = this.#writer
    const held = await store.read((tx) => readHeldThread(tx, this.#user))
    const doc = this.#edge.docs.get(this.#user)?.doc ?? newDocument()
    if (JSON.stringify(held) !== JSON.stringify(readForeignThread(doc)))
      this.#report.fault('', 'a new copy is not what the edge has')
  }

  async #hear(text: string): Promise<string> {
    const { store } = this.#writer
    const message = parse(text)
    const answer = message === null ? 'no message' : await this.#handle(message)
    for (const view of defaultViews) await store.read((tx) => readView(tx, identity.agent, view, 20, now))
    const open = await store.read((tx) => readOpenThread(tx, identity, this.#id, now))
    for (const one of open?.confirmed ?? []) entry.parse(one)
    return answer
  }

  async #handle(message: Down): Promise<string> {
    switch (message.t) {
      case 'frame': {
        const before = await this.#held()
        const result = await applyFrame(this.#writer, message)
        const updates = message.parts.flatMap(({ threads }) => threads)
        if (updates.length === 0 || updates.some(({ thread }) => thread !== this.#user))
          return `frame ${result.kind}`
        const after = await this.#held()
        return after?.stale === 0 && after.clock !== before?.clock ? 'update taken' : 'update left'
      }
      case 'thread':
        await applyPulled(this.#writer, message)
        return 'thread'
      case 'welcome':
        await wipe(this.#writer, message)
        return 'welcome'
      default:
        return 'nothing to store'
    }
  }

  /** Copies the account from the beginning, as after a wipe, with the thread that stands on the screen. */
  async #copy(): Promise<void> {
    const edge = this.#edge
    const welcome: Welcome = {
      t: 'welcome',
      version: wireVersion,
      ...identity,
      role: 'agent',
      epoch: edge.epoch,
      head: { seq: edge.seq, tag: '' },
      answer: 'wipe',
      audiences: ['account'],
      last: 0,
      now,
    }
    await wipe(this.#writer, welcome)
    await applyPage(this.#writer, [...edge.rows.values()], null)
    await applyPulled(this.#writer, this.#state(0))
  }

  #held() {
    return this.#writer.store.read((tx) => tx.get('threads', this.#user))
  }

  /** The honest bytes of the thread from a clock on. */
  #bytes(since: number): Uint8Array {
    const doc = this.#edge.docs.get(this.#user)?.doc ?? newDocument()
    return encodeSince(doc, clientOf(this.#edge.epoch, 1), since)
  }

  #state(since: number): ThreadState {
    const doc = this.#edge.docs.get(this.#user)?.doc ?? newDocument()
    const clock = clockOf(doc, clientOf(this.#edge.epoch, 1))
    return { t: 'thread', thread: this.#user, epoch: 1, clock, update: toBase64(this.#bytes(since)) }
  }

  /** A frame with the bytes of a new text, changed on their way. */
  async #update(): Promise<string> {
    const held = await this.#held()
    const { cursor } = await this.#writer.store.read(readReplica)
    this.#edge.inbound(
      customer(0),
      this.#random.pick(['Hello?', 'Ünïcode 👍', 'STOP', 'START', 'x'.repeat(300)]),
    )
    const { clock, epoch } = this.#state(0)
    const from = held?.clock ?? 0
    const honest = this.#bytes(from)
    const bytes = this.#random.next() < 0.1 ? honest : mutateBytes(honest, this.#random)
    const update = { thread: this.#user, epoch, from, to: clock, update: toBase64(bytes) }
    const message = {
      t: 'frame',
      n: 1,
      from: cursor.seq,
      to: { seq: cursor.seq + 1, tag: 'x' },
      parts: [{ audience: 'account', rows: [], threads: [update] }],
      acks: [],
    }
    return JSON.stringify(message)
  }

  /** The answer to a pull, changed on its way. */
  #pulled(): string {
    const state = this.#state(0)
    const bytes = mutateBytes(fromBase64(state.update ?? ''), this.#random)
    const changed = { ...state, epoch: 1 + this.#random.int(3), update: toBase64(bytes) }
    return JSON.stringify(this.#random.next() < 0.8 ? changed : mutateJson(changed, this.#random))
  }

  /** Anything that `wire/down.ts` knows, its rows in the form of their tables. */
  async #message(): Promise<string> {
    const { next } = this.#random
    const { cursor } = await this.#writer.store.read(readReplica)
    let said = this.#speaker.say(down) as Record<string, unknown>
    for (const rows = next() < 0.5; rows && said['t'] !== 'frame';)
      said = this.#speaker.say(down) as Record<string, unknown>
    if (said['t'] === 'frame') {
      if (next() < 0.7) Object.assign(said, { from: cursor.seq, to: { seq: cursor.seq + 1, tag: 'x' } })
      for (const part of said['parts'] as {
        rows: { table: keyof typeof tables; row: unknown; seq: number }[]
      }[])
        for (const change of part.rows) {
          const row = this.#speaker.say(tables[change.table])
          change.row = next() < 0.5 ? row : next() < 0.2 ? null : mutateJson(row, this.#random)
          change.seq = cursor.seq + 1
        }
    }
    const way = next()
    if (way < 0.5) return JSON.stringify(said)
    return way < 0.8
      ? JSON.stringify(mutateJson(said, this.#random))
      : mutateText(JSON.stringify(said), this.#random)
  }
}

/** A device's own reading of what comes, in its shortest form. */
function parse(text: string): Down | null {
  try {
    return down.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
