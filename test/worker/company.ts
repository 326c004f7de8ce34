import { applyD1Migrations, runInDurableObject, type D1Migration } from 'cloudflare:test'
import { env as bindings, exports } from 'cloudflare:workers'
import { agentId, base32, channelId, type AgentId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import { down, type Ack, type Down, type Frame } from '#shared/wire/down.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { storageSql } from '#worker/account/sql.ts'
import type { DevAccount } from '#worker/dev/dev-account.ts'
import type { DevEnv } from '#worker/dev/env.ts'
import { putBackStorage, type StorageCopy } from '#worker/dev/storage-copy.ts'
import { seal } from '#worker/carriers/credentials.ts'

export const env = bindings as unknown as DevEnv & {
  HISTORY_MIGRATIONS: D1Migration[]
  SEARCH_MIGRATIONS: D1Migration[]
}
export const origin = 'http://localhost:8787'
export const maya = agentId.parse('maya')
export const sam = agentId.parse('sam')
export const admin = agentId.parse('admin')
export const ourNumber = '+13095550100'
export const customer = '+13125550142'

/** Makes ids that never repeat within a run, without randomness that a failure could not repeat. */
let counter = 0
export const freshId = (letter: string): string => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, ++counter)
  return letter + base32(bytes)
}

/** A small company on the simulated channel, as a carrier and its agents see it. */
export class Company {
  readonly name: string
  readonly stub

  private constructor(name: string) {
    this.name = name
    this.stub = env.ACCOUNT.get(env.ACCOUNT.idFromName(name))
  }

  static async found(name: string, more: RowPut[] = []): Promise<Company> {
    await applyD1Migrations(env.HISTORY, env.HISTORY_MIGRATIONS)
    await applyD1Migrations(env.SEARCH, env.SEARCH_MIGRATIONS)
    const company = new Company(name)
    const credentials = await seal(
      { carrier: 'simulator', secret: 'simulator', api: `http://carrier.test/${name}` },
      env.CHANNEL_KEY,
    )
    await company.stub.found(
      name,
      [...rowsOf(name), ...more],
      [{ id: name, carrier: 'simulator', credentials }],
    )
    await env.HISTORY.batch([
      env.HISTORY.prepare(`INSERT OR IGNORE INTO accounts (id, name) VALUES (?, ?)`).bind(name, name),
      env.HISTORY.prepare(
        `INSERT OR REPLACE INTO channels (id, account, carrier, credentials) VALUES (?, ?, 'simulator', ?)`,
      ).bind(name, name, credentials),
    ])
    return company
  }

  /** The carrier posts a text to the webhook. */
  async inbound(
    id: string,
    text: string,
    options: {
      from?: string
      to?: string
      secret?: string
      raw?: string
      media?: { url: string; contentType: string }[]
    } = {},
  ): Promise<Response> {
    const { from = customer, to = ourNumber, secret = 'simulator', media = [] } = options
    return exports.default.fetch(`${origin}/hooks/simulator/${this.name}/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-simulator-secret': secret },
      body: options.raw ?? JSON.stringify({ id, from, to, text, media }),
    })
  }

  /** The carrier reports; `message` is our id in the address, where the carrier was given it. */
  async receipt(id: string, state: string, message?: string): Promise<Response> {
    const query = message === undefined ? '' : `?message=${encodeURIComponent(message)}`
    return exports.default.fetch(`${origin}/hooks/simulator/${this.name}/status${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-simulator-secret': 'simulator' },
      body: JSON.stringify({ id, state }),
    })
  }

  /** The stub anew: the old one is broken for good after an abort. */
  get live() {
    return env.ACCOUNT.get(env.ACCOUNT.idFromName(this.name))
  }

  async thread(of = customer): Promise<Entry[]> {
    const address = parseAddress(of)
    if (!address) throw new Error(of)
    return runInDurableObject(this.live, (object: DevAccount) => object.threadOf(mobileUserOf(address)))
  }

  /** Writes to the object's storage by its own hand. */
  async write(statement: string): Promise<void> {
    await runInDurableObject(this.live, (object: DevAccount) => object.write(statement))
  }

  async query<Row>(text: string): Promise<Row[]> {
    return runInDurableObject(this.live, (_, state) => state.storage.sql.exec(text).toArray() as Row[])
  }

  async conversations(): Promise<
    {
      id: string
      no: number
      status: string
      agent: string | null
      trouble: string | null
      preview: string
    }[]
  > {
    const rows = await this.query<{ body: string }>(
      `SELECT body FROM rows WHERE tbl = 'conversations' ORDER BY id`,
    )
    return rows.map(({ body }) => JSON.parse(body))
  }

  async signIn(agent: AgentId): Promise<string> {
    const hash = freshId('s')
    await this.live.openSession(hash, agent, 'test')
    return hash
  }

