import type { Inbound, Outbound } from '../model/entry.ts'
import { handOver, refuseSending } from './commands/reply.ts'
import { Draft, withText } from './draft.ts'
import type { Context, Decision } from './outcome.ts'
import { held, type World } from './world.ts'

/**
 * The time of a scheduled text has come [DC22]: it goes, unless it may not be sent any more. It is looked at once more
 * when it is claimed, like every text [P4].
 */
export function decideDue(world: World, context: Context): Decision {
  const { text } = world
  const conversation = held(world.conversation)
  if (text?.delivery.state !== 'scheduled' || conversation === null || text.delivery.due > context.now)
    return { changes: [], effects: [] }
  const draft = new Draft(world, conversation.user)
  const number = world.numbers.get(conversation.number)
  const refusal =
    conversation.status === 'closed'
      ? { code: 'closed', text: 'The conversation ended before its time.' }
      : refuseSending(world, held(world.user), number, text)
  if (refusal || !number) {
    const { code, text: words } = refusal ?? { code: 'unknown', text: 'This number does not exist.' }
    draft.deliver(text.id, { state: 'refused', at: context.now, code, text: words })
    return draft
  }
  draft.deliver(text.id, { state: 'accepted', at: context.now })
  draft.effect(handOver(world, conversation, number, text))
  const said = text.text === '' ? 'Picture' : text.text
  const row = withText(conversation, { by: 'agent', agent: text.by }, said, context.now)
  draft.put({ table: 'conversations', row: { ...row, trouble: draft.trouble(conversation.id) } })
  return draft
}

/** The customer wrote before the time of what was scheduled for them: it is cancelled, and offered again. */
export function holdScheduled(draft: Draft, world: World, cause: Inbound, context: Context): void {
  for (const { id } of scheduledIn(world, cause.conversation)) {
    draft.deliver(id, { state: 'held', at: context.now, why: 'wrote first', text: cause.text })
    draft.effect({ kind: 'withdraw', message: id })
  }
}

/** A conversation ends: what was scheduled in it is not sent any more [DC25]. */
export function refuseScheduled(
  draft: Draft,
  world: World,
  conversation: Outbound['conversation'],
  who: string,
  context: Context,
): void {
  for (const { id } of scheduledIn(world, conversation)) {
    const text = `${who} ended this conversation before its time.`
    draft.deliver(id, { state: 'refused', at: context.now, code: 'closed', text })
    draft.effect({ kind: 'withdraw', message: id })
  }
}

function scheduledIn(world: World, conversation: Outbound['conversation']): Outbound[] {
  return (held(world.thread)?.entries ?? []).filter(
    (entry): entry is Outbound =>
      entry.kind === 'outbound' &&
      entry.conversation === conversation &&
      entry.delivery.state === 'scheduled',
  )
}
