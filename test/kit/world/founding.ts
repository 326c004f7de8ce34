import {
  accountId,
  autoReplyId,
  channelId,
  type AccountId,
  type AgentId,
  type ChannelId,
  type GroupId,
  type NumberId,
} from '#shared/base/ids.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { AutoReply } from '#shared/rows/auto-reply.ts'
import type { Random } from '#test/kit/random.ts'

/** Who and what a company of the world consists of. */
export interface Plan {
  account: AccountId
  channel: ChannelId
  people: AgentId[]
  numbers: NumberId[]
  /** Tabs that each person has open at first. */
  tabs(agent: AgentId, random: Random): number
  /** Whoever has no database works on a memory store, which goes with the page [E16]. */
  withoutDatabase: AgentId | null
}

const [maya, sam, admin] = ['maya', 'sam', 'admin'] as AgentId[]

/**
 * Two companies that have the same customers. The second one has an agent and an id in common with the first, so
 * that nothing keeps them apart but the account [P7].
 */
export const plans: readonly Plan[] = [
  {
    account: accountId.parse('northwind'),
    channel: channelId.parse('northwind'),
    people: [maya, sam, admin].flatMap((id) => id ?? []),
    numbers: ['n13095550100', 'n13095550101'] as NumberId[],
    tabs: (agent, random) => (agent === maya ? 2 : agent === admin ? 1 + random.int(2) : 1),
    withoutDatabase: sam ?? null,
  },
  {
    account: accountId.parse('contoso'),
    channel: channelId.parse('contoso'),
    people: [maya].flatMap((id) => id ?? []),
    numbers: ['n13095550150'] as NumberId[],
    tabs: () => 1,
    withoutDatabase: null,
  },
]

export const customers = ['+13095551201', '+13095551202', '+13095551203']
/** A number that no company has: what is sent there is a stray. */
export const nobodysNumber = '+13095550199'

const [sales, service] = ['sales', 'service'] as GroupId[]

/** What a company begins with: its agents, numbers and groups, settings as the seed has them. */
export function foundingOf(
  { account, channel, people, numbers }: Plan,
  random: Random,
  now: number,
  answers = false,
): RowPut[] {
  const groups = [sales, service].flatMap((id) => (id ? [id] : []))
  return [
    {
      table: 'settings',
      row: {
        id: 'account',
        name: account,
        timeZone: 'America/Chicago',
        longMessages: random.pick(['refuse', 'concatenate', 'split']),
        optIn: random.pick(['automatic', 'automatic', 'manual']),
        optOutWords: 'guide',
        emoji: 'refuse',
        waitingMinutes: 15,
        listLimit: 100,
        ...(answers ? { autoReplies } : {}),
      },
    },
    ...people.map((id): RowPut => ({
      table: 'agents',
      row: {
        id,
        name: id,
        email: `${id}@demo.test`,
        role: id === 'admin' ? 'admin' : 'agent',
        groups: id === 'sam' ? groups : groups.slice(0, 1),
        active: true,
      },
    })),
    ...groups.map((id): RowPut => ({ table: 'groups', row: { id, name: id } })),
    { table: 'channels', row: { id: channel, carrier: 'simulator', reachable: true, since: now } },
    ...numbers.map((id, index) => numberPut(channel, id, index, true)),
  ]
}

/** What a text of an automatic answer begins with: nobody presses it. */
export const automatic = 'auto-reply'

/** By the time, twice in a conversation at most, and to some questions, whenever they come. */
const autoReplies: AutoReply[] = [
  {
    id: autoReplyId.parse(`r${'a'.repeat(26)}`),
    number: null,
    trigger: { kind: 'time', days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 0, timeZone: 'America/Chicago' },
    text: `${automatic} by the time`,
    most: 2,
    disabled: false,
  },
  {
    id: autoReplyId.parse(`r${'b'.repeat(26)}`),
    number: null,
    trigger: { kind: 'text', patterns: ['question #', 'question 1#', 'question 2#'], anywhere: false },
    text: `${automatic} to words`,
    most: null,
    disabled: false,
  },
]

/** The second number belongs to a group, and Parley itself confirms there. */
export function numberPut(channel: ChannelId, id: NumberId, index: number, active: boolean): RowPut {
  return {
    table: 'numbers',
    row: {
      id,
      address: addressOf(id),
      name: id,
      channel,
      active,
      agent: null,
      group: index === 0 ? null : (service ?? null),
      longMessages: null,
      confirmation: index === 0 ? 'carrier' : 'parley',
      help: index === 0 ? null : 'Northwind Auto: call us.',
    },
  }
}

export function addressOf(number: NumberId): string {
  return `+${number.slice(1)}`
}
