import type { Identity } from '#client/db/meta.ts'
import type { Device } from './device.ts'
import { askSession } from './session-check.ts'
import type { Status } from './status.ts'

export interface WhoSpeaksParts {
  /** How the talking page stands now. */
  status(): Status
  /** Ends the talking with this status, where it has not stopped altogether. */
  end(status: Status): void
  /** Says more of a status that stands already. */
  told(status: Status): void
  /** Begins to talk again. */
  resume(): void
}

/** Whose session the browser has: a replica talks for its own agent only, and keeps everything else for later [E12]. */
export class WhoSpeaks {
  readonly #device: Device
  readonly #identity: Identity
  readonly #parts: WhoSpeaksParts

  constructor(device: Device, identity: Identity, parts: WhoSpeaksParts) {
    this.#device = device
    this.#identity = identity
    this.#parts = parts
  }

  /** A browser does not tell why an upgrade was refused, so the session is asked when it keeps failing. */
  async askWhy(): Promise<void> {
    const answer = await askSession(this.#device)
    if (this.#parts.status().phase !== 'connecting') return
    if (answer.kind === 'signed out' || answer.kind === 'ended') this.signedOut()
  }

  signedOut(): void {
    this.#parts.end({ phase: 'signed out' })
  }

  /** Somebody else is signed in here: nothing is sent and nothing is dropped. */
  otherAgent(): void {
    this.#parts.end({ phase: 'other agent', name: 'somebody else' })
    void askSession(this.#device).then((answer) => {
      if (this.#parts.status().phase !== 'other agent') return
      if (answer.kind === 'signed in') this.#parts.told({ phase: 'other agent', name: answer.session.name })
      if (answer.kind === 'signed out' || answer.kind === 'ended') this.#parts.told({ phase: 'signed out' })
    })
  }

  /** The person of this replica may have signed in again in another page meanwhile. */
  async askAgain(): Promise<void> {
    const answer = await askSession(this.#device)
    const { account, agent } = this.#identity
    if (this.#parts.status().phase !== 'other agent' || answer.kind !== 'signed in') return
    if (answer.session.account === account && answer.session.agent === agent) this.#parts.resume()
  }
}