  /** Opens a socket as an agent and says hello. */
  async connect(agent: AgentId, options: Partial<HelloOptions> = {}): Promise<Client> {
    const session = options.session ?? (await this.signIn(agent))
    const answer = await this.live.fetch(`${origin}/api/socket`, {
      headers: { upgrade: 'websocket', 'x-session': session },
    })
    const socket = answer.webSocket
    if (!socket) throw new Error(`No socket: ${answer.status}`)
    return new Client(socket, this.name, agent, options)
  }
}

interface HelloOptions {
  session: string
  client: string
  greet: boolean
  cursor: { seq: number; tag: string }
  epoch: number
  account: string
  claimAgent: string
}

/** The other end of a socket, remembering everything it was told. */
export class Client {
  readonly heard: Down[] = []
  readonly client: string
  closed: { code: number; reason: string } | null = null
  n = 0
  readonly socket: WebSocket
  #waiting: (() => void)[] = []

  constructor(socket: WebSocket, account: string, agent: AgentId, options: Partial<HelloOptions>) {
    this.socket = socket
    this.client = options.client ?? freshId('d')
    socket.addEventListener('message', ({ data }) => {
      this.heard.push(down.parse(JSON.parse(String(data))))
      this.#wake()
    })
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = { code, reason }
      this.#wake()
    })
    socket.accept()
    if (options.greet === false) return
    this.say({
      t: 'hello',
      version: wireVersion,
      fingerprint: rowsFingerprint,
      account: options.account ?? account,
      agent: options.claimAgent ?? agent,
      client: this.client,
      epoch: options.epoch ?? 1,
      cursors: options.cursor ? { main: options.cursor } : {},
    })
  }

  say(message: unknown): void {
    const raw = typeof message === 'string' || message instanceof ArrayBuffer
    this.socket.send(raw ? message : JSON.stringify(message))
  }

  /** Gives a command its number and sends it. */
  command(command: Command, more: Record<string, unknown> = {}): string {
    const id = String(more['id'] ?? freshId('x'))
    this.say({ t: 'command', n: ++this.n, id, command, seen: 1e6, synced: true, waited: 0, ...more })
    return id
  }

  frames(): Frame[] {
    return this.heard.filter((message) => message.t === 'frame')
  }

  /** Waits until something that was heard satisfies `found`, and answers it. */
  async until<Found>(found: (client: this) => Found | undefined | null | false): Promise<Found> {
    for (;;) {
      const result = found(this)
      if (result) return result
      if (this.closed) throw new Error(`The socket closed: ${this.closed.code} ${this.closed.reason}`)
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return this.closed
  }

  ack(id: string): Promise<Ack> {
    return this.until(() =>
      this.frames()
        .flatMap(({ acks }) => acks)
        .find((ack) => ack.id === id),
    )
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/**
 * Puts an account's storage back to a copy and ends its object, as the platform does in one moment: nothing of the old
 * life, no alarm and no consumer of a queue, may come in between [E24].
 */
export async function goBack(company: Company, copy: StorageCopy): Promise<void> {
  const ended = 'The storage went back.'
  await runInDurableObject(company.live, async (_, state) => {
    putBackStorage(storageSql(state.storage), copy)
    await state.storage.deleteAlarm()
    await state.storage.sync()
    state.abort(ended)
  }).catch((fault: unknown) => {
    if (!String(fault).includes(ended)) throw fault
  })
}

/** Repeats a question until it is answered, for what no event tells. */
export async function eventually<Found>(
  ask: () => Promise<Found | undefined | null | false>,
  tries = 400,
): Promise<Found> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const found = await ask()
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('It never came true.')
}

function rowsOf(name: string): RowPut[] {
  const agent = (id: AgentId, role: 'agent' | 'admin'): RowPut => ({
    table: 'agents',
    row: { id, name: id, email: `${id}@${name}.test`, role, groups: [], active: true },
  })
  return [
    {
      table: 'settings',
      row: {
        id: 'account',
        name,
        timeZone: 'UTC',
        longMessages: 'concatenate',
        optIn: 'automatic',
        optOutWords: 'guide',
        emoji: 'refuse',
        waitingMinutes: 15,
      },
    },
    agent(maya, 'agent'),
    agent(sam, 'agent'),
    agent(admin, 'admin'),
    {
      table: 'channels',
      row: { id: channelId.parse(name), carrier: 'simulator', reachable: true, since: 0 },
    },
    {
      table: 'numbers',
      row: {
        id: 'n13095550100' as never,
        address: ourNumber,
        name: 'Sales',
        channel: channelId.parse(name),
        active: true,
        agent: maya,
        group: null,
        longMessages: null,
        confirmation: 'carrier',
        help: null,
      },
    },
  ]
}
