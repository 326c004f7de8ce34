import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentId, MobileUserId } from '#shared/base/ids.ts'
import { day } from '#shared/base/time.ts'
import { raiseTalker } from '#client/db/meta.ts'
import type { ShelfRecord } from '#client/db/records.ts'
import { planLeaving } from '#client/db/room.ts'
import { isBackgroundFull, putHistory, shelfLimits } from '#client/db/shelf.ts'
import { isWantedBy, readThreadsAmong, readThreadsToPull, tidyShelf } from '#client/db/wanted.ts'
import { until } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

const now = 1_000 * day
const id = (name: string) => name as MobileUserId

function held(name: string, bytes: number, openedAt = 0, history = 0): ShelfRecord {
  return { user: id(name), thread: { epoch: 1, clock: 1, stale: 0 }, bytes, history, openedAt }
}

const nobody: ReadonlySet<MobileUserId> = new Set()

describe('what leaves the device', () => {
  it('[E6] is 20 MB in the background, 200 MB opened, and 90 days', () => {
    expect(shelfLimits).toEqual({ background: 20e6, opened: 200e6, openedFor: 90 * day })
  })

  it('[E6] of what came in the background the least likely goes, above 20 MB', () => {
    const shelf = [held('up1', 9e6), held('up2', 9e6), held('up3', 9e6), held('up4', 1e6)]
    const wanted = ['up4', 'up3', 'up1', 'up2'].map(id)
    expect(planLeaving(shelf, wanted, nobody, now)).toEqual(['up2'])
    expect(planLeaving(shelf.slice(0, 2), [], nobody, now)).toEqual([])
  })

  it('[E6] of what was opened the least recently opened goes, above 200 MB, its pages of history with it', () => {
    const shelf = [
      held('up1', 1e6, now - day, 99e6),
      held('up2', 0, now - 3 * day, 80e6),
      held('up3', 30e6, now),
    ]
    expect(planLeaving(shelf, [], nobody, now)).toEqual(['up2'])
  })

  it('[E6] what nobody opened for 90 days goes, and what was opened leaves the background its room', () => {
    const shelf = [held('up1', 10, now - 91 * day), held('up2', 30e6, now - 89 * day), held('up3', 19e6)]
    expect(planLeaving(shelf, [], nobody, now)).toEqual(['up1'])
  })

  it('[E6] [P5] a thread that waiting work is about stays, whatever it takes', () => {
    const shelf = [held('up1', 30e6), held('up2', 5, now - 200 * day)]
    expect(planLeaving(shelf, [], new Set(['up1', 'up2'].map(id)), now)).toEqual([])
  })
})

describe('a device with little room', () => {
  let edge: FakeEdge
  let page: Page
  const user = (index: number) => conversationOf(edge, index).user
  const threads = async () => (await page.store.read((tx) => tx.all('threads'))).map(({ id }) => id).sort()
  const room = async (count: number) => {
    const [first] = await page.store.read((tx) => tx.all('shelf'))
    return { ...shelfLimits, background: Math.ceil((first?.bytes ?? 0) * (count + 0.5)) }
  }
  beforeEach(async () => {
    await forgetDatabases()
    edge = seededEdge(4)
    page = await openPage(edge)
    await page.live()
    page.device.pass(2_000)
    await until(async () => (await threads()).length === 4)
  })
  afterEach(() => page.close())

  it('[E6] drops what does not fit, says so offline, and does not fetch it again by itself', async () => {
    const limits = await room(2)
    const writer = { store: page.store, talker: await raiseTalker(page.store) }
    expect(await page.store.read((tx) => isBackgroundFull(tx, limits))).toBe(true)
    await tidyShelf(writer, maya, page.device.now(), limits)
    // The newest conversations are the likeliest.
    expect(await threads()).toEqual([user(2), user(3)].sort())
    expect(await page.open(conversationOf(edge, 0).id)).toMatchObject({
      held: false,
      behind: true,
      confirmed: [],
    })
    expect(await page.open(conversationOf(edge, 3).id)).toMatchObject({ held: true })
    expect(await readThreadsToPull(page.store, maya, limits)).toEqual([])
    expect(await readThreadsToPull(page.store, maya)).toEqual([user(1), user(0)])
    expect(await page.store.read((tx) => isBackgroundFull(tx, limits))).toBe(false)
  })

  it('[E6] looks at those alone whom rows named, once it has looked at all', async () => {
    expect(await readThreadsAmong(page.store, maya, [0, 1, 2, 3].map(user))).toEqual([])
    const writer = { store: page.store, talker: await raiseTalker(page.store) }
    await tidyShelf(writer, maya, page.device.now(), await room(2))
    expect(await readThreadsAmong(page.store, maya, [user(1), user(2)])).toEqual([user(1)])
    expect(await readThreadsAmong(page.store, maya, ['up13125559999' as MobileUserId])).toEqual([])
  })

  it('[E6] wants what is its own, nobody’s, waiting or flagged, and of the others what moved lately', () => {
    const viewer = { id: maya.agent, groups: [] }
    const recent = { open: 100, closed: 200 }
    const row = { ...conversationOf(edge, 0), agent: 'sam' as AgentId, group: null, unanswered: null }
    const others = { ...row, lastAt: 99, followUp: false }
    expect(isWantedBy(others, viewer, recent)).toBe(false)
    expect(isWantedBy({ ...others, lastAt: 100 }, viewer, recent)).toBe(true)
    expect(isWantedBy({ ...others, agent: maya.agent }, viewer, recent)).toBe(true)
    expect(isWantedBy({ ...others, agent: null }, viewer, recent)).toBe(true)
    expect(isWantedBy({ ...others, followUp: true }, viewer, recent)).toBe(true)
    expect(
      isWantedBy({ ...others, agent: maya.agent, status: 'closed', closedAt: 199 }, viewer, recent),
    ).toBe(false)
  })

  it('[E6] keeps what somebody opened and what unsent work is about', async () => {
    page.engine.opened(user(0))
    page.device.pass(1_000)
    await until(async () => Boolean((await page.store.read((tx) => tx.get('shelf', user(0))))?.openedAt))
    page.typing.set(conversationOf(edge, 1).id, 'reply', 'Half a sentence')
    await page.typing.settled()
    const limits = await room(0)
    const writer = { store: page.store, talker: await raiseTalker(page.store) }
    await tidyShelf(writer, maya, page.device.now(), limits)
    expect(await threads()).toEqual([user(0), user(1)].sort())
    // Opened so long ago that it counts no more.
    await tidyShelf(writer, maya, page.device.now() + 91 * day, limits)
    expect(await threads()).toEqual([user(1)])
    expect(page.typing.read(conversationOf(edge, 1).id, 'reply')).toBe('Half a sentence')
  })

  it('[E6] counts pages of history and drops them with their thread', async () => {
    const entries = (await page.open(conversationOf(edge, 0).id))?.confirmed ?? []
    await page.store.write((tx) => putHistory(tx, user(0), entries))
    const limits = { ...shelfLimits, background: 0 }
    const writer = { store: page.store, talker: await raiseTalker(page.store) }
    await tidyShelf(writer, maya, page.device.now(), limits)
    expect(await page.store.read((tx) => tx.all('history'))).toEqual([])
    expect(await page.store.read((tx) => tx.get('shelf', user(0)))).toMatchObject({
      thread: null,
      history: 0,
    })
  })
})
