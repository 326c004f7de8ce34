import { evictDurableObject } from 'cloudflare:test'
import { fromBase64, toBase64 } from 'lib0/buffer'
import { conversationId, type AgentId, type ConversationId } from '#shared/base/ids.ts'
import {
  clocksOf,
  editDraft,
  encodeDraft,
  encodeOwn,
  mergeDraft,
  openDraft,
  placeAt,
  readDraft,
  textBeyond,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import { draftName, type DraftKind, type DraftPlace } from '#shared/wire/draft.ts'
import type { DraftState } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { draftCrashPoints } from '#worker/account/crash-points.ts'
import { DevAccount } from '#worker/dev/dev-account.ts'
import { FakeCarrier } from './carrier.ts'
import { admin, Company, eventually, freshId, maya, sam, type Client } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => {
  carrier.remove()
  DevAccount.crash = null
})

/** An agent's device with one box open, as a careful client drives it. */
class Device {
  readonly client: Client
  readonly box: { conversation: ConversationId; kind: DraftKind }
  readonly id: number
  epoch: number | null = null
  doc: DraftDoc = openDraft([])

  constructor(client: Client, conversation: ConversationId, kind: DraftKind, id: number) {
    this.client = client
    this.box = { conversation, kind }
    this.id = id
  }

  /** Opens the box and takes what the edge answers. */
  async open(): Promise<DraftState> {
    const before = this.told().length
    this.client.say({
      t: 'open draft',
      ...this.box,
      epoch: this.epoch,
      clients: [this.id],
      clocks: clocksOf(this.doc),
    })
    const answer = await this.client.until(() => this.told()[before])
    if (answer.epoch !== this.epoch) this.doc = openDraft([])
    this.epoch = answer.epoch
    mergeDraft(this.doc, [fromBase64(answer.update ?? '')])
    return answer
  }

  told(): DraftState[] {
    return this.client.heard.filter((message) => message.t === 'draft')
  }

  /** Types at a place, and answers the bytes without having sent them. */
  type(at: number, insert: string): Uint8Array {
    return editDraft(this.doc, this.id, { at, remove: 0, insert })
  }

  send(bytes: Uint8Array): void {
    this.client.say({ t: 'update', doc: draftName(this.box, this.epoch ?? 0), update: toBase64(bytes) })
  }

  async kept(times = 1): Promise<void> {
    await this.client.until((c) => c.heard.filter(({ t }) => t === 'draft kept').length >= times)
  }

  async refused(): Promise<string> {
    const found = await this.client.until((c) => c.heard.findLast((m) => m.t === 'draft refused'))
    return found.code
  }

  /** What others have written since. */
  async hears(): Promise<string> {
    const updates = await this.client.until((c) => {
      const found = c.heard.flatMap((m) => (m.t === 'draft update' ? [fromBase64(m.update)] : []))
      return found.length > 0 && found
    })
    mergeDraft(this.doc, updates)
    return readDraft(this.doc)
  }
}

async function companyWithTalk(name: string): Promise<{ company: Company; talk: ConversationId }> {
  const company = await Company.found(name)
  await company.inbound('m1', 'Is it still there?')
  const [row] = await company.conversations()
  return { company, talk: conversationId.parse(row?.id) }
}

let nextId = 100
async function device(
  company: Company,
  agent: AgentId,
  talk: ConversationId,
  kind: DraftKind = 'reply',
): Promise<Device> {
  return new Device(await company.connect(agent), talk, kind, nextId++)
}

const draftOf = (talk: ConversationId, { epoch, doc }: Device) => ({
  draft: { epoch: epoch ?? 0, seen: clocksOf(doc) },
})

