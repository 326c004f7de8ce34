import type {
  AgentId,
  ChannelId,
  ConversationId,
  EntryId,
  GroupId,
  MobileUserId,
  NumberId,
} from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { decide } from '#shared/core/decide.ts'
import { fold } from '#shared/core/fold.ts'
import type { Input, InputOf, Receipt } from '#shared/core/input.ts'
import {
  isRefusal,
  type Change,
  type Context,
  type Decision,
  type Effect,
  type Verdict,
} from '#shared/core/outcome.ts'
import type { Refusal } from '#shared/core/refusal.ts'
import type { World } from '#shared/core/world.ts'
import type { Delivery } from '#shared/model/delivery.ts'
import type { Entry, Inbound, Outbound, Thread } from '#shared/model/entry.ts'
import type { Press } from '#shared/rules/guard.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { Settings } from '#shared/rows/settings.ts'
import { morning } from './clock.ts'
import { seededIds } from './random.ts'

/**
 * A small company to decide things in: Northwind Auto with Maya and Sam, the groups Sales (both) and Service
 * (Sam), a number without an owner and one of group Service, and one customer, Jo.
 */
export const maya = 'maya' as AgentId
export const sam = 'sam' as AgentId
export const admin = 'admin' as AgentId
export const gone = 'gone' as AgentId
export const sales = 'sales' as GroupId
export const service = 'service' as GroupId
export const salesNumber = 'n13095550100' as NumberId
export const serviceNumber = 'n13095550101' as NumberId
export const channel = 'northwind' as ChannelId
export const otherChannel = 'northwind-twilio' as ChannelId
export const jo = 'up13095551212' as MobileUserId
export const joAddress = '+13095551212'

const ids = seededIds(7)
export const talk: ConversationId = ids.conversation()
export const otherTalk: ConversationId = ids.conversation()

/** The entry by which Jo opted out, where a test begins after that. */
export const stop: EntryId = ids.entry()

export const settings: Settings = {
  id: 'account',
  name: 'Northwind Auto',
  timeZone: 'America/Chicago',
  longMessages: 'concatenate',
  optIn: 'automatic',
  optOutWords: 'guide',
  emoji: 'refuse',
  waitingMinutes: 15,
}

const people: Agent[] = [
  { id: maya, name: 'Maya', email: 'maya@demo.test', role: 'agent', groups: [sales], active: true },
  { id: sam, name: 'Sam', email: 'sam@demo.test', role: 'agent', groups: [sales, service], active: true },
  { id: admin, name: 'Admin', email: 'admin@demo.test', role: 'admin', groups: [], active: true },
  { id: gone, name: 'Gone', email: 'gone@demo.test', role: 'agent', groups: [sales], active: false },
]

export function number(id: NumberId, more: Partial<CompanyNumber> = {}): CompanyNumber {
  return {
    id,
    address: `+${id.slice(1)}`,
    name: id,
    channel,
    active: true,
    agent: null,
    group: null,
    longMessages: null,
    confirmation: 'carrier',
    help: null,
    ...more,
  }
}

export function customer(more: Partial<MobileUser> = {}): MobileUser {
  return {
    id: jo,
    address: joAddress,
    firstName: 'Jo',
    lastName: 'Smith',
    companyName: '',
    optedOut: null,
    ...more,
  }
}

/** An open conversation with Jo on the sales number, owned by nobody. */
export function conversation(more: Partial<Conversation> = {}): Conversation {
  return {
    id: talk,
    no: 1001,
    user: jo,
    number: salesNumber,
    status: 'open',
    agent: null,
    group: null,
    startedAt: morning - 3_600_000,
    closedAt: null,
    closedBy: null,
    lastAt: morning - 60_000,
    lastBy: 'customer',
    preview: 'Hello?',
    inboundOrder: 1,
    followUp: false,
    trouble: null,
    ...more,
  }
}

export function closed(more: Partial<Conversation> = {}): Conversation {
  return conversation({ status: 'closed', closedAt: morning - 1000, closedBy: sam, ...more })
}

/** An empty account with its people and numbers and nothing going on. */
export function company(more: Partial<World> = {}): World {
  return {
    whole: true,
    settings,
    agents: new Map(people.map((person) => [person.id, person])),
    groups: new Map([sales, service].map((id) => [id, { id, name: id === sales ? 'Sales' : 'Service' }])),
    numbers: new Map([
      [salesNumber, number(salesNumber)],
      [serviceNumber, number(serviceNumber, { group: service })],
    ]),
    conversation: null,
    openOfPair: null,
    others: [],
    user: null,
    thread: null,
    text: null,
    view: null,
    claimed: new Set(),
    nextNo: 1001,
    ...more,
  }
}

/** The world of an input about the conversation with Jo, with what stands in the thread. */
export function talking(entries: readonly Entry[] = [inbound(1)], more: Partial<World> = {}): World {
  const row = conversation()
  return company({
    conversation: row,
    openOfPair: row,
    user: customer(),
    thread: threadOf(entries),
    nextNo: 1002,
    ...more,
  })
}

export function threadOf(entries: readonly Entry[]): Thread {
  return { next: Math.max(0, ...entries.map(({ order }) => order)) + 1, entries: [...entries] }
}

