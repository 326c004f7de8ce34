import { z } from 'zod'

/** What a carrier does with the next texts it is handed. */
export type Mood = 'accept' | 'refuse' | 'busy' | 'accept and fall silent' | 'drop' | 'fault'

export interface Handed {
  ref: string
  from: string
  to: string
  text: string
}

const body = z.object({ ref: z.string(), from: z.string(), to: z.string(), text: z.string() })

/**
 * The carrier's side of the wire: everything it was handed is in `sent`, whatever it answered. It stands in the
 * place of `fetch`, since the worker's tests run in the same isolate.
 */
export class FakeCarrier {
  readonly sent: Handed[] = []
  mood: Mood = 'accept'
  probes = 0
  /** How often its list was asked for, and what it says: what it was handed, something else, or nothing. */
  lists = 0
  listing: 'as handed' | 'down' | ((handed: Listed[]) => Listed[]) = 'as handed'
  readonly #took: Listed[] = []
  /** The media it has, by name, and the names it was asked for. */
  files: Record<string, () => Response> = {}
  readonly fetched: string[] = []
  onFetch: (() => void | Promise<void>) | null = null
  /** Called when a text has arrived, before the answer. */
  onText: (() => void | Promise<void>) | null = null
  #real: typeof fetch | null = null

  install(): void {
    this.#real = globalThis.fetch
    globalThis.fetch = (input, init) => this.#answer(new Request(input as RequestInfo, init))
  }

  remove(): void {
    if (this.#real) globalThis.fetch = this.#real
  }

  timesSent(text: string): number {
    return this.sent.filter((handed) => handed.text === text).length
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/health')) {
      this.probes++
      if (this.mood === 'accept') return Response.json({ ok: true })
      return new Response(null, { status: 503 })
    }
    const file = pathname.split('/media/')[1]
    if (file !== undefined) {
      this.fetched.push(file)
      await this.onFetch?.()
      return this.files[file]?.() ?? new Response('gone', { status: 404 })
    }
    if (pathname.endsWith('/list')) return this.#list(new URL(request.url).searchParams)
    const handed = body.parse(await request.json())
    if (this.mood === 'drop') throw new TypeError('connection refused')
    if (this.mood === 'fault') return new Response('oops', { status: 500 })
    if (this.mood === 'refuse')
      return Response.json({ code: '30006', text: 'Landline or unreachable' }, { status: 400 })
    if (this.mood === 'busy')
      return Response.json(
        { code: '20429', text: 'Too many' },
        { status: 429, headers: { 'retry-after': '1' } },
      )
    this.sent.push(handed)
    const { ref, ...text } = handed
    this.#took.push({ ...text, id: `s-${ref}`, at: Date.now(), state: 'sent' })
    await this.onText?.()
    if (this.mood === 'accept and fall silent') throw new TypeError('connection reset')
    return Response.json({ id: `s-${handed.ref}` })
  }

  #list(query: URLSearchParams): Response {
    this.lists++
    if (this.listing === 'down') return new Response('oops', { status: 503 })
    const [since, until] = [Number(query.get('since')), Number(query.get('until'))]
    const between = this.#took.filter(
      ({ from, to, at }) =>
        from === query.get('from') && to === query.get('to') && at >= since && at <= until,
    )
    return Response.json(this.listing === 'as handed' ? between : this.listing(between))
  }
}

/** A text in the carrier's list. */
export interface Listed {
  id: string
  from: string
  to: string
  text: string
  at: number
  state: string
}