describe('a draft at the edge', () => {
  it('[E15] what one device types stands on another at once, and on one that comes later or after an eviction', async () => {
    const { company, talk } = await companyWithTalk('drafts-shared')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    await one.open()
    await two.open()
    one.send(one.type(0, 'Yes'))
    await one.kept()
    expect(await two.hears()).toBe('Yes')
    two.send(two.type(3, ', it is.'))
    await two.kept()
    expect(await one.hears()).toBe('Yes, it is.')
    // Nobody hears their own.
    expect(one.client.heard.filter(({ t }) => t === 'draft update')).toHaveLength(1)
    await evictDurableObject(company.live)
    const three = await device(company, maya, talk)
    await three.open()
    expect(readDraft(three.doc)).toBe('Yes, it is.')
    // Those who followed before the object slept still do.
    three.send(three.type(0, 'Oh. '))
    await two.client.until((c) => c.heard.filter(({ t }) => t === 'draft update').length === 2)
  })

  it('a cursor is told to those who follow the draft, under the name of whose session it is, and stored nowhere', async () => {
    const { company, talk } = await companyWithTalk('drafts-carets')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    const elsewhere = await device(company, sam, talk, 'note')
    for (const each of [one, two, elsewhere]) await each.open()
    const carets = ({ client }: Device) =>
      client.heard.flatMap((message) => (message.t === 'carets' ? message.moved : []))
    const move = (device: Device, at: DraftPlace | null, epoch = device.epoch ?? 0) =>
      device.client.say({ t: 'caret', ...device.box, epoch, at })
    one.send(one.type(0, 'Yes'))
    await one.kept()
    const stored = () =>
      company.query(`SELECT (SELECT count(*) FROM draft_updates) AS updates,
        (SELECT count(*) FROM commits) AS commits, (SELECT count(*) FROM rows) AS rows`)
    const before = await stored()
    for (const offset of [1, 2, 3]) move(one, placeAt(one.doc, offset))
    // A pretended name is nothing that the protocol has.
    one.client.say(JSON.stringify({ t: 'caret', ...one.box, epoch: one.epoch, at: 'start', agent: 'admin' }))
    await two.client.until(() => carets(two).length > 0)
    expect(carets(two)).toEqual([{ agent: maya, at: 'start' }])
    expect(await stored()).toEqual(before)
    // Who comes later is told where everybody stands.
    const three = await device(company, sam, talk)
    await three.open()
    expect(await three.client.until(() => carets(three)[0])).toEqual({ agent: maya, at: 'start' })
    // Not of another epoch, and not from who does not follow the box.
    move(one, 'start', 12345)
    move(await device(company, admin, talk), 'start', one.epoch ?? 0)
    move(two, placeAt(two.doc, 0))
    await one.client.until(() => carets(one).some(({ agent }) => agent === sam))
    one.client.socket.close()
    await two.client.until(() => carets(two).some(({ agent, at }) => agent === maya && at === null))
    expect(carets(two).map(({ agent }) => agent)).not.toContain(admin)
    expect(carets(elsewhere)).toEqual([])
  })

  it('[E15] two who wrote without a connection both have everything once they are back', async () => {
    const { company, talk } = await companyWithTalk('drafts-merge')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    await one.open()
    one.send(one.type(0, 'Yes.'))
    await one.kept()
    await two.open()
    two.type(4, ' At nine.')
    one.type(0, 'Hello. ')
    one.send(editsOf(one))
    await one.kept(2)
    two.send(editsOf(two))
    await two.kept()
    const three = await device(company, admin, talk)
    await three.open()
    expect(readDraft(three.doc)).toBe('Hello. Yes. At nine.')
  })

  it('[E15] sending closes the epoch, everybody who follows is told, and what missed it is known', async () => {
    const { company, talk } = await companyWithTalk('drafts-closing')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    const away = await device(company, admin, talk)
    await one.open()
    await two.open()
    await away.open()
    one.send(one.type(0, 'Yes'))
    expect(await two.hears()).toBe('Yes')
    const late = two.type(3, ' please')
    const ack = await one.client.ack(
      one.client.command({ name: 'SendReply', conversation: talk, text: 'Yes' }, draftOf(talk, one)),
    )
    expect(ack.refusal).toBeNull()
    const told = await two.client.until(() => two.told()[1])
    expect(told).toMatchObject({ epoch: ack.draft, update: null, closed: { epoch: 0 } })
    expect(textBeyond(two.doc, [two.id], told.closed?.seen ?? {})).toBe(' please')
    // Sent all the same, it is answered by how things stand, and stands in nobody's next text.
    two.send(late)
    const again = await two.client.until(() => two.told()[2])
    expect(again).toMatchObject({
      epoch: ack.draft,
      clocks: {},
      closed: { epoch: 0, seen: told.closed?.seen },
    })
    // A device that was away learns it when it opens the box again.
    expect(await away.open()).toMatchObject({
      epoch: ack.draft,
      closed: { epoch: 0, seen: clocksOf(one.doc) },
    })
    expect(readDraft(away.doc)).toBe('')
  })

  it('[E15] a text from an epoch that is over closes nothing, and a refused one neither', async () => {
    const { company, talk } = await companyWithTalk('drafts-stay')
    const one = await device(company, maya, talk)
    await one.open()
    one.send(one.type(0, 'Yes'))
    await one.kept()
    const { client } = one
    const refused = await client.ack(
      client.command({ name: 'SendReply', conversation: talk, text: '' }, draftOf(talk, one)),
    )
    expect([refused.refusal?.code, refused.draft]).toEqual(['empty', undefined])
    const first = await client.ack(
      client.command({ name: 'SendReply', conversation: talk, text: 'Yes' }, draftOf(talk, one)),
    )
    const second = await client.ack(
      client.command({ name: 'SendReply', conversation: talk, text: 'And no' }, draftOf(talk, one)),
    )
    expect(second.draft).toBe(first.draft)
    // A note ends the note's epoch, not the reply's.
    const note = await device(company, maya, talk, 'note')
    await note.open()
    const noted = await note.client.ack(
      note.client.command({ name: 'AddNote', conversation: talk, text: 'Hm' }, draftOf(talk, note)),
    )
    expect(noted.draft).toBeGreaterThan(first.draft ?? 0)
    expect((await one.open()).epoch).toBe(first.draft)
  })

  it('[E14] a draft is found under the unsent name of the conversation that its first message joined', async () => {
    const { company, talk } = await companyWithTalk('drafts-alias')
    const client = await company.connect(maya)
    const unsent = conversationId.parse(freshId('c'))
    const started = await client.ack(
      client.command({
        name: 'StartConversation',
        conversation: unsent,
        number: 'n13095550100' as never,
        to: '+13125550142',
        text: 'Hello',
      }),
    )
    expect(started).toMatchObject({ refusal: null, conversation: talk, draft: 0 })
    const one = await device(company, sam, talk)
    await one.open()
    one.send(one.type(0, 'Joined'))
    await one.kept()
    client.say({ t: 'open draft', conversation: unsent, kind: 'reply', epoch: null, clients: [], clocks: {} })
    const answer = await client.until((c) => c.heard.find((m) => m.t === 'draft'))
    expect(answer.conversation).toBe(talk)
    expect(readDraft(openDraft([fromBase64(answer.update ?? '')]))).toBe('Joined')
  })
})

