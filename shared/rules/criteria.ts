import * as z from 'zod/mini'
import { agentId, groupId, numberId, type AgentId, type GroupId } from '../base/ids.ts'
import type { Conversation } from '../rows/conversation.ts'
import type { MobileUser } from '../rows/mobile-user.ts'
import { foldText } from './search.ts'
import { whenUsed } from '../base/when-used.ts'

/** The most that a criterion names or says. Somebody who needs more than 100 numbers wants all of them. */
const most = { named: 100, words: 200 }

/** The orders in which a view can stand: the criterion Default "Sort By" [F73]. */
export const sorts = ['newest', 'oldest', 'waiting'] as const
export type Sort = (typeof sorts)[number]

/**
 * What a view takes [F73]. Within a criterion any of what it names is enough; all criteria must hold; an empty one
 * takes everything. `@me`, `@mine` and `@nobody` stand for whoever looks, so that one view serves every agent: no
 * id begins with `@`. A flag is no criterion [F80].
 */
export const criteria = whenUsed(() =>
  z.object({
    status: z.enum(['open', 'closed', 'any']),
    agents: z
      .array(z.union([z.literal('@me'), z.literal('@nobody'), agentId]))
      .check(z.maxLength(most.named)),
    groups: z
      .array(z.union([z.literal('@mine'), z.literal('@nobody'), groupId]))
      .check(z.maxLength(most.named)),
    numbers: z.array(numberId).check(z.maxLength(most.named)),
    lastRepliedBy: z.enum(['any', 'agent', 'customer']),
    /** Names or numbers of mobile users, with commas between them. */
    users: z.string().check(z.maxLength(most.words)),
    /** Words of a message. */
    text: z.string().check(z.maxLength(most.words)),
    /** Conversation ID#s, with commas or spaces between them. */
    ids: z.string().check(z.maxLength(most.words)),
    sort: z.enum(sorts),
  }),
)
export type Criteria = z.infer<typeof criteria>

export const everything: Criteria = {
  status: 'open',
  agents: [],
  groups: [],
  numbers: [],
  lastRepliedBy: 'any',
  users: '',
  text: '',
  ids: '',
  sort: 'newest',
}

export interface Viewer {
  id: AgentId
  groups: readonly GroupId[]
}

/** What of a conversation does not stand in its row. */
export interface Facts {
  viewer: Viewer
  user: MobileUser | null
  /** Its messages as `plain` says them, as far as they are held here. Asked for only where everything else holds. */
  said(): readonly string[]
}

/** Whether a conversation meets the criteria, for whoever looks. Pure: the same on every device that holds the same. */
export function matches(wanted: Criteria, row: Conversation, facts: Facts): boolean {
  return matchesRow(wanted, row, facts.viewer) && matchesWords(wanted, row, facts)
}

/** The criteria that the row alone answers. */
export function matchesRow(wanted: Criteria, row: Conversation, viewer: Viewer): boolean {
  if (wanted.status !== 'any' && row.status !== wanted.status) return false
  if (wanted.agents.length > 0 && !wanted.agents.some((agent) => isAgent(agent, row, viewer))) return false
  if (wanted.groups.length > 0 && !wanted.groups.some((group) => isGroup(group, row, viewer))) return false
  if (wanted.numbers.length > 0 && !wanted.numbers.includes(row.number)) return false
  if (wanted.lastRepliedBy !== 'any' && row.lastBy !== wanted.lastRepliedBy) return false
  const ids = idsIn(wanted)
  return ids.length === 0 || (row.no !== null && ids.includes(row.no))
}

function matchesWords(wanted: Criteria, row: Conversation, { user, said }: Facts): boolean {
  if (!matchesUser(wanted.users, user)) return false
  const words = plain(wanted.text)
  return words === '' || plain(row.preview).includes(words) || said().some((text) => text.includes(words))
}

/** Whether somebody is one of those who are looked for by name or number; everybody is where nobody is looked for. */
export function matchesUser(users: string, user: MobileUser | null): boolean {
  const wanted = terms(users)
  return wanted.length === 0 || wanted.some((term) => isUser(term, user))
}

/** The Conversation ID#s that the criteria name; none where any will do. What is no number is left out. */
export function idsIn({ ids }: Criteria): number[] {
  return (ids.match(/\d{1,15}/gu) ?? []).map(Number)
}

/** Whether two sets of criteria take the same, so far as can be told without looking. */
export function isSameCriteria(left: Criteria, right: Criteria): boolean {
  return JSON.stringify(inOrder(left)) === JSON.stringify(inOrder(right))
}

/** Words as they are compared: without case, accents and doubled spaces. */
export function plain(text: string): string {
  return foldText(text).replace(/\s+/gu, ' ').trim()
}

function isAgent(agent: Criteria['agents'][number], row: Conversation, viewer: Viewer): boolean {
  if (agent === '@nobody') return row.agent === null
  return row.agent === (agent === '@me' ? viewer.id : agent)
}

function isGroup(group: Criteria['groups'][number], row: Conversation, viewer: Viewer): boolean {
  if (group === '@nobody') return row.group === null
  if (group === '@mine') return row.group !== null && viewer.groups.includes(row.group)
  return row.group === group
}

/** A name by any part of it; a number by any run of its digits, in whatever form it was typed. */
function isUser(term: string, user: MobileUser | null): boolean {
  if (user === null) return false
  if (plain(`${user.firstName} ${user.lastName} ${user.companyName}`).includes(term)) return true
  const digits = /^[\d\s()+.-]+$/u.test(term) ? term.replace(/\D/gu, '') : ''
  return digits === ''
    ? user.address.toLowerCase() === term
    : user.address.replace(/\D/gu, '').includes(digits)
}

function terms(text: string): string[] {
  return text
    .split(/[,;\n]/u)
    .map(plain)
    .filter((term) => term !== '')
}

function inOrder(wanted: Criteria): Criteria {
  return {
    status: wanted.status,
    agents: wanted.agents.toSorted(),
    groups: wanted.groups.toSorted(),
    numbers: wanted.numbers.toSorted(),
    lastRepliedBy: wanted.lastRepliedBy,
    users: wanted.users.trim(),
    text: wanted.text.trim(),
    ids: wanted.ids.trim(),
    sort: wanted.sort,
  }
}
