/**
 * How long a window collects changes before they leave as one frame, in milliseconds: nothing for a handful of
 * sockets. A frame to a socket costs some 0.04 ms, so that the usual window leaves half the time to everything else;
 * while changes keep coming, the longer one leaves nine tenths of it to the commits.
 */
export function windowFor(sockets: number, busy: boolean): number {
  return sockets <= 8 ? 0 : Math.min(250, busy ? sockets * 0.5 : sockets * 0.08)
}

/** Commits in a window from which on changes keep coming. */
const busyFrom = 3

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
    this.#began = now
    this.#busy = this.#collected >= busyFrom
    this.#collected = 0
  }
}
