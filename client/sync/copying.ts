import type { Writer } from '#client/db/frames.ts'
import type { Identity } from '#client/db/meta.ts'
import type { Boot } from '#client/db/records.ts'
import { Bootstrap, type BootstrapEvents } from './bootstrap.ts'
import type { Device } from './device.ts'

export interface CopyingEvents extends Omit<BootstrapEvents, 'done'> {
  /** The copy is complete. Runs in its turn. */
  done(): Promise<void>
}

/** The copy of the account that is being made, one at a time: a new one takes the place of the one before [E8]. */
export class Copying {
  readonly #device: Device
  readonly #identity: Identity
  readonly #writer: Writer
  readonly #on: CopyingEvents
  #current: Bootstrap | null = null

  constructor(device: Device, identity: Identity, writer: Writer, on: CopyingEvents) {
    this.#device = device
    this.#identity = identity
    this.#writer = writer
    this.#on = on
  }

  get running(): boolean {
    return this.#current !== null
  }

  begin(boot: Boot): void {
    this.#current?.stop()
    const bootstrap = new Bootstrap(this.#device, this.#identity, this.#writer, {
      ...this.#on,
      progress: (done) => {
        if (this.#current === bootstrap) this.#on.progress(done)
      },
      done: () => {
        if (this.#current !== bootstrap) return
        this.#current = null
        void this.#on.inTurn(() => this.#on.done())
      },
    })
    this.#current = bootstrap
    // Faults are handled in the turn that they happen in.
    bootstrap.run(boot).catch(() => undefined)
  }

  stop(): void {
    this.#current?.stop()
    this.#current = null
  }
}
