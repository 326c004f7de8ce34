import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MobileUserId } from '#shared/base/ids.ts'
import type { Change } from '#shared/core/outcome.ts'
import { readReplica } from '#client/db/meta.ts'
import { rest, until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(2)
  page = await openPage(edge)
  await page.live()
})
afterEach(() => page.close())

const user = (index: number) => conversationOf(edge, index).user
const texts = async (index: number) =>
  (await page.open(conversationOf(edge, index).id))?.confirmed.flatMap((entry) =>
    'text' in entry ? [entry.text] : [],
  )
const cursor = async () => (await page.store.read(readReplica)).cursor.seq
const upToDate = () => until(async () => (await cursor()) === edge.seq, 'the cursor never reached the head')
const echoed = () =>
  edge.said('echo').reduce((newest, said) => ('n' in said ? Math.max(newest, said.n) : newest), 0)
const thread = (of: MobileUserId) => page.store.read((tx) => tx.get('threads', of))

/** Brings the thread of a customer to this device, as opening it does. */
async function hold(index: number): Promise<void> {
  page.engine.want(user(index))
  await until(async () => (await thread(user(index)))?.stale === 0, 'the thread never came')
}

describe('frames', () => {
  it('[E4] rows, thread, cursor and the acknowledged command change in one transaction', async () => {
    await hold(0)
    const id = conversationOf(edge, 0).id
    const seen: string[] = []
    const stop = page.store.live(
      async (tx) => {
        const [replica, row, held, pending] = await Promise.all([
          readReplica(tx),
          tx.get('conversations', id),
          tx.get('threads', user(0)),
          tx.all('pending'),
        ])
        return `${replica.cursor.seq} ${row?.row?.lastBy} ${held?.clock} ${pending.length}`
      },
      (state) => void (seen.at(-1) === state || seen.push(state)),
    )
    await until(() => seen.length > 0)
    const before = edge.seq
    const clock = (await thread(user(0)))?.clock
    await page.actions.send(id, 'Yes')
    await until(async () => (await page.pending()).length === 0)
    await rest()
    stop()
    const after = (await thread(user(0)))?.clock
    // Number and press are steps of their own; the confirmation is one.
    expect([...new Set(seen)]).toEqual([
      `${before} customer ${clock} 0`,
      `${before} customer ${clock} 1`,
      `${before + 1} agent ${after} 0`,
    ])
  })

  it('[E4] a missed frame is noticed, asked for once, and nothing is skipped', async () => {
    await hold(0)
    // The next frame is lost on its way; the one behind it shows the hole.
    edge.holding = true
    edge.inbound(customer(0), 'lost')
    edge.inbound(customer(0), 'seen')
    edge.inbound(customer(0), 'seen too')
    edge.loseFirstHeld()
    edge.release()
    await upToDate()
    expect(edge.said('catch up')).toHaveLength(1)
    await until(async () => (await texts(0))?.length === 4)
    expect(await texts(0)).toEqual(['Hello 0', 'lost', 'seen', 'seen too'])
  })

  it('[E4] a frame of the past changes nothing but still brings its acknowledgements', async () => {
    edge.holding = true
    await page.actions.note(conversationOf(edge, 0).id, 'Remember')
    await until(() => edge.commands().length === 1)
    const command = edge.commands()[0]
    await rest()
    edge.loseFirstHeld()
    edge.release()
    expect(await page.pending()).toHaveLength(1)
    edge.say({
      t: 'frame',
      n: 1,
      from: 0,
      to: { seq: 1, tag: 'tag1' },
      parts: [],
      acks: [
        { n: 1, id: command?.id ?? ('' as never), seq: 1, refusal: null, thread: null, conversation: null },
      ],
    })
    await until(async () => (await page.pending()).length === 0)
    expect(await cursor()).toBeGreaterThan(1)
  })

  it('[E20] told that it is behind, the device pulls by cursor', async () => {
    edge.say({ t: 'behind' })
    await until(() => edge.said('catch up').length === 1)
    expect(edge.said('catch up')[0]).toMatchObject({ cursor: { seq: edge.seq } })
  })

  it('[E20] echoes at once for a text in an own conversation, else after 5 s or 32 frames', async () => {
    edge.inbound(customer(0), 'Anybody?')
    await upToDate()
    await rest()
    expect(edge.said('echo')).toHaveLength(0)
    page.device.pass(5000)
    await until(() => edge.said('echo').length === 1)
    const row = conversationOf(edge, 0)
    edge.commit([{ kind: 'row', table: 'conversations', row: { ...row, agent: 'maya' as never } }])
    await upToDate()
    edge.inbound(customer(0), 'Hello?')
    await until(() => echoed() === 3)
    const before = edge.said('echo').length
    for (let count = 0; count < 31; count++) edge.inbound(customer(1), `${count}`)
    await upToDate()
    await rest()
    expect(edge.said('echo')).toHaveLength(before)
    edge.inbound(customer(1), 'One more')
    await until(() => echoed() === 35)
    expect(edge.said('echo')).toHaveLength(before + 1)
  })

  it('[E20] echoes after a quarter of a megabyte, in however few frames that came', async () => {
    for (const letter of 'ab') edge.inbound(customer(1), letter.repeat(50_000))
    await upToDate()
    await rest()
    expect(edge.said('echo')).toHaveLength(0)
    for (const letter of 'cdef') edge.inbound(customer(1), letter.repeat(50_000))
    await until(() => edge.said('echo').length === 1)
  })
})

