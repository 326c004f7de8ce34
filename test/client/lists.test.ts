import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listId, type NumberId } from '#shared/base/ids.ts'
import { readLists } from '#client/db/lists.ts'
import { until } from './kit/fake-device.ts'
import { seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

const list = listId.parse(`l${'a'.repeat(26)}`)
const blank = { expect: null, to: { name: 'Spring check', addToInbox: false } }

let edge: FakeEdge
let page: Page
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(1)
  page = await openPage(edge)
  await page.live()
  edge.down = true
  edge.cut()
  await until(() => page.engine.status.phase !== 'live')
})
afterEach(() => page.close())

const lists = () => page.store.read((tx) => readLists(tx, maya.agent, page.device.now()))

it('[P5] a list that is defined without a connection stands there at once, and waits with who comes to it', async () => {
  const answers = await page.actions.all([
    { name: 'SaveList', list, ...blank },
    { name: 'AddToList', list, addresses: ['+13095551212', '+13095551213'] },
  ])
  expect(answers.map(({ ok }) => ok)).toEqual([true, true])
  expect(await lists()).toEqual([{ id: list, name: 'Spring check', addToInbox: false, count: 0 }])
  expect((await page.pending()).map(({ command }) => command.name)).toEqual(['SaveList', 'AddToList'])
  const [again] = await page.actions.all([
    { name: 'SaveList', list, expect: blank.to, to: { ...blank.to, name: 'Summer check' } },
  ])
  expect(again?.ok).toBe(true)
  expect((await lists()).map(({ name }) => name)).toEqual(['Summer check'])
})

it('a message to a list without a connection is refused at once, and nothing waits to leave later', async () => {
  await page.actions.all([{ name: 'SaveList', list, ...blank }])
  const number = 'n13095550100' as NumberId
  const [answer] = await page.actions.all([{ name: 'SendBroadcast', list, number, text: 'Due.', expect: 0 }])
  expect(answer).toMatchObject({ ok: false, code: 'late' })
  expect((await page.pending()).map(({ command }) => command.name)).toEqual(['SaveList'])
})
