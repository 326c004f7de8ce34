import type { Agent } from '../rows/agent.ts'
import type { Conversation } from '../rows/conversation.ts'

/**
 * Whose new texts a device wants to hear of: those of its agent's own conversations, of their groups' as well, or
 * of every open one.
 */
export type Reach = 'mine' | 'groups' | 'all'

/**
 * Whether a customer's text in a conversation concerns an agent's device. Follows ownership: who owns the
 * conversation now counts, not who owned it when the text came. One that nobody owns concerns whoever reaches as
 * far as groups: somebody has to take it.
 */
export function concerns(
  { status, agent, group }: Pick<Conversation, 'status' | 'agent' | 'group'>,
  who: Pick<Agent, 'id' | 'groups' | 'active'>,
  reach: Reach,
): boolean {
  if (!who.active || status === 'closed') return false
  if (reach === 'all' || agent === who.id) return true
  if (reach === 'mine' || agent !== null) return false
  return group === null || who.groups.includes(group)
}
