import { may, type Action } from '../rules/permissions.ts'
import type { CommandName } from './command.ts'
import { decideAskCarrier } from './commands/ask-carrier.ts'
import { decideSendBroadcast } from './commands/broadcast.ts'
import { decideAutoReply } from './commands/auto-reply.ts'
import { decideNumber, decideSettings } from './commands/configuration.ts'
import { decideConsent } from './commands/consent.ts'
import { decideEnd } from './commands/end.ts'
import { decideDiscardHeld, decideSendHeld } from './commands/held.ts'
import { decideAddToList, decideRemoveFromList, decideSaveList } from './commands/list.ts'
import { decideFollowUp, decideRead } from './commands/marks.ts'
import { decideAway } from './commands/away.ts'
import { decideSeeMentions } from './commands/mentions.ts'
import { decideMobileUser } from './commands/mobile-user.ts'
import { decideNote } from './commands/note.ts'
import { decideClaim, decidePutBackOwner, decideTransfer } from './commands/ownership.ts'
import { decideProfile } from './commands/profile.ts'
import {
  decideAddQuickReply,
  decideEditQuickReply,
  decideRemoveQuickReply,
} from './commands/quick-replies.ts'
import { decideReply } from './commands/reply.ts'
import { decideSchedule } from './commands/schedule.ts'
import { decideRole } from './commands/role.ts'
import { decideStart } from './commands/start.ts'
import { decideAddView, decideEditView, decideRemoveView } from './commands/views.ts'
import type { InputOf } from './input.ts'
import { lacks, undecided } from './needs.ts'
import type { Context, Verdict } from './outcome.ts'
import { refuse } from './refusal.ts'
import { held, type World } from './world.ts'

/** Decides what a person's command does. The part of `decide` that a device needs as well. */
export function decideCommand(world: World, input: InputOf<'command'>, context: Context): Verdict {
  if (lacks(world, input)) return undecided
  const actor = world.agents.get(input.actor)
  const action = actionOf[input.command.name]
  if (!actor?.active || (action !== null && !may(actor.role, action)))
    return refuse('forbidden', 'You may not do this.')
  const author = {
    id: input.actor,
    command: input.id,
    press: input.press,
    wroteAt: believe(input.wroteAt, world, context.now),
  }
  const { command } = input
  switch (command.name) {
    case 'SendReply':
      return decideReply(world, command, author, context)
    case 'ScheduleReply':
      return decideSchedule(world, command, author, context)
    case 'StartConversation':
      return decideStart(world, command, author, context)
    case 'AddNote':
      return decideNote(world, command, author, context)
    case 'ClaimConversation':
      return decideClaim(world, command, author, context)
    case 'TransferConversation':
      return decideTransfer(world, command, author, context)
    case 'PutBackOwner':
      return decidePutBackOwner(world, command, author, context)
    case 'EndConversation':
      return decideEnd(world, command, author, context)
    case 'MarkRead':
      return decideRead(world, command, input.actor)
    case 'SetFollowUp':
      return decideFollowUp(world, command)
    case 'SetConsent':
      return decideConsent(world, command, author, context)
    case 'SaveMobileUser':
      return decideMobileUser(world, command)
    case 'AddView':
      return decideAddView(world, command, input.actor)
    case 'EditView':
      return decideEditView(world, command, input.actor)
    case 'RemoveView':
      return decideRemoveView(world, command, input.actor)
    case 'AddQuickReply':
      return decideAddQuickReply(world, command, input.actor)
    case 'EditQuickReply':
      return decideEditQuickReply(world, command, input.actor)
    case 'RemoveQuickReply':
      return decideRemoveQuickReply(world, command, input.actor)
    case 'SeeMentions':
      return decideSeeMentions(world, command, context)
    case 'SetAway':
      return decideAway(world, command, input.actor)
    case 'SaveProfile':
      return decideProfile(world, command, input.actor)
    case 'SaveSettings':
      return decideSettings(world, command, input.actor)
    case 'SaveNumber':
      return decideNumber(world, command, input.actor)
    case 'SaveAutoReply':
      return decideAutoReply(world, command, input.actor)
    case 'SetRole':
      return decideRole(world, command, input.actor)
    case 'SendHeld':
      return decideSendHeld(world, command, author, context)
    case 'DiscardHeld':
      return decideDiscardHeld(world, command, author, context)
    case 'AskCarrier':
      return decideAskCarrier(world, command, author)
    case 'SaveList':
      return decideSaveList(world, command, input.actor)
    case 'AddToList':
      return decideAddToList(world, command, input.actor)
    case 'RemoveFromList':
      return decideRemoveFromList(world, command, input.actor)
    case 'SendBroadcast':
      return decideSendBroadcast(world, command, author, context)
  }
}

/**
 * The device's claim of when a text was written, cut to between the start of its conversation and now: it is
 * shown and used for nothing else, but a wrong clock should not show nonsense [E5].
 */
function believe(wroteAt: number | undefined, world: World, now: number): number | undefined {
  if (wroteAt === undefined) return undefined
  const start = (held(world.conversation) ?? held(world.openOfPair))?.startedAt ?? now
  return Math.min(now, Math.max(start, wroteAt))
}

/** The right that each command needs; null where every agent of the account has it. */
const actionOf: Record<CommandName, Action | null> = {
  SendReply: 'reply',
  ScheduleReply: 'reply',
  StartConversation: 'start',
  AddNote: 'note',
  ClaimConversation: 'claim',
  TransferConversation: 'transfer',
  PutBackOwner: 'claim',
  EndConversation: 'end',
  MarkRead: null,
  SetFollowUp: 'claim',
  SetConsent: 'change consent',
  SaveMobileUser: 'edit mobile users',
  AddView: 'edit views',
  EditView: 'edit views',
  RemoveView: 'edit views',
  AddQuickReply: null,
  EditQuickReply: null,
  RemoveQuickReply: null,
  SeeMentions: null,
  SetAway: null,
  // One's own is everybody's: the decision looks at whose it is.
  SaveProfile: null,
  SaveSettings: 'edit settings',
  SaveNumber: 'edit settings',
  SaveAutoReply: 'edit auto-replies',
  SetRole: 'edit people',
  SendHeld: 'reply',
  DiscardHeld: 'reply',
  AskCarrier: 'reply',
  SaveList: 'edit lists',
  AddToList: 'edit lists',
  RemoveFromList: 'edit lists',
  SendBroadcast: 'send to lists',
}
