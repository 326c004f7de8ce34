import type { AgentId, ChannelId, GroupId, NumberId, ViewId } from '#shared/base/ids.ts'
import type { Viewer } from '#shared/rules/criteria.ts'
import { allViews, ofNumber, viewOf, type View } from '#shared/rules/views.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Channel } from '#shared/rows/channel.ts'
import type { Group } from '#shared/rows/group.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import type { Settings } from '#shared/rows/settings.ts'
import { readSmall } from './rows.ts'
import type { Tx } from './store.ts'

/** Who and what the account consists of: the small tables that nearly every read needs. */
export interface Company {
  settings: Settings
  agents: ReadonlyMap<AgentId, Agent>
  groups: ReadonlyMap<GroupId, Group>
  numbers: ReadonlyMap<NumberId, CompanyNumber>
  channels: ReadonlyMap<ChannelId, Channel>
  /** Views that somebody edited or added, of those that this agent has. */
  views: readonly ViewRow[]
}

export async function readCompany(tx: Tx): Promise<Company> {
  const [settings, agents, groups, numbers, channels, views] = await Promise.all([
    readSmall(tx, 'settings'),
    readSmall(tx, 'agents'),
    readSmall(tx, 'groups'),
    readSmall(tx, 'numbers'),
    readSmall(tx, 'channels'),
    readSmall(tx, 'views'),
  ])
  return {
    settings: settings[0] ?? unknownSettings,
    agents: new Map(agents.map((row) => [row.id, row])),
    groups: new Map(groups.map((row) => [row.id, row])),
    numbers: new Map(numbers.map((row) => [row.id, row])),
    channels: new Map(channels.map((row) => [row.id, row])),
    views,
  }
}

/** Every view that this agent has, and one of each company number that texts come in on. */
export function viewsIn({ views, numbers }: Company): View[] {
  return [
    ...allViews(views),
    ...[...numbers.values()].flatMap((number) => (number.active ? ofNumber(number) : [])),
  ]
}

/** The view of an id, or null where there is none (any more). */
export function viewIn({ views, numbers }: Company, id: ViewId): View | null {
  const number = [...numbers.values()].find((row) => ofNumber(row).id === id)
  return number ? ofNumber(number) : viewOf(id, views)
}

export function viewerOf(company: Company, me: AgentId): Viewer {
  return { id: me, groups: company.agents.get(me)?.groups ?? [] }
}

/** Before the account's own settings came: whatever refuses least, since no rule refuses for what is unknown [E9]. */
export const unknownSettings: Settings = {
  id: 'account',
  name: '',
  timeZone: 'UTC',
  longMessages: 'concatenate',
  optIn: 'automatic',
  optOutWords: 'guide',
  emoji: 'send',
  waitingMinutes: 0,
}
