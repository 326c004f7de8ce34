import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mediaId, type ConversationId, type MediaId } from '#shared/base/ids.ts'
import { attach, keepSeen, readAttached } from '#client/db/media.ts'
import { limits } from '#shared/wire/limits.ts'
import { pngOf } from '#test/kit/pictures.ts'
import { until } from './kit/fake-device.ts'
import { conversationOf, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, openPage, type Page } from './kit/page.ts'

const name = (n: number) =>
  mediaId.parse(`m${'a'.repeat(24)}${String.fromCharCode(97 + (n >> 4), 97 + (n & 15))}`)
const picture = (n: number, bytes = pngOf(n + 1, 4)) => ({
  id: name(n),
  blob: new Blob([bytes.slice()], { type: 'image/png' }),
  contentType: 'image/png',
})

for (const memory of [false, true]) {
  const where = memory ? 'in memory' : 'in the database'
  let edge: FakeEdge
  let page: Page
  let id: ConversationId
  let other: ConversationId

  const put = (box: ConversationId, n: number) =>
    page.store.write((tx) => attach(tx, box, picture(n), page.device.now()))
  const attached = async (box = id): Promise<MediaId[]> =>
    (await page.store.read((tx) => readAttached(tx, box))).map((record) => record.id)
  const sent = () => edge.commands().map(({ n, command }) => [n, command.name])
  const settled = () => until(async () => (await page.pending()).length === 0, 'it was never confirmed')
  const offline = () => {
    edge.down = true
    edge.cut()
  }
  const online = async () => {
    await until(() => page.engine.status.phase !== 'live')
    edge.down = false
    page.device.pass(20_000)
    await page.live()
  }

  describe(`pictures on this device, ${where}`, () => {
    beforeEach(async () => {
      await forgetDatabases()
      edge = seededEdge(3)
      page = await openPage(edge, { memory })
      await page.live()
      id = conversationOf(edge, 0).id
      other = conversationOf(edge, 1).id
    })
    afterEach(() => page.close())

    it(`[E29] [E11] ${where}: a command waits for its picture and what follows it waits too, while others pass`, async () => {
      edge.pictureAnswer = { status: 503 }
      await put(id, 1)
      await put(id, 2)
      await page.actions.send(id, 'Here')
      await page.actions.note(id, 'Sent them the pictures')
      await page.actions.note(other, 'Not held up')
      await until(async () => sent().length === 1 && (await page.pending()).length === 2)
      expect(sent()).toEqual([[1, 'AddNote']])
      expect((await page.pending()).map(({ n }) => n)).toEqual([null, null])
      expect(await attached()).toEqual([])
      edge.pictureAnswer = null
      page.device.pass(6_000)
      await settled()
      expect(edge.pictures).toEqual([name(1), name(2)])
      expect(sent()).toEqual([
        [1, 'AddNote'],
        [2, 'SendReply'],
        [3, 'AddNote'],
      ])
      expect(edge.commands()[1]?.command).toMatchObject({ text: 'Here', media: [name(1), name(2)] })
    })

    it(`[E29] [P5] ${where}: made without a connection it goes when there is one, each picture once`, async () => {
      offline()
      await put(id, 1)
      await page.actions.send(id, '')
      expect(await page.pending()).toHaveLength(1)
      await online()
      await settled()
      expect(edge.pictures).toEqual([name(1)])
    })

    it(`[E29] [P5] ${where}: taken on a connection that ended, it lets its text go on the one that stands by then`, async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      edge.pictureHeld = promise
      edge.pictureAnswer = { status: 503 }
      await put(id, 1)
      await page.actions.send(id, 'Here')
      const asked = () => edge.fetched.filter((path) => path.startsWith('/api/media/')).length
      await until(async () => asked() === 1)
      offline()
      await online()
      await until(async () => asked() === 2, 'the new connection did not try')
      resolve()
      await settled()
      expect(sent()).toEqual([[1, 'SendReply']])
    })

    it(`[E29] [F131] ${where}: a picture is kept with all its bytes`, async () => {
      await put(id, 1)
      const [record] = await page.store.read((tx) => readAttached(tx, id))
      expect(new Uint8Array((await record?.blob.arrayBuffer()) ?? [])).toEqual(pngOf(2, 4))
    })

    it(`[E29] ${where}: cancelled, it gives its pictures back to the box, and leaves no gap`, async () => {
      offline()
      await put(id, 1)
      await page.actions.send(id, 'Wait')
      const [waiting] = await page.pending()
      if (waiting) await page.actions.cancel(waiting.id)
      expect(await attached()).toEqual([name(1)])
      await page.actions.note(other, 'Next')
      await online()
      await settled()
      expect(sent()).toEqual([[1, 'AddNote']])
      expect(edge.pictures).toEqual([])
    })

    it(`[P5] ${where}: a picture that the edge will not take refuses its text in sight, and the text comes back`, async () => {
      edge.pictureAnswer = { status: 415, text: 'This picture is damaged.' }
      await put(id, 1)
      await page.actions.send(id, 'Here')
      await settled()
      const refusals = await page.store.read((tx) => tx.all('refusals'))
      expect(refusals).toMatchObject([{ text: 'This picture is damaged.', command: { text: 'Here' } }])
      expect(await attached()).toEqual([])
      expect(sent()).toEqual([])
    })

    it(`[P5] ${where}: what stands before the edge refuses a picture with a page of its own: the text comes back all the same`, async () => {
      edge.pictureAnswer = { status: 413, isPage: true }
      await put(id, 1)
      await page.actions.send(id, 'Here')
      await settled()
      const refusals = await page.store.read((tx) => tx.all('refusals'))
      expect(refusals).toMatchObject([{ text: 'The picture was not taken.', command: { text: 'Here' } }])
    })

    it(`[E30] ${where}: no more than ten stand in a box, and no more than 200 MB wait on a device`, async () => {
      for (let n = 0; n < 10; n++) expect(await put(id, n)).toBeNull()
      expect(await put(id, 10)).toMatchObject({ code: 'picture' })
      const full = { ...picture(11), blob: { size: limits.queuedMedia } as Blob }
      const refusal = await page.store.write((tx) => attach(tx, other, full, 1))
      expect(refusal?.text).toBe('200 MB of pictures wait on this device already. Let them be sent first.')
    })

    it(`[F131] ${where}: what was looked at makes room for newer, and what waits never does`, async () => {
      await put(id, 0)
      const big = new Uint8Array(5_900_000)
      for (let n = 1; n <= 12; n++)
        await page.store.write((tx) => keepSeen(tx, picture(n, big), page.device.now() + n))
      const kept = (await page.store.read((tx) => tx.all('media'))).map((record) => record.id)
      expect(kept).toContain(name(0))
      expect(kept).toContain(name(12))
      expect(kept).not.toContain(name(1))
      expect(kept.length).toBe(11)
    })
  })
}
