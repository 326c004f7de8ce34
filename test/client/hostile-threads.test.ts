import 'fake-indexeddb/auto'
import { fromBase64, toBase64 } from 'lib0/buffer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { applyUpdate, encode, isThreadUpdate, newDocument, readForeignThread } from '#shared/docs/thread.ts'
import type { Down } from '#shared/wire/down.ts'
import { countOutside, noVectors, readVectors } from '#test/kit/vectors.ts'
import { rest, until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(1)
  page = await openPage(edge)
  await page.live()
  page.engine.want(user())
  await until(async () => (await held())?.stale === 0, 'the thread never came')
})
afterEach(() => page.close())

const user = () => conversationOf(edge, 0).user
const held = () => page.store.read((tx) => tx.get('threads', user()))
const texts = async () =>
  (await page.open(conversationOf(edge, 0).id))?.confirmed.flatMap((entry) =>
    'text' in entry ? [entry.text] : [],
  )

it('[fault Y1] every update that broke Yjs is refused at once, or empty, and no document takes it', ({
  skip,
}) => {
  const file = 'yjs/malformed-updates.json'
  const schema = z.object({ cases: z.array(z.object({ name: z.string(), hex: z.string() })) })
  const vectors = readVectors(file, schema)
  if (vectors === null) return skip(noVectors)
  for (const { name, hex } of vectors.cases) {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
    for (const clock of [1, 2, 100, 2 ** 31]) expect(isThreadUpdate(bytes, 0, clock), name).toBe(false)
    if (!isThreadUpdate(bytes, 0, 0)) continue
    const doc = newDocument()
    applyUpdate(doc, bytes)
    expect(encode(doc), name).toEqual(encode(newDocument()))
  }
  countOutside(file, vectors.cases.length)
})

it('[E4] [fault Y1] bytes that cannot be are left out, the screen stands, and a pull mends the thread', async () => {
  const clock = (await held())?.clock ?? 0
  const pulls = edge.said('pull').length
  // What the edge commits next arrives with its bytes cut short.
  edge.holding = true
  edge.inbound(customer(0), 'mangled on its way')
  edge.loseFirstHeld()
  edge.release()
  const doc = edge.docs.get(user())?.doc ?? newDocument()
  const cut = encode(doc).slice(0, -9)
  const { seq } = edge
  const update = { thread: user(), epoch: 1, from: clock, to: clock + 1, update: toBase64(cut) }
  const parts = [{ audience: 'account', rows: [], threads: [update] }]
  edge.say({ t: 'frame', n: 1, from: seq - 1, to: { seq, tag: `tag${seq}` }, parts, acks: [] })
  await until(() => edge.said('pull').length > pulls, 'it was never asked for')
  await until(async () => (await texts())?.length === 2, 'the text never came')
  expect(await texts()).toEqual(['Hello 0', 'mangled on its way'])
  expect(page.engine.status.phase).toBe('live')
})

it('[fault Y1] an answer to a pull that cannot be is not taken: what was held stays', async () => {
  const before = await held()
  const doc = edge.docs.get(user())?.doc ?? newDocument()
  const answer = (update: string, clock: number): Down => ({
    t: 'thread',
    thread: user(),
    epoch: 1,
    clock,
    update,
  })
  edge.say(answer('not base64 !', 2))
  edge.say(answer(toBase64(fromBase64('AQGBgEAACAEHZW50cmllcwF9')), 2))
  edge.say(answer(toBase64(encode(doc)), 5))
  await rest()
  expect(await held()).toEqual(before)
  expect(await texts()).toEqual(['Hello 0'])
  expect(page.engine.status.phase).toBe('live')
})

it('[fault Y1] an entry that its schema does not take is left out, and the others are read', () => {
  const doc = newDocument()
  const { entries } = readForeignThread(edge.docs.get(user())?.doc ?? doc)
  doc.getArray('entries').push([null, 7, { kind: 'inbound' }, ...entries, { ...entries[0], kind: 'later' }])
  expect(readForeignThread(doc).entries).toEqual(entries)
})

it('[fault C5] thread bytes that were damaged in the database are not shown, and the edge is asked for all of them', async () => {
  const record = await held()
  if (!record) throw new Error('It is not held.')
  const pulls = edge.said('pull').length
  const flipped = record.updates.map((bytes) =>
    bytes.map((byte, index) => (index === 20 ? byte ^ 0xff : byte)),
  )
  for (const updates of [flipped, record.updates.map((bytes) => bytes.slice(0, -5)), []]) {
    // A page that begins knows nothing of what was read before.
    page.close()
    page = await openPage(edge)
    await page.live()
    await page.store.write((tx) => tx.put('threads', [{ ...record, updates }]))
    const open = await page.open(conversationOf(edge, 0).id)
    expect([open?.held, open?.behind, open?.confirmed]).toEqual([false, true, []])
    page.engine.want(user())
    await until(async () => (await texts())?.length === 1, 'the thread never came')
    expect(await texts()).toEqual(['Hello 0'])
  }
  const asked = edge.said('pull').slice(pulls)
  expect(asked).toHaveLength(3)
  for (const pull of asked) expect(pull).toMatchObject({ clock: 0 })
})

it('[P5] [fault C5] a row that was damaged in the database is put right by the next copy, and nothing of it goes upwards', async () => {
  const { id } = conversationOf(edge, 0)
  await page.store.write((tx) => tx.put('conversations', [{ id, seq: 1, row: { id, lastAt: 'x' } as never }]))
  const before = edge.heard.length
  edge.restore()
  edge.cut()
  const row = () => page.store.read(async (tx) => (await tx.get('conversations', id))?.row)
  await until(async () => {
    page.device.pass(500)
    return (await row())?.status === 'open'
  }, 'the row never came')
  expect(await row()).toEqual(conversationOf(edge, 0))
  expect(edge.heard.slice(before).filter(({ t }) => t === 'command')).toEqual([])
})
