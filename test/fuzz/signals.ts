import { shown, type Watch } from './watch.ts'

/**
 * What a thread says about its present input to whoever watches it, in shared memory: a thread that hangs posts no
 * messages. `[0]` counts inputs, `[1]` is 1 while one is under way, `[2]` is the length of its text behind that.
 */
export class Signals implements Watch {
  static readonly size = 4096
  readonly #numbers: Int32Array
  readonly #text: Uint8Array

  constructor(shared: SharedArrayBuffer) {
    this.#numbers = new Int32Array(shared, 0, 4)
    this.#text = new Uint8Array(shared, 16)
  }

  begin(text: string): void {
    // `encodeInto` takes no shared memory.
    const bytes = new TextEncoder().encode(shown(text)).subarray(0, this.#text.length)
    this.#text.set(bytes)
    this.#numbers[2] = bytes.length
    Atomics.add(this.#numbers, 0, 1)
    Atomics.store(this.#numbers, 1, 1)
  }

  end(): void {
    Atomics.store(this.#numbers, 1, 0)
  }

  /** Which input is under way, or null. */
  get current(): number | null {
    return Atomics.load(this.#numbers, 1) === 1 ? Atomics.load(this.#numbers, 0) : null
  }

  get text(): string {
    return new TextDecoder().decode(this.#text.slice(0, this.#numbers[2]))
  }
}
