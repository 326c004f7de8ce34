import { accountId, agentId, channelId, groupId, numberId } from '#shared/base/ids.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { draftKind, draftName } from '#shared/wire/draft.ts'
import { Account } from '#worker/account/wiring.ts'
import { allRows } from '#worker/account/rows.ts'
import type { DurableHistory } from '#worker/account/durable.ts'
import type { Socket } from '#worker/account/live-socket.ts'
import type { Sql } from '#worker/account/sql.ts'
import type { Random } from '#test/kit/random.ts'
import { Disk, sqlOf } from '#test/kit/world/sqlite.ts'

export const account = accountId.parse('northwind')
export const channel = channelId.parse('northwind')
export const twilioChannel = channelId.parse('northwind-twilio')
export const agents = ['maya', 'sam', 'admin'].map((id) => agentId.parse(id))
export const customers = ['+13125550142', '+13125550143', '+13125550144']
const sales = groupId.parse('sales')

/** A socket that keeps what it was told until it is read. */
export class Line {
  readonly told: string[] = []
  closed: number | null = null
  #attachment: unknown = null
  readonly socket: Socket = {
    send: (text) => void this.told.push(String(text)),
    close: (code) => {
      this.closed ??= code ?? 1005
    },
    serializeAttachment: (value) => {
      this.#attachment = structuredClone(value)
    },
    deserializeAttachment: () => structuredClone(this.#attachment),
  }
}

/** What one life of an account has of its own: what D1 says of its head, and whether anything leaves. */
interface Life {
  disk?: Disk
  start?: string
  paused?: boolean
  head?: DurableHistory['head']
}

/** A real account on a plain SQLite, in a time that passes when it is told to. */
export class Company {
  readonly disk: Disk
  readonly sql: Sql
  /** The words of texts that the carrier was handed. */
  readonly sent: string[] = []
  readonly lines = new Map<Socket, Line>()
  readonly account: Account
  now = 1_700_000_000_000
  #soon: (() => void)[] = []
  #timers: { at: number; call: () => void }[] = []

  /** A life of it: on a disk of its own, or on one that an earlier life has left. */
  constructor(
    random: Random,
    { disk, start = 'start-1', paused = false, head = async () => null }: Life = {},
  ) {
    this.disk = disk ?? new Disk()
    this.sql = sqlOf(this.disk, { alive: true }, () => undefined)
    this.account = new Account({
      sql: this.sql,
      start,
      now: () => this.now,
      random: () => random.bytes(16),
      reached: () => undefined,
      paused: () => paused,
      sockets: () => [...this.lines.keys()],
      soon: (call) => void this.#soon.push(call),
      after: (ms, call) => {
        const timer = { at: this.now + ms, call }
        this.#timers.push(timer)
        return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
      },
      alarmIn: () => undefined,
      waitUntil: (promise) => void promise.catch((fault: unknown) => console.error('lane', fault)),
      send: async (_, text) => {
        this.sent.push(text.body)
        return { kind: 'accepted', carrierId: `SM${text.message}` }
      },
      probe: async () => true,
      list: async () => null,
      copy: () => Promise.resolve({ kind: 'missing' as const }),
      bringInKept: () => Promise.resolve(),
      push: () => Promise.resolve({ kind: 'gone' as const }),
      history: {
        flush: async () => undefined,
        head: () => head(account),
        raise: async (_, epoch) => epoch + 1,
        lost: async () => [],
        ledger: async () => undefined,
      },
      nudgeBulk: async () => undefined,
    })
    if (disk) return
    this.account.found(account, rows, channels)
    for (const [index, from] of customers.entries())
      this.account.arrive(channel, {
        kind: 'inbound',
        carrierId: `first-${index}`,
        from,
        to: '+13095550100',
        text: 'Hello?',
        media: [],
      })
  }

  connect(agent: (typeof agents)[number]): Line {
    const line = new Line()
    this.lines.set(line.socket, line)
    this.account.connected(line.socket, agent, `session-${agent}`)
    return line
  }

  hangUp(line: Line): void {
    this.account.closed(line.socket)
    this.lines.delete(line.socket)
  }

  /** Ends the present step: what was to be done at its end is done now. */
  settle(): void {
    while (this.#soon.length > 0) for (const call of this.#soon.splice(0)) call()
  }

  /** Lets time pass, and lanes come to rest. */
  async pass(ms: number): Promise<void> {
    this.now += ms
    const due = this.#timers.filter(({ at }) => at <= this.now)
    this.#timers = this.#timers.filter(({ at }) => at > this.now)
    for (const { call } of due) call()
    this.account.alarm()
    await new Promise((resolve) => setImmediate(resolve))
    this.settle()
  }

  /** Rows of any table that were ever changed: the same number says that nothing was. */
  writes(): number {
    return this.sql.one<{ n: number }>(`SELECT total_changes() AS n`)?.n ?? 0
  }

  /** The number of the last commit: what devices can see stands behind it. */
  head(): number {
    return this.account.door.memory.head.seq
  }

  /** The names of the drafts that are open. */
  drafts(): string[] {
    const open = this.sql.all<{ box: string; epoch: number }>(`SELECT box, epoch FROM drafts`)
    const epochs = new Map(open.map(({ box, epoch }) => [box, epoch]))
    return allRows(this.sql, 'conversations').flatMap(({ id }) =>
      draftKind.options.map((kind) =>
        draftName({ conversation: id, kind }, epochs.get(`${id}:${kind}`) ?? 0),
      ),
    )
  }

  /** Every id that means something here. */
  ids(): string[] {
    const conversations = allRows(this.sql, 'conversations').flatMap(({ id, user }) => [id, user])
    const entries = this.sql.all<{ id: string }>(`SELECT id FROM messages LIMIT 20`).map(({ id }) => id)
    return [
      account,
      channel,
      sales,
      'n13095550100',
      ...agents,
      ...new Set(conversations),
      ...entries,
      ...customers.flatMap((text) => mobileUserOf(parseAddress(text) ?? { kind: 'phone', text })),
    ]
  }

  close(): void {
    this.disk.close()
  }
}

const channels = [channel, twilioChannel].map((id) => ({
  id,
  carrier: id === channel ? 'simulator' : 'twilio',
  credentials: '',
}))
const rows: RowPut[] = [
  {
    table: 'settings',
    row: {
      id: 'account',
      name: 'Northwind Auto',
      timeZone: 'America/Chicago',
      longMessages: 'split',
      optIn: 'automatic',
      optOutWords: 'guide',
      emoji: 'refuse',
      waitingMinutes: 15,
    },
  },
  ...agents.map((id): RowPut => ({
    table: 'agents',
    row: {
      id,
      name: id,
      email: `${id}@demo.test`,
      role: id === 'admin' ? 'admin' : 'agent',
      groups: [sales],
      active: true,
    },
  })),
  { table: 'groups', row: { id: sales, name: 'Sales' } },
  ...[channel, twilioChannel].map((id): RowPut => ({
    table: 'channels',
    row: { id, carrier: id === channel ? 'simulator' : 'twilio', reachable: true, since: 0 },
  })),
  {
    table: 'numbers',
    row: {
      id: numberId.parse('n13095550100'),
      address: '+13095550100',
      name: 'Sales',
      channel,
      active: true,
      agent: null,
      group: sales,
      longMessages: null,
      confirmation: 'parley',
      help: 'Northwind Auto: call us.',
    },
  },
]
