import { z } from 'zod'
import type { AgentId, ChannelId } from '#shared/base/ids.ts'
import { ping, pong } from '#shared/wire/up.ts'
import type { CrashPoint } from '#worker/account/crash-points.ts'
import type { DurableHistory } from '#worker/account/durable.ts'
import type { Socket } from '#worker/account/live-socket.ts'
import { Account } from '#worker/account/wiring.ts'
import type { CarrierEvent, ChannelConfig } from '#worker/carriers/carrier.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import type { Random } from '#test/kit/random.ts'
import type { Scheduler } from './scheduler.ts'
import { Disk, sqlOf } from './sqlite.ts'

/** One end of a socket as the platform keeps it: it outlives the life of the object that accepted it. */
export interface EdgeSocket {
  agent: AgentId
  session: string
  attachment: unknown
  open: boolean
  send(text: string): void
  /** The edge closes. */
  end(code: number): void
}

interface Life {
  alive: boolean
  account: Account
  /** The life's own objects for the platform's sockets. */
  faces: Map<EdgeSocket, Socket>
  timers: number
  awaited: number
  connected: number
}

export interface EdgeParts {
  scheduler: Scheduler
  random: Random
  channel: ChannelId
  history: DurableHistory
  /** Tells so many consumers of the bulk queue that texts wait. */
  nudgeBulk(count: number): Promise<void>
  log(line: string): void
  hit(name: string): void
}

/** Where a carrier fetches a picture. The Worker's own address is sealed, and names it as well [E29]. */
const address = 'https://parley.test/m/'

export function pictureAddress(id: string): string {
  return address + id
}

/** The picture that an address names. */
export function pictureAt(url: string): string {
  return url.slice(address.length)
}

/** How the platform treats the alarm: once as a rule; it promises at least once, and nothing of the hour. */
export type AlarmMode = 'once' | 'twice' | 'late' | 'never'
/** Connections that an object may have open at once. */
const connections = 6
export const tooManyConnections = 'too many connections'

/** Thrown where an object dies: nothing after it happens in that life. */
export class Death extends Error {}

/**
 * The platform under one account object: storage that stays, sockets that may outlive a life, one alarm, and
 * lives that begin with the next event and end when the world says so.
 */
export class Edge {
  readonly disk = new Disk()
  readonly #parts: EdgeParts
  readonly #sockets = new Set<EdgeSocket>()
  #life: Life | null = null
  #starts = 0
  #cancelAlarm: (() => void) | null = null
  /** The next crash, and how often its point is passed before. */
  crashAt: { point: CrashPoint; skip: number } | null = null
  /** Nobody reaches the object: it is being moved. */
  down = false
  alarmMode: AlarmMode = 'once'
  /** Hands over what the Worker keeps in R2 [E23]. */
  bringIn: (admit: (event: CarrierEvent) => void) => Promise<void> = () => Promise.resolve()
  /** What the clock of the machine is wrong by. */
  skew = 0
  /** D1 has told a life that began since the storage went back last where the account stands. */
  hasHeardD1 = true

  /** What D1 told it has been entered: from then on a restore undoes and stops nothing any more. */
  get hasSettled(): boolean {
    const suspected = this.disk.look(`SELECT value FROM meta WHERE key = 'suspected'`).get()
    return this.hasHeardD1 && Number(suspected?.['value'] ?? 0) === 0
  }

  constructor(parts: EdgeParts) {
    this.#parts = parts
  }

  get sockets(): ReadonlySet<EdgeSocket> {
    return this.#sockets
  }

  /** Runs one event in the living object, or begins a life for it. Throws what the event throws. */
  do<Result>(event: (account: Account) => Result): Result {
    if (this.down) throw new Error('The object cannot be reached.')
    const life = this.#life ?? this.#start()
    const result = event(life.account)
    // A handler that swallowed its own death still answers nobody.
    if (!life.alive) throw new Death('The object died.')
    return result
  }

