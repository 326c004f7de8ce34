import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AgentId, ConversationId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/down.ts'
import { DexieStore } from '#client/db/dexie-store.ts'
import { NotTalking, nameOf, raiseTalker, readReplica, writeAsTalker } from '#client/db/meta.ts'
import { Typing } from '#client/sync/typing.ts'
import { emptyDevice, wordsOfEnd } from '#client/state/ended.ts'
import { askSession } from '#client/sync/session-check.ts'
import { reconnectDelay, wakeDelay } from '#client/sync/backoff.ts'
import type { Locks } from '#client/sync/device.ts'
import { reportOf, type Look } from '#client/sync/presence.ts'
import { fakeDevice, fakeLocks, memoryMirror, rest, until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page, type PageOptions } from './kit/page.ts'

let edge: FakeEdge
const pages: Page[] = []
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(2)
})
afterEach(() => {
  for (const page of pages.splice(0)) page.close()
})

async function open(options: PageOptions = {}): Promise<Page> {
  const page = await openPage(edge, options)
  pages.push(page)
  return page
}

function close(page: Page): void {
  page.close()
  pages.splice(pages.indexOf(page), 1)
}

describe('whose replica it is', () => {
  it('[E12] another agent in this browser stops the sync and keeps everything', async () => {
    const page = await open()
    await page.live()
    const { id } = conversationOf(edge, 0)
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await page.actions.send(id, 'Mine, and only mine')
    edge.down = false
    edge.signedIn = 'sam' as AgentId
    page.device.pass(20_000)
    await until(() => page.engine.status.phase === 'other agent' && page.engine.status.name === 'Sam')
    page.device.pass(600_000)
    await rest()
    expect(edge.commands()).toHaveLength(0)
    expect(await page.pending()).toHaveLength(1)
    expect((await page.open(id))?.waiting).toHaveLength(1)

    edge.signedIn = maya.agent
    page.device.tell('visible')
    await until(async () => (await page.pending()).length === 0)
    expect(edge.commands()).toHaveLength(1)
  })

  it('[E12] an expired session keeps what waits, and the same replica goes on after signing in', async () => {
    const page = await open()
    await page.live()
    edge.signedIn = null
    edge.cut(closeCodes.signedOut)
    await until(() => page.engine.status.phase === 'signed out')
    await page.actions.note(conversationOf(edge, 0).id, 'Kept')
    page.device.pass(600_000)
    await rest()
    expect(edge.said('hello')).toHaveLength(1)
    edge.signedIn = maya.agent
    page.engine.resume()
    await until(async () => (await page.pending()).length === 0)
    expect(edge.fetched.filter((path) => path.startsWith('/api/rows?'))).toHaveLength(1)
    // A second page that slept meanwhile says it again.
    await page.live()
    page.engine.resume()
    await rest()
    expect(page.engine.status.phase).toBe('live')
  })

  it('[E12] [fault C8] a session that was ended from another device while this one was offline leaves nothing here', async () => {
    const page = await open()
    await page.live()
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await page.actions.send(conversationOf(edge, 0).id, 'Never sent')
    page.device.mirror?.set(`${nameOf(maya)}:typed:reply`, 'Half a')
    page.device.mirror?.set('parley:other', 'stays')
    edge.down = false
    edge.signedIn = null
    edge.ended = true
    page.device.pass(20_000)
    await until(() => page.engine.status.phase === 'signed out')
    expect(await askSession(page.device)).toEqual({ kind: 'ended' })
    pages.splice(pages.indexOf(page), 1)
    page.engine.stop()
    const unsent = await emptyDevice(page.store, page.device.mirror, maya)
    expect(wordsOfEnd(unsent)).toContain('Not sent: "Never sent"')
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(nameOf(maya))
    expect(page.device.mirror?.keys()).toEqual(['parley:other'])
    expect(edge.commands()).toEqual([])
  })

  it('[E24] another life of the account empties the copy, keeps what waits, and takes a new client id', async () => {
    const page = await open()
    await page.live()
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await page.actions.note(conversationOf(edge, 0).id, 'From before the restore')
    edge.down = false
    edge.restore()
    const [first] = edge.said('hello') as unknown as { client: string }[]
    page.device.pass(20_000)
    await until(async () => (await page.pending()).length === 0)
    const last = edge.said('hello').at(-1) as unknown as { client: string; epoch: number }
    expect(last.epoch).toBe(2)
    expect(last.client).not.toBe(first?.client)
    await page.live()
    expect((await page.store.read(readReplica)).epoch).toBe(2)
  })

  it('[E24] [P5] an account that lost its newest commits without a trace is offered again what this device did', async () => {
    const page = await open()
    await page.live()
    const { id } = conversationOf(edge, 0)
    await page.actions.note(id, 'Kept')
    await until(async () => (await page.pending()).length === 0)
    const goBack = edge.copy()
    await page.actions.note(id, 'Lost with the edge')
    await until(async () => (await page.pending()).length === 0)
    edge.cut()
    goBack()
    const [first] = edge.said('hello') as unknown as { client: string }[]
    const texts = async () =>
      (await page.open(id))?.confirmed.flatMap((entry) => (entry.kind === 'note' ? [entry.text] : []))
    await until(() => page.engine.status.phase === 'connecting')
    page.device.pass(20_000)
    await page.live()
    await until(async () => edge.commands().length === 4 && (await page.pending()).length === 0)
    await until(async () => (await texts())?.length === 2)
    expect(await texts()).toEqual(['Kept', 'Lost with the edge'])
    // What it did is said as what may have happened already, by a client whose numbers nobody has seen.
    expect(edge.commands().map(({ again = false }) => again)).toEqual([false, false, true, true])
    expect((edge.said('hello').at(-1) as unknown as { client: string }).client).not.toBe(first?.client)
  })
})

