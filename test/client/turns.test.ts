import { expect, it, vi } from 'vitest'
import { Turns } from '#client/sync/turns.ts'
import { fakeDevice, fakeLocks, rest } from './kit/fake-device.ts'

const nowhere = {
  connect: () => ({ send: () => undefined, close: () => undefined }),
  fetch: () => Promise.reject(new TypeError('Failed to fetch')),
}

it('[E16] [fault C4] a page whose database takes no write begins to talk when it does, and does not spin until then', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const device = fakeDevice(nowhere, 1, { locks: fakeLocks() })
  let attempts = 0
  let full = true
  const turns = new Turns(device, 'lock', 'page', {
    async talk() {
      attempts++
      // Without a pause between attempts this is where a failing test gets to, instead of never ending.
      if (full && attempts < 1000)
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
    },
    follow: () => undefined,
    post: () => undefined,
  })
  turns.start()
  await rest()
  expect(attempts).toBe(1)
  full = false
  device.pass(1000)
  await rest()
  expect(attempts).toBe(2)
  expect(turns.talking).toBe(true)
  turns.stop()
  complaints.mockRestore()
})

it('[E16] a page alone, whose code to talk could not be fetched, fetches it again', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const device = fakeDevice(nowhere, 1, { locks: null })
  let attempts = 0
  const turns = new Turns(device, 'lock', 'page', {
    async talk() {
      if (++attempts < 3) throw new TypeError('Failed to fetch dynamically imported module')
    },
    follow: () => undefined,
    post: () => undefined,
  })
  turns.start()
  for (let second = 0; second < 5; second++) {
    await rest()
    device.pass(1000)
  }
  expect(attempts).toBe(3)
  turns.stop()
  complaints.mockRestore()
})
