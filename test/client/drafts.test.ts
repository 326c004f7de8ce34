import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeIds, type AgentId, type ConversationId, type NumberId } from '#shared/base/ids.ts'
import { limits } from '#shared/wire/limits.ts'
import { settleAck } from '#client/db/acks.ts'
import { ownDraft, putBox } from '#client/db/composer.ts'
import { takeState } from '#client/db/drafts.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { prepare } from '#client/db/meta.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { Store } from '#client/db/store.ts'
import { Typing } from '#client/sync/typing.ts'
import { fakeDevice, fakeLocks, memoryMirror, rest, until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page, type PageOptions } from './kit/page.ts'

let edge: FakeEdge
let id: ConversationId
let box: { conversation: ConversationId; kind: 'reply' }
const pages: Page[] = []
let seeds = 0
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(2)
  id = conversationOf(edge, 0).id
  box = { conversation: id, kind: 'reply' }
})
afterEach(() => {
  for (const page of pages.splice(0)) page.close()
})

/** A device of its own, unless it is told to share a store or a browser. */
async function device(agent = 'maya', options: PageOptions = {}): Promise<Page> {
  edge.signedIn = agent as AgentId
  const identity = { ...maya, agent: agent as AgentId }
  const page = await openPage(edge, { identity, memory: true, seed: ++seeds, ...options })
  pages.push(page)
  page.typing.follow()
  // One agent is signed in at a time: the next may come once this one is in.
  await page.live()
  return page
}

/** A device that is connected and has the conversation on its screen. */
async function looking(agent = 'maya', options: PageOptions = {}): Promise<Page> {
  const page = await device(agent, options)
  page.engine.look({ viewing: id, writing: null })
  await flow()
  return page
}

/** Lets a little time pass on every device, and everything that it sets going. */
async function flow(): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await rest(12)
    for (const page of pages) page.device.pass(250)
  }
  await rest(12)
}

async function offline(page: Page): Promise<void> {
  page.device.isOnline = false
  page.device.tell('offline')
  await until(() => page.engine.status.phase === 'connecting')
}

async function online(page: Page, agent = 'maya'): Promise<void> {
  edge.signedIn = agent as AgentId
  page.device.isOnline = true
  page.device.tell('online')
  page.device.pass(300)
  await page.live()
  await flow()
}

const text = (page: Page) => page.typing.read(id, 'reply')
const beside = (page: Page) => page.typing.view(id, 'reply').beside
const type = (page: Page, after: string, caret?: number) => page.typing.set(id, 'reply', after, caret)
const stored = (page: Page): Promise<ComposerRecord | undefined> =>
  page.store.read((tx) => tx.get('composer', `${id}:reply`))

/**
 * What Sam types on crosses the SEND of somebody who is offline. The answer puts the edge back to before that, and to
 * before Sam typed `last`.
 */
async function crossed(
  one: Page,
  sam: Page,
  said: string,
  more: string,
  last = '',
): Promise<() => Promise<void>> {
  type(one, said)
  await flow()
  await offline(one)
  type(sam, said + more)
  await flow()
  const [copy, epoch] = [edge.drafts.copy(box), edge.drafts.epoch(box)]
  type(sam, said + more + last)
  await flow()
  await one.actions.send(id, said)
  await online(one)
  await flow()
  return () => goBack(sam, copy, epoch)
}

/** The edge goes back, which Sam sees. */
async function goBack(sam: Page, copy: Uint8Array, epoch: number): Promise<void> {
  await offline(sam)
  edge.drafts.putBack(box, copy, epoch)
  await online(sam, 'sam')
}