describe('the border', () => {
  it('[E15] a Yjs client id belongs to who used it first in an epoch', async () => {
    const { company, talk } = await companyWithTalk('drafts-ids')
    const one = await device(company, maya, talk)
    await one.open()
    one.send(one.type(0, 'Mine'))
    await one.kept()
    const thief = new Device(await company.connect(sam), talk, 'reply', one.id)
    thief.client.say({ t: 'open draft', ...thief.box, epoch: 0, clients: [one.id], clocks: {} })
    expect(await thief.refused()).toBe('not yours')
    thief.epoch = 0
    mergeDraft(thief.doc, [encodeDraft(one.doc)])
    thief.send(thief.type(4, ' too'))
    await thief.client.until((c) => c.heard.filter(({ t }) => t === 'draft refused').length === 2)
    // Maya's other device may go on under it.
    const other = new Device(await company.connect(maya), talk, 'reply', one.id)
    await other.open()
    expect(readDraft(other.doc)).toBe('Mine')
    other.send(other.type(4, ' alone'))
    await other.kept()
  })

  it('[fault Y1] [fault Y2] [fault Y3] hostile bytes are refused, leave no trace and reach nobody', async () => {
    const { company, talk } = await companyWithTalk('drafts-hostile')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    await one.open()
    await two.open()
    one.send(Uint8Array.from([1, 255, 255, 255, 255, 15, 0, 0]))
    expect(await one.refused()).toBe('malformed')
    const gap = new Device(one.client, talk, 'reply', 7)
    gap.epoch = 0
    gap.type(0, 'a')
    gap.send(gap.type(1, 'b'))
    await one.client.until((c) => c.heard.filter((m) => m.t === 'draft refused' && m.code === 'gap')[0])
    one.send(one.type(0, 'x'.repeat(limits.draftUpdate + 1)))
    await one.client.until((c) => c.heard.filter((m) => m.t === 'draft refused' && m.code === 'too large')[0])
    expect(await company.query(`SELECT * FROM draft_updates`)).toEqual([])
    expect(await company.query(`SELECT * FROM draft_writers`)).toEqual([])
    two.send(two.type(0, 'Fine'))
    await two.kept()
    expect(two.client.heard.some(({ t }) => t === 'draft update')).toBe(false)
    // A name of no document is no protocol.
    one.client.say({ t: 'update', doc: 'draft:nobody:reply:0', update: 'AAA=' })
    expect((await one.client.untilClosed()).code).toBe(4400)
  })

  it('[E7] an agent who was put out hears and writes no draft any more', async () => {
    const { company, talk } = await companyWithTalk('drafts-rights')
    const one = await device(company, sam, talk)
    await one.open()
    await company.live.found(
      'drafts-rights',
      [
        {
          table: 'agents',
          row: { id: sam, name: 'Sam', email: 'sam@x.test', role: 'agent', groups: [], active: false },
        },
      ],
      [],
    )
    one.client.say({ t: 'open draft', ...one.box, epoch: 0, clients: [], clocks: {} })
    one.send(one.type(0, 'Still here?'))
    await eventually(async () => one.client.closed ?? one.client.heard.some((m) => m.t === 'draft refused'))
    expect(await company.query(`SELECT * FROM draft_updates`)).toEqual([])
  })

  it('[E30] a socket follows at most twenty drafts, and room is made by leaving one', async () => {
    const { company } = await companyWithTalk('drafts-many')
    for (let index = 0; index < 11; index++)
      await company.inbound(`p${index}`, 'Hi', { from: `+1309555${2000 + index}` })
    const talks = (await company.conversations()).map(({ id }) => conversationId.parse(id))
    const client = await company.connect(maya)
    const open = (conversation: ConversationId, kind: DraftKind) =>
      client.say({ t: 'open draft', conversation, kind, epoch: null, clients: [], clocks: {} })
    for (const talk of talks.slice(0, 10)) {
      open(talk, 'reply')
      open(talk, 'note')
    }
    await client.until((c) => c.heard.filter(({ t }) => t === 'draft').length === 20)
    const [extra, first] = [talks[10], talks[0]]
    if (!extra || !first) throw new Error('Too few conversations.')
    open(extra, 'reply')
    const refused = await client.until((c) => c.heard.find((m) => m.t === 'draft refused'))
    expect(refused).toMatchObject({ conversation: extra, code: 'too many' })
    client.say({ t: 'close draft', conversation: first, kind: 'reply' })
    open(extra, 'reply')
    await client.until((c) => c.heard.filter(({ t }) => t === 'draft').length === 21)
  })
})

