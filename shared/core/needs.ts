import type { Owner } from './command.ts'
import type { InputOf } from './input.ts'
import type { Decision } from './outcome.ts'
import type { World } from './world.ts'

/** The answer where a fact is not held that a decision turns on: nothing is refused and nothing shown [E9]. */
export const undecided: Decision = { changes: [], effects: [] }

/**
 * Whether a fact that this command turns on is not held here. It never is at the edge, whose world is whole; a
 * device leaves such a command to the edge, for a rule does not refuse for what is unknown [E9].
 */
export function lacks(world: World, { actor, command }: InputOf<'command'>): boolean {
  if (!world.whole && !world.agents.has(actor)) return true
  switch (command.name) {
    case 'SetConsent':
    case 'SaveMobileUser':
      return world.user === 'unknown'
    case 'AddView':
    case 'EditView':
    case 'RemoveView':
      return world.view === 'unknown'
    case 'AddQuickReply':
    case 'EditQuickReply':
    case 'RemoveQuickReply':
      return world.quickReply === 'unknown'
    case 'SetAway':
      return false
    case 'SeeMentions':
      return world.mentions === undefined
    case 'SaveProfile':
    case 'SetRole':
      return !world.whole && !world.agents.has(command.agent)
    case 'SaveSettings':
    case 'SaveAutoReply':
      return !world.whole
    case 'SaveNumber':
    case 'StartConversation':
      return !world.whole && !world.numbers.has(command.number)
    case 'SendHeld':
    case 'DiscardHeld':
      return world.conversation === 'unknown' || world.thread === 'unknown' || lacksNumber(world)
    case 'AskCarrier':
      return world.conversation === 'unknown' || world.thread === 'unknown'
    case 'SendReply':
    case 'ScheduleReply':
      return world.conversation === 'unknown' || lacksNumber(world)
    case 'PutBackOwner':
    case 'TransferConversation':
      return world.conversation === 'unknown' || lacksOwner(world, command.to)
    // Who is in a list, and which of them are known people, only the edge can tell.
    case 'AddToList':
    case 'RemoveFromList':
      return world.named === undefined
    case 'SaveList':
    case 'SendBroadcast':
      return world.list === undefined || world.list === 'unknown'
    case 'AddNote':
    case 'ClaimConversation':
    case 'EndConversation':
    case 'MarkRead':
    case 'SetFollowUp':
      return world.conversation === 'unknown'
  }
}

function lacksNumber({ whole, conversation, numbers }: World): boolean {
  return !whole && conversation !== null && conversation !== 'unknown' && !numbers.has(conversation.number)
}

function lacksOwner({ whole, agents, groups }: World, to: Owner): boolean {
  if (whole) return false
  return to.agent === null ? to.group !== null && !groups.has(to.group) : !agents.has(to.agent)
}
