/**
 * Milliseconds from a press to now, across reloads. A clock that went back says nothing, so it counts as long
 * [E13].
 */
export function waitedOf(pressedAt: number, now: number): number {
  return now >= pressedAt ? now - pressedAt : longest
}

const longest = 1e9
