import { expect, it } from 'vitest'
import { place } from '#client/ui/controls/placement.ts'

const room = { width: 1000, height: 800 }
const panel = { width: 300, height: 200 }
const at = (left: number, top: number) => ({ left, right: left + 40, top, bottom: top + 30 })

it('a panel stands beside its trigger, along its start or its end', () => {
  expect(place(at(100, 500), panel, 'top-start', room)).toEqual({ left: 100, top: 292 })
  expect(place(at(100, 100), panel, 'bottom-start', room)).toEqual({ left: 100, top: 138 })
  expect(place(at(600, 100), panel, 'bottom-end', room)).toEqual({ left: 340, top: 138 })
})

it('where there is no room it goes to the other side, and never beyond the window', () => {
  expect(place(at(100, 50), panel, 'top-start', room).top).toBe(88)
  expect(place(at(100, 700), panel, 'bottom-start', room).top).toBe(492)
  expect(place(at(900, 100), panel, 'bottom-start', room).left).toBe(692)
  expect(place(at(100, 100), panel, 'bottom-end', room).left).toBe(8)
  // Higher than the window: its beginning is in sight.
  expect(place(at(100, 400), { width: 300, height: 900 }, 'top-start', room).top).toBe(8)
})