  /** Runs something that is no part of the test, whatever is broken at the moment. */
  inSpiteOfAll(event: (account: Account) => void): void {
    const { down, crashAt, disk } = this
    const { failIn, refuseIn, lieIn } = disk
    this.down = false
    this.crashAt = null
    disk.failIn = null
    disk.refuseIn = null
    disk.lieIn = null
    this.do(event)
    this.down = down
    this.crashAt = crashAt
    disk.failIn = failIn
    disk.refuseIn = refuseIn
    disk.lieIn = lieIn
  }

  arrive(channel: ChannelId, event: CarrierEvent): 'taken' | 'later' {
    return this.do((account) => account.receive(channel, event))
  }

  /** The Worker has kept something, and says so to an object that can be reached. */
  kept(): void {
    this.#quietly('kept', () => this.do((account) => account.kept()))
  }

  accept(socket: EdgeSocket): void {
    this.do((account) => {
      this.#sockets.add(socket)
      account.connected(this.#faceOf(socket), socket.agent, socket.session)
    })
  }

  hear(socket: EdgeSocket, text: string): void {
    if (!socket.open) return
    // Answered by the platform: the object sleeps on [E25].
    if (text === ping) return socket.send(pong)
    this.#quietly('message', () => this.do((account) => account.message(this.#faceOf(socket), text)))
  }

  /** The socket's other end is gone. */
  lost(socket: EdgeSocket): void {
    if (!this.#sockets.delete(socket)) return
    socket.open = false
    const face = this.#life?.faces.get(socket)
    this.#quietly('close', () => {
      if (face) this.do((account) => account.closed(face))
    })
    this.#life?.faces.delete(socket)
  }

  /** Ends the object at once: memory is gone, storage stays, sockets are closed. */
  crash(): void {
    this.#die()
  }

  /** The storage becomes what it was: the object ends, and its alarm is the one that stood then, or comes at once. */
  goBack(bytes: Uint8Array): void {
    this.#die()
    this.disk.restore(bytes)
    this.hasHeardD1 = false
    this.#alarmIn(0)
  }

  /** Evicts an idle object and keeps its sockets. Answers whether it was idle. */
  hibernate(): boolean {
    const life = this.#life
    if (!life || life.timers > 0 || life.awaited > 0) return false
    life.alive = false
    this.#life = null
    return true
  }

  /** A life whose start fails is none; the next event begins another. */
  #start(): Life {
    try {
      return this.#begin()
    } catch (fault) {
      if (this.#life) this.#life.alive = false
      this.#life = null
      throw fault
    }
  }

  #begin(): Life {
    const { scheduler, random, log, hit, channel } = this.#parts
    const start = `start-${++this.#starts}`
    const life = { alive: true, faces: new Map(), timers: 0, awaited: 0, connected: 0 } as unknown as Life
    this.#life = life
    const after = (ms: number, call: () => void) => {
      life.timers++
      let waits = true
      const done = () => {
        if (waits) life.timers--
        waits = false
      }
      const cancel = scheduler.after(ms, () => {
        done()
        if (life.alive) this.#quietly('timer', call)
      })
      return () => {
        done()
        cancel()
      }
    }
    life.account = new Account({
      sql: sqlOf(this.disk, life, hit),
      start,
      now: () => scheduler.now + this.skew,
      random: () => random.bytes(16),
      reached: (point) => this.#reached(life, point),
      paused: () => false,
      sockets: () => [...this.#sockets].map((socket) => this.#faceOf(socket)),
      soon: (call) => queueMicrotask(() => life.alive && this.#quietly('flush', call)),
      after,
      alarmIn: (ms) => {
        if (life.alive) this.#alarmIn(ms)
      },
      waitUntil: (promise) => {
        life.awaited++
        const done = () => void life.awaited--
        promise.then(done, (fault: unknown) => {
          done()
          log(`lane: ${String(fault)}`)
        })
      },
      send: (credentials, { message: ref, sender: from, recipient: to, body, textOnly, media }, signal) => {
        const callback = `https://parley.test/hooks/simulator/${channel}/status`
        const pictures = z.array(z.string()).parse(JSON.parse(media ?? '[]'))
        const urls = pictures.map(pictureAddress)
        const text = { ref, from, to, text: body, textOnly: textOnly === 1, media: urls, callback }
        return this.#connection(life, simulator.send(text, configOf(credentials), signal))
      },
      probe: (credentials, signal) => this.#connection(life, simulator.probe(configOf(credentials), signal)),
      list: (credentials, query, signal) =>
        this.#connection(
          life,
          simulator.list?.(query, configOf(credentials), signal) ?? Promise.resolve(null),
        ),
      copy: () => Promise.resolve({ kind: 'missing' as const }),
      bringInKept: (_channel, admit) =>
        this.bringIn((event) => {
          // What no life takes stays in R2.
          if (!life.alive) throw new Death('The object died.')
          admit(event)
          if (!life.alive) throw new Death('The object died.')
        }),
      push: () => Promise.resolve({ kind: 'gone' as const }),
      history: {
        flush: (...asked) => this.#connection(life, this.#parts.history.flush(...asked)),
        head: async (...asked) => {
          const head = await this.#connection(life, this.#parts.history.head(...asked))
          if (life.alive) this.hasHeardD1 = true
          return head
        },
        raise: (...asked) => this.#connection(life, this.#parts.history.raise(...asked)),
        lost: (...asked) => this.#connection(life, this.#parts.history.lost(...asked)),
        ledger: (...asked) => this.#connection(life, this.#parts.history.ledger(...asked)),
      },
      nudgeBulk: (_account, count) => this.#parts.nudgeBulk(count),
    })
    return life
  }

