import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { hour } from '#shared/base/time.ts'
import { nameOf } from '#client/db/meta.ts'
import { Gate } from '#client/state/gate.ts'
import { Talker } from '#client/sync/talker.ts'
import type { Reply } from '#client/sync/device.ts'
import { fakeDevice, memoryMirror, rest, until, type FakeDevice } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya } from './kit/page.ts'

let edge: FakeEdge
let devices = 0
const mirror = memoryMirror()

/** The page is loaded anew so many milliseconds after the last one, and who is here is asked over `network`. */
function load(later: number, network: Pick<FakeEdge, 'connect' | 'fetch'> = edge) {
  const device: FakeDevice = fakeDevice(network, ++devices, { mirror })
  device.clock.pass(later)
  const gate = new Gate(
    device,
    () => undefined,
    async () => ({ Talker }),
  )
  return { gate, arrived: gate.arrive() }
}

/** An edge whose answer to who is here comes when it is let go. */
function slowEdge() {
  let letGo: () => void = () => undefined
  const held = new Promise<void>((resolve) => (letGo = resolve))
  const fetch = async (path: string): Promise<Reply> => {
    if (path === '/api/session') await held
    return edge.fetch(path)
  }
  return { network: { fetch, connect: edge.connect.bind(edge) }, letGo: () => letGo() }
}

beforeEach(async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  await forgetDatabases()
  for (const key of mirror.keys()) mirror.remove(key)
  edge = seededEdge(2)
  const { arrived } = load(0)
  await arrived
  await until(() => edge.said('hello').length === 1)
  await rest()
})
afterEach(async () => {
  await forgetDatabases()
  await rest()
  vi.restoreAllMocks()
})

it('[E12] shows what this device keeps while it is asked who is here, and talks only after the answer', async () => {
  const { network, letGo } = slowEdge()
  const { gate, arrived } = load(11 * hour, network)
  await until(() => gate.standing().at === 'desk')
  await rest()
  expect(edge.said('hello')).toHaveLength(1)
  letGo()
  await arrived
  await until(() => edge.said('hello').length === 2)
  expect(gate.standing().at).toBe('desk')
  await rest()
})

it('[E12] shows nothing before the answer where nobody was confirmed here for longer than a working day', async () => {
  const { network, letGo } = slowEdge()
  const { gate, arrived } = load(13 * hour, network)
  await rest()
  expect(gate.standing().at).toBe('loading')
  letGo()
  await arrived
  expect(gate.standing().at).toBe('desk')
  await until(() => edge.said('hello').length === 2)
  await rest()
})

it('[E12] a session that was ended meanwhile: what was shown goes, and the device keeps nothing', async () => {
  const { network, letGo } = slowEdge()
  const { gate, arrived } = load(hour, network)
  await until(() => gate.standing().at === 'desk')
  edge.signedIn = null
  edge.ended = true
  letGo()
  await arrived
  const standing = gate.standing()
  expect(standing.at === 'door' && standing.notice).toMatch(/^You were signed out of this browser/)
  expect(await Dexie.exists(nameOf(maya))).toBe(false)
  expect(edge.said('hello')).toHaveLength(1)
})

it('[E12] a session that ran out meanwhile asks for a sign-in, and what was typed is kept', async () => {
  const { network, letGo } = slowEdge()
  const { gate, arrived } = load(hour, network)
  await until(() => gate.standing().at === 'desk')
  const standing = gate.standing()
  const { id } = conversationOf(edge, 0)
  if (standing.at === 'desk') standing.parley.composer(() => id, 'reply').set('Half a sent')
  edge.signedIn = null
  letGo()
  await arrived
  expect(gate.standing().at).toBe('door')
  const db = await new Dexie(nameOf(maya)).open()
  expect((await db.table('composer').toArray()).map(({ text }: { text: string }) => text)).toEqual([
    'Half a sent',
  ])
  db.close()
  expect(edge.said('hello')).toHaveLength(1)
})
