import 'fake-indexeddb/auto'
import { Dexie } from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nameOf } from '#client/db/meta.ts'
import { Gate } from '#client/state/gate.ts'
import { Upgrade } from '#client/state/upgrade.ts'
import { Talker } from '#client/sync/talker.ts'
import { fakeDevice, memoryMirror, rest, until, type FakeDevice } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya } from './kit/page.ts'

let edge: FakeEdge
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(2)
})

describe('a page that the edge tells to upgrade', () => {
  let device: FakeDevice
  let reloads = 0
  const told = () => new Upgrade(device, () => void reloads++).told()
  beforeEach(() => {
    reloads = 0
    device = fakeDevice(edge)
  })

  it('[E17] reloads once nobody has touched it for five seconds, and not while somebody types', () => {
    told()
    for (let key = 0; key < 20; key++) {
      device.pass(4_900)
      device.touch()
    }
    expect(reloads).toBe(0)
    device.pass(4_999)
    expect(reloads).toBe(0)
    device.pass(1)
    expect(reloads).toBe(1)
    device.pass(60_000)
    device.touch()
    device.pass(60_000)
    expect([reloads, device.timers()]).toEqual([1, 0])
  })

  it('[E17] reloads at once where it is hidden, or when it gets hidden', () => {
    device.isVisible = false
    told()
    expect(reloads).toBe(1)
    device = fakeDevice(edge)
    told()
    device.touch()
    device.tell('online')
    expect(reloads).toBe(1)
    device.tell('hidden')
    expect([reloads, device.timers()]).toEqual([2, 0])
  })

  it('[E17] that is told the same after its reload waits ten minutes, and then tries once more', () => {
    const mirror = memoryMirror()
    device = fakeDevice(edge, 1, { mirror })
    told()
    device.pass(5_000)
    expect(reloads).toBe(1)
    const { clock } = device
    device = fakeDevice(edge, 2, { mirror })
    device.clock.pass(clock.now() - device.clock.now())
    told()
    device.pass(10 * 60_000 - 1)
    expect(reloads).toBe(1)
    device.pass(5_001)
    expect(reloads).toBe(2)
  })

  it('[E17] that another page has overtaken does not wait for that, but for a quiet moment', () => {
    device.mirror?.set('parley:reloaded for an upgrade', String(device.now()))
    new Upgrade(device, () => void reloads++).overtaken()
    device.touch()
    expect(reloads).toBe(0)
    device.pass(5_000)
    expect(reloads).toBe(1)
  })
})

describe('a page at a desk', () => {
  let device: FakeDevice
  let gate: Gate
  let reloads = 0
  beforeEach(async () => {
    reloads = 0
    // A page without its database complains until it is loaded anew.
    vi.spyOn(console, 'error').mockReturnValue()
    device = fakeDevice(edge)
    gate = new Gate(
      device,
      () => void reloads++,
      async () => ({ Talker }),
    )
    await gate.arrive()
    await until(() => edge.said('hello').length === 1)
    await rest()
  })
  // What a reload does: nothing of the page is left, and its database is free.
  afterEach(async () => {
    await forgetDatabases()
    await rest()
    vi.restoreAllMocks()
  })

  const parley = () => {
    const standing = gate.standing()
    if (standing.at !== 'desk') throw new Error('Nobody is at the desk.')
    return standing.parley
  }
  /** What the database holds of typed text and waiting changes, read as another page reads it. */
  const kept = async () => {
    const db = await new Dexie(nameOf(maya)).open()
    const [typed, waiting] = await Promise.all([
      db.table('composer').toArray(),
      db.table('pending').toArray(),
    ])
    db.close()
    return {
      typed: typed.map(({ text }: { text: string }) => text),
      waiting: waiting.map(({ command }: { command: { text?: string } }) => command.text),
    }
  }

  it('[E17] [P5] told to upgrade, goes on as if offline, and reloads with all that was typed and pressed kept', async () => {
    const [first, second] = [conversationOf(edge, 0).id, conversationOf(edge, 1).id]
    edge.say({ t: 'upgrade' })
    await rest()
    parley()
      .composer(() => second, 'reply')
      .set('Half a sent')
    expect(await parley().note(first, 'Meanwhile')).toMatchObject({ ok: true })
    expect(reloads).toBe(0)
    expect(edge.commands()).toEqual([])
    device.pass(5_000)
    await until(() => reloads === 1)
    expect(await kept()).toEqual({ typed: expect.arrayContaining(['Half a sent']), waiting: ['Meanwhile'] })
  })

  it('[E17] [P5] lets go of its database to a newer build, with the last letter stored, and reloads', async () => {
    const { id } = conversationOf(edge, 0)
    parley()
      .composer(() => id, 'reply')
      .set('The last lette')
    parley()
      .composer(() => id, 'reply')
      .set('The last letter')
    // A newer build of the database opens only once every other page has closed it.
    await new Promise<void>((resolve, reject) => {
      const newer = indexedDB.open(nameOf(maya), 9_990)
      newer.addEventListener('error', () => reject(newer.error))
      newer.addEventListener('success', () => resolve(newer.result.close()))
    })
    expect((await kept()).typed).toContain('The last letter')
    await until(() => reloads === 1)
  })

  it('[E17] lets go of it to a page that signs out, and reloads', async () => {
    await forgetDatabases()
    await until(() => reloads === 1)
    expect(await indexedDB.databases()).toEqual([])
  })
})
