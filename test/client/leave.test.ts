import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeIds } from '#shared/base/ids.ts'
import { DexieStore } from '#client/db/dexie-store.ts'
import { readUnsent } from '#client/db/leave.ts'
import { nameOf } from '#client/db/meta.ts'
import { leaveOwnWork, openInMemory } from '#client/db/open.ts'
import { rest, until } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

describe('leaving a device', () => {
  let edge: FakeEdge
  let page: Page
  const unsent = () => page.store.read(readUnsent)
  const conversation = () => conversationOf(edge, 0).id
  const offline = async () => {
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase !== 'live')
  }
  beforeEach(async () => {
    await forgetDatabases()
    edge = seededEdge(3)
    page = await openPage(edge)
    await page.live()
  })
  afterEach(() => page.close())

  it('[P5] counts what only this device has: changes that wait and texts that were begun, not what was looked at', async () => {
    expect(await unsent()).toEqual({ changes: 0, drafts: 0 })
    await offline()
    await page.actions.markRead(conversation(), 1)
    await page.actions.note(conversation(), 'Offline note')
    page.typing.set(conversationOf(edge, 1).id, 'reply', 'Half a thought')
    await page.typing.settled()
    expect(await unsent()).toEqual({ changes: 1, drafts: 1 })
  })

  it('[P5] counts a reply that waits once: as a change, and not as the text in the box that it took along', async () => {
    const { id } = conversationOf(edge, 1)
    await offline()
    page.typing.set(id, 'reply', 'On my way')
    await page.typing.settled()
    await page.actions.send(id, 'On my way')
    const [command] = await page.pending()
    // Where the edge had the document, it stays beside the command until the edge has taken that.
    await page.store.write(async (tx) => {
      const box = await tx.get('composer', `${id}:reply`)
      if (box && command)
        await tx.put('composer', [{ ...box, sent: { ...box.held, command: command.id, seen: {} } }])
    })
    expect(await unsent()).toEqual({ changes: 1, drafts: 0 })
    page.typing.set(id, 'reply', 'And the next')
    await page.typing.settled()
    expect(await unsent()).toEqual({ changes: 1, drafts: 1 })
  })

  it('[P5] [E12] keeps own work and no copy of the account, and that work goes after the next sign-in', async () => {
    await offline()
    await page.actions.note(conversation(), 'Kept for later')
    page.typing.set(conversationOf(edge, 1).id, 'reply', 'Half a thought')
    await page.typing.settled()
    page.close()
    await leaveOwnWork(
      maya,
      makeIds(() => page.device.randomBytes()),
    )
    const store = await DexieStore.open(nameOf(maya))
    const left = await store.read(async (tx) => ({
      rows: [
        ...(await tx.all('conversations')),
        ...(await tx.all('mobileUsers')),
        ...(await tx.all('small')),
      ],
      threads: [...(await tx.all('threads')), ...(await tx.all('history')), ...(await tx.all('done'))],
      pending: (await tx.all('pending')).map(({ command }) => command),
      typed: (await tx.all('composer')).map(({ text }) => text),
    }))
    expect(left).toMatchObject({
      rows: [],
      threads: [],
      pending: [{ name: 'AddNote', text: 'Kept for later' }],
      typed: ['Half a thought'],
    })
    store.close()
    edge.down = false
    page = await openPage(edge, { seed: 2 })
    await page.live()
    await until(async () => (await page.pending()).length === 0)
    expect(edge.commands().map(({ command }) => command)).toMatchObject([{ text: 'Kept for later' }])
    expect((await page.open(conversation()))?.conversation.id).toBe(conversation())
  })

  it('[E12] a computer that is said to be shared sends what was left on it from memory, and keeps no database', async () => {
    await offline()
    await page.actions.note(conversation(), 'Left here before')
    page.close()
    const { store } = await openInMemory(
      maya,
      makeIds(() => page.device.randomBytes()),
    )
    expect(await DexieStore.exists(nameOf(maya))).toBe(false)
    edge.down = false
    page = await openPage(edge, { seed: 3, store })
    await page.live()
    await until(async () => (await page.pending()).length === 0)
    expect(edge.commands().map(({ command }) => command)).toMatchObject([{ text: 'Left here before' }])
    await rest()
    expect(await indexedDB.databases()).toEqual([])
  })
})
