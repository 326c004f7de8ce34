import type { CarrierEvent } from '#worker/carriers/carrier.ts'
import type { Random } from '#test/kit/random.ts'
import type { CompanyParts } from './company-parts.ts'

/** How webhooks and nudges travel: each is a share of 100. */
export interface Road {
  lost: number
  answerLost: number
  repeated: number
  late: number
}
export const goodRoad: Road = { lost: 0, answerLost: 0, repeated: 0, late: 0 }

interface Letter {
  id: string
  event: CarrierEvent
  tries: number
  answered: boolean
}

/** The sweep that finds kept arrivals whose nudge was lost comes this often. */
const sweepEvery = 60_000

/**
 * The way from the carrier to the object: webhooks that are repeated until somebody answers them, and the Worker
 * in front, which keeps in R2 what the object did not take, and has it brought in by a queue and a sweep. Both may
 * bring the same arrival, at once and more than once [E23].
 */
export class Post {
  readonly #parts: CompanyParts
  readonly #kept = new Map<string, Letter>()
  #waiting = 0
  #sweeping = false
  inbound = goodRoad
  receipts = goodRoad
  nudges = goodRoad
  /** R2 does not take anything: the carrier is told to come again. */
  storeDown = false

  constructor(parts: CompanyParts) {
    this.#parts = parts
  }

  /** Webhooks that nobody answered yet, and arrivals that wait in R2. */
  get waiting(): number {
    return this.#waiting + this.#kept.size
  }

  bring(id: string, event: CarrierEvent): void {
    const letter: Letter = { id, event, tries: 0, answered: false }
    this.#waiting++
    this.#try(letter)
    const { random, hit } = this.#parts
    if (random.int(100) >= this.#roadOf(event).repeated) return
    hit(`${event.kind} repeated`)
    for (let copy = random.int(3); copy >= 0; copy--) this.#try(letter, random.int(10_000))
  }

  #try(letter: Letter, later = 0): void {
    const { random, scheduler, hit, witness } = this.#parts
    const { event } = letter
    const late = random.int(100) < this.#roadOf(event).late
    if (late) hit(`${event.kind} late`)
    const travel = later + 5 + random.int(100) + (late ? random.int(20_000) : 0)
    scheduler.after(travel, () => {
      if (random.int(100) < this.#roadOf(event).lost) {
        hit(`${event.kind} lost`)
        return this.#again(letter)
      }
      witness.knocked(letter.id)
      if (!this.#admit(letter) && !this.#keep(letter)) return this.#again(letter)
      witness.answered(letter.id)
      if (random.int(100) < this.#roadOf(event).answerLost) {
        hit(`${event.kind} answer lost`)
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

  /** Whether the object took it. An object that died over it may have. */
  #admit({ id, event }: Letter): boolean {
    try {
      if (this.#parts.edge.arrive(this.#parts.plan.channel, event) === 'later') return false
      this.#parts.witness.taken(id)
      return true
    } catch {
      this.#parts.witness.died(id)
      return false
    }
  }

  #keep(letter: Letter): boolean {
    const { random, hit } = this.#parts
    if (this.storeDown) return false
    const key = `arrivals/${this.#parts.random.int(2 ** 31)}`
    hit('arrival kept')
    this.#kept.set(key, letter)
    this.#parts.edge.kept()
    if (random.int(100) < this.nudges.lost) hit('nudge lost')
    else this.#nudge(key)
    if (random.int(100) < this.nudges.repeated) {
      hit('nudge repeated')
      this.#nudge(key)
    }
    this.#sweepLater()
    return true
  }

  #nudge(key: string): void {
    const { random, scheduler } = this.#parts
    scheduler.after(20 + random.int(3000), () => this.#bringIn(key, () => this.#nudge(key)))
  }

  /** The object asks for all of it before its first text leaves. Rejects where R2 does not answer. */
  bringAllIn(random: Random, admit: (event: CarrierEvent) => void): Promise<void> {
    const { scheduler, witness, hit } = this.#parts
    return new Promise((resolve, reject) => {
      scheduler.after(20 + random.int(300), () => {
        if (this.storeDown) return reject(new Error('R2 is away.'))
        try {
          for (const [key, letter] of this.#kept) {
            witness.knocked(letter.id)
            try {
              admit(letter.event)
            } catch (fault) {
              witness.died(letter.id)
              throw fault
            }
            witness.taken(letter.id)
            hit('arrival asked for')
            scheduler.after(random.int(300), () => this.#kept.delete(key))
          }
          resolve()
        } catch (fault) {
          reject(fault instanceof Error ? fault : new Error(String(fault)))
        }
      })
    })
  }

  /** One consumer: reads, takes it to the object, and deletes a moment later, when another may have read it too. */
  #bringIn(key: string, failed: () => void): void {
    const { random, scheduler, witness } = this.#parts
    const letter = this.#kept.get(key)
    if (!letter) return
    scheduler.after(random.int(300), () => {
      witness.knocked(letter.id)
      if (!this.#admit(letter)) return failed()
      scheduler.after(random.int(300), () => this.#kept.delete(key))
    })
  }

  #sweepLater(): void {
    if (this.#sweeping) return
    this.#sweeping = true
    this.#parts.scheduler.after(sweepEvery, () => {
      this.#sweeping = false
      for (const key of this.#kept.keys()) this.#bringIn(key, () => undefined)
      if (this.#kept.size > 0) this.#sweepLater()
    })
  }

  #roadOf(event: CarrierEvent): Road {
    return event.kind === 'inbound' ? this.inbound : this.receipts
  }
}
