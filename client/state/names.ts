import type { AgentId, MobileUserId } from '#shared/base/ids.ts'
import { addressIn } from '#shared/base/address.ts'
import type { Command } from '#shared/core/command.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { showAddress } from './show-address.ts'

/** How a person is called on screen: the saved name, else the company's, else the address as people read it. */
export function titleOf(user: MobileUser | null, id: MobileUserId): string {
  const name = user ? `${user.firstName} ${user.lastName}`.trim() || user.companyName : ''
  return name || showAddress(user?.address ?? addressIn(id) ?? '')
}

/** An agent as the lists of `me` name them: oneself is marked. */
export function nameFor(me: AgentId, { id, name }: { id: AgentId; name: string }): string {
  return id === me ? `${name} (you)` : name
}

/** What a waiting change is called, and its text where it has one. */
export function describeCommand(command: Command, whom: string | null): { title: string; detail: string } {
  const of = whom ? ` with ${whom}` : ''
  switch (command.name) {
    case 'SendReply':
      return { title: whom ? `Reply to ${whom}` : 'Reply', detail: command.text }
    case 'ScheduleReply':
      return { title: whom ? `Scheduled reply to ${whom}` : 'Scheduled reply', detail: command.text }
    case 'StartConversation':
      return { title: `First message to ${whom ?? showAddress(command.to)}`, detail: command.text }
    case 'AddNote':
      return { title: whom ? `Note on ${whom}` : 'Note', detail: command.text }
    case 'ClaimConversation':
      return { title: `Claim the conversation${of}`, detail: '' }
    case 'TransferConversation':
      return { title: `Transfer the conversation${of}`, detail: '' }
    case 'PutBackOwner':
      return { title: `Put back the owner${whom ? ` of the conversation${of}` : ''}`, detail: '' }
    case 'EndConversation':
      return { title: `End the conversation${of}`, detail: '' }
    case 'MarkRead':
      return { title: 'Mark as read', detail: '' }
    case 'SetFollowUp':
      return { title: `${command.on ? 'Flag' : 'Unflag'} the conversation${of}`, detail: '' }
    case 'SetConsent':
      return { title: `${command.optedOut ? 'Opt out' : 'Opt in'}${whom ? ` ${whom}` : ''}`, detail: '' }
    case 'SaveMobileUser':
      return { title: `Save Mobile User Info${whom ? ` of ${whom}` : ''}`, detail: '' }
    case 'AddView':
      return { title: `Add the view ${command.to.label}`, detail: '' }
    case 'EditView':
      return { title: `Edit the view ${command.to.label}`, detail: '' }
    case 'RemoveView':
      return { title: `Remove the view ${command.expect.label}`, detail: '' }
    case 'AddQuickReply':
      return { title: 'Add a quick reply', detail: command.text }
    case 'EditQuickReply':
      return { title: 'Edit a quick reply', detail: command.text }
    case 'RemoveQuickReply':
      return { title: 'Remove a quick reply', detail: command.expect }
    case 'SeeMentions':
      return { title: 'Mark mentions as read', detail: '' }
    case 'SetAway':
      return { title: command.away ? 'Go away' : 'Come back', detail: '' }
    case 'SaveProfile':
      return { title: 'Save a profile', detail: '' }
    case 'SaveSettings':
      return { title: 'Save settings', detail: '' }
    case 'SaveAutoReply':
      return {
        title: command.to ? 'Save an auto-reply' : 'Remove an auto-reply',
        detail: command.to?.text ?? '',
      }
    case 'SaveNumber':
      return { title: 'Save the settings of a number', detail: '' }
    case 'SetRole':
      return {
        title: command.role === 'admin' ? 'Make somebody an admin' : 'Make an admin an agent',
        detail: '',
      }
    case 'SendHeld':
      return { title: `Send the held reply${whom ? ` to ${whom}` : ''}`, detail: '' }
    case 'DiscardHeld':
      return { title: `Discard the held reply${whom ? ` to ${whom}` : ''}`, detail: '' }
    case 'AskCarrier':
      return { title: `Ask the carrier about a text${whom ? ` to ${whom}` : ''}`, detail: '' }
    case 'SaveList':
      return { title: `Save the list ${command.to.name}`, detail: '' }
    case 'AddToList':
      return { title: `Add ${command.addresses.length} to a list`, detail: '' }
    case 'RemoveFromList':
      return { title: `Remove ${command.users.length} from a list`, detail: '' }
    case 'SendBroadcast':
      return { title: 'Message to a list', detail: command.text }
  }
}