describe('what is stored', () => {
  it('[E15] a long log becomes one row, and the text is the same', async () => {
    const { company, talk } = await companyWithTalk('drafts-fold')
    // Two sockets, because one may not say so much at once.
    const devices = [await device(company, maya, talk), await device(company, sam, talk)]
    for (const one of devices) {
      await one.open()
      for (let count = 1; count <= 60; count++) {
        one.send(one.type(0, String(count % 10)))
        await one.kept(count)
      }
    }
    const rows = await company.query<{ n: number }>(`SELECT n FROM draft_updates ORDER BY n`)
    expect(rows.length).toBeLessThan(60)
    expect(rows.at(-1)?.n).toBe(120)
    await evictDurableObject(company.live)
    const later = await device(company, maya, talk)
    await later.open()
    const digits = '0987654321'.repeat(6)
    expect(readDraft(later.doc)).toBe(digits + digits)
  })

  it('[fault Y4] a damaged log begins the next epoch, and a device brings back what it wrote', async () => {
    const { company, talk } = await companyWithTalk('drafts-damaged')
    const one = await device(company, maya, talk)
    await one.open()
    one.send(one.type(0, 'Precious'))
    await one.kept()
    await company.write(`UPDATE draft_updates SET crc = crc + 1`)
    await evictDurableObject(company.live)
    const held = one.doc
    const again = new Device(await company.connect(maya), talk, 'reply', one.id)
    again.epoch = 0
    again.doc = openDraft([encodeDraft(held)])
    const answer = await again.open()
    expect(answer.epoch).toBeGreaterThan(0)
    expect(textBeyond(held, [one.id], answer.closed?.seen ?? { [one.id]: 1e6 })).toBe('Precious')
  })
})

