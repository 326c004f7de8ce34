import { expect, it, vi } from 'vitest'
import { makeIds } from '#shared/base/ids.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare, raiseTalker } from '#client/db/meta.ts'
import { addPending } from '#client/db/pending.ts'
import type { Store } from '#client/db/store.ts'
import { Outbox } from '#client/sync/outbox.ts'
import { makeRandom } from '#test/kit/random.ts'
import { fakeDevice, rest } from './kit/fake-device.ts'
import { maya } from './kit/page.ts'

it('[P8] [fault C4] what waits is said again also after a moment in which the database took and answered nothing', async () => {
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const random = makeRandom(1)
  const ids = makeIds(() => random.bytes(16))
  const inner = new MemoryStore()
  let full = false
  const store: Store = {
    kind: 'memory',
    read: (body) => (full ? Promise.reject(new Error('There is no answer.')) : inner.read(body)),
    write: (body) => (full ? Promise.reject(new Error('There is no room.')) : inner.write(body)),
    watch: () => undefined,
    live: (query, next) => inner.live(query, next),
    close: () => undefined,
    destroy: () => inner.destroy(),
  }
  const device = fakeDevice({
    connect: () => ({ send: () => undefined, close: () => undefined }),
    fetch: () => Promise.reject(new TypeError('Failed to fetch')),
  })
  await prepare(store, maya, ids)
  const command = { name: 'AddNote', conversation: ids.conversation(), text: 'Between us' } as const
  const facts = { id: ids.command(), at: device.now(), seen: 0, synced: true }
  await store.write((tx) => addPending(tx, maya, command, facts))
  const said: string[] = []
  const outbox = new Outbox(device, store, await raiseTalker(store), ids, ({ id }) => void said.push(id))
  await outbox.welcomed(0)
  expect(said).toEqual([facts.id])

  full = true
  device.pass(20_000)
  await rest()
  full = false
  device.pass(20_000)
  await rest()
  expect(said).toEqual([facts.id, facts.id])
  outbox.closed()
  complaints.mockRestore()
})