describe('threads', () => {
  it('[E4] bytes at exactly the held clock are applied, and begin a thread when they are its first', async () => {
    await hold(0)
    edge.inbound(customer(0), 'one')
    edge.inbound(customer(7), 'a new customer')
    await upToDate()
    expect(await texts(0)).toEqual(['Hello 0', 'one'])
    expect(await texts(7)).toEqual(['a new customer'])
    expect(edge.said('pull')).toHaveLength(1)
  })

  it('[E4] a thread that is not held is left alone, one that lacks bytes turns stale and is pulled', async () => {
    await hold(0)
    edge.inbound(customer(1), 'not held here')
    edge.withhold.add(user(0))
    edge.inbound(customer(0), 'without bytes')
    await upToDate()
    expect(await thread(user(1))).toBeUndefined()
    await until(async () => (await texts(0))?.at(-1) === 'without bytes')
    expect(edge.said('pull')).toHaveLength(2)
    // The pull carried what was held, so the edge sent the difference.
    expect(edge.said('pull')[1]).toMatchObject({ thread: user(0), epoch: 1 })
    expect((edge.said('pull')[1] as { clock: number }).clock).toBeGreaterThan(0)
  })

  it('[E1] a new thread epoch replaces the document and keeps the old entries as history', async () => {
    await hold(0)
    const { id } = conversationOf(edge, 0)
    const entry: Change = {
      kind: 'entry',
      user: user(0),
      entry: {
        id: 'eaaaaaaaaaaaaaaaaaaaaaaaaaa' as never,
        order: 9,
        at: 5,
        conversation: id,
        kind: 'inbound',
        text: 'after the archive',
        media: [],
        cut: false,
      },
    }
    edge.renew(user(0), [entry])
    await until(async () => (await thread(user(0)))?.epoch === 2)
    expect(await texts(0)).toEqual(['Hello 0', 'after the archive'])
    expect((await thread(user(0)))?.updates).toHaveLength(1)
    // Bytes of the old epoch that come late are of no use to anybody.
    edge.inbound(customer(0), 'and on')
    await upToDate()
    expect(await texts(0)).toEqual(['Hello 0', 'after the archive', 'and on'])
  })

  it('[E2] forty updates are kept as one', async () => {
    await hold(0)
    for (let count = 0; count < 45; count++) edge.inbound(customer(0), `${count}`)
    await upToDate()
    expect((await thread(user(0)))?.updates.length).toBeLessThan(10)
    expect(await texts(0)).toHaveLength(46)
  })

  it('[E6] the device brings the threads of recent conversations by itself', async () => {
    page.device.pass(2000)
    await until(async () => Boolean((await thread(user(0))) && (await thread(user(1)))))
    expect(await texts(1)).toEqual(['Hello 1'])
  })
})
