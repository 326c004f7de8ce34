import { describe, expect, it } from 'vitest'
import { listId, type CommandId, type MobileUserId } from '#shared/base/ids.ts'
import { enterRecipient } from '#shared/core/broadcast.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import type { World } from '#shared/core/world.ts'
import { previewBroadcast } from '#shared/rules/broadcast.ts'
import { listMost, noCounts } from '#shared/rules/list-limit.ts'
import { readNumbers } from '#shared/rules/list-numbers.ts'
import { may } from '#shared/rules/permissions.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import {
  ask,
  company,
  context,
  conversation,
  customer,
  decided,
  effectsOf,
  entriesOf,
  jo,
  joAddress,
  maya,
  number,
  offline,
  refused,
  rowOf,
  salesNumber,
  serviceNumber,
  settings,
  stop,
} from '#test/kit/worlds.ts'

const id = listId.parse(`l${'a'.repeat(26)}`)
const list = { id, name: 'Spring check', addToInbox: false, count: 2 }
const named = (members: MobileUserId[] = [], known: MobileUserId[] = []) => ({
  members: new Set(members),
  known: new Set(known),
})
const world = (more: Partial<World> = {}) =>
  company({ list, named: named(), settings: { ...settings, listLimit: 10 }, ...more })
const send = (more = {}) =>
  ask(maya, { name: 'SendBroadcast', list: id, number: salesNumber, text: 'Due.', expect: 2, ...more })
const rowsIn = (verdict: ReturnType<typeof decided>, table: string) =>
  verdict.changes.flatMap((change) => (change.kind === 'row' && change.table === table ? [change.row] : []))

describe('pasted numbers', () => {
  it('[F268] [DC18] are read by line and comma, in any usual form, and kept as E.164', () => {
    const read = readNumbers(
      '13095551212, (309) 555-1213\r\n+1 309.555.1214\n\n309-555-1215,\n+44 20 7946 0958',
    )
    expect(read.bad).toEqual([])
    expect(read.good.map(({ address }) => address)).toEqual([
      '+13095551212',
      '+13095551213',
      '+13095551214',
      '+13095551215',
      '+442079460958',
    ])
  })

  it('[DC18] bad ones are told one by one, with their line and the reason, and stop no other', () => {
    const read = readNumbers('3095551212\n5551212\nDana, 12345678901234567890\n309555121,3095551212')
    expect(read.good).toHaveLength(1)
    expect(read.repeated).toBe(1)
    expect(read.bad).toEqual([
      { line: 2, text: '5551212', reason: 'The area code is missing.' },
      { line: 3, text: 'Dana', reason: 'There are letters in it.' },
      {
        line: 3,
        text: '12345678901234567890',
        reason: 'There are too many digits: numbers have at most 15.',
      },
      { line: 4, text: '309555121', reason: 'There are too few digits.' },
    ])
  })
})

describe('a list', () => {
  const save = (expect: object | null, to: object) =>
    ask(maya, { name: 'SaveList', list: id, expect, to } as never)

  it('[F12] [F260] [F271] is an agent’s, with a friendly name that it keeps', () => {
    expect(may('agent', 'edit lists')).toBe(true)
    const to = { name: '  Spring  check ', addToInbox: true }
    expect(rowsIn(decided(world({ list: null }), save(null, to)), 'lists')).toEqual([
      { id, name: 'Spring check', addToInbox: true, count: 0 },
    ])
    expect(refused(world({ list: null }), save(null, { ...to, name: ' ' })).code).toBe('empty')
    expect(refused(world(), save(null, to)).code).toBe('taken')
  })

  it('two agents who change different things at once both succeed; of the same thing the second is told', () => {
    const seen = { name: 'Spring', addToInbox: false }
    const other = save(seen, { ...seen, addToInbox: true })
    expect(rowsIn(decided(world(), other), 'lists')).toMatchObject([
      { name: 'Spring check', addToInbox: true },
    ])
    expect(refused(world(), save(seen, { ...seen, name: 'Summer' })).text).toContain('"Spring check"')
  })

  it('[F274] numbers that nobody has texted with become mobile users, and each is on it once', () => {
    const add = ask(maya, {
      name: 'AddToList',
      list: id,
      addresses: [joAddress, '+13095551213', '+13095551214', joAddress],
    })
    const other = 'up13095551213' as MobileUserId
    const verdict = decided(world({ named: named([other], [jo]) }), add)
    expect(rowsIn(verdict, 'mobileUsers')).toMatchObject([{ id: 'up13095551214', firstName: '' }])
    expect(rowsIn(verdict, 'lists')).toMatchObject([{ count: 4 }])
    expect(effectsOf(verdict, 'join list')).toMatchObject([{ users: [jo, 'up13095551214'] }])
  })

  it('[F262] holds 10,000 numbers and not one more', () => {
    expect(listMost).toBe(10_000)
    const add = ask(maya, { name: 'AddToList', list: id, addresses: [joAddress] })
    expect(refused(world({ list: { ...list, count: 10_000 } }), add).code).toBe('list limit')
    expect(rowsIn(decided(world({ list: { ...list, count: 9_999 } }), add), 'lists')).toMatchObject([
      { count: 10_000 },
    ])
  })

  it('takes off only who is on it', () => {
    const remove = ask(maya, {
      name: 'RemoveFromList',
      list: id,
      users: [jo, 'up13095551299' as MobileUserId],
    })
    expect(rowsIn(decided(world({ named: named([jo]) }), remove), 'lists')).toMatchObject([{ count: 1 }])
  })
})

