import { second } from '#shared/base/time.ts'
import type { BetweenPages } from './between-pages.ts'
import type { Device } from './device.ts'

export interface TurnEvents {
  /** This page talks to the edge from now on, if `holds` is still true when it is ready: it may be robbed before. */
  talk(holds: () => boolean): Promise<void>
  /** Another page does. Nothing may be written any more when this returns. */
  follow(): void
  post(message: BetweenPages): void
}

/** A holder that has not answered by then sleeps: its lock is taken [E16]. */
const answerWithin = 1 * second
/** Between two attempts to begin, where the database takes no write, or the code for it cannot be fetched. */
const tryAgain = 1 * second
const couldNot = 'This page could not begin to talk; it tries again.'

/**
 * Which of several pages talks, by a Web Lock [E16]. A page that becomes visible asks the holder; a hidden holder
 * lets go at once, a visible one keeps it, and one that does not answer is robbed. A page that hears a holder of
 * an older build takes the lock from it, visible or not, and never lets go of it for one. Without Web Locks this
 * page talks directly: the edge takes several sockets of one agent.
 */
export class Turns {
  readonly #device: Device
  readonly #name: string
  readonly #page: string
  readonly #on: TurnEvents
  #state: 'idle' | 'waiting' | 'talking' = 'idle'
  #abort: AbortController | null = null
  #release: (() => void) | null = null
  /** A second theft would take the lock from this very page. */
  #stealing = false
  #cancelRob: (() => void) | null = null
  #stopped = false

  constructor(device: Device, name: string, page: string, on: TurnEvents) {
    this.#device = device
    this.#name = name
    this.#page = page
    this.#on = on
  }

  get talking(): boolean {
    return this.#state === 'talking'
  }

  start(): void {
    if (!this.#device.locks) {
      this.#state = 'talking'
      return this.#talkAlone()
    }
    this.#queue(false)
    this.ask()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelRob?.()
    this.#abort?.abort()
    this.#release?.()
    this.#state = 'idle'
  }

  /** This page is in front of the person: it would rather talk than follow a sleeping one. */
  ask(): void {
    if (this.#state !== 'waiting' || !this.#device.visible()) return
    if (!this.#device.locks) return this.start()
    this.#on.post({ t: 'ask', page: this.#page, build: this.#device.build })
    this.#cancelRob?.()
    this.#cancelRob = this.#device.after(answerWithin, () => {
      this.#cancelRob = null
      if (this.#state === 'waiting' && this.#device.visible()) this.#queue(true)
    })
  }

  heard(message: BetweenPages): void {
    if (message.t === 'ask' && this.#state === 'talking' && message.page !== this.#page) {
      if (this.#device.visible() || message.build < this.#device.build)
        this.#on.post({ t: 'kept', to: message.page })
      else this.#release?.()
    }
    if (message.t === 'kept' && message.to === this.#page) {
      this.#cancelRob?.()
      this.#cancelRob = null
    }
    // Only the holder says how things stand. What it writes from now on is refused by the number of its successor.
    if (message.t === 'status' && this.#state === 'waiting' && message.build < this.#device.build)
      this.#queue(true)
  }

  /** Another page raised its number before this one noticed: back into the queue. */
  deposed(): void {
    if (this.#device.locks) this.#release?.()
    else {
      this.#state = 'waiting'
      this.#on.follow()
    }
  }

  /** Without locks nobody else is let in meanwhile: what fails is tried again until it goes well. */
  #talkAlone(): void {
    this.#on
      .talk(() => this.#state === 'talking')
      .catch((fault: unknown) => {
        console.error(couldNot, fault)
        this.#device.after(tryAgain, () => this.#state === 'talking' && this.#talkAlone())
      })
  }

  #queue(steal: boolean): void {
    const { locks } = this.#device
    if (!locks || this.#stopped || this.#stealing) return
    this.#stealing = steal
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.#state = 'waiting'
    // A lock cannot be stolen and waited for at once.
    const options = steal ? { steal } : { signal: abort.signal }
    locks
      .request(this.#name, options, () => this.#hold())
      .then(
        () => this.#lost(abort),
        () => this.#lost(abort),
      )
  }

  async #hold(): Promise<void> {
    this.#stealing = false
    if (this.#stopped) return
    this.#cancelRob?.()
    this.#cancelRob = null
    this.#state = 'talking'
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#release = release
    try {
      await this.#on.talk(() => this.#release === release)
      await released
    } catch (fault) {
      console.error(couldNot, fault)
      // A full disk takes no write a moment later either: without a pause this would take turns with itself.
      await new Promise<void>((resolve) => void this.#device.after(tryAgain, resolve))
      if (this.#release !== release) return
    }
    this.#state = 'waiting'
    // Nothing is written any more before the next holder begins.
    this.#on.follow()
  }

  /** Released, stolen or aborted. Only the newest request queues again, else two would wait. */
  #lost(abort: AbortController): void {
    if (this.#abort !== abort || this.#stopped) return
    this.#release = null
    this.#stealing = false
    if (this.#state === 'talking') this.#on.follow()
    this.#queue(false)
  }
}