describe('a crash', () => {
  const struck = new Set<string>()
  function arm(point: (typeof draftCrashPoints)[number], how: 'abort' | 'throw' = 'abort'): void {
    let done = false
    DevAccount.crash = (reached, account) => {
      if (done || reached !== point) return
      done = true
      struck.add(point)
      if (how === 'abort') account.die(`crash at ${point}`)
      throw new Error(`crash at ${point}`)
    }
  }

  it('[E15] [P8] an update that was logged and told to nobody is there, and is taken once more without a trace', async () => {
    const { company, talk } = await companyWithTalk('drafts-logged')
    const [one, two] = [await device(company, maya, talk), await device(company, sam, talk)]
    await one.open()
    await two.open()
    arm('draft-logged', 'throw')
    const bytes = one.type(0, 'Logged')
    one.send(bytes)
    await eventually(async () => struck.has('draft-logged'))
    await evictDurableObject(company.live)
    const again = new Device(await company.connect(maya), talk, 'reply', one.id)
    await again.open()
    expect(readDraft(again.doc)).toBe('Logged')
    expect([...one.client.heard, ...two.client.heard].filter(({ t }) => t.startsWith('draft '))).toEqual([])
    again.send(bytes)
    await again.kept()
    expect(await company.query(`SELECT n FROM draft_updates`)).toEqual([{ n: 1 }])
  })

  it('[E15] [P8] an update whose object died before the log was safe is written when the device says it again', async () => {
    const { company, talk } = await companyWithTalk('drafts-lost')
    const one = await device(company, maya, talk)
    await one.open()
    arm('draft-logged')
    one.send(one.type(0, 'Said twice'))
    await one.client.untilClosed()
    const again = new Device(await company.connect(maya), talk, 'reply', one.id)
    again.epoch = 0
    again.doc = one.doc
    await again.open()
    again.send(editsOf(again))
    await again.kept()
    await again.open()
    expect(readDraft(again.doc)).toBe('Said twice')
    expect(await company.query(`SELECT n FROM draft_updates`)).toEqual([{ n: 1 }])
  })

  it('[E15] [P8] an epoch that was closed and not acknowledged is closed once, and the repeated command says so', async () => {
    const { company, talk } = await companyWithTalk('drafts-closed')
    const one = await device(company, maya, talk)
    await one.open()
    one.send(one.type(0, 'Once'))
    await one.kept()
    arm('draft-closed')
    const id = one.client.command({ name: 'SendReply', conversation: talk, text: 'Once' }, draftOf(talk, one))
    await one.client.untilClosed()
    const client = await company.connect(maya, { client: one.client.client })
    const command = { name: 'SendReply' as const, conversation: talk, text: 'Once' }
    const ack = await client.ack(client.command(command, { id, ...draftOf(talk, one) }))
    expect(ack.draft).toBeGreaterThan(0)
    const again = new Device(client, talk, 'reply', one.id)
    again.epoch = 0
    expect(await again.open()).toMatchObject({ epoch: ack.draft, clocks: {}, closed: { epoch: 0 } })
    expect((await company.thread()).filter(({ kind }) => kind === 'outbound')).toHaveLength(1)
  })

  it('[P8] both places were reached', () => {
    expect([...struck].sort()).toEqual([...draftCrashPoints].sort())
  })
})

/** Everything that a device wrote, as it says it after a reconnect. */
function editsOf({ doc, id }: Device): Uint8Array {
  return encodeOwn(doc, [id], {})
}
