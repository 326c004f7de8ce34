import { expect, it } from 'vitest'
import { take } from '#worker/account/live-socket.ts'
import { windowFor } from '#worker/account/window.ts'
import { limits } from '#shared/wire/limits.ts'

it('a handful of sockets hears at once, many hear in windows, and longer ones while texts keep coming', () => {
  expect([windowFor(1, false), windowFor(8, true)]).toEqual([0, 0])
  expect([windowFor(100, false), windowFor(100, true)]).toEqual([8, 50])
  expect([windowFor(500, false), windowFor(500, true)]).toEqual([40, 250])
  expect([windowFor(1_000, false), windowFor(1_000, true)]).toEqual([80, 250])
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
