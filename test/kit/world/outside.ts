import type { Carrier } from './carrier.ts'

/**
 * Puts the world's carriers where the adapters' `fetch` leads, and answers how to take them away again. Each is
 * found by its own host; nothing else exists outside.
 */
export function withOutside(carriers: readonly Carrier[]): () => void {
  const real = globalThis.fetch
  const outside: typeof fetch = (input, init) => {
    const { host, pathname, search } = new URL(input instanceof Request ? input.url : input)
    const carrier = carriers.find((one) => one.host === host)
    if (!carrier) return Promise.reject(new TypeError(`There is no ${host}.`))
    const body = typeof init?.body === 'string' ? init.body : ''
    return carrier.called(pathname + search, body, init?.signal ?? null)
  }
  globalThis.fetch = outside
  return () => {
    globalThis.fetch = real
  }
}

/**
 * A response whose body is there at once. The platform's own reads it through a stream, which takes turns of the
 * real loop that the world's time knows nothing of.
 */
export class PlainResponse extends Response {
  readonly #text: string

  constructor(status: number, text: string, headers: Record<string, string> = {}) {
    super(null, { status, headers })
    this.#text = text
  }

  override async json<Body>(): Promise<Body> {
    const body: Body = JSON.parse(this.#text)
    return body
  }
}
