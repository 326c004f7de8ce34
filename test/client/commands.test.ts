import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConversationId, EntryId } from '#shared/base/ids.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Settings } from '#shared/rows/settings.ts'
import { readOpenThread } from '#client/db/open-thread.ts'
import { readView } from '#client/db/views.ts'
import { rest, until } from './kit/fake-device.ts'
import { conversationOf, customer, seededEdge, type FakeEdge } from './kit/fake-edge.ts'
import { forgetDatabases, maya, openPage, type Page } from './kit/page.ts'

let edge: FakeEdge
let page: Page
let id: ConversationId
beforeEach(async () => {
  await forgetDatabases()
  edge = seededEdge(3)
  page = await openPage(edge)
  await page.live()
  id = conversationOf(edge, 0).id
  page.engine.want(conversationOf(edge, 0).user)
  await until(async () =>
    Boolean(await page.store.read((tx) => tx.get('threads', conversationOf(edge, 0).user))),
  )
})
afterEach(() => page.close())

const confirmed = () => until(async () => (await page.pending()).length === 0, 'it was never confirmed')

function offline(): void {
  edge.down = true
  edge.cut()
}

async function online(): Promise<void> {
  // The page has to notice the loss first: time that passes before counts for nothing.
  await until(() => page.engine.status.phase !== 'live')
  edge.down = false
  page.device.pass(20_000)
  await page.live()
}

describe('the overlay', () => {
  it('[E10] a reply shows at once under the id that the confirmed one has, and never flickers', async () => {
    const shown: { ids: EntryId[]; waiting: number; preview: string }[] = []
    const stop = page.store.live(
      (tx) => readOpenThread(tx, maya, id, page.device.now()),
      (open) => {
        if (!open) throw new Error('gone')
        const ids = [...open.confirmed, ...open.waiting.map(({ entry }) => entry)].map((entry) => entry.id)
        shown.push({ ids, waiting: open.waiting.length, preview: open.conversation.preview })
      },
    )
    for (let count = 0; count < 10; count++) {
      await page.actions.send(id, `Reply ${count}`)
      await rest(3)
    }
    await confirmed()
    await rest()
    stop()
    let most = 0
    for (const { ids } of shown) {
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids.length).toBeGreaterThanOrEqual(most)
      most = ids.length
    }
    const last = shown.at(-1)
    expect(last?.waiting).toBe(0)
    expect(last?.preview).toBe('Reply 9')
    expect(last?.ids).toHaveLength(11)
    // An entry keeps its place: what stood there first as a guess stands there as the truth.
    for (const { ids } of shown) expect(last?.ids.slice(0, ids.length)).toEqual(ids)
    expect(shown.some(({ waiting }) => waiting > 0)).toBe(true)
  })

  it('[E10] a list shows what waits in its place, and the replica holds nothing guessed', async () => {
    offline()
    await page.actions.claim(conversationOf(edge, 0))
    await page.actions.send(id, 'On it')
    const open = await page.store.read((tx) => readView(tx, maya.agent, 'open', 2, page.device.now()))
    expect(open.rows.map(({ conversation }) => conversation.preview)).toEqual(['On it', 'Hello 2'])
    expect(open.rows[0]?.pending).toBe(true)
    const mine = await page.store.read((tx) => readView(tx, maya.agent, 'mine', 50, 0))
    expect(mine.rows.map(({ conversation }) => conversation.id)).toEqual([id])
    const lone = await page.store.read((tx) => readView(tx, maya.agent, 'unassigned', 50, 0))
    expect(lone.rows).toHaveLength(2)
    expect((await page.store.read((tx) => tx.get('conversations', id)))?.row).toMatchObject({
      agent: null,
      preview: 'Hello 0',
    })
  })

  it('[E9] a rule that says no on the device is told at once and keeps nothing', async () => {
    expect(await page.actions.send(id, '   ')).toMatchObject({ ok: false, code: 'empty' })
    expect(await page.actions.send(id, 'Great 🎉')).toMatchObject({ ok: false, code: 'emoji' })
    expect(await page.pending()).toHaveLength(0)
    edge.inbound(customer(0), 'STOP')
    await until(async () => Boolean((await page.open(id))?.user?.optedOut))
    expect(await page.actions.send(id, 'Sorry')).toMatchObject({ ok: false, code: 'opted out' })
    expect(edge.commands()).toHaveLength(0)
  })

  it('[E9] what this device does not hold refuses nothing', async () => {
    const unknown = `c${'a'.repeat(26)}` as ConversationId
    expect(await page.actions.note(unknown, 'For later')).toMatchObject({ ok: true })
  })

  it('[E4] an acknowledged reply stays until its thread is here at that clock', async () => {
    edge.withhold.add(conversationOf(edge, 0).user)
    edge.mute.add('thread')
    await page.actions.send(id, 'Stay')
    await until(async () => (await page.pending())[0]?.acked !== null && (await page.pending()).length === 1)
    const open = await page.open(id)
    expect(open?.waiting.map(({ entry }) => (entry.kind === 'outbound' ? entry.text : ''))).toEqual(['Stay'])
    expect(open?.conversation.preview).toBe('Stay')
    edge.mute.clear()
    page.device.pass(16_000)
    await confirmed()
    const after = await page.open(id)
    expect(after?.confirmed.at(-1)).toMatchObject({ kind: 'outbound', text: 'Stay' })
    expect(after?.waiting).toEqual([])
  })

  it('[E4] what waits for a thread is let go as well where a frame brings it before a pull does', async () => {
    const { id: other, user } = conversationOf(edge, 1)
    edge.withhold.add(user)
    edge.mute.add('thread')
    await page.actions.send(other, 'Stay')
    await until(async () => (await page.pending())[0]?.acked?.thread.id === user)
    expect(await page.store.read((tx) => tx.get('threads', user))).toBeUndefined()
    // As after a restore: the thread goes on in another epoch, whose first bytes are as good as a pull.
    edge.renew(user, [
      {
        kind: 'entry',
        user,
        entry: {
          id: 'eaaaaaaaaaaaaaaaaaaaaaaaaaa' as never,
          order: 9,
          at: 5,
          conversation: other,
          kind: 'inbound',
          text: 'Here again',
          media: [],
          cut: false,
        },
      },
    ])
    await confirmed()
    expect((await page.store.read((tx) => tx.get('threads', user)))?.epoch).toBe(2)
  })
})

