import { channelId, type EntryId } from '#shared/base/ids.ts'
import type { Handover, Receipt } from '#shared/core/input.ts'
import type { Waiting } from '#worker/account/outbox.ts'
import type { CarrierEvent } from '#worker/carriers/carrier.ts'
import type { Random } from '#test/kit/random.ts'
import type { Edge } from './edge.ts'
import type { Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

export const channel = channelId.parse('northwind')

export type CarrierMode = 'up' | 'refuses' | 'busy' | 'accepts silently' | 'drops' | 'slow'

/** How webhooks travel: each is a share of 100. */
export interface Post {
  lost: number
  answerLost: number
  repeated: number
  late: number
}
export const goodPost: Post = { lost: 0, answerLost: 0, repeated: 0, late: 0 }

interface Letter {
  id: string
  event: CarrierEvent
  tries: number
  answered: boolean
}

/** The carrier and its network: takes texts, brings customers' texts and receipts, and repeats what nobody answered. */
export class Carrier {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #witness: Witness
  readonly #edge: () => Edge
  readonly #hits: (fault: string) => void
  #letters = 0
  #waiting = 0
  /** To whom a text left last: people write when they are written to. */
  lastTo: string | null = null
  mode: CarrierMode = 'up'
  inboundPost = goodPost
  receiptPost = goodPost

  constructor(
    scheduler: Scheduler,
    random: Random,
    witness: Witness,
    edge: () => Edge,
    hits: (fault: string) => void,
  ) {
    this.#scheduler = scheduler
    this.#random = random
    this.#witness = witness
    this.#edge = edge
    this.#hits = hits
  }

  /** Webhooks that nobody answered yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** A customer writes. */
  bring(from: string, to: string, text: string): void {
    const id = `in-${++this.#letters}`
    this.#witness.customerWrote({ id, from, to, text })
    this.#mail({
      id,
      event: { kind: 'inbound', carrierId: id, from, to, text, media: [] },
      tries: 0,
      answered: false,
    })
  }

  /** Parley hands a text over. Settles as a `fetch` and its adapter would. */
  send(text: Waiting, signal: AbortSignal): Promise<Handover> {
    const { message: ref, sender: from, recipient: to, body } = text
    this.lastTo = to
    this.#witness.left({ ref, from, to, text: body })
    const { mode } = this
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')))
      const wait = (ms: number, then: () => void) => this.#scheduler.after(ms, then)
      wait(5 + this.#random.int(150), () => {
        if (mode !== 'up') this.#hits(`carrier ${mode}`)
        if (mode === 'drops') return reject(new Error('connection reset'))
        if (mode === 'refuses') {
          const answer = { kind: 'rejected', code: 'R1', text: 'No such handset', optedOut: false } as const
          return void wait(this.#random.int(100), () => resolve(answer))
        }
        if (mode === 'busy') {
          const retryAfter = 1000 + this.#random.int(20_000)
          const answer = { kind: 'busy', code: '429', text: 'Slow down', retryAfter } as const
          return void wait(this.#random.int(6000), () => resolve(answer))
        }
        const carrierId = `out-${++this.#letters}`
        this.#witness.accepted({ ref, from, to, text: body })
        this.#report(ref, carrierId)
        if (mode === 'accepts silently') return
        const delay = mode === 'slow' ? 1000 + this.#random.int(11_000) : 5 + this.#random.int(150)
        wait(delay, () => resolve({ kind: 'accepted', carrierId }))
      })
    })
  }

  probe(): Promise<boolean> {
    const alive = this.mode === 'up' || this.mode === 'refuses' || this.mode === 'busy'
    return new Promise((resolve) => this.#scheduler.after(50, () => resolve(alive)))
  }

  /** Reports what becomes of a text, in steps that may overtake each other on their way. */
  #report(ref: EntryId, carrierId: string): void {
    const names = this.#random.int(10) > 0
    const say = (after: number, receipt: Receipt) =>
      this.#scheduler.after(after, () => {
        const id = `${carrierId} ${receipt.state}`
        this.#witness.reported({ id, ref, state: receipt.state, named: names })
        const event = { kind: 'receipt', carrierId, message: names ? ref : null, receipt } as const
        this.#mail({ id, event, tries: 0, answered: false })
      })
    const luck = this.#random.int(100)
    if (luck < 80) say(this.#random.int(300), { state: 'sent' })
    const end = 200 + this.#random.int(2000)
    if (luck < 60) say(end, { state: 'delivered' })
    else if (luck < 70) say(end, { state: 'undelivered', code: 'F2', text: 'Handset is off' })
    else if (luck < 80) say(end, { state: 'failed', code: 'F1', text: 'Blocked' })
  }

  #mail(letter: Letter): void {
    this.#waiting++
    this.#try(letter)
    const post = this.#postOf(letter)
    if (this.#random.int(100) < post.repeated) {
      this.#hits(`${letter.event.kind} repeated`)
      for (let copy = this.#random.int(3); copy >= 0; copy--) this.#try(letter, this.#random.int(10_000))
    }
  }

  #try(letter: Letter, later = 0): void {
    const post = this.#postOf(letter)
    const late = this.#random.int(100) < post.late
    if (late) this.#hits(`${letter.event.kind} late`)
    const travel = later + 5 + this.#random.int(100) + (late ? this.#random.int(20_000) : 0)
    this.#scheduler.after(travel, () => {
      if (this.#random.int(100) < this.#postOf(letter).lost) {
        this.#hits(`${letter.event.kind} lost`)
        return this.#again(letter)
      }
      try {
        this.#witness.knocked(letter.id)
        this.#edge().arrive(channel, letter.event)
      } catch {
        return this.#again(letter)
      }
      this.#witness.answered(letter.id)
      if (this.#random.int(100) < this.#postOf(letter).answerLost) {
        this.#hits(`${letter.event.kind} answer lost`)
        return this.#again(letter)
      }
      if (!letter.answered) this.#waiting--
      letter.answered = true
    })
  }

  /** What got no 2xx comes again. */
  #again(letter: Letter): void {
    if (letter.answered) return
    letter.tries++
    this.#try(letter, Math.min(20_000, 500 * 2 ** letter.tries))
  }

  #postOf(letter: Letter): Post {
    return letter.event.kind === 'inbound' ? this.inboundPost : this.receiptPost
  }
}