describe('reloads', () => {
  it('[P5] what waits survives a reload and a carrier-less night', async () => {
    edge.down = true
    const first = await open()
    const id = `c${'b'.repeat(26)}` as ConversationId
    await first.actions.note(id, 'Before the reload')
    close(first)
    edge.down = false
    const second = await open({ seed: 2 })
    await until(() => edge.commands().length === 1)
    expect(edge.commands()[0]).toMatchObject({ n: 1, synced: false, command: { text: 'Before the reload' } })
    close(second)
  })

  it('what is typed survives a reload, also where the database did not get it any more', async () => {
    const mirror = memoryMirror()
    const first = await open({ mirror })
    const id = conversationOf(edge, 0).id
    first.typing.set(id, 'reply', 'Half a sen')
    await first.typing.settled()
    expect(mirror.keys().filter((key) => key.includes('typed'))).toEqual([])
    first.typing.set(id, 'reply', 'Half a sentence')
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    first.store.close()
    close(first)
    await rest()
    expect(told).toHaveBeenCalled()
    told.mockRestore()
    const second = await open({ mirror, seed: 2 })
    expect(second.typing.read(id, 'reply')).toBe('Half a sentence')
    await second.typing.settled()
    expect(mirror.keys().filter((key) => key.includes('typed'))).toEqual([])
  })

  it('what is sent leaves the box in the same step, and what was typed since stays', async () => {
    const page = await open()
    await page.live()
    const id = conversationOf(edge, 0).id
    page.typing.set(id, 'reply', 'Yes')
    const sending = page.actions.send(id, 'Yes')
    page.typing.set(id, 'reply', 'Yes, and more')
    expect(await sending).toMatchObject({ ok: true })
    expect(page.typing.read(id, 'reply')).toBe(', and more')
    await page.typing.settled()
    const again = await Typing.load(fakeDevice(edge), page.store, maya)
    expect(again.read(id, 'reply')).toBe(', and more')
  })

  it("[E12] [fault C4] a damaged database is made anew and the person's own work is carried over", async () => {
    edge.down = true
    const page = await open()
    const id = `c${'b'.repeat(26)}` as ConversationId
    await page.actions.note(id, 'Mine')
    page.typing.set(id, 'reply', 'Typed')
    await page.typing.settled()
    // A cursor that no schema of ours wrote: reading the replica throws.
    await page.store.write((tx) =>
      tx.put('meta', [{ key: 'replica', fingerprint: 'of another build' } as never]),
    )
    close(page)
    edge.down = false
    const again = await open({ seed: 2 })
    await again.live()
    await until(async () => (await again.pending()).length === 0)
    expect(again.typing.read(id, 'reply')).toBe('Typed')
  })
})