describe('numbers', () => {
  it('[E11] commands get their numbers when they are handed over, in press order', async () => {
    offline()
    await page.actions.note(id, 'first')
    await page.actions.send(id, 'second')
    expect((await page.pending()).map(({ n }) => n)).toEqual([null, null])
    await page.actions.cancel((await page.pending())[0]?.id ?? ('' as never))
    await page.actions.followUp(id, true)
    await online()
    await confirmed()
    expect(edge.commands().map(({ n, command }) => [n, command.name])).toEqual([
      [1, 'SendReply'],
      [2, 'SetFollowUp'],
    ])
  })

  it('[E11] what was on its way when the socket died goes again under the same number and id, once', async () => {
    edge.holding = true
    await page.actions.send(id, 'Once')
    await until(() => edge.commands().length === 1)
    edge.cut()
    edge.loseFirstHeld()
    edge.release()
    await online()
    await confirmed()
    const sent = edge.commands()
    expect(sent).toHaveLength(2)
    expect(sent[1]).toMatchObject({ n: sent[0]?.n, id: sent[0]?.id })
    const open = await page.open(id)
    expect(open?.confirmed.filter((entry) => entry.kind === 'outbound')).toHaveLength(1)
  })

  it('[E11] told of a gap, it renumbers what lies above and the ids stay', async () => {
    edge.mute.add('frame')
    edge.deaf = true
    await page.actions.note(id, 'a')
    await page.actions.note(id, 'b')
    await until(() => edge.commands().length === 2)
    const ids = (await page.pending()).map(({ id }) => id)
    // The edge has other numbers of this client than the client thinks.
    edge.useNumbers((edge.said('hello')[0] as { client: string }).client, 0)
    await page.store.write(async (tx) => {
      for (const record of await tx.all('pending'))
        await tx.put('pending', [{ ...record, n: (record.n ?? 0) + 5 }])
    })
    edge.deaf = false
    edge.mute.clear()
    page.device.pass(20_000)
    await confirmed()
    const sent = edge.commands().slice(2)
    expect(sent.map(({ n }) => n)).toEqual([6, 7, 1, 2])
    expect(sent.slice(2).map(({ id }) => id)).toEqual(ids)
    const open = await page.open(id)
    expect(open?.confirmed.filter((entry) => entry.kind === 'note')).toHaveLength(2)
  })

  it('[E11] a used number makes it take a new client id, renumber and say hello again', async () => {
    const client = (edge.said('hello')[0] as { client: string }).client
    edge.useNumbers(client, 4)
    await page.actions.send(id, 'From a copied database')
    await confirmed()
    const hellos = edge.said('hello') as unknown as { client: string }[]
    expect(hellos).toHaveLength(2)
    expect(hellos[1]?.client).not.toBe(client)
    expect(edge.commands().map(({ n }) => n)).toEqual([1, 1])
    expect(new Set(edge.commands().map(({ id }) => id)).size).toBe(1)
  })

  it('[E11] a database that went back in time forks before it sends anything', async () => {
    const client = (edge.said('hello')[0] as { client: string }).client
    offline()
    edge.useNumbers(client, 9)
    await page.actions.send(id, 'Restored from a backup')
    await online()
    await confirmed()
    expect(edge.commands().map(({ n }) => n)).toEqual([1])
    expect((edge.said('hello').at(-1) as { client: string }).client).not.toBe(client)
  })

  it('[E30] told to be slow, it waits and loses nothing', async () => {
    edge.mute.add('frame')
    await page.actions.send(id, 'one')
    await until(() => edge.commands().length === 1)
    edge.say({ t: 'slow', ms: 500 })
    await rest()
    await page.actions.send(id, 'two')
    await rest()
    expect(edge.commands()).toHaveLength(1)
    edge.mute.clear()
    page.device.pass(500)
    await confirmed()
    expect((await page.open(id))?.conversation.preview).toBe('two')
  })
})

