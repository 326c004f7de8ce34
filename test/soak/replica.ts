import { makeIds, type AccountId, type AgentId, type MobileUserId } from '#shared/base/ids.ts'
import type { Entry } from '#shared/model/entry.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare } from '#client/db/meta.ts'
import { readOpenThread, type OpenThread } from '#client/db/open-thread.ts'
import { readView } from '#client/db/views.ts'
import { Actions } from '#client/sync/actions.ts'
import type { Device, Moment } from '#client/sync/device.ts'
import { Engine } from '#client/sync/engine.ts'
import { Talker } from '#client/sync/talker.ts'
import { Typing } from '#client/sync/typing.ts'
import { signIn } from '#test/bench/sockets.ts'
import type { Server } from '#test/e2e/server.ts'

/** Node's WebSocket takes headers, which its types do not say. */
const HeaderSocket = WebSocket as unknown as new (
  address: string,
  options: { headers: Record<string, string> },
) => WebSocket

const ids = makeIds(() => crypto.getRandomValues(new Uint8Array(16)))

/** A device of an agent: the real engine, in this process, over real sockets and requests. */
export class Replica {
  readonly name: string
  readonly identity: { account: AccountId; agent: AgentId }
  readonly store = new MemoryStore()
  engine!: Engine
  actions!: Actions
  #server: Server
  #cookie = ''
  #online = true
  #watchers = new Set<(moment: Moment) => void>()
  #sockets = new Set<WebSocket>()

  private constructor(server: Server, name: string, agent: string) {
    this.#server = server
    this.name = name
    this.identity = { account: 'northwind' as AccountId, agent: agent as AgentId }
  }

  static async open(server: Server, name: string, agent: string): Promise<Replica> {
    const replica = new Replica(server, name, agent)
    replica.#cookie = await signIn(server, agent)
    await prepare(replica.store, replica.identity, ids)
    await replica.#load()
    return replica
  }

  get live(): boolean {
    return this.engine.status.phase === 'live'
  }

  /** The page goes without a word, and comes again on what its database holds. */
  async reload(): Promise<void> {
    this.engine.stop()
    for (const socket of this.#sockets) socket.close()
    await this.#load()
  }

  setOnline(online: boolean): void {
    if (this.#online === online) return
    this.#online = online
    if (!online) for (const socket of this.#sockets) socket.close()
    for (const on of this.#watchers) on(online ? 'online' : 'offline')
  }

  /** Conversations that are open here, as the list has them. */
  open(): Promise<Awaited<ReturnType<typeof readView>>['rows']> {
    return this.store.read(
      async (tx) => (await readView(tx, this.identity.agent, 'open', 500, Date.now())).rows,
    )
  }

  thread(id: OpenThread['conversation']['id']): Promise<OpenThread | null> {
    return this.store.read((tx) => readOpenThread(tx, this.identity, id, Date.now()))
  }

  /** How many changes wait here. */
  async waiting(): Promise<number> {
    return (await this.store.read((tx) => tx.all('pending'))).length
  }

  /** Asks for every thread that the edge has more of. Answers how many these are. */
  async fetchAll(): Promise<number> {
    const { heads, threads } = await this.store.read(async (tx) => ({
      heads: await tx.all('heads'),
      threads: new Map((await tx.all('threads')).map((thread) => [String(thread.id), thread])),
    }))
    const behind = heads.filter(({ id, row }) => {
      const held = threads.get(id)
      return row && (!held || held.stale === 1 || held.epoch !== row.epoch || held.clock < row.clock)
    })
    for (const { row } of behind) if (row) this.engine.want(row.id as MobileUserId)
    return behind.length
  }

  /** What this replica holds, confirmed: rows and entries as `[table, id, body]`. */
  async content(): Promise<[string, string, unknown][]> {
    const rows = await this.store.read(async (tx) => [
      ...(await tx.all('conversations')).map(({ id, row }) => ['conversations', id, row] as const),
      ...(await tx.all('mobileUsers')).map(({ id, row }) => ['mobileUsers', id, row] as const),
    ])
    const living = rows.filter(([, , row]) => row !== null)
    const entries = new Map<string, Entry>()
    const seen = new Set<string>()
    for (const [table, , row] of living) {
      if (table !== 'conversations' || !row || !('user' in row) || seen.has(row.user)) continue
      seen.add(row.user)
      for (const entry of (await this.thread(row.id))?.confirmed ?? []) entries.set(entry.id, entry)
    }
    return [
      ...living.map(([table, id, row]): [string, string, unknown] => [table, id, row]),
      ...[...entries].map(([id, entry]): [string, string, unknown] => ['entries', id, entry]),
    ]
  }

  async #load(): Promise<void> {
    const device = this.#device()
    const typing = await Typing.load(device, this.store, this.identity)
    this.engine = new Engine({ device, store: this.store, identity: this.identity, ids }, async () => ({
      Talker,
    }))
    this.actions = new Actions(this.engine, typing)
    this.engine.start()
  }

  #device(): Device {
    return {
      now: () => Date.now(),
      random: () => Math.random(),
      randomBytes: () => crypto.getRandomValues(new Uint8Array(16)),
      after: (ms, call) => {
        const timer = setTimeout(call, ms)
        return () => clearTimeout(timer)
      },
      fetch: async (path, init) => {
        if (!this.#online) throw new TypeError('There is no network.')
        const response = await fetch(this.#server.origin + path, {
          ...init,
          headers: {
            cookie: this.#cookie,
            origin: this.#server.origin,
            ...(typeof init?.body === 'string' ? { 'content-type': 'application/json' } : {}),
          },
        })
        return {
          status: response.status,
          json: () => response.json(),
          blob: () => response.blob(),
          header: (name) => response.headers.get(name),
        }
      },
      connect: (on) => {
        const socket = new HeaderSocket(`ws://localhost:${this.#server.port}/api/socket`, {
          headers: { cookie: this.#cookie, origin: this.#server.origin },
        })
        this.#sockets.add(socket)
        let isOver = false
        const over = (code: number) => {
          this.#sockets.delete(socket)
          if (isOver) return
          isOver = true
          on.closed(code)
        }
        socket.addEventListener('open', () => (this.#online ? on.opened() : socket.close()))
        socket.addEventListener('message', ({ data }) => void (!isOver && on.heard(String(data))))
        socket.addEventListener('close', ({ code }) => over(code))
        socket.addEventListener('error', () => over(1006))
        return {
          send: (text) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(text)
          },
          close: (code) => socket.close(code),
        }
      },
      locks: null,
      channel: () => null,
      online: () => this.#online,
      visible: () => true,
      build: 0,
      watch: (on) => {
        this.#watchers.add(on)
        return () => this.#watchers.delete(on)
      },
      touched: () => () => undefined,
      mirror: null,
    }
  }
}
