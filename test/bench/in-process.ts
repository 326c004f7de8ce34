import type { AgentId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { limits } from '#shared/wire/limits.ts'
import type { CrashPoint } from '#worker/account/crash-points.ts'
import type { Platform } from '#worker/account/platform.ts'
import { Account } from '#worker/account/wiring.ts'
import type { HistoryBatch } from '#worker/account/durable.ts'
import type { Socket } from '#worker/account/live-socket.ts'
import { onlooker } from '#worker/dev/seed/crowd.ts'
import { makeRandom } from '#test/kit/random.ts'
import { foundingOf, plans, type Plan } from '#test/kit/world/founding.ts'
import { Disk, sqlOf } from '#test/kit/world/sqlite.ts'
import { hello } from './hello.ts'

const plan = plans.find(({ account }) => account === 'northwind') as Plan
export const { channel } = plan

/**
 * The account's own code in this process, without a runtime around it: what the Workers runtime does not tell,
 * heap and the time of each step of a commit, is measured here. Storage is SQLite in memory outside the heap.
 */
export class InProcess {
  readonly account: Account
  readonly disk = new Disk()
  readonly #soon: (() => void)[] = []
  readonly #sockets: Socket[] = []
  /** Called at each named point of a commit. */
  reached: ((point: CrashPoint) => void) | null = null
  /** Called with each batch that would go to D1. */
  onFlush: ((batch: HistoryBatch) => void) | null = null
  /** Milliseconds since 1970; moved by whoever measures something that takes longer. */
  clock = Date.now()
  #texts = 0
  #sent = 0

  constructor() {
    const platform: Platform = {
      sql: sqlOf(this.disk, { alive: true }, () => undefined),
      start: 'bench',
      now: () => this.clock,
      random: () => crypto.getRandomValues(new Uint8Array(16)),
      reached: (point) => this.reached?.(point),
      paused: () => false,
      sockets: () => this.#sockets,
      soon: (call) => void this.#soon.push(call),
      after: () => () => undefined,
      alarmIn: () => undefined,
      waitUntil: (promise) => void promise.catch(() => undefined),
      send: async () => ({ kind: 'accepted', carrierId: `out-${++this.#sent}` }),
      probe: async () => true,
      list: async () => null,
      copy: () => Promise.resolve({ kind: 'missing' as const }),
      bringInKept: () => Promise.resolve(),
      push: () => Promise.resolve({ kind: 'gone' as const }),
      history: {
        flush: async (_, batch) => this.onFlush?.(batch),
        head: async () => null,
        raise: async (_, epoch) => epoch + 1,
        lost: async () => [],
        ledger: async () => undefined,
      },
      nudgeBulk: async () => undefined,
    }
    this.account = new Account(platform)
    this.account.found(plan.account, foundingOf(plan, makeRandom(1), Date.now()), [
      { id: channel, carrier: 'simulator', credentials: '' },
    ])
  }

  /** Adds open conversations as rows, each of another person. */
  crowd(count: number): void {
    const { door } = this.account
    const [number] = [...door.memory.numbers.values()]
    if (!number) throw new Error('A crowd needs a number.')
    for (let from = 0; from < count; from += 400)
      door.install(
        Array.from({ length: Math.min(400, count - from) }, (_, index) =>
          onlooker(from + index, number, maya, Date.now()).map(opened),
        ).flat(),
      )
  }

  /** Opens sockets that hear and forget. */
  join(count: number): void {
    const agents = Math.ceil(count / limits.socketsPerAgent)
    this.account.door.install(
      Array.from({ length: agents }, (_, index) => ({
        table: 'agents',
        row: {
          id: `crowd-${index}` as AgentId,
          name: `Crowd ${index}`,
          email: '',
          role: 'agent',
          groups: [],
          active: true,
        },
      })),
    )
    for (let index = 0; index < count; index++) {
      let attachment: unknown = null
      const socket: Socket = {
        send: () => undefined,
        close: () => undefined,
        serializeAttachment: (value: unknown) => void (attachment = structuredClone(value)),
        deserializeAttachment: () => attachment,
      }
      this.#sockets.push(socket)
      const agent = `crowd-${Math.floor(index / limits.socketsPerAgent)}` as AgentId
      this.account.connected(socket, agent, 'session')
      this.account.message(socket, hello(agent, undefined, index))
    }
    this.#settle()
  }

  /** One text of one of `people` customers. */
  text(people: number): void {
    const index = this.#texts++
    this.account.arrive(channel, {
      kind: 'inbound',
      carrierId: `bench-${index}`,
      from: `+1217555${1000 + (index % people)}`,
      to: '+13095550100',
      text: 'How much is it?',
      media: [],
    })
    this.#settle()
  }

  /** A second passes, and the alarm does what fell due in it: D1 gets what came, and long threads are shortened. */
  async passSecond(): Promise<void> {
    this.clock += second
    this.account.alarm()
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    this.#settle()
  }

  sockets(): readonly Socket[] {
    return this.#sockets
  }

  conversations(): string[] {
    const found = this.disk.statement(`SELECT id FROM rows WHERE tbl = 'conversations'`).all()
    return found.map((row) => String(row['id']))
  }

  /** Rows that storage wrote meanwhile, without those of indexes. */
  async rowsWrittenBy(work: () => void | Promise<void>): Promise<number> {
    const written = () => Number(this.disk.statement(`SELECT total_changes() AS n`).get()?.['n'])
    const before = written()
    await work()
    return written() - before
  }

  sum(query: string): number {
    return Number((this.disk.statement(query).get() as { bytes: number | null }).bytes ?? 0)
  }

  #settle(): void {
    for (const call of this.#soon.splice(0)) call()
  }
}

const maya = 'maya' as AgentId

function opened(put: RowPut): RowPut {
  if (put.table !== 'conversations') return put
  return { ...put, row: { ...put.row, status: 'open', closedAt: null, closedBy: null } }
}