describe('patience', () => {
  it('[E6] [E30] a thread that was asked for when the edge wanted patience is asked for again right after it', async () => {
    const { user } = conversationOf(edge, 1)
    await page.store.write((tx) => tx.remove('threads', [user]))
    edge.mute.add('thread')
    const asked = () => edge.said('pull').filter((pull) => 'thread' in pull && pull.thread === user).length
    const before = asked()
    page.engine.want(user)
    await until(() => asked() === before + 1)
    edge.say({ t: 'slow', ms: 500 })
    await rest()
    edge.mute.clear()
    page.device.pass(499)
    await rest()
    expect(asked()).toBe(before + 1)
    page.device.pass(1)
    await until(() => page.store.read(async (tx) => Boolean(await tx.get('threads', user))))
    expect(asked()).toBe(before + 2)
  })

  it('[E19] what is too big for a frame is pulled once, by cursor, within five seconds at random, and no press is in sync before', async () => {
    const { id: other } = conversationOf(edge, 2)
    edge.mute.add('frame')
    edge.inbound(customer(2), 'One of thousands')
    await rest()
    edge.mute.clear()
    const asked = edge.said('catch up').length
    edge.say({ t: 'changed', table: 'conversations', seq: edge.seq })
    edge.say({ t: 'changed', table: 'mobileUsers', seq: edge.seq })
    await until(() => page.engine.status.phase === 'catching up')
    expect(page.engine.synced()).toBe(false)
    expect(edge.said('catch up')).toHaveLength(asked)
    page.device.pass(5000)
    await until(() => page.engine.status.phase === 'live')
    expect(edge.said('catch up')).toHaveLength(asked + 1)
    expect((await page.open(other))?.conversation.preview).toBe('One of thousands')
  })

  it('[E24] in a new epoch a device says again what it did in the last seven days, under the old ids, and nothing older', async () => {
    await page.actions.note(id, 'Eight days ago')
    await confirmed()
    const week = 7 * 86_400_000
    await page.store.write(async (tx) =>
      tx.put(
        'done',
        (await tx.all('done')).map((done) => ({ ...done, doneAt: done.doneAt - week - 1000 })),
      ),
    )
    await page.actions.note(id, 'Today')
    await confirmed()
    const [, today] = edge.commands()
    offline()
    edge.restore()
    await online()
    await confirmed()
    const again = edge.commands().slice(2)
    expect(again.map(({ id, command }) => [id, 'text' in command && command.text])).toEqual([
      [today?.id, 'Today'],
    ])
    expect(again[0]).toMatchObject({ n: 1, again: true })
  })
})

