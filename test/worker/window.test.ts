import { expect, it } from 'vitest'
import { take } from '#worker/account/live-socket.ts'
import { FrameWindow, windowFor } from '#worker/account/window.ts'
import { limits } from '#shared/wire/limits.ts'

it('a handful of sockets hears at once, many hear in windows, and longer ones while texts keep coming', () => {
  expect([windowFor(1, false), windowFor(8, true)]).toEqual([0, 0])
  expect([windowFor(100, false), windowFor(100, true)]).toEqual([16, 50])
  expect([windowFor(500, false), windowFor(500, true)]).toEqual([80, 250])
  expect([windowFor(1_000, false), windowFor(1_000, true)]).toEqual([160, 250])
})

/** Plays commits at a steady pace to 500 sockets, after a moment in which many came; answers the frames of the last second. */
function framesAtPace(every: number, seconds: number): number {
  const window = new FrameWindow()
  const left: number[] = []
  let due: number | null = null
  for (let now = 0; now < seconds * 1_000; now++) {
    const comes = now < 200 ? now % 2 === 0 : now % every === 0
    if (comes) {
      window.collect()
      due ??= now + Math.max(0, window.wait(500, now))
    }
    if (due === null || now < due) continue
    window.begin(now)
    left.push(now)
    due = null
  }
  return left.filter((at) => at >= (seconds - 1) * 1_000).length
}

it('twenty texts a second leave in short windows again once a burst is over, and two hundred in long ones', () => {
  expect(framesAtPace(50, 5)).toBeGreaterThanOrEqual(10)
  expect(framesAtPace(5, 5)).toBeLessThanOrEqual(4)
})

it('[E30] a socket may say 200 commands at once and 20 a second, and is told how long to wait', () => {
  const { commandsPerSecond, commandBurst } = limits
  const allowance = { left: commandBurst, countedAt: 0 }
  const takeAt = (now: number) => take(allowance, commandsPerSecond, commandBurst, now)
  expect(Array.from({ length: 200 }, () => takeAt(0)).every((wait) => wait === null)).toBe(true)
  expect(takeAt(0)).toBe(50)
  expect([takeAt(50), takeAt(50)]).toEqual([null, 50])
  // A clock that goes back gives nothing and takes nothing.
  expect(takeAt(-10_000)).toBe(50)
  expect(Array.from({ length: 21 }, () => takeAt(-9_000)).filter((wait) => wait === null)).toHaveLength(20)
})
