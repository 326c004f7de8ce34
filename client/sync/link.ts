import { second } from '#shared/base/time.ts'
import { down, type Down } from '#shared/wire/down.ts'
import { ping, pong, type Up } from '#shared/wire/up.ts'
import { reconnectDelay, wakeDelay } from './backoff.ts'
import type { Device, Socket } from './device.ts'

export interface LinkEvents {
  opened(): void
  /** `size`: characters that it came in. */
  heard(message: Down, size: number): void
  /** A pong came: the edge was there a moment ago. */
  alive(): void
  /** Answers whether to try again. */
  lost(code: number): boolean
}

const pingEvery = 25 * second
const pongWithin = 10 * second
/** A socket that takes longer to open is given up: some proxies swallow the upgrade without an answer. */
const openWithin = 15 * second

/** Failures after which the wait between two tries is the longest. */
const many = 6

/** One socket at a time, kept open: pings, notices silence, and tries again with jitter [E25]. */
export class Link {
  readonly #device: Device
  readonly #on: LinkEvents
  #socket: Socket | null = null
  #open = false
  #failures = 0
  #running = false
  #cancelTimer: (() => void) | null = null
  #cancelTry: (() => void) | null = null

  constructor(device: Device, on: LinkEvents) {
    this.#device = device
    this.#on = on
  }

  /** Connects now and from then on whenever the socket is lost. */
  start(): void {
    if (this.#running) return
    this.#running = true
    this.#failures = 0
    this.#connect()
  }

  stop(): void {
    this.#running = false
    this.#cancelTry?.()
    this.#cancelTry = null
    this.#drop(1000)
  }

  /** The network or the page came back: no reason to sit out a long wait. */
  wake(): void {
    if (!this.#running || this.#socket) return
    this.#tryAfter(wakeDelay(this.#device.random()))
  }

  /** Gives up the present socket and tries again, as after a message that cannot be right; `slowly` after a while. */
  restart(slowly = false): void {
    if (!this.#socket) return
    this.#drop(1000)
    if (slowly) this.#failures = Math.max(this.#failures, many)
    this.#failed()
  }

  send(message: Up): void {
    if (this.#open) this.#socket?.send(JSON.stringify(message))
  }

  #connect(): void {
    this.#cancelTry = null
    // A page that slept may be given two tries at once: the second would leave the first one's socket behind.
    if (!this.#running || this.#socket) return
    // "Offline" is certain, where "online" is not: `wake` comes when it ends, and the backoff as a backstop.
    if (!this.#device.online()) return this.#failed()
    const socket: Socket = this.#device.connect({
      opened: () => this.#socket === socket && this.#opened(),
      heard: (text) => this.#socket === socket && this.#heard(text),
      closed: (code) => {
        if (this.#socket !== socket) return
        this.#forget()
        this.#closed(code)
      },
    })
    this.#socket = socket
    this.#timer(openWithin, () => this.restart())
  }

  #opened(): void {
    this.#open = true
    this.#pingLater()
    this.#on.opened()
  }

  #heard(text: string): void {
    if (text === pong) {
      this.#pingLater()
      this.#on.alive()
      return
    }
    const message = parse(text)
    if (message === null) {
      console.error('The edge said something unknown.', text.slice(0, 200))
      return
    }
    // An answer, and not the mere opening, shows that trying again works: only now the next loss is a first one.
    if (message.t === 'welcome') this.#failures = 0
    this.#on.heard(message, text.length)
  }

  #closed(code: number): void {
    if (!this.#on.lost(code)) {
      this.#running = false
      return
    }
    this.#again()
  }

  #failed(): void {
    if (this.#on.lost(1006)) this.#again()
  }

  #again(): void {
    if (!this.#running) return
    const delay = reconnectDelay(this.#failures, this.#device.random())
    this.#failures++
    this.#tryAfter(delay)
  }

  #tryAfter(ms: number): void {
    this.#cancelTry?.()
    this.#cancelTry = this.#device.after(ms, () => this.#connect())
  }

  #pingLater(): void {
    this.#timer(pingEvery, () => {
      this.#socket?.send(ping)
      this.#timer(pongWithin, () => this.restart())
    })
  }

  #timer(ms: number, call: () => void): void {
    this.#cancelTimer?.()
    this.#cancelTimer = this.#device.after(ms, call)
  }

  #drop(code: number): void {
    const socket = this.#socket
    this.#forget()
    socket?.close(code)
  }

  #forget(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#socket = null
    this.#open = false
  }
}

function parse(text: string): Down | null {
  try {
    const parsed = down.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