const entryIds = seededIds(11)
const common = (order: number) => ({
  id: entryIds.entry(),
  order,
  at: morning - 60_000 + order,
  conversation: talk,
})

export function inbound(order: number, more: Partial<Inbound> = {}): Inbound {
  return { ...common(order), kind: 'inbound', text: `Question ${order}`, media: [], cut: false, ...more }
}

export function reply(
  order: number,
  by: AgentId | null,
  state: Delivery['state'] = 'sent',
  more: Partial<Outbound> = {},
): Outbound {
  return {
    ...common(order),
    kind: 'outbound',
    by,
    text: `Answer ${order}`,
    parts: 1,
    delivery: inState(state),
    ...more,
  }
}

export function note(order: number, by: AgentId, more: Partial<Entry> = {}): Entry {
  return { ...common(order), kind: 'note', by, text: 'Between us', ...more } as Entry
}

export function system(order: number, by: AgentId): Entry {
  return { ...common(order), kind: 'system', note: { what: 'transferred', by, agent: sam, group: null } }
}

/** A delivery in a state, with the facts that the state has. */
export function inState(state: Delivery['state']): Delivery {
  const at = morning - 30_000
  switch (state) {
    case 'held':
      return { state, at, why: 'customer wrote', text: 'Wait' }
    case 'undelivered':
    case 'failed':
    case 'refused':
      return { state, at, code: '30003', text: 'Unreachable' }
    case 'scheduled':
      return { state, at, due: morning + 3_600_000 }
    default:
      return { state, at }
  }
}

/** A press on a device that is caught up, or was a moment ago. */
export const live: Press = { seen: 0, synced: true, waited: 0 }
/** A press without a connection. */
export const offline: Press = { seen: 0, synced: false, waited: 60_000 }

const commandIds = seededIds(13)

export function ask(
  actor: AgentId,
  command: Command,
  press: Press = live,
  wroteAt?: number,
): InputOf<'command'> {
  return {
    kind: 'command',
    actor,
    id: commandIds.command(),
    command,
    press,
    ...(wroteAt === undefined ? {} : { wroteAt }),
  }
}

export function arrive(text: string, more: Partial<InputOf<'inbound'>> = {}): InputOf<'inbound'> {
  return {
    kind: 'inbound',
    channel,
    carrierId: 'in-1',
    from: joAddress,
    to: '+13095550100',
    text,
    media: [],
    ...more,
  }
}

export function tell(message: EntryId, receipt: Receipt): InputOf<'receipt'> {
  return { kind: 'receipt', channel, carrierId: 'out-1', message, receipt }
}

/** The context of a decision: the morning, and ids that a run repeats. */
export function context(now: number = morning, seed = 17): Context {
  return { now, ids: seededIds(seed) }
}

/** The decision, where there must be one: a refusal fails the test with its text. */
export function decided(world: World, input: Input, at: Context = context()): Decision {
  const verdict = decide(world, input, at)
  if (isRefusal(verdict)) throw new Error(`Refused as "${verdict.code}": ${verdict.text}`)
  return verdict
}

/** The refusal, where there must be one. */
export function refused(world: World, input: Input, at: Context = context()): Refusal {
  const verdict = decide(world, input, at)
  if (!isRefusal(verdict)) throw new Error(`Not refused: ${JSON.stringify(verdict).slice(0, 500)}`)
  return verdict
}

/** The world after an input that must not be refused. */
export function after(world: World, input: Input, at: Context = context()): World {
  return fold(world, decided(world, input, at).changes)
}

/** In one word what became of a text that was sent: `accepted`, `held` or the code of the refusal. */
export function fate(verdict: Verdict): string {
  if (isRefusal(verdict)) return verdict.code
  const [text] = entriesOf(verdict.changes).filter((entry) => entry.kind === 'outbound')
  return text?.delivery.state ?? 'nothing'
}

export function entriesOf(changes: readonly Change[]): Entry[] {
  return changes.flatMap((change) => (change.kind === 'entry' ? [change.entry] : []))
}

/** The last state of a conversation's row among changes; fails where there is none. */
export function rowOf(changes: readonly Change[], id?: ConversationId): Conversation {
  const rows = changes.flatMap((change) =>
    change.kind === 'row' && change.table === 'conversations' && (!id || change.row.id === id)
      ? [change.row]
      : [],
  )
  const row = rows.at(-1)
  if (!row) throw new Error('No conversation changed.')
  return row
}

export function userOf(changes: readonly Change[]): MobileUser | null {
  return (
    changes
      .flatMap((change) => (change.kind === 'row' && change.table === 'mobileUsers' ? [change.row] : []))
      .at(-1) ?? null
  )
}

/** What each text's delivery became, by entry. */
export function deliveriesOf(changes: readonly Change[]): Map<EntryId, Delivery> {
  return new Map(
    changes.flatMap((change) =>
      change.kind === 'delivery' ? [[change.entry, change.delivery] as const] : [],
    ),
  )
}

export function effectsOf<Kind extends Effect['kind']>(
  decision: Decision,
  kind: Kind,
): Extract<Effect, { kind: Kind }>[] {
  return decision.effects.filter((effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind)
}

/** The texts that an input handed to the outbox. */
export function leaving(decision: Decision): string[] {
  return effectsOf(decision, 'hand over').map(({ text }) => text)
}