describe('the guard on late changes', () => {
  it('[E13] a command says what was seen, whether in sync, and how long it waited at each transmission', async () => {
    page.actions.shows(conversationOf(edge, 0).user, 1)
    await page.actions.send(id, 'Prompt')
    await until(() => edge.commands().length === 1)
    expect(edge.commands()[0]).toMatchObject({ seen: 1, synced: true, waited: 0 })
    expect(edge.commands()[0]?.wroteAt).toBeUndefined()
    await confirmed()
    offline()
    await rest()
    const at = page.device.now()
    await page.actions.note(id, 'Written on the train')
    page.device.clock.pass(120_000)
    await online()
    await until(() => edge.commands().length === 2)
    const late = edge.commands()[1]
    expect(late).toMatchObject({ synced: false, wroteAt: at })
    expect(late?.waited).toBeGreaterThanOrEqual(120_000)
  })

  it('[E13] [fault C6] a clock that went back counts as long', async () => {
    offline()
    await page.actions.note(id, 'Before')
    page.device.clock.set(page.device.now() - 3_600_000)
    await online()
    await until(() => edge.commands().length === 1)
    expect(edge.commands()[0]?.waited).toBe(1e9)
  })

  it('[E13] a connection without a pong for 35 s does not count as in sync', async () => {
    page.device.clock.pass(36_000)
    expect(page.engine.synced()).toBe(false)
    page.device.pass(25_000)
    await until(() => page.engine.synced())
  })

  it('[E13] a late reply that the customer overtook is held, and its author sees it so', async () => {
    page.actions.shows(conversationOf(edge, 0).user, 1)
    offline()
    await rest()
    await page.actions.send(id, 'We open at 9')
    edge.inbound(customer(0), 'Never mind')
    await online()
    await confirmed()
    await until(async () => (await page.open(id))?.confirmed.length === 3)
    expect((await page.open(id))?.confirmed.at(-1)).toMatchObject({
      delivery: { state: 'held', why: 'customer wrote' },
    })
    expect((await page.open(id))?.conversation.trouble).toBe('held')
  })

  it('[DC25] an opt-out by hand takes the sign off every conversation in which a reply was held, also offline', async () => {
    await replyTooLate('Overtaken')
    const person = edge.row<MobileUser>('mobileUsers', conversationOf(edge, 0).user)
    if (!person) throw new Error('There is no such person.')
    offline()
    await page.actions.consent(person, true)
    expect((await page.open(id))?.conversation.trouble).toBeNull()
  })

  it('[E13] [DC1] a held reply that was split comes back into the box whole, whichever text of it was pressed', async () => {
    const settings = edge.row<Settings>('settings', 'account')
    if (!settings) throw new Error('There are no settings.')
    edge.commit([{ kind: 'row', table: 'settings', row: { ...settings, longMessages: 'split' } }])
    const text = 'abcdefghij'.repeat(30)
    await replyTooLate(text)
    page.typing.follow()
    const texts = (await page.open(id))?.confirmed.slice(-2).map((entry) => entry.id) ?? []
    expect(await page.actions.discardHeld(id, texts[0] as EntryId, true)).toMatchObject({ ok: true })
    await until(() => page.typing.read(id, 'reply') === text)
    await confirmed()
    expect((await page.open(id))?.confirmed.slice(-2)).toMatchObject(
      texts.map((entry) => ({ id: entry, delivery: { state: 'discarded' } })),
    )
  })

  async function replyTooLate(text: string): Promise<void> {
    offline()
    await page.actions.send(id, text)
    edge.inbound(customer(0), 'Never mind')
    await online()
    await confirmed()
    await until(async () => (await page.open(id))?.conversation.trouble === 'held')
  }
})