describe('several pages', () => {
  it('[E16] one page talks for all; the others see what it stores and hand it what they are asked to do', async () => {
    const locks = fakeLocks()
    const first = await open({ locks })
    await first.live()
    const second = await open({ locks, seed: 2 })
    await second.live()
    expect(edge.said('hello')).toHaveLength(1)
    expect(second.engine.synced()).toBe(true)
    await second.actions.send(conversationOf(edge, 0).id, 'From the second page')
    await until(async () => (await second.pending()).length === 0)
    expect(edge.commands()).toHaveLength(1)
  })

  it('[E16] a page that becomes visible takes over from a hidden one', async () => {
    const locks = fakeLocks()
    const first = await open({ locks })
    await first.live()
    const second = await open({ locks, seed: 2 })
    await second.live()
    first.device.isVisible = false
    first.device.tell('hidden')
    second.device.tell('visible')
    await until(() => edge.said('hello').length === 2)
    await second.live()
    edge.inbound(customer(0), 'Anybody?')
    await until(async () => (await first.store.read(readReplica)).cursor.seq === edge.seq)
  })

  it('[E16] a page that sleeps is robbed, and what it writes when it wakes is refused', async () => {
    const locks = fakeLocks()
    // It neither answers nor learns that its lock is gone, and its socket stays open.
    const sleeping: Locks = {
      request: (name, options, hold) =>
        locks.request(name, options, hold).catch(() => new Promise(() => undefined)),
    }
    const first = await open({ locks: sleeping, deaf: true })
    await first.live()
    const second = await open({ locks, seed: 2 })
    await rest()
    expect(edge.said('hello')).toHaveLength(1)
    second.device.pass(1000)
    await until(() => edge.said('hello').length === 2)
    await second.live()
    const before = (await second.store.read(readReplica)).cursor
    // Both sockets get this frame; only the new holder stores it.
    edge.inbound(customer(0), 'Who stores me?')
    await until(() => first.engine.status.phase === 'connecting')
    await until(async () => (await second.store.read(readReplica)).cursor.seq === before.seq + 1)
    edge.inbound(customer(0), 'And me?')
    await until(async () => (await second.store.read(readReplica)).cursor.seq === before.seq + 2)
  })

  it('[E16] a page of a newer build takes over from a visible older one, which follows it', async () => {
    const locks = fakeLocks()
    const older = await open({ locks, build: 1 })
    await older.live()
    const newer = await open({ locks, seed: 2, build: 2, hidden: true })
    await until(() => edge.said('hello').length === 2)
    await newer.live()
    await older.live()
    await older.actions.send(conversationOf(edge, 0).id, 'From the older page')
    await until(async () => (await older.pending()).length === 0)
    expect(edge.commands()).toHaveLength(1)
    // The older one comes to the front and asks: the newer one keeps talking, although nobody looks at it.
    older.device.tell('visible')
    await rest()
    older.device.pass(2000)
    await rest()
    expect(edge.said('hello')).toHaveLength(2)
  })

  it('[E16] what an older page writes after a newer build took over is refused, also where it did not notice', async () => {
    const locks = fakeLocks()
    const blind: Locks = {
      request: (name, options, hold) =>
        locks.request(name, options, hold).catch(() => new Promise(() => undefined)),
    }
    const older = await open({ locks: blind, build: 1 })
    await older.live()
    const newer = await open({ locks, seed: 2, build: 2 })
    await until(() => edge.said('hello').length === 2)
    await newer.live()
    const before = (await newer.store.read(readReplica)).cursor
    // Both sockets get this frame; only the newer page may store it.
    edge.inbound(customer(0), 'Who stores me?')
    await until(() => older.engine.status.phase === 'connecting')
    await until(async () => (await newer.store.read(readReplica)).cursor.seq === before.seq + 1)
    edge.inbound(customer(0), 'And me?')
    await until(async () => (await newer.store.read(readReplica)).cursor.seq === before.seq + 2)
  })

  it('[E16] a newer build that sleeps is robbed by an older page that somebody looks at', async () => {
    const locks = fakeLocks()
    const newer = await open({ locks, build: 2, deaf: true })
    await newer.live()
    const older = await open({ locks, seed: 2, build: 1 })
    await rest()
    older.device.pass(1000)
    await until(() => edge.said('hello').length === 2)
    await older.live()
  })

  it('[E16] a number that another page raised since makes a write of the old holder fail', async () => {
    const { store } = await open({ start: false })
    const old = await raiseTalker(store)
    const newer = await raiseTalker(store)
    await expect(writeAsTalker(store, old, async (tx) => tx.clear(['conversations']))).rejects.toThrow(
      NotTalking,
    )
    await expect(writeAsTalker(store, newer, async () => 'written')).resolves.toBe('written')
  })

  it('[E25] the report is the union over pages: online while one is open, idle when all are', () => {
    const look = (page: string, more: Partial<Look>): Look => ({
      page,
      at: 1,
      messageCenter: true,
      idle: false,
      viewing: null,
      writing: null,
      ...more,
    })
    const id = `c${'a'.repeat(26)}` as ConversationId
    expect(reportOf([look('a', { idle: true }), look('b', { at: 2, viewing: id })])).toEqual({
      messageCenter: true,
      idle: false,
      viewing: id,
      writing: null,
    })
    expect(reportOf([look('a', { idle: true, viewing: id })])).toMatchObject({ idle: true, viewing: null })
  })
})