describe('a broadcast', () => {
  it('[F12] begins with the list’s name and options as they are, and with nothing handed over', () => {
    const verdict = decided(world(), send())
    expect(rowsIn(verdict, 'broadcasts')).toMatchObject([
      { listName: 'Spring check', by: maya, state: 'preparing', text: 'Due.', counts: { waiting: 2 } },
    ])
    expect(effectsOf(verdict, 'hand over')).toEqual([])
    expect(effectsOf(verdict, 'prepare')).toHaveLength(1)
  })

  it('[F263] [F264] the limit is 0 until the provider raises it, and 0 sends nothing', () => {
    const limited = (listLimit?: number) => world({ settings: { ...settings, listLimit } })
    for (const limit of [undefined, 0, 1]) expect(refused(limited(limit), send()).code).toBe('list limit')
    expect(isRefusal(decided(limited(2), send()))).toBe(false)
  })

  it('is refused where the list changed since it was looked at, and where it waited for a connection', () => {
    expect(refused(world(), send({ expect: 3 })).code).toBe('changed')
    expect(refused(world(), { ...send(), press: offline }).code).toBe('late')
    expect(refused(world(), send({ text: ' ' })).code).toBe('empty')
    expect(refused(world(), send({ text: 'Hi 😀' })).code).toBe('emoji')
  })

  const broadcast: Broadcast = {
    id: `b${'a'.repeat(26)}` as never,
    list: id,
    listName: list.name,
    addToInbox: true,
    number: serviceNumber,
    text: 'Hi {{First Name}}.',
    by: maya,
    at: 0,
    state: 'preparing',
    counts: noCounts,
  }
  const enter = (world: World, more: Partial<Broadcast> = {}) => {
    const service = world.numbers.get(serviceNumber) ?? number(serviceNumber)
    const entered = enterRecipient(world, { ...broadcast, ...more }, service, stop, context())
    if (!entered) throw new Error('Nobody was entered.')
    return entered
  }

  it('[F272] [F273] with Add to Inbox a recipient gets a conversation, or the text in the open one', () => {
    const fresh = enter(company({ user: customer() }))
    expect(rowOf(fresh.changes)).toMatchObject({
      number: serviceNumber,
      status: 'open',
      group: 'service',
      no: 1001,
    })
    expect(entriesOf(fresh.changes).at(-1)).toMatchObject({ kind: 'outbound', by: maya, text: 'Hi Jo.' })
    const open = conversation({ number: serviceNumber, agent: maya })
    const joined = enter(company({ user: customer(), openOfPair: open }))
    expect(rowOf(joined.changes)).toMatchObject({ id: open.id, agent: maya, preview: 'Hi Jo.' })
    expect(enter(company({ user: customer() }), { addToInbox: false }).changes).toEqual([])
  })

  it('[DC13] who opted out gets a line that says so, and nothing in the inbox', () => {
    const out = enter(company({ user: customer({ optedOut: { at: 1, word: 'STOP', cause: stop } }) }))
    expect(out).toMatchObject({ changes: [], delivery: { state: 'refused', code: 'opted out' } })
  })

  it('what does not fit one text for somebody fails for them alone', () => {
    const text = `{{First Name}}${'x'.repeat(150)}`
    const short = company({
      user: customer({ firstName: '' }),
      settings: { ...settings, longMessages: 'split' },
    })
    expect(enter(short, { text }).delivery.state).toBe('accepted')
    const long = { ...short, user: customer({ firstName: 'Bartholomew' }) }
    expect(enter(long, { text })).toMatchObject({
      delivery: { state: 'failed', code: 'too long' },
      changes: [],
    })
  })

  it('tells recipients, segments and who is skipped before SUBMIT', () => {
    const people = [
      customer(),
      customer({ optedOut: { at: 1, word: 'STOP', cause: stop } }),
      customer({ firstName: 'Ж' }),
    ]
    // One of 71 characters in UCS-2 takes two segments, in GSM-7 one.
    const text = `{{First Name}}${'x'.repeat(70)}`
    expect(previewBroadcast(text, people, 'concatenate', settings)).toEqual({
      recipients: 3,
      texts: 2,
      segments: 3,
      skipped: 1,
      failing: null,
    })
    expect(previewBroadcast(text, people, 'refuse', settings)).toMatchObject({
      texts: 1,
      failing: { count: 1 },
    })
  })
})

it('the press is the broadcast: its id comes from the command', () => {
  const press = send()
  const [row] = rowsIn(decided(world(), press), 'broadcasts')
  expect(row?.id).toBe(`b${(press.id as CommandId).slice(1)}`)
})
