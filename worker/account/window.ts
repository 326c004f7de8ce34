/**
 * How long a window collects changes before they leave as one frame, in milliseconds: nothing for a handful of
 * sockets. A frame to a socket costs some 0.04 ms, so that the usual window leaves three quarters of the time to
 * everything else; while changes keep coming, the longer one leaves nine tenths of it to the commits.
 */
export function windowFor(sockets: number, busy: boolean): number {
  return sockets <= 8 ? 0 : Math.min(250, busy ? sockets * 0.5 : sockets * 0.16)
}

/** Commits from which on changes keep coming: so many in a window, and so many a millisecond of it. */
const busyFrom = { commits: 3, perMillisecond: 0.06 }

/** When what is collected for sockets leaves. */
export class FrameWindow {
  #began = 0
  #collected = 0
  /** Whether the window before was full of commits. */
  #busy = false

  /** A commit goes into this window. */
  collect(): void {
    this.#collected++
  }

  /** Milliseconds until it is over; 0 or less where what is collected leaves at once. */
  wait(sockets: number, now: number): number {
    const window = windowFor(sockets, this.#busy)
    return window === 0 ? 0 : this.#began + window - now
  }

  /** What was collected leaves, and the next window begins. */
  begin(now: number): void {
    // Counted alone, the long window would always be full enough to be followed by another.
    const isFull = this.#collected >= (now - this.#began) * busyFrom.perMillisecond
    this.#busy = isFull && this.#collected >= busyFrom.commits
    this.#began = now
    this.#collected = 0
  }
}