describe('a draft on several devices', () => {
  it('[E15] follows its agent to another device, and a colleague who looks at it', async () => {
    const [laptop, phone] = [await looking(), await looking()]
    const sam = await looking('sam')
    type(laptop, 'Yes')
    await flow()
    expect([text(phone), text(sam)]).toEqual(['Yes', 'Yes'])
    type(sam, 'Yes, it is.')
    await flow()
    expect([text(laptop), text(phone), edge.drafts.text(box)]).toEqual(Array(3).fill('Yes, it is.'))
    const later = await looking()
    expect(text(later)).toBe('Yes, it is.')
  })

  it('[E15] two who write at once, one of them offline, both have everything', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes.')
    await flow()
    await offline(one)
    type(one, 'Hello. Yes.', 7)
    type(sam, 'Yes. At nine.')
    await flow()
    expect([text(one), text(sam)]).toEqual(['Hello. Yes.', 'Yes. At nine.'])
    await online(one)
    expect([text(one), text(sam)]).toEqual(Array(2).fill('Hello. Yes. At nine.'))
  })

  it('[E15] both offline before either knew of an epoch: both texts stand, one under the other', async () => {
    const [one, sam] = [await device(), await device('sam')]
    await offline(one)
    await offline(sam)
    type(one, 'From Maya')
    type(sam, 'From Sam')
    await online(one)
    await online(sam, 'sam')
    expect(edge.drafts.text(box)).toBe('From Maya\nFrom Sam')
    // Sam's device looks at it, Maya's only brought its text.
    expect(text(sam)).toBe('From Maya\nFrom Sam')
  })

  it('[E15] pages of one device share it, and what both type at the same moment stays', async () => {
    const locks = fakeLocks()
    const one = await looking('maya', { memory: false, locks })
    const two = await device('maya', { memory: false, locks })
    type(one, 'One')
    await until(() => text(two) === 'One')
    type(one, 'One two')
    type(two, 'Zero One')
    await until(() => text(one) === 'Zero One two' && text(two) === 'Zero One two')
    await flow()
    expect(edge.drafts.text(box)).toBe('Zero One two')
  })

  it("a colleague's cursor is where the colleague sees it, in every page, and again after a time offline", async () => {
    const locks = fakeLocks()
    const [one, sam] = [await looking('maya', { memory: false, locks }), await looking('sam')]
    const second = await device('maya', { memory: false, locks })
    const caret = (page: Page, offset: number) => {
      const at = page.typing.caretAt(id, 'reply', offset)
      if (at) page.engine.caret(at)
    }
    /** Where Maya's page draws Sam's cursor. */
    const samIn = (page: Page) =>
      page.engine.carets
        .in(id, 'reply')
        .filter(({ agent }) => agent === 'sam')
        .map(({ epoch, at }) => page.typing.offsetOf(id, 'reply', epoch, at))
    type(one, 'Yes, it is.')
    await flow()
    caret(sam, 4)
    await flow()
    expect([samIn(one), samIn(second)]).toEqual([[4], [4]])
    // It stays with its letter.
    type(one, 'Hello! Yes, it is.', 7)
    await flow()
    expect(samIn(one)).toEqual([11])
    // Many movements are few messages.
    const before = edge.said('caret').length
    for (let offset = 0; offset < 40; offset++) caret(sam, offset % 11)
    await flow()
    expect(edge.said('caret').length - before).toBeLessThan(3)
    await offline(one)
    await until(() => samIn(one).length === 0)
    type(one, 'Oh. Hello! Yes, it is.', 4)
    await online(one)
    caret(sam, 22)
    await flow()
    expect(samIn(one)).toEqual([22])
    // Sam's page closes.
    sam.device.tell('leaving')
    await flow()
    expect(edge.said('bye')).toHaveLength(1)
  })

  it('a cursor stays with its letter when others write, and a word that is being composed is left alone', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    type(sam, 'Oh. Yes', 4)
    const seen: [string, number][] = []
    one.typing.onChange((_, view) => seen.push([view.text, view.move(2)]))
    await flow()
    expect(seen).toContainEqual(['Oh. Yes', 6])

    one.typing.compose(id, 'reply', true)
    type(one, 'Oh. Yes に')
    type(sam, 'Ah. Yes', 1)
    await flow()
    expect(text(one)).toBe('Oh. Yes に')
    type(one, 'Oh. Yes 日')
    one.typing.compose(id, 'reply', false)
    await flow()
    expect([text(one), text(sam)]).toEqual(Array(2).fill('Ah. Yes 日'))
  })
})

