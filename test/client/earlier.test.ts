import { expect, it } from 'vitest'
import type { MobileUserId } from '#shared/base/ids.ts'
import { makeIds } from '#shared/base/ids.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare, readReplica } from '#client/db/meta.ts'
import { pullEarlier } from '#client/sync/earlier.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { makeRandom } from '#test/kit/random.ts'
import { inbound } from '#test/kit/worlds.ts'
import { fakeDevice } from './kit/fake-device.ts'
import { maya } from './kit/page.ts'

const user = 'up13095551212' as MobileUserId

/** A device whose page of history comes while `meanwhile` happens to its replica. */
async function pullWhile(meanwhile: (store: MemoryStore) => Promise<void>) {
  const random = makeRandom(1)
  const store = new MemoryStore()
  const ids = makeIds(() => random.bytes(16))
  await prepare(store, maya, ids)
  const device = fakeDevice({
    connect: () => ({ send: () => undefined, close: () => undefined }),
    fetch: async () => {
      await meanwhile(store)
      return { status: 200, json: async () => ({ entries: [inbound(1)], more: false }), header: () => null }
    },
  })
  const parts: EngineParts = { device, store, identity: maya, ids }
  const answer = await pullEarlier(parts, user, 100)
  return { answer, kept: await store.read((tx) => tx.get('history', user)) }
}

it('[E24] [P6] a page of history that was asked for in a life that is lost is not kept', async () => {
  const same = await pullWhile(async () => undefined)
  expect(same.answer).toEqual({ ok: true, more: false })
  expect(same.kept?.entries).toHaveLength(1)
  const another = await pullWhile((store) =>
    store.write(async (tx) => tx.put('meta', [{ ...(await readReplica(tx)), epoch: 7 }])),
  )
  expect(another.answer.ok).toBe(false)
  expect(another.kept).toBeUndefined()
})
