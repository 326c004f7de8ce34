import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConversationId } from '#shared/base/ids.ts'
import { isFull } from '#client/db/faults.ts'
import { readReplica } from '#client/db/meta.ts'
import { readView } from '#client/db/views.ts'
import { readWaiting } from '#client/db/waiting.ts'
import { allTables } from '#client/db/store.ts'
import { fakeLocks, memoryMirror, rest, until } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page, type PageOptions } from './kit/page.ts'

let edge: FakeEdge
let id: ConversationId
const pages: Page[] = []
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(2)
  id = conversationOf(edge, 0).id
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  for (const page of pages.splice(0)) page.close()
  vi.restoreAllMocks()
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

const titles = async (page: Page) =>
  (await page.store.read((tx) => readView(tx, maya.agent, 'open', 50, 0))).rows.map(
    ({ conversation }) => conversation.preview,
  )

describe('a damaged replica', () => {
  it('[P5] [P6] a row that cannot be read is fetched anew with everything else, and waiting work is sent', async () => {
    const page = await open()
    await page.live()
    const shown: number[] = []
    const stop = page.store.live(
      (tx) => readView(tx, maya.agent, 'open', 50, 0),
      ({ rows }) => void shown.push(rows.length),
    )
    await until(() => shown.at(-1) === 2)
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await page.actions.note(id, 'Mine')
    await page.store.write((tx) =>
      tx.put('conversations', [
        { id: 'damaged', seq: 1, row: { id: 'damaged', user: {} } as never, openAt: 9e12 },
      ]),
    )
    await until(async () => (await page.store.read(readReplica)).epoch === 0)
    edge.down = false
    page.device.pass(20_000)
    await until(async () => (await page.pending()).length === 0)
    await page.live()
    expect(await titles(page)).toEqual(['Hello 1', 'Hello 0'])
    await until(() => shown.at(-1) === 2)
    stop()
    expect(edge.commands()).toHaveLength(1)
  })

  it('[P6] a thread whose bytes are damaged counts as not held, and is pulled as a whole', async () => {
    const page = await open()
    await page.live()
    const { user } = conversationOf(edge, 0)
    page.engine.want(user)
    await until(async () => Boolean(await page.store.read((tx) => tx.get('threads', user))))
    close(page)
    const again = await open({ seed: 2, start: false })
    const held = await again.store.read((tx) => tx.get('threads', user))
    if (!held) throw new Error('not held')
    await again.store.write((tx) => tx.put('threads', [{ ...held, updates: [new Uint8Array([9, 200, 7])] }]))
    expect(await again.open(id)).toMatchObject({ held: false, behind: true, confirmed: [] })
    again.engine.start()
    await again.live()
    again.engine.want(user)
    await until(async () => (await again.open(id))?.confirmed.length === 1)
    expect(await again.open(id)).toMatchObject({ held: true, behind: false })
  })

  it('[P5] a waiting command of a newer build is neither folded nor sent, and stays in sight', async () => {
    const page = await open()
    await page.live()
    edge.down = true
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    await page.actions.note(id, 'Known')
    const [known] = await page.pending()
    if (!known) throw new Error('nothing waits')
    const command = { name: 'Telepathy', conversation: id } as never
    await page.store.write((tx) =>
      tx.put('pending', [{ ...known, id: `x${'a'.repeat(26)}` as never, press: 99, command }]),
    )
    expect((await page.open(id))?.waiting).toHaveLength(1)
    edge.down = false
    page.device.pass(20_000)
    await until(async () => (await page.pending()).length === 1)
    expect(edge.commands().map(({ command }) => command.name)).toEqual(['AddNote'])
    const waiting = await page.store.read((tx) => readWaiting(tx, maya.agent, 0))
    expect(waiting.map(({ kind }) => kind)).toEqual(['unknown'])
  })

  it('[P5] [P6] a database that was emptied behind the page is filled again, with what is typed', async () => {
    const page = await open({ locks: fakeLocks() })
    await page.live()
    page.engine.onEmptied(() => page.typing.again())
    page.typing.set(id, 'reply', 'Half a sentence')
    await page.typing.settled()
    await page.store.write((tx) => tx.clear(allTables))
    expect(await titles(page)).toEqual([])
    edge.inbound('+13095551000', 'Anybody?')
    await until(async () => (await titles(page)).length === 2)
    await page.live()
    await page.typing.settled()
    expect(await page.store.read((tx) => tx.all('composer'))).toMatchObject([{ text: 'Half a sentence' }])
    expect(await page.actions.send(id, 'Here')).toMatchObject({ ok: true })
    await until(async () => (await page.pending()).length === 0)
    expect(edge.commands()).toHaveLength(1)
  })

  it("[E12] a database that says it is another agent's is left as it is, and nothing of it is shown", async () => {
    const page = await open()
    await page.live()
    await page.store.write((tx) =>
      tx.put('meta', [{ key: 'owner', account: maya.account, agent: 'sam' as never }]),
    )
    close(page)
    const again = await open({ seed: 2, start: false })
    expect(again.store.kind).toBe('memory')
    expect(await titles(again)).toEqual([])
    const names = (await indexedDB.databases()).map(({ name }) => name)
    expect(names).toContain('parley:northwind:maya')
  })
})

describe('a device without room', () => {
  const full = () => Object.assign(new Error('full'), { name: 'QuotaExceededError' })

  it('[P5] [E16] a press that cannot be stored is refused in sight and its text stays', async () => {
    const page = await open()
    await page.live()
    page.typing.set(id, 'reply', 'Too much')
    await page.typing.settled()
    const write = vi.spyOn(page.store, 'write').mockRejectedValue(full())
    expect(await page.actions.send(id, 'Too much')).toMatchObject({ ok: false, code: 'no room' })
    expect(page.typing.read(id, 'reply')).toBe('Too much')
    write.mockRestore()
    expect(await page.pending()).toEqual([])
    expect(await page.actions.send(id, 'Too much')).toMatchObject({ ok: true })
  })

  it('a full database is never taken for a damaged one', () => {
    expect(isFull(full())).toBe(true)
    expect(isFull({ name: 'AbortError', inner: full() })).toBe(true)
    expect(isFull(new Error('damaged'))).toBe(false)
  })

  it('[P5] [E16] what is typed where nothing can be stored outlives the page', async () => {
    const mirror = memoryMirror()
    const page = await open({ memory: true, mirror })
    page.typing.set(id, 'reply', 'Kept')
    await page.typing.settled()
    close(page)
    await rest()
    expect((await open({ memory: true, mirror, seed: 2 })).typing.read(id, 'reply')).toBe('Kept')
  })
})
