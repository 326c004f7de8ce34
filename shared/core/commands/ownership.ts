import { entryOf } from '../../base/ids.ts'
import type { Conversation } from '../../rows/conversation.ts'
import type { CommandNamed, Owner } from '../command.ts'
import { Draft } from '../draft.ts'
import type { Context, Verdict } from '../outcome.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { held, type World } from '../world.ts'
import type { Author } from './reply.ts'

/** CLAIM OWNERSHIP: sets the agent and keeps the group [DC23]. */
export function decideClaim(
  world: World,
  command: CommandNamed<'ClaimConversation'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  const refusal = refuseChange(world, conversation, command.expect)
  if (refusal) return refusal
  const draft = new Draft(world, conversation.user)
  draft.put({ table: 'conversations', row: { ...conversation, agent: author.id } })
  draft.add({
    id: entryOf(author.command, 0),
    at: context.now,
    conversation: conversation.id,
    kind: 'system',
    note: { what: 'claimed', by: author.id, from: conversation.agent },
  })
  return draft
}

/** TRANSFER: to an agent, keeping the group only if that agent belongs to it; to a group, emptying the agent. */
export function decideTransfer(
  world: World,
  command: CommandNamed<'TransferConversation'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  const refusal = refuseChange(world, conversation, command.expect)
  if (refusal) return refusal
  const to = destination(world, conversation, command.to)
  if ('refused' in to) return to
  const draft = new Draft(world, conversation.user)
  draft.put({ table: 'conversations', row: { ...conversation, ...to } })
  draft.add({
    id: entryOf(author.command, 0),
    at: context.now,
    conversation: conversation.id,
    kind: 'system',
    note: {
      what: 'transferred',
      by: author.id,
      agent: command.to.agent,
      group: command.to.agent ? null : command.to.group,
    },
  })
  return draft
}

/**
 * Takes back a claim or a transfer: the owner is exactly who it was before, where nobody changed it since. An agent
 * who left meanwhile is not made the owner again.
 */
export function decidePutBackOwner(
  world: World,
  command: CommandNamed<'PutBackOwner'>,
  author: Author,
  context: Context,
): Verdict {
  const conversation = held(world.conversation)
  if (conversation === null) return refuse('unknown', 'This conversation does not exist.')
  const refusal = refuseChange(world, conversation, command.expect)
  if (refusal) return refusal
  const { agent, group } = command.to
  if (agent !== null && !world.agents.get(agent)?.active)
    return refuse('unknown', 'This agent does not exist.')
  if (group !== null && !world.groups.has(group)) return refuse('unknown', 'This group does not exist.')
  const draft = new Draft(world, conversation.user)
  draft.put({ table: 'conversations', row: { ...conversation, agent, group } })
  draft.add({
    id: entryOf(author.command, 0),
    at: context.now,
    conversation: conversation.id,
    kind: 'system',
    note: { what: 'transferred', by: author.id, agent, group: agent ? null : group },
  })
  return draft
}

/** The owner that a transfer makes: an agent keeps the group only if it is of that group [DC23]. */
export function ownerAfter({ group }: Owner, to: Owner, agents: World['agents']): Owner {
  if (to.agent === null) return { agent: null, group: to.group }
  const keeps = group !== null && (agents.get(to.agent)?.groups.includes(group) ?? false)
  return { agent: to.agent, group: keeps ? group : null }
}

function destination(world: World, conversation: Conversation, to: Owner): Owner | Refusal {
  if (to.agent !== null) {
    if (!world.agents.get(to.agent)?.active) return refuse('unknown', 'This agent does not exist.')
  } else if (to.group === null || !world.groups.has(to.group))
    return refuse('unknown', 'This group does not exist.')
  return ownerAfter(conversation, to, world.agents)
}

/** The edge decides in order of arrival, and who comes second is told who was first [DC23]. */
function refuseChange(world: World, conversation: Conversation, expect: Owner): Refusal | null {
  if (conversation.status === 'closed') return refuse('closed', 'This conversation has ended.')
  if (conversation.agent === expect.agent && conversation.group === expect.group) return null
  const name =
    (conversation.agent && world.agents.get(conversation.agent)?.name) ||
    (conversation.group && world.groups.get(conversation.group)?.name)
  return refuse(
    'owner changed',
    name ? `${name} was first: it is theirs now.` : 'Its owner was removed meanwhile.',
  )
}
