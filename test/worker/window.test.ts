import { expect, it } from 'vitest'
import { windowFor } from '#worker/account/sockets.ts'

it('a handful of sockets hears at once, many hear in windows, and longer ones while texts keep coming', () => {
  expect([windowFor(1, false), windowFor(8, true)]).toEqual([0, 0])
  expect([windowFor(100, false), windowFor(100, true)]).toEqual([25, 50])
  expect([windowFor(500, false), windowFor(500, true)]).toEqual([125, 250])
  expect([windowFor(1_000, false), windowFor(1_000, true)]).toEqual([250, 250])
})