describe('sending', () => {
  it('[E15] closes the epoch here at once; what is typed since goes into the epoch that the answer names', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    edge.holding = true
    expect(await one.actions.send(id, 'Yes')).toMatchObject({ ok: true })
    expect(text(one)).toBe('')
    type(one, 'And')
    type(one, 'And more')
    await flow()
    expect((await stored(one))?.held.epoch).toBeNull()
    edge.release()
    await flow()
    const epoch = edge.drafts.epoch(box)
    expect(epoch).toBeGreaterThan(0)
    expect((await stored(one))?.held.epoch).toBe(epoch)
    expect([text(one), text(sam), edge.drafts.text(box)]).toEqual(Array(3).fill('And more'))
    expect([beside(one), beside(sam)]).toEqual([null, null])
    expect(edge.commands()[0]).toMatchObject({ command: { text: 'Yes' }, draft: { epoch: 0 } })
  })

  it("[E15] a colleague's characters that missed the closing come back to that colleague, and only these", async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    type(sam, 'Yes, Sam says')
    await flow()
    // Sam types on while Maya's SEND is on its way; she sees it too late.
    await offline(sam)
    type(sam, 'Yes, Sam says so.')
    await one.actions.send(id, text(one))
    await flow()
    expect(text(one)).toBe('')
    await online(sam, 'sam')
    expect([text(sam), beside(sam)]).toMatchObject(['', { text: ' so.', why: 'offline' }])
    expect(edge.drafts.text(box)).toBe('')

    await sam.typing.takeBeside(id, 'reply', true)
    await flow()
    expect([text(sam), beside(sam), text(one)]).toEqual([' so.', null, ' so.'])
  })

  it('[E15] what is sent leaves the box also where the epoch at the edge opened in the moment of the press', async () => {
    // Nothing tells this page what the database says of the box, as where a browser is slow to.
    const page = await device()
    page.typing.stop()
    type(page, 'H')
    await page.typing.settled()
    page.engine.look({ viewing: id, writing: null })
    await flow()
    type(page, 'Hello')
    await page.actions.send(id, 'Hello')
    await flow()
    expect([text(page), beside(page), edge.drafts.text(box)]).toEqual(['', null, ''])
    expect((await stored(page))?.text).toBe('')
  })

  it('[E15] [E24] what crossed a SEND that a restored edge has undone stands in the box again, and not beside it', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    const undo = await crossed(one, sam, 'Yes', '!')
    expect([text(sam), beside(sam)?.text]).toEqual(['', '!'])
    await undo()
    expect([text(sam), beside(sam), edge.drafts.text(box)]).toEqual(['Yes!', null, 'Yes!'])
  })

  it("[E15] [E24] so does what crossed the one before it, is its writer's own again, and the rest stays beside", async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    const [before, epoch] = [edge.drafts.copy(box), edge.drafts.epoch(box)]
    const undo = await crossed(one, sam, 'Yes', '!')
    await crossed(one, sam, 'Next', '?')
    expect([text(sam), beside(sam)?.text]).toEqual(['', '!\n?'])
    await undo()
    expect([text(sam), beside(sam)?.text, edge.drafts.text(box)]).toEqual(['Yes!', '?', 'Yes!'])
    await goBack(sam, before, epoch)
    expect([text(sam), beside(sam)?.text, edge.drafts.text(box)]).toEqual(['Yes!', '?', 'Yes!'])
  })

  it('[E15] [E24] so does what its writer has put into the next reply meanwhile, and what was typed within it stays beside', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    const undo = await crossed(one, sam, 'Yes', '?!')
    await sam.typing.takeBeside(id, 'reply', true)
    type(sam, '? or!')
    await flow()
    expect([text(one), text(sam), beside(sam)]).toEqual(['? or!', '? or!', null])
    await undo()
    expect([text(sam), beside(sam)?.text, edge.drafts.text(box)]).toEqual(['Yes?!', ' or', 'Yes?!'])
  })

  it('[E15] [E24] where a restored edge has some of it, the rest goes there again', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    const undo = await crossed(one, sam, 'Yes', '?', '!')
    expect([text(sam), beside(sam)?.text]).toEqual(['', '?!'])
    await undo()
    expect([text(sam), beside(sam), edge.drafts.text(box)]).toEqual(['Yes?!', null, 'Yes?!'])
  })

  it('[E15] [E24] and where what a box has left is damaged, its text stays beside', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    const undo = await crossed(one, sam, 'Yes', '!')
    const record = await stored(sam)
    for (const { left } of record?.beside?.parts ?? [])
      if (left) left.held.updates = [new Uint8Array([1, 2, 3])]
    await sam.store.write((tx) => tx.put('composer', [record as ComposerRecord]))
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await undo()
    expect([text(sam), beside(sam)?.text, error.mock.calls.length]).toEqual(['Yes!', '!', 1])
    error.mockRestore()
  })

  it('[E15] what crossed the SEND on the wire comes back as well', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    edge.holding = true
    type(sam, 'Yes!')
    await rest(30)
    await one.actions.send(id, 'Yes')
    await rest(30)
    edge.release()
    await flow()
    expect([text(sam), beside(sam)]).toMatchObject(['', { text: '!', why: 'crossed' }])
    expect(edge.drafts.text(box)).toBe('')
    await sam.typing.takeBeside(id, 'reply', false)
    await flow()
    expect([text(sam), beside(sam)]).toEqual(['', null])
  })

  it('[E15] an offline draft of an epoch that was sent meanwhile is never put into the shared one', async () => {
    const [laptop, phone] = [await looking(), await looking()]
    await offline(phone)
    type(phone, 'Written in the train')
    type(laptop, 'Sent from the desk')
    await flow()
    await laptop.actions.send(id, 'Sent from the desk')
    await flow()
    type(laptop, 'And on')
    await flow()
    await online(phone)
    expect([text(phone), beside(phone)]).toMatchObject([
      'And on',
      { text: 'Written in the train', why: 'offline' },
    ])
    expect(edge.drafts.text(box)).toBe('And on')
    await phone.typing.takeBeside(id, 'reply', true)
    await flow()
    expect(text(laptop)).toBe('And on\nWritten in the train')
  })

  it('[E15] so is one that was begun without knowing of any epoch, before that sending', async () => {
    const [laptop, phone] = [await looking(), await device()]
    await offline(phone)
    type(phone, 'Before')
    await phone.typing.settled()
    type(laptop, 'Sent')
    await flow()
    await laptop.actions.send(id, 'Sent')
    await flow()
    phone.engine.look({ viewing: id, writing: null })
    await online(phone)
    expect([text(phone), beside(phone)]).toMatchObject(['', { text: 'Before', why: 'offline' }])
    expect(edge.drafts.text(box)).toBe('')
  })

  it('[E15] several sendings without a connection each take their own text, and the rest goes on', async () => {
    const page = await looking()
    type(page, 'One')
    await flow()
    await offline(page)
    await page.actions.send(id, 'One')
    type(page, 'Two')
    await page.actions.send(id, 'Two')
    type(page, 'Three')
    await online(page)
    expect(
      edge.commands().map(({ command, draft }) => ['text' in command && command.text, draft?.epoch]),
    ).toEqual([
      ['One', 0],
      ['Two', undefined],
    ])
    expect([text(page), edge.drafts.text(box), beside(page)]).toEqual(['Three', 'Three', null])
  })

  it('[E15] [P5] a refused one stands in the box as before, with what was typed since', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes')
    await flow()
    edge.holding = true
    await one.actions.send(id, 'Yes')
    type(one, 'and more')
    edge.act('sam' as AgentId, { name: 'EndConversation', conversation: id })
    edge.release()
    await flow()
    expect(text(one)).toBe('Yes\nand more')
    expect([text(sam), edge.drafts.text(box)]).toEqual(Array(2).fill('Yes\nand more'))
    expect(edge.drafts.epoch(box)).toBe(0)
  })

  it('[P5] one that is taken back brings its text back into the box', async () => {
    const page = await looking()
    type(page, 'Yes')
    await flow()
    await offline(page)
    await page.actions.send(id, 'Yes')
    expect(text(page)).toBe('')
    await page.actions.cancel((await page.pending())[0]?.id ?? ('' as never))
    await until(() => text(page) === 'Yes')
    await online(page)
    expect([text(page), edge.drafts.text(box), edge.commands()]).toEqual(['Yes', 'Yes', []])
  })

  it('[E14] what is typed under the name of an unsent conversation goes along when it joins another', async () => {
    const page = await device()
    await offline(page)
    const made = await page.actions.start('n13095550100' as NumberId, '+13095559876')
    if (!made.ok) throw new Error(made.text)
    page.typing.set(made.conversation, 'reply', 'First')
    await page.actions.send(made.conversation, 'First')
    page.typing.set(made.conversation, 'reply', 'Second')
    await page.typing.settled()
    const [pending] = await page.pending()
    if (!pending) throw new Error('Nothing waits.')
    await page.store.write((tx) =>
      settleAck(
        tx,
        {
          n: 1,
          id: pending.id,
          seq: 1,
          refusal: null,
          thread: null,
          conversation: id,
          draft: 0,
        },
        page.device.now(),
      ),
    )
    await until(() => text(page) === 'Second')
    expect(await page.store.read((tx) => tx.get('composer', `${made.conversation}:reply`))).toBeUndefined()
  })
})

