import { z } from 'zod'
import { entryId, type EntryId } from '#shared/base/ids.ts'
import type { Receipt } from '#shared/core/input.ts'
import type { CompanyParts } from './company-parts.ts'
import { PlainResponse } from './outside.ts'
import type { Bucket } from './bucket.ts'
import { pictureAt } from './edge.ts'
import { Post } from './post.ts'

export const carrierModes = [
  'up',
  'refuses',
  'busy',
  'fails',
  'accepts and fails',
  'accepts silently',
  'accepts and babbles',
  'drops',
  'accepts and drops',
  'slow',
] as const
export type CarrierMode = (typeof carrierModes)[number]

const texting = z.object({
  ref: entryId,
  from: z.string(),
  to: z.string(),
  text: z.string(),
  media: z.array(z.object({ url: z.string() })).default([]),
})
type Texting = z.infer<typeof texting>

interface CarrierParts extends CompanyParts {
  /** A text is about to leave. */
  leaving(): void
  bucket: Bucket
}

/**
 * The carrier and its network behind the real adapter: takes texts over HTTP, brings customers' texts and
 * receipts, and repeats what nobody answered.
 */
export class Carrier {
  readonly host: string
  readonly post: Post
  readonly #parts: CarrierParts
  /** What it took, as its list shows it. */
  readonly #took: { id: string; from: string; to: string; text: string; at: number; state: string }[] = []
  #letters = 0
  /** To whom a text left last: people write when they are written to. */
  lastTo: string | null = null
  mode: CarrierMode = 'up'
  /** Share of 100 of the texts of which no receipt ever tells. */
  mute = 0

  constructor(parts: CarrierParts) {
    this.#parts = parts
    this.host = `carrier.${parts.plan.account}.test`
    this.post = new Post(parts)
  }

  /** A customer writes. */
  bring(from: string, to: string, text: string): void {
    const id = `in-${++this.#letters}`
    this.#parts.witness.customerWrote({ id, from, to, text })
    this.post.bring(id, { kind: 'inbound', carrierId: id, from, to, text, media: [] })
  }

  /** A request of the adapter's. Settles as `fetch` would, or never. */
  called(path: string, body: string, signal: AbortSignal | null): Promise<Response> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(new Error('aborted')))
      if (path === '/health') this.#health(resolve)
      else if (path.startsWith('/list?')) this.#list(new URLSearchParams(path.slice(6)), resolve, reject)
      else this.#take(texting.parse(JSON.parse(body)), resolve, reject)
    })
  }

  #health(resolve: (response: Response) => void): void {
    const alive = this.mode === 'up' || this.mode === 'refuses' || this.mode === 'busy'
    this.#after(50, () => resolve(new PlainResponse(alive ? 200 : 503, '{}')))
  }

  /** What this carrier has between two numbers and two times. */
  #list(
    query: URLSearchParams,
    resolve: (response: Response) => void,
    reject: (fault: unknown) => void,
  ): void {
    const { random, hit } = this.#parts
    const [from, to] = [query.get('from'), query.get('to')]
    const [since, until] = [Number(query.get('since')), Number(query.get('until'))]
    hit('carrier asked for its list')
    this.#after(50 + random.int(500), () => {
      if (this.mode === 'drops') return reject(new TypeError('connection reset'))
      if (this.mode === 'busy' || this.mode === 'fails')
        return resolve(new PlainResponse(this.mode === 'busy' ? 429 : 503, '{}'))
      const found = this.#took.filter(
        (text) => text.from === from && text.to === to && text.at >= since && text.at <= until,
      )
      resolve(new PlainResponse(200, JSON.stringify(found)))
    })
  }

  #take(text: Texting, resolve: (response: Response) => void, reject: (fault: unknown) => void): void {
    const { scheduler, random, witness, hit, bucket } = this.#parts
    const { mode } = this
    const pictures = text.media.map(({ url }) => pictureAt(url))
    for (const id of pictures) if (!bucket.has(id)) witness.missing(id, text.text)
    if (pictures.length > 0) hit('picture left')
    this.lastTo = text.to
    this.#parts.leaving()
    witness.left({ ...text, pictures })
    const answer = (ms: number, status: number, json: unknown, headers = {}) =>
      this.#after(ms, () => resolve(new PlainResponse(status, JSON.stringify(json), headers)))
    this.#after(5 + random.int(150), () => {
      if (mode !== 'up') hit(`carrier ${mode}`)
      if (mode === 'drops') return reject(new TypeError('connection reset'))
      if (mode === 'fails') return answer(random.int(100), 503, {})
      if (mode === 'refuses') return answer(random.int(100), 400, { code: 'R1', text: 'No such handset' })
      if (mode === 'busy') {
        const seconds = { 'retry-after': String(1 + random.int(20)) }
        return answer(random.int(6000), 429, { code: '429', text: 'Slow down' }, seconds)
      }
      const id = `out-${++this.#letters}.${text.ref}`
      witness.accepted(text)
      const { from, to, text: words } = text
      this.#took.push({ id, from, to, text: words, at: scheduler.now, state: 'sent' })
      this.#report(text.ref, id)
      if (mode === 'accepts silently') return
      const delay = mode === 'slow' ? 1000 + random.int(11_000) : 5 + random.int(150)
      if (mode === 'accepts and drops') return this.#after(delay, () => reject(new TypeError('reset')))
      if (mode === 'accepts and fails') return answer(delay, 502, {})
      answer(delay, 200, mode === 'accepts and babbles' ? { said: 'ok' } : { id })
    })
  }

  /** Reports what becomes of a text, in steps that may overtake each other on their way. */
  #report(ref: EntryId, carrierId: string): void {
    const { random, witness, hit } = this.#parts
    const names = random.int(10) > 0
    const luck = random.int(100)
    const end = 200 + random.int(2000)
    if (random.int(100) < this.mute) return hit('receipts never sent')
    const say = (after: number, receipt: Receipt) =>
      this.#after(after, () => {
        const id = `${carrierId} ${receipt.state}`
        witness.reported({ id, ref, state: receipt.state, named: names })
        this.post.bring(id, { kind: 'receipt', carrierId, message: names ? ref : null, receipt })
      })
    if (luck < 80) say(random.int(300), { state: 'sent' })
    if (luck < 60) say(end, { state: 'delivered' })
    else if (luck < 70) say(end, { state: 'undelivered', code: 'F2', text: 'Handset is off' })
    else if (luck < 80) say(end, { state: 'failed', code: 'F1', text: 'Blocked' })
  }

  #after(ms: number, call: () => void): void {
    this.#parts.scheduler.after(ms, call)
  }
}
