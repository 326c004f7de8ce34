import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AgentId, ConversationId, ViewId } from '#shared/base/ids.ts'
import { everything } from '#shared/rules/criteria.ts'
import { builtIn, viewOf } from '#shared/rules/views.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import type { Company } from '#client/db/company.ts'
import { readViews } from '#client/db/views.ts'
import { createUndoable } from '#client/state/undoable.ts'
import type { Outcome } from '#client/state/parley.ts'
import { until } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
let can: ReturnType<typeof createUndoable>
const sam = 'sam' as AgentId
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(3)
  page = await openPage(edge)
  await page.live()
  can = createUndoable(page.actions, maya.agent, () => undefined as Company | undefined)
})
afterEach(() => page.close())

const confirmed = () => until(async () => (await page.pending()).length === 0, 'it was never confirmed')
const atEdge = (id: ConversationId) => edge.row<Conversation>('conversations', id)
const mark = (id: ConversationId) => page.actions.marks([id]).then(([order]) => order)
/** Takes something back that can be. */
async function undo(outcome: Outcome): Promise<Outcome> {
  if (!outcome.ok || !outcome.undo) throw new Error('It cannot be taken back.')
  return outcome.undo()
}

it('a claim that the edge has is taken back by a new change, and the owner is nobody again', async () => {
  const row = conversationOf(edge, 0)
  const claimed = await can.claim(row)
  await confirmed()
  expect(atEdge(row.id)).toMatchObject({ agent: maya.agent })
  expect(await undo(claimed)).toMatchObject({ ok: true })
  await confirmed()
  expect(atEdge(row.id)).toMatchObject({ agent: null, group: null })
})

it('what was not handed over yet is cancelled: the edge never hears of it', async () => {
  edge.down = true
  edge.cut()
  await until(() => page.engine.status.phase !== 'live')
  const row = conversationOf(edge, 0)
  const flagged = await can.followUp(row.id, true)
  expect(await page.pending()).toHaveLength(1)
  await undo(flagged)
  expect(await page.pending()).toEqual([])
})

it('what a colleague did meanwhile is never undone: the way back expects what it undoes', async () => {
  const row = conversationOf(edge, 0)
  const claimed = await can.claim(row)
  await confirmed()
  const mine = { agent: maya.agent, group: null }
  edge.act(sam, { name: 'ClaimConversation', conversation: row.id, expect: mine })
  await until(
    async () => (await page.store.read((tx) => tx.get('conversations', row.id)))?.row?.agent === sam,
  )
  expect(await undo(claimed)).toMatchObject({ ok: false, code: 'owner changed' })
  expect(atEdge(row.id)).toMatchObject({ agent: sam })
  const flagged = await can.followUp(row.id, true)
  await confirmed()
  edge.act(sam, { name: 'SetFollowUp', conversation: row.id, on: false })
  await until(async () => !(await page.store.read((tx) => tx.get('conversations', row.id)))?.row?.followUp)
  expect(await undo(flagged)).toMatchObject({ ok: false, code: 'changed' })
})

it('[DC15] marked unread is unread again, and read as far as before when taken back', async () => {
  const row = conversationOf(edge, 0)
  const unread = () => page.store.read((tx) => readViews(tx, maya.agent, 0)).then((all) => all.unread.open)
  await page.actions.markRead(row.id, row.inboundOrder)
  await confirmed()
  const before = await unread()
  const marked = await can.mark(row, 'unread')
  expect(await unread()).toBe((before ?? 0) + 1)
  await confirmed()
  await undo(marked)
  await confirmed()
  expect(await mark(row.id)).toBe(row.inboundOrder)
  expect(await unread()).toBe(before)
})

it('[F76] an edited view, a removed one and an added one come back as they were', async () => {
  const stored = () =>
    [...edge.rows.values()].flatMap(({ table, row }) => (table === 'views' && row ? [row as ViewRow] : []))
  const edited = await can.editView(builtIn.open, { label: 'Open', criteria: { ...everything, text: 'car' } })
  await confirmed()
  const view = viewOf(builtIn.open.id, stored())
  expect(view).toMatchObject({ edited: true, criteria: { text: 'car' } })
  const removed = await can.removeView(view ?? builtIn.open)
  await confirmed()
  expect(stored()).toEqual([])
  await undo(removed)
  await confirmed()
  expect(viewOf(builtIn.open.id, stored())).toMatchObject({ criteria: { text: 'car' } })
  await undo(edited)
  await confirmed()
  expect(viewOf(builtIn.open.id, stored())?.criteria).toEqual(everything)
  const added = await can.addView('vmine' as ViewId, false, { label: 'Mine', criteria: everything })
  // It stands in the list of views before the edge has it.
  const names = (await page.store.read((tx) => readViews(tx, maya.agent, 0))).views.map(({ name }) => name)
  expect(names).toContain('Mine')
  await confirmed()
  await undo(added)
  await confirmed()
  expect(stored().map(({ name }) => name)).toEqual(['Open'])
})

it('many at once are one change each: those that a rule refuses are told apart, the others go and come back', async () => {
  const rows = [0, 1, 2].map((index) => conversationOf(edge, index))
  const [, ended] = rows
  if (!ended) throw new Error('No conversation.')
  edge.act(sam, { name: 'EndConversation', conversation: ended.id })
  await until(
    async () => (await page.store.read((tx) => tx.get('conversations', ended.id)))?.row?.status === 'closed',
  )
  const { outcomes, undo: back } = await can.many(rows, { do: 'follow up', on: true })
  expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual(['ok', 'closed', 'ok'])
  await confirmed()
  expect(rows.map(({ id }) => atEdge(id)?.followUp)).toEqual([true, false, true])
  expect(await back()).toHaveLength(2)
  await confirmed()
  expect(rows.map(({ id }) => atEdge(id)?.followUp)).toEqual([false, false, false])
})