describe('what is kept', () => {
  it('[E15] a page that dies after a keystroke loses nothing, and takes nothing from colleagues who wrote meanwhile', async () => {
    const mirror = memoryMirror()
    const one = await looking('maya', { memory: false, mirror })
    const sam = await looking('sam')
    type(one, 'Yes')
    await flow()
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    one.store.close()
    type(one, 'Yes, quickly')
    await one.typing.settled()
    told.mockRestore()
    one.close()
    pages.splice(pages.indexOf(one), 1)
    type(sam, 'Oh. Yes', 4)
    await flow()
    const again = await looking('maya', { memory: false, mirror })
    expect([text(again), text(sam)]).toEqual(Array(2).fill('Oh. Yes, quickly'))
    // A keystroke that reached both is taken once.
    const once = await Typing.load(fakeDevice(edge, 77, { mirror }), again.store, maya)
    expect(once.read(id, 'reply')).toBe('Oh. Yes, quickly')
  })

  it('[E15] [P5] where the database is lost right after a write failed, no letter stands twice', async () => {
    const mirror = memoryMirror()
    const one = await looking('maya', { memory: false, mirror })
    const sam = await looking('sam')
    type(one, 'Yes')
    await flow()
    type(sam, 'Oh. Yes', 4)
    await flow()
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    one.store.close()
    type(one, 'Oh. Yes, quickly')
    await one.typing.settled()
    told.mockRestore()
    one.close()
    pages.splice(pages.indexOf(one), 1)
    type(sam, 'Oh. Yes! ', 9)
    await flow()
    await forgetDatabases()
    const again = await looking('maya', { memory: false, mirror })
    const said = edge.drafts.text(box)
    expect([text(again), text(sam)]).toEqual([said, said])
    for (const letters of ['Oh. Yes', ', quickly', '! ']) expect(said.split(letters)).toHaveLength(2)
    expect(beside(again)).toBeNull()
  })

  it('[E15] [P5] a page that opens while the database takes no write takes nothing from what another page stored', async () => {
    const mirror = memoryMirror()
    // Memory that says it is a database, as pages share one.
    const store: Store = Object.assign(new MemoryStore(), { kind: 'dexie' as never })
    const refuse = () => vi.spyOn(store, 'write').mockRejectedValueOnce(new Error('No write is taken.'))
    await prepare(
      store,
      maya,
      makeIds(() => crypto.getRandomValues(new Uint8Array(16))),
    )
    const open = (seed: number) => Typing.load(fakeDevice(edge, seed, { mirror }), store, maya)
    const [one, two] = [await open(11), await open(12)]
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    refuse()
    one.set(id, 'reply', 'A')
    await one.settled()
    two.set(id, 'reply', 'BC')
    await two.settled()
    refuse()
    const three = await open(13)
    // What stands in the mirror alone is shown beside what was stored: both pages began the same document.
    const shown = three.read(id, 'reply')
    expect([...shown].toSorted().join('')).toBe('ABC')
    three.set(id, 'reply', `${shown}!`)
    await three.settled()
    told.mockRestore()
    const record = await store.read((tx) => tx.get('composer', `${id}:reply`))
    expect([...(record?.text ?? '')].toSorted().join('')).toBe('!ABC')
    expect(mirror.keys().some((key) => mirror.get(key)?.includes('"A"'))).toBe(false)
  })

  it('[E15] [P5] what a page typed into a document that is gone is stored once, whoever brings it', async () => {
    const mirror = memoryMirror()
    // Memory that says it is a database, as pages share one.
    const store: Store = Object.assign(new MemoryStore(), { kind: 'dexie' as never })
    let refused = false
    const write = store.write.bind(store)
    store.write = (body) => (refused ? Promise.reject(new Error('No write is taken.')) : write(body))
    await prepare(
      store,
      maya,
      makeIds(() => crypto.getRandomValues(new Uint8Array(16))),
    )
    const open = (seed: number) => Typing.load(fakeDevice(edge, seed, { mirror }), store, maya)
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const author = await open(11)
    author.follow()
    author.set(id, 'reply', 'Hi')
    await author.settled()
    refused = true
    author.set(id, 'reply', 'Hi, A')
    await author.settled()
    const early = await open(12)
    author.set(id, 'reply', 'Hi, AB')
    author.set(id, 'reply', 'Hi, ABC')
    author.set(id, 'reply', 'Hi, AB')
    await author.settled()
    const late = await open(13)
    refused = false
    // The edge goes on in another epoch, as after a colleague's sending.
    await store.write((tx) =>
      takeState(tx, { t: 'draft', ...box, epoch: 5, clocks: {}, update: null, closed: null }, 1, 'offline'),
    )
    await until(() => author.read(id, 'reply') === ', AB')
    for (const page of [early, late]) {
      page.set(id, 'note', 'anything')
      await page.settled()
    }
    await rest(12)
    author.set(id, 'reply', `${author.read(id, 'reply')}.`)
    await author.settled()
    told.mockRestore()
    const record = await store.read((tx) => tx.get('composer', `${id}:reply`))
    expect([record?.text, record?.beside?.text, author.read(id, 'reply')]).toEqual([', AB.', 'Hi', ', AB.'])
    expect(mirror.keys()).toEqual([])
  })

  it('[E15] [P5] letters that others wrote between two keystrokes that are not stored are not typed again', async () => {
    const mirror = memoryMirror()
    const store: Store = Object.assign(new MemoryStore(), { kind: 'dexie' as never })
    // The database takes what the other page writes, and nothing of this one.
    let isFull = true
    const full: Store = {
      kind: 'dexie',
      read: (body) => store.read(body),
      write: (body) => (isFull ? Promise.reject(new Error('No write is taken.')) : store.write(body)),
      live: (query, next) => store.live(query, next),
      watch: () => undefined,
      close: () => undefined,
      destroy: () => store.destroy(),
    }
    await prepare(
      store,
      maya,
      makeIds(() => crypto.getRandomValues(new Uint8Array(16))),
    )
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const one = await Typing.load(fakeDevice(edge, 11, { mirror }), full, maya)
    const two = await Typing.load(fakeDevice(edge, 12, { mirror }), store, maya)
    one.follow()
    one.set(id, 'reply', 'A')
    await one.settled()
    two.set(id, 'reply', 'xyz')
    await two.settled()
    await until(() => one.read(id, 'reply').length === 4)
    one.set(id, 'reply', `${one.read(id, 'reply')}B`)
    await one.settled()
    isFull = false
    await store.write(async (tx) => {
      const record = await tx.get('composer', `${id}:reply`)
      if (record) await putBox(tx, { ...record, text: '', held: ownDraft(1) })
    })
    await until(() => one.read(id, 'reply').length === 2)
    await one.settled()
    told.mockRestore()
    expect((await store.read((tx) => tx.get('composer', `${id}:reply`)))?.text).toBe('AB')
  })

  it('[E15] a device uses at most eight Yjs client ids for a draft, however often it is opened anew', async () => {
    for (let round = 0; round < 12; round++) {
      const page = await looking('maya', { memory: false })
      type(page, `${text(page)}${round % 10}`)
      await flow()
      page.close()
      pages.splice(pages.indexOf(page), 1)
    }
    expect(edge.drafts.text(box)).toBe('012345678901')
    const listed = edge.heard.flatMap((message) => (message.t === 'open draft' ? [message.clients] : []))
    expect(Math.max(...listed.map((clients) => clients.length))).toBe(8)
    expect(new Set(listed.flat()).size).toBe(8)
  })

  it('[E15] what the edge does not take as it is is written anew, once', async () => {
    for (const code of ['gap', 'not yours', 'malformed'] as const) {
      const page = await looking()
      const before = edge.drafts.text(box)
      edge.drafts.refuseNext = code
      type(page, `${before}x`)
      await flow()
      expect([text(page), edge.drafts.text(box)], code).toEqual(
        Array(2).fill(before === '' ? 'x' : `${before}\nx`),
      )
    }
  })

  it('bytes of the edge that do not fit are asked for anew, and nothing is stuck or lost', async () => {
    const page = await looking()
    const sam = await looking('sam')
    type(sam, 'Sam')
    await flow()
    await offline(page)
    type(page, 'Sam and Maya')
    edge.drafts.spoilNext = 'AQEBAA=='
    await online(page)
    expect([text(page), edge.drafts.text(box)]).toEqual(Array(2).fill('Sam and Maya'))
  })

  it('[E30] a text that is too large stays on its device, and goes once it is smaller', async () => {
    const page = await looking()
    type(page, 'x'.repeat(limits.draftUpdate + 10))
    await flow()
    expect(edge.drafts.text(box)).toBe('')
    expect(text(page)).toHaveLength(limits.draftUpdate + 10)
    type(page, 'Short')
    await flow()
    expect(edge.drafts.text(box)).toBe('Short')
  })

  it('[E24] what a restored edge has lost is said again', async () => {
    const page = await looking()
    type(page, 'Kept once')
    await flow()
    edge.cut()
    await until(() => page.engine.status.phase === 'connecting')
    edge.drafts.forget(box)
    page.device.pass(3000)
    await page.live()
    await flow()
    expect([text(page), edge.drafts.text(box)]).toEqual(Array(2).fill('Kept once'))
  })

  it('[E24] an edge that goes back twice gets back what it lost each time', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Hello')
    await flow()
    const copy = edge.drafts.copy(box)
    type(sam, 'Hello there')
    await flow()
    await offline(sam)
    for (const lose of [() => edge.drafts.putBack(box, copy), () => edge.drafts.forget(box)]) {
      await offline(one)
      lose()
      await online(one)
    }
    await online(sam, 'sam')
    const said = edge.drafts.text(box)
    expect([text(one), text(sam)]).toEqual([said, said])
    for (const word of ['Hello', 'there']) expect(said.split(word)).toHaveLength(2)
  })

  it('[E24] an edge that goes back once more while a device asks what else it has costs no letter', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(sam, 'Hello')
    await flow()
    const copy = edge.drafts.copy(box)
    type(one, 'Hello there')
    await flow()
    for (const page of [one, sam]) await offline(page)
    edge.drafts.putBack(box, copy)
    // Sam's device is told of less than it holds, and asks for all of it.
    const open = edge.drafts.open.bind(edge.drafts)
    const asked = vi.spyOn(edge.drafts, 'open').mockImplementation((message, known) => {
      const answer = open(message, known)
      if (message.kind === 'reply') edge.drafts.forget(box)
      return answer
    })
    await online(sam, 'sam')
    asked.mockRestore()
    expect([text(sam), edge.drafts.text(box)]).toEqual(['Hello', 'Hello'])
    await online(one)
    const said = edge.drafts.text(box)
    for (const word of ['Hello', 'there']) expect(said.split(word)).toHaveLength(2)
  })

  it('[E24] nor does one that goes back right after it refused what a device wrote', async () => {
    const page = await looking()
    type(page, 'Hello')
    await flow()
    edge.drafts.refuseNext = 'gap'
    const open = edge.drafts.open.bind(edge.drafts)
    const asked = vi.spyOn(edge.drafts, 'open').mockImplementation((message, known) => {
      edge.drafts.forget(box)
      return open(message, known)
    })
    type(page, 'Hello there')
    await flow()
    asked.mockRestore()
    expect([text(page), edge.drafts.text(box)]).toEqual(Array(2).fill('Hello there'))
  })

  it('[E24] what somebody deleted and a restored edge has again is deleted once more', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Yes, no')
    await flow()
    const copy = edge.drafts.copy(box)
    type(one, 'Yes')
    await flow()
    await offline(one)
    edge.drafts.putBack(box, copy)
    await online(one)
    expect([text(one), text(sam), edge.drafts.text(box)]).toEqual(Array(3).fill('Yes'))
  })

  it('[E24] what several wrote and a restored edge has lost stands once again, the same on every screen', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(sam, 'Hello')
    await flow()
    type(one, 'Hello there')
    await flow()
    await offline(one)
    await offline(sam)
    edge.drafts.forget(box)
    // What Maya wrote hangs on a letter that is not there yet, so that her device writes it anew.
    await online(one)
    await online(sam, 'sam')
    const said = edge.drafts.text(box)
    expect([text(one), text(sam)]).toEqual([said, said])
    for (const word of ['Hello', 'there']) expect(said.split(word)).toHaveLength(2)
  })

  it('[E15] [E24] a refused text stands in its box once, where a restored edge had lost what a colleague wrote in it', async () => {
    const [one, sam] = [await looking(), await looking('sam')]
    type(one, 'Hello')
    await flow()
    type(sam, 'Hello there')
    await flow()
    await offline(sam)
    await offline(one)
    await one.actions.send(id, 'Hello there')
    edge.drafts.forget(box)
    edge.act('sam' as AgentId, {
      name: 'SetConsent',
      user: conversationOf(edge, 0).user,
      optedOut: true,
      expect: null,
    })
    edge.thinking = true
    await online(sam, 'sam')
    await online(one)
    edge.release()
    await flow()
    const said = edge.drafts.text(box)
    expect([text(one), text(sam)]).toEqual([said, said])
    for (const word of ['Hello', 'there']) expect(said.split(word)).toHaveLength(2)
  })

  it('[E24] what is typed in a conversation that a restored edge does not know goes there once it is known again', async () => {
    const sam = await device('sam')
    const key = `conversations/${id}`
    const row = edge.rows.get(key)
    if (!row) throw new Error('No conversation.')
    edge.rows.delete(key)
    sam.engine.look({ viewing: id, writing: null })
    await flow()
    type(sam, 'Still here')
    await flow()
    expect(edge.drafts.text(box)).toBe('')
    edge.rows.set(key, row)
    sam.device.pass(20_000)
    await flow()
    expect(edge.drafts.text(box)).toBe('Still here')
  })

  it('[P5] a database that was emptied behind the page gets back what stands in the box, and nothing stands twice', async () => {
    const page = await looking()
    page.engine.onEmptied(() => page.typing.again())
    type(page, 'Kept at the edge')
    await flow()
    await page.store.write((tx) => tx.clear(['composer', 'meta']))
    page.typing.again()
    await flow()
    page.engine.look({ viewing: null, writing: null })
    await flow()
    page.engine.look({ viewing: id, writing: null })
    await flow()
    expect([text(page), edge.drafts.text(box)]).toEqual(Array(2).fill('Kept at the edge'))
  })

  it('says nothing for a box that nobody looks at, and forgets it when it is empty', async () => {
    const page = await looking()
    expect(await stored(page)).toBeDefined()
    page.engine.look({ viewing: null, writing: null })
    await flow()
    expect(edge.said('close draft')).toHaveLength(2)
    expect(await stored(page)).toBeUndefined()
    edge.inbound(customer(0), 'Hello?')
    await flow()
    expect(edge.said('open draft')).toHaveLength(2)
  })
})
