import { Looked, type Touched } from './looked.ts'
import { Tallies } from './tally.ts'

/** How many answers are remembered at most. A screen is made of some hundred. */
const answersAtMost = 3_000
/** Records in an answer that is remembered at most: what is read to look through all of it is read for once. */
const recordsAtMost = 200

/** A place in the writes of a database: after its `at`-th. One that was emptied begins another life. */
export interface Written {
  life: string
  at: number
}

/** Before the first write. */
export const unwritten: Written = { life: '', at: 0 }

/**
 * What was read of a database, for as long as nothing of it was written to, by whichever page:
 *
 * 1. Every write counts itself in the database, in its own transaction, and every read begins with that count. So a
 *    read knows what it may take from memory, and what is taken is what its transaction would have read.
 * 2. A write that this page was told of takes away what it touched; where one was missed, all is forgotten.
 * 3. A read of an older moment than the newest one takes and leaves nothing.
 *
 * Nobody changes what a read answered: it may be in other hands.
 */
export class Remembered {
  #life = unwritten.life
  #at = unwritten.at
  /** Single records, by table and key, which a write names. */
  readonly #records = new Map<string, { answer: unknown }>()
  readonly #ranges = new Map<string, { looked: Looked; answer: unknown }>()
  readonly #told = new Map<number, Touched>()
  readonly #tallies = new Tallies()

  /** The write of this count touched that. */
  told({ life, at }: Written, touched: Touched): void {
    if (life === this.#life && at > this.#at) this.#told.set(at, touched)
  }

  /** A read sees the database as it is after the write of this count. */
  reach({ life, at }: Written): void {
    if (life !== this.#life) {
      this.#forget()
      this.#told.clear()
      this.#life = life
      this.#at = at
    }
    while (this.#at < at) {
      const touched = this.#told.get(this.#at + 1)
      if (!touched) {
        this.#forget()
        this.#at = at
        break
      }
      for (const [table, keys] of Object.entries(touched))
        for (const key of keys) this.#records.delete(`${table} ${key}`)
      for (const [name, { looked }] of this.#ranges)
        if (looked.isTouchedBy(touched)) this.#ranges.delete(name)
      this.#tallies.wrote(touched)
      this.#at++
      this.#told.delete(this.#at)
    }
    for (const told of this.#told.keys()) if (told <= this.#at) this.#told.delete(told)
  }

  find(name: string, moment: Written): { answer: unknown } | undefined {
    return this.#isAt(moment) ? (this.#records.get(name) ?? this.#ranges.get(name)) : undefined
  }

  /** A record is named by its table and key; of everything else `looks` says what it looked at. */
  keep(name: string, moment: Written, looks: ((looked: Looked) => void) | null, answer: unknown): void {
    if (!this.#isAt(moment) || (Array.isArray(answer) && answer.length > recordsAtMost)) return
    if (this.#records.size + this.#ranges.size >= answersAtMost) this.#clear()
    if (looks === null) {
      this.#records.set(name, { answer })
      return
    }
    const looked = new Looked()
    looks(looked)
    this.#ranges.set(name, { looked, answer })
  }

  /** Numbers of records at a moment; null where it is an older one. */
  tallies(moment: Written): Tallies | null {
    return this.#isAt(moment) ? this.#tallies : null
  }

  #isAt({ life, at }: Written): boolean {
    return life === this.#life && at === this.#at
  }

  #clear(): void {
    this.#records.clear()
    this.#ranges.clear()
  }

  #forget(): void {
    this.#clear()
    this.#tallies.clear()
  }
}

/**
 * What the queries of one read transaction share. Nothing changes in it, so what one of them has read or worked out
 * stands for all: a press calls for a dozen of them, most of which lay the same waiting changes over the same rows.
 */
export class Moment {
  readonly #known = new Map<string, Promise<unknown>>()
  readonly #made = new Map<string, { looked: Looked; result: Promise<unknown> }>()
  readonly #remembered: Remembered | null
  readonly #at: Written

  /** After write `at`, in a store that remembers what was read at other moments. */
  constructor(remembered: Remembered | null = null, at = unwritten) {
    this.#remembered = remembered
    this.#at = at
  }

  knows(name: string): boolean {
    return this.#known.has(name) || this.#remembered?.find(name, this.#at) !== undefined
  }

  /** Numbers of records at this moment, where they are kept. */
  get tallies(): Tallies | null {
    return this.#remembered?.tallies(this.#at) ?? null
  }

  /** The answer to a read that is named by `name` and looks at what `looks` says, or at the record of that name. */
  read<Answer>(
    name: string,
    looks: ((looked: Looked) => void) | null,
    read: () => PromiseLike<Answer>,
  ): Promise<Answer> {
    const known = this.#known.get(name)
    if (known) return known as Promise<Answer>
    const before = this.#remembered?.find(name, this.#at)
    const answer = before ? Promise.resolve(before.answer as Answer) : this.#ask(name, looks, read)
    this.#known.set(name, answer)
    return answer
  }

  async #ask<Answer>(
    name: string,
    looks: ((looked: Looked) => void) | null,
    read: () => PromiseLike<Answer>,
  ): Promise<Answer> {
    const answer = await read()
    this.#remembered?.keep(name, this.#at, looks, answer)
    return answer
  }

  /** What `make` made of its reads, which count as reads of everybody who asks for it. */
  once<Result>(name: string, looked: Looked, make: (looked: Looked) => Promise<Result>): Promise<Result> {
    const known = this.#made.get(name)
    if (known) {
      looked.also(known.looked)
      return known.result as Promise<Result>
    }
    const own = new Looked()
    looked.also(own)
    const result = make(own)
    this.#made.set(name, { looked: own, result })
    return result
  }
}
