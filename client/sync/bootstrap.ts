import { second } from '#shared/base/time.ts'
import { applyFirstRows, applyPage, type Writer } from '#client/db/frames.ts'
import type { Identity } from '#client/db/meta.ts'
import type { Boot } from '#client/db/records.ts'
import type { MobileUserId } from '#shared/base/ids.ts'
import type { Device } from './device.ts'
import { fetchFirstRows, fetchPage, type Page } from './pages.ts'

export interface BootstrapEvents {
  /** Runs a write in its turn among the frames. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>
  progress(done: number): void
  stale(threads: MobileUserId[]): void
  done(): void
  signedOut(): void
  otherAgent(): void
}

/**
 * Copies the account in pages by primary key, from wherever an earlier run stopped, while live frames are stored
 * beside it [E8]. It ends quietly when its socket does; the next welcome starts another.
 */
export class Bootstrap {
  readonly #device: Device
  readonly #identity: Identity
  readonly #writer: Writer
  readonly #on: BootstrapEvents
  #running = true
  #cancelWait: (() => void) | null = null

  constructor(device: Device, identity: Identity, writer: Writer, on: BootstrapEvents) {
    this.#device = device
    this.#identity = identity
    this.#writer = writer
    this.#on = on
  }

  stop(): void {
    this.#running = false
    this.#cancelWait?.()
  }

  async run(boot: Boot): Promise<void> {
    if (boot.after === '' && boot.only === null) await this.#first()
    let { after, done } = boot
    let failures = 0
    let coming = this.#page(boot, after)
    while (this.#running) {
      const page = await coming
      if (!this.#running) return
      if (page.kind === 'signed out') return this.#on.signedOut()
      if (page.kind === 'other agent') return this.#on.otherAgent()
      if (page.kind === 'failed') {
        await this.#wait(Math.min(15, 2 ** failures++) * second * (0.5 + this.#device.random() / 2))
        if (this.#running) coming = this.#page(boot, after)
        continue
      }
      failures = 0
      const { rows, next } = page
      // The next one is on its way while this one is stored.
      if (next !== null) coming = this.#page(boot, next)
      const stored = await this.#on.inTurn(async () =>
        this.#running ? applyPage(this.#writer, rows, next) : null,
      )
      if (stored === null) return
      this.#on.stale(stored.stale)
      done += rows.length
      this.#on.progress(done)
      if (next === null) return this.#on.done()
      after = next
    }
  }

  #page(boot: Boot, after: string): Promise<Page> {
    return fetchPage(this.#device, this.#identity, { ...boot, after })
  }

  async #first(): Promise<void> {
    const first = await fetchFirstRows(this.#device, this.#identity)
    if (!this.#running || first.kind !== 'page') return
    await this.#on.inTurn(async () => {
      if (this.#running) await applyFirstRows(this.#writer, first.rows)
    })
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#device.after(ms, resolve)
      this.#cancelWait = () => {
        cancel()
        resolve()
      }
    })
  }
}
