/** The connections that an object may have open at once, by what they are for: six in all [E21]. */
const shares = { chat: 3, history: 1, rest: 2 } as const
export type Share = keyof typeof shares

/**
 * Shares out the object's six connections. The platform makes a seventh wait for one of the six, and then a slow
 * database would hold up texts; the local runtime does not enforce it, so that only this does.
 */
export class Connections {
  readonly #open: Record<Share, number> = { chat: 0, history: 0, rest: 0 }

  free(share: Share): number {
    return shares[share] - this.#open[share]
  }

  /** Takes one connection of a share and answers how to give it back, once; null where none is free. */
  take(share: Share): (() => void) | null {
    if (this.free(share) <= 0) return null
    this.#open[share]++
    let held = true
    return () => {
      if (held) this.#open[share]--
      held = false
    }
  }
}