describe('refusals', () => {
  it('[P5] a refused change leaves what waits, stays in sight with its reason, and its text stands in the box', async () => {
    // Sam's end is on its way to this device when the reply is pressed: not late, so refused.
    edge.mute.add('frame')
    edge.act('sam' as never, { name: 'EndConversation', conversation: id })
    page.typing.set(id, 'reply', 'Still there?')
    expect(await page.actions.send(id, 'Still there?')).toMatchObject({ ok: true })
    expect(page.typing.read(id, 'reply')).toBe('')
    page.typing.follow()
    await until(() => edge.commands().length === 1)
    edge.mute.clear()
    edge.cut()
    await rest()
    await online()
    await confirmed()
    expect(await page.store.read((tx) => tx.all('refusals'))).toMatchObject([
      { code: 'closed', text: 'Sam ended this conversation.', command: { text: 'Still there?' } },
    ])
    await until(() => page.typing.read(id, 'reply') === 'Still there?')
    const [refusal] = await page.store.read((tx) => tx.all('refusals'))
    if (refusal) await page.actions.cancel(refusal.id)
    expect(await page.store.read((tx) => tx.all('refusals'))).toEqual([])
  })
})

describe('starting', () => {
  const number = 'n13095550100' as never

  it('[E14] an unsent conversation is local until its first message, and keeps its id', async () => {
    const started = await page.actions.start(number, '(309) 555-7777')
    if (!started.ok) throw new Error(started.text)
    const fresh = started.conversation
    expect(await page.actions.start(number, '+13095557777')).toEqual(started)
    expect(await page.open(fresh)).toMatchObject({ unsent: true, conversation: { no: null } })
    expect(edge.commands()).toHaveLength(0)
    offline()
    await page.actions.send(fresh, 'Hello there')
    await page.actions.send(fresh, 'And this')
    expect((await page.open(fresh))?.waiting).toHaveLength(2)
    await online()
    await confirmed()
    expect(edge.commands().map(({ command }) => command.name)).toEqual(['StartConversation', 'SendReply'])
    const open = await page.open(fresh)
    expect(open).toMatchObject({ unsent: false, conversation: { id: fresh, preview: 'And this' } })
    expect(open?.confirmed).toHaveLength(2)
    expect(await page.store.read((tx) => tx.all('locals'))).toEqual([])
  })

  it('[DC24] a pair that has an open conversation is answered with that one', async () => {
    expect(await page.actions.start(number, customer(0))).toEqual({ ok: true, conversation: id })
    expect(await page.actions.start(number, 'nonsense!')).toMatchObject({ ok: false })
  })

  it('[E14] the first message to somebody whose conversation has ended says how far their thread was held', async () => {
    edge.act('sam' as never, { name: 'EndConversation', conversation: id })
    await until(async () => (await page.open(id))?.conversation.status === 'closed')
    offline()
    const started = await page.actions.start(number, customer(0))
    if (!started.ok) throw new Error(started.text)
    await page.actions.send(started.conversation, 'Hello again')
    const thread = await page.open(id)
    const last = Math.max(...(thread?.confirmed ?? []).map(({ order }) => order))
    expect(last).toBeGreaterThan(0)
    expect(await page.pending()).toMatchObject([{ command: { name: 'StartConversation' }, seen: last }])
  })

  it('[E14] cancelling the first message takes the later ones with it', async () => {
    offline()
    const started = await page.actions.start(number, '+13095557777')
    if (!started.ok) throw new Error(started.text)
    await page.actions.send(started.conversation, 'Hello there')
    await page.actions.send(started.conversation, 'And this')
    await page.actions.cancel((await page.pending())[0]?.id ?? ('' as never))
    expect(await page.pending()).toEqual([])
    expect(await page.open(started.conversation)).toMatchObject({ unsent: true, waiting: [] })
  })
})
