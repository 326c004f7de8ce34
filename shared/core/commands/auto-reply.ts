import type { AgentId } from '../../base/ids.ts'
import { autoReplyLabels, refuseAutoReply, tidyAutoReply } from '../../rules/auto-reply-form.ts'
import { may } from '../../rules/permissions.ts'
import type { AutoReply, AutoReplySaid } from '../../rows/auto-reply.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import type { World } from '../world.ts'

/**
 * Adds an auto-reply, changes or removes it [F200-F211]. Agents have those that answer to the time; words and patterns
 * are for admins, as the guide has it. Who saved something else meanwhile is not overwritten unseen.
 */
export function decideAutoReply(
  { settings, agents, numbers }: World,
  { autoReply: id, expect, to }: CommandNamed<'SaveAutoReply'>,
  actor: AgentId,
): Verdict {
  const all = settings.autoReplies ?? []
  const now = all.find((one) => one.id === id) ?? null
  if (expect === null && to === null) return refuse('empty', 'There is nothing to save.')
  if (expect === null && now !== null) return refuse('taken', 'This auto-reply is there already.')
  if (expect !== null && now === null) return refuse('unknown', 'This auto-reply was removed.')
  const answersToWords = [now, to].some((one) => one?.trigger.kind === 'text')
  if (answersToWords && !may(agents.get(actor)?.role ?? 'agent', 'edit settings'))
    return refuse('forbidden', 'Text-based auto-replies are for admins.')
  if (now && expect && !isSame(now, expect))
    return refuse('changed', 'Somebody else changed this auto-reply meanwhile.')
  const put = (autoReplies: AutoReply[], what: string): Verdict => ({
    changes: [{ kind: 'row', table: 'settings', row: { ...settings, autoReplies } }],
    effects: [{ kind: 'audit', what: `${what} auto-reply`, by: actor, about: id }],
  })
  if (to === null)
    return put(
      all.filter((one) => one.id !== id),
      'removed',
    )
  const next = tidyAutoReply(to)
  if (now && isSame(now, next)) return refuse('already so', 'Nothing to change.')
  const wrong = refuseAutoReply(next, settings, numbers)
  if (wrong) return refuse('bad value', `${autoReplyLabels[wrong.field]}: ${wrong.text}`)
  if (now)
    return put(
      all.map((one) => (one.id === id ? { id, ...next } : one)),
      'changed',
    )
  if (all.length >= limits.autoReplies)
    return refuse('too many', `There are ${limits.autoReplies} auto-replies already, which is the most.`)
  return put([...all, { id, ...next }], 'added')
}

function isSame(left: AutoReplySaid, right: AutoReplySaid): boolean {
  return said(left) === said(right)
}

function said({ number, trigger, text, most, disabled }: AutoReplySaid): string {
  const what =
    trigger.kind === 'time'
      ? [trigger.days, trigger.from, trigger.to, trigger.timeZone]
      : [trigger.patterns, trigger.anywhere]
  return JSON.stringify([number, trigger.kind, what, text, most, disabled])
}
