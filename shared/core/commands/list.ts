import { newMobileUser } from '../../rows/mobile-user.ts'
import { grouped } from '../../base/grouped.ts'
import { mobileUserOf, readAddress } from '../../base/address.ts'
import type { AgentId, MobileUserId } from '../../base/ids.ts'
import { oneLine } from '../../base/text.ts'
import { listMost } from '../../rules/list-limit.ts'
import type { DistributionList } from '../../rows/list.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import { undecided } from '../needs.ts'
import type { Change, Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'

/**
 * Makes a distribution list or changes what is said of it [F260, F271, F272]. Of a list that exists only what differs
 * from the author's screen is written, so two agents who change different things at once both succeed.
 */
export function decideSaveList(world: World, command: CommandNamed<'SaveList'>, actor: AgentId): Verdict {
  const list = held(world.list ?? null)
  const name = command.to.name.toWellFormed().replace(/\s+/gu, ' ').trim()
  const { expect } = command
  if (list === null && expect !== null) return refuse('unknown', 'This list does not exist.')
  if (list !== null && expect === null) return refuse('taken', 'This list cannot be made.')
  if (name === '') return refuse('empty', 'A list needs a friendly name.')
  if (name.length > limits.listName)
    return refuse('too long', `A friendly name holds at most ${limits.listName} characters.`)
  const before = list ?? { id: command.list, name: '', addToInbox: false, count: 0 }
  const next = { ...before }
  if (name !== expect?.name) {
    if (expect && before.name !== expect.name && before.name !== name)
      return refuse('changed', `Somebody else renamed this list meanwhile: "${oneLine(before.name, 60)}".`)
    next.name = name
  }
  if (command.to.addToInbox !== expect?.addToInbox) next.addToInbox = command.to.addToInbox
  if (list && next.name === list.name && next.addToInbox === list.addToInbox)
    return refuse('already so', 'Nothing to change.')
  return {
    changes: [{ kind: 'row', table: 'lists', row: next }],
    effects: [{ kind: 'audit', what: list ? 'changed list' : 'made list', by: actor, about: next.id }],
  }
}

/**
 * Adds people to a list by their numbers. Numbers nobody has texted with yet become mobile users [F274]; those in
 * the list already stay there once.
 */
export function decideAddToList(world: World, command: CommandNamed<'AddToList'>, actor: AgentId): Verdict {
  const list = held(world.list ?? null)
  const { named } = world
  if (named === undefined) return undecided
  if (list === null) return refuse('unknown', 'This list does not exist.')
  const fresh = new Map<MobileUserId, string>()
  for (const text of command.addresses) {
    const address = readAddress(text)
    if (address?.kind !== 'phone')
      return refuse('bad number', `"${text}" is not a number that can be texted.`)
    const user = mobileUserOf(address)
    if (!named.members.has(user)) fresh.set(user, address.text)
  }
  if (fresh.size === 0) return { changes: [], effects: [] }
  if (list.count + fresh.size > listMost)
    return refuse('list limit', `A list holds at most ${grouped(listMost)} numbers.`)
  const people: Change[] = [...fresh]
    .filter(([user]) => !named.known.has(user))
    .map(([user, address]) => ({ kind: 'row', table: 'mobileUsers', row: newMobileUser(user, address) }))
  const users = [...fresh.keys()]
  return {
    changes: [...people, withCount(list, list.count + users.length)],
    effects: [
      { kind: 'join list', list: list.id, users },
      { kind: 'audit', what: `added ${users.length} to list`, by: actor, about: list.id },
    ],
  }
}

/** Takes people off a list. They stay mobile users. */
export function decideRemoveFromList(
  world: World,
  command: CommandNamed<'RemoveFromList'>,
  actor: AgentId,
): Verdict {
  const list = held(world.list ?? null)
  const { named } = world
  if (named === undefined) return undecided
  if (list === null) return refuse('unknown', 'This list does not exist.')
  const users = [...new Set(command.users)].filter((user) => named.members.has(user))
  if (users.length === 0) return { changes: [], effects: [] }
  return {
    changes: [withCount(list, list.count - users.length)],
    effects: [
      { kind: 'leave list', list: list.id, users },
      { kind: 'audit', what: `removed ${users.length} from list`, by: actor, about: list.id },
    ],
  }
}

function withCount(list: DistributionList, count: number): Change {
  return { kind: 'row', table: 'lists', row: { ...list, count } }
}