describe('the line', () => {
  it('[E25] a socket without a pong is dead after 35 s, and another is tried', async () => {
    const page = await open()
    await page.live()
    edge.holding = true
    page.device.pass(25_000)
    await rest(5)
    expect(page.engine.status.phase).toBe('live')
    page.device.pass(10_000)
    expect(page.engine.status.phase).toBe('connecting')
    edge.release()
    page.device.pass(2_000)
    await page.live()
    expect(edge.said('hello')).toHaveLength(2)
  })

  it('[E13] the network goes: a press right after is not in sync; it returns: another try within 300 ms', async () => {
    const page = await open()
    await page.live()
    edge.down = true
    page.device.isOnline = false
    page.device.tell('offline')
    expect(page.engine.synced()).toBe(false)
    page.device.pass(120_000)
    await rest()
    edge.down = false
    page.device.isOnline = true
    page.device.tell('online')
    page.device.pass(300)
    await page.live()
  })

  it('[E25] waits 0 to 2 s first, then 0.5 to 15 s with full jitter, and hardly at all when woken', () => {
    expect([reconnectDelay(0, 0), reconnectDelay(0, 1)]).toEqual([0, 2000])
    expect([reconnectDelay(1, 0), reconnectDelay(20, 0), reconnectDelay(20, 1)]).toEqual([500, 500, 15_000])
    expect(wakeDelay(1)).toBe(300)
  })

  it('[E25] says good-bye when its last page leaves', async () => {
    const page = await open()
    await page.live()
    page.device.tell('leaving')
    await until(() => edge.said('bye').length === 1)
  })

  it('[E17] [fault D4] told to upgrade, it stops talking and works on as if offline', async () => {
    const page = await open()
    await page.live()
    edge.say({ t: 'upgrade' })
    await until(() => page.engine.status.phase === 'upgrade')
    page.device.pass(600_000)
    await rest()
    expect(edge.said('hello')).toHaveLength(1)
    expect(await page.actions.note(conversationOf(edge, 0).id, 'Meanwhile')).toMatchObject({ ok: true })
    expect(await page.pending()).toHaveLength(1)
  })

  it('[E12] the database is named with account and agent', async () => {
    const page = await open()
    expect(page.store).toBeInstanceOf(DexieStore)
    expect(nameOf(maya)).toBe('parley:northwind:maya')
    expect((await indexedDB.databases()).map(({ name }) => name)).toContain('parley:northwind:maya')
  })
})