  #alarmIn(ms: number): void {
    this.#cancelAlarm?.()
    const { random, hit, scheduler } = this.#parts
    const mode = this.alarmMode
    if (mode !== 'once') hit(`alarm ${mode}`)
    if (mode === 'never') return
    const wait = mode === 'late' ? ms + random.int(20_000) : ms
    this.#cancelAlarm = scheduler.after(wait, () => {
      this.#cancelAlarm = null
      if (mode === 'twice')
        scheduler.after(random.int(50), () =>
          this.#quietly('alarm', () => this.do((account) => account.alarm())),
        )
      // The platform repeats an alarm that could not be given.
      if (this.down) return this.#alarmIn(2000)
      try {
        this.do((account) => account.alarm())
      } catch (fault) {
        this.#parts.log(`alarm: ${String(fault)}`)
        if (this.#cancelAlarm === null) this.#alarmIn(2000)
      }
    })
  }

  #reached(life: Life, point: CrashPoint): void {
    const { crashAt } = this
    if (!life.alive || crashAt?.point !== point || crashAt.skip-- > 0) return
    this.crashAt = null
    this.#parts.hit(`died ${point}`)
    this.#die()
    throw new Death(point)
  }

  /** The platform gives an object so many connections and makes the next ones wait without an end. */
  async #connection<Result>(life: Life, call: Promise<Result>): Promise<Result> {
    if (++life.connected > connections) this.#parts.hit(tooManyConnections)
    try {
      return await call
    } finally {
      life.connected--
    }
  }

  #die(): void {
    if (this.#life) this.#life.alive = false
    this.#life = null
    for (const socket of this.#sockets) if (socket.open) socket.end(1006)
    this.#sockets.clear()
  }

  /** What a life may do with a socket. A dead one says nothing any more. */
  #faceOf(socket: EdgeSocket): Socket {
    const life = this.#life
    const known = life?.faces.get(socket)
    if (known) return known
    const face: Socket = {
      send: (text) => {
        if (!life?.alive) return
        if (!socket.open) throw new Error('This socket has ended.')
        socket.send(String(text))
      },
      close: (code) => {
        if (life?.alive && socket.open) socket.end(code ?? 1005)
      },
      serializeAttachment: (value) => {
        socket.attachment = structuredClone(value)
      },
      deserializeAttachment: () => structuredClone(socket.attachment),
    }
    life?.faces.set(socket, face)
    return face
  }

  #quietly(what: string, work: () => void): void {
    try {
      work()
    } catch (fault) {
      this.#parts.log(`${what}: ${String(fault)}`)
    }
  }
}

/** The world stores no secrets: a channel's credentials are the account's name. */
export function configOf(credentials: string): Extract<ChannelConfig, { carrier: 'simulator' }> {
  return { carrier: 'simulator', secret: 'secret', api: `https://carrier.${credentials}.test` }
}
