import { grouped } from '../../base/grouped.ts'
import type { AgentId } from '../../base/ids.ts'
import { may } from '../../rules/permissions.ts'
import {
  isTimeZone,
  longestIdleSeconds,
  profileLabels,
  profileOf,
  type Profile,
} from '../../rules/profile.ts'
import { sizeWords } from '../../rules/media.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse, type Refusal } from '../refusal.ts'
import type { World } from '../world.ts'
import { changesOf, tidied } from './save.ts'

/**
 * Saves what was changed of a profile: one's own, or anybody's by who may edit people. The email is no part of it:
 * it is what a person signs in with.
 */
export function decideProfile(world: World, command: CommandNamed<'SaveProfile'>, actor: AgentId): Verdict {
  const by = world.agents.get(actor)
  if (command.agent !== actor && !(by && may(by.role, 'edit people')))
    return refuse('forbidden', 'You may not do this.')
  const agent = world.agents.get(command.agent)
  if (!agent?.active) return refuse('unknown', 'This agent does not exist.')
  const changes = changesOf(profileOf(agent), command.expect, tidy(command.to), profileLabels)
  if ('refused' in changes) return changes
  const refusal = refuseFields(world, agent.id, changes)
  if (refusal) return refusal
  const next = { ...profileOf(agent), ...changes }
  const row = {
    ...agent,
    ...changes,
    timeZone: next.timeZone === '' ? undefined : next.timeZone,
    avatar: next.avatar ?? undefined,
  }
  return {
    changes: [{ kind: 'row', table: 'agents', row }],
    effects:
      agent.id === actor ? [] : [{ kind: 'audit', what: 'edited the profile', by: actor, about: agent.id }],
  }
}

function tidy(to: CommandNamed<'SaveProfile'>['to']): CommandNamed<'SaveProfile'>['to'] {
  const next = { ...to }
  for (const field of texts) if (next[field] !== undefined) next[field] = tidied(next[field])
  return next
}

function refuseFields(world: World, self: AgentId, changes: Partial<Profile>): Refusal | null {
  for (const field of texts)
    if ((changes[field]?.length ?? 0) > limits.agentName)
      return refuse('too long', `${profileLabels[field]} holds at most ${limits.agentName} characters.`)
  const { name, idleSeconds, timeZone, avatar } = changes
  if (name === '') return refuse('empty', 'Colleagues need a Screenname to see.')
  if (name !== undefined && isOthers(world, self, name))
    return refuse('taken', `Somebody else has the Screenname ${name}.`)
  if (idleSeconds !== undefined && (idleSeconds < 1 || idleSeconds > longestIdleSeconds))
    return refuse(
      'bad value',
      `Idle Alert Time in Seconds is a number from 1 to ${grouped(longestIdleSeconds)}.`,
    )
  if (timeZone && !isTimeZone(timeZone)) return refuse('bad value', `There is no Time Zone ${timeZone}.`)
  return avatar ? refuseAvatar(world, avatar) : null
}

/** What a device does not know of a picture the edge does [E9]. */
function refuseAvatar(world: World, avatar: NonNullable<Profile['avatar']>): Refusal | null {
  const upload = world.uploads?.get(avatar)
  if (upload === null) return refuse('picture', 'Your Avatar is missing. Pick the file again.')
  if (upload && upload.bytes > limits.avatar)
    return refuse('picture', `Your Avatar can have at most ${sizeWords(limits.avatar)}.`)
  return null
}

/** Two people of one name could not be told apart in owners, mentions and transfers. */
function isOthers(world: World, self: AgentId, name: string): boolean {
  const folded = name.toLocaleLowerCase('en')
  return [...world.agents.values()].some(
    (other) => other.active && other.id !== self && other.name.toLocaleLowerCase('en') === folded,
  )
}

const texts = ['firstName', 'lastName', 'name'] as const
