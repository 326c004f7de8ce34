import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PeopleIndex } from '#client/db/people.ts'
import { clearShelf } from '#client/db/room.ts'
import { TextIndex } from '#client/db/texts.ts'
import { until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

describe('the search on a device', () => {
  let edge: FakeEdge
  let page: Page
  const held = () => page.store.read((tx) => tx.all('threads'))
  const found = (index: TextIndex, question: string) => index.find(question, 50).map(({ text }) => text)

  beforeEach(async () => {
    await forgetDatabases()
    edge = seededEdge(3)
    edge.inbound(customer(0), 'Die Räder für Frau Muñoz')
    edge.inbound(customer(1), '明日の予約を変更したい')
    page = await openPage(edge)
    await page.live()
    page.device.pass(2_000)
    await until(async () => (await held()).length === 3)
  })
  afterEach(() => page.close())

  it('[F77] finds parts of words in every script, newest first, and all words of the question in one text', async () => {
    const index = new TextIndex()
    expect(await index.refresh(page.store, 100)).toBe(true)
    expect(found(index, 'MUNOZ rad')).toEqual(['Die Räder für Frau Muñoz'])
    expect(found(index, '予約')).toEqual(['明日の予約を変更したい'])
    expect(found(index, 'hello')).toEqual(['Hello 2', 'Hello 1', 'Hello 0'])
    expect(found(index, 'hello muñoz')).toEqual([])
    expect(found(index, ' . ')).toEqual([])
  })

  it('keeps its index over a reload, and takes up what came since', async () => {
    await new TextIndex().refresh(page.store, 100)
    edge.inbound(customer(2), 'One more thing')
    await until(async () => (await page.open(conversationOf(edge, 2).id))?.confirmed.length === 2)
    const index = new TextIndex()
    await index.load(page.store)
    expect(found(index, 'hello')).toHaveLength(3)
    expect(found(index, 'thing')).toEqual([])
    await index.refresh(page.store, 100)
    expect(found(index, 'thing')).toEqual(['One more thing'])
  })

  it('works in steps, and forgets what left the device', async () => {
    const index = new TextIndex()
    expect(await index.refresh(page.store, 2)).toBe(false)
    expect(await index.refresh(page.store, 2)).toBe(true)
    const { user } = conversationOf(edge, 0)
    await page.store.write((tx) => clearShelf(tx, [user]))
    await index.refresh(page.store, 100)
    expect(found(index, 'muñoz')).toEqual([])
  })

  it('[F77] finds people by name and number and a conversation by its ID#', async () => {
    const row = conversationOf(edge, 1)
    edge.act(page.engine.parts.identity.agent, {
      name: 'SaveMobileUser',
      user: row.user,
      expect: { firstName: '', lastName: '', companyName: '' },
      to: { firstName: 'Dana', lastName: 'Cruz', companyName: 'Hill & Sons' },
    })
    const index = new PeopleIndex()
    const ask = async (question: string) => {
      await index.load(page.store)
      return index.find(question, 10).map(({ user }) => user.id)
    }
    await until(async () => (await ask('cruz dana')).length === 1)
    for (const question of ['dan', 'hill', '(309) 555-1001', '5551001', 'CRUZ'])
      expect(await ask(question), question).toEqual([row.user])
    expect(await ask('555')).toHaveLength(3)
    expect(await ask('55')).toEqual([])
    expect(index.numbered(`#${row.no}`)?.id).toBe(row.id)
    expect(index.numbered(` ${row.no} `)?.id).toBe(row.id)
    expect(index.numbered('#99')).toBe(null)
    expect(index.numbered('dana')).toBe(null)
  })
})
