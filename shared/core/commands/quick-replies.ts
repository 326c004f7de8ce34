import type { AgentId } from '../../base/ids.ts'
import { refuseQuickReply } from '../../rules/quick-replies.ts'
import type { QuickReply } from '../../rows/quick-reply.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { held, type World } from '../world.ts'

/** Adds a quick reply, for everybody or for its author alone [F140]. The id is its author's. */
export function decideAddQuickReply(
  world: World,
  { quickReply, shared, text, textOnly }: CommandNamed<'AddQuickReply'>,
  actor: AgentId,
): Verdict {
  if (held(world.quickReply)) return refuse('taken', 'This quick reply is there already.')
  const refusal = refuseQuickReply(text, textOnly)
  if (refusal) return refuse(refusal.code, refusal.text)
  return put({
    id: quickReply,
    owner: shared ? null : actor,
    by: actor,
    text: text.toWellFormed().trim(),
    ...(textOnly ? { textOnly } : {}),
  })
}

/** Saves another text. `expect` is what stood on the author's screen, so that nobody is overwritten unseen. */
export function decideEditQuickReply(
  world: World,
  command: CommandNamed<'EditQuickReply'>,
  actor: AgentId,
): Verdict {
  const row = held(world.quickReply)
  const refusal = refuseChange(world, row, command.expect, actor)
  if (refusal) return refusal
  if (row === null) return gone
  const text = command.text.toWellFormed().trim()
  const wrong = refuseQuickReply(text, row.textOnly)
  if (wrong) return refuse(wrong.code, wrong.text)
  if (text === row.text) return refuse('already so', 'Nothing to change.')
  return put({ ...row, text })
}

export function decideRemoveQuickReply(
  world: World,
  command: CommandNamed<'RemoveQuickReply'>,
  actor: AgentId,
): Verdict {
  const row = held(world.quickReply)
  const refusal = refuseChange(world, row, command.expect, actor)
  if (refusal) return refusal
  return { changes: [{ kind: 'gone', table: 'quickReplies', id: command.quickReply }], effects: [] }
}

const gone = refuse('unknown', 'This quick reply was removed.')

function refuseChange(world: World, row: QuickReply | null, expect: string, actor: AgentId): Refusal | null {
  if (row === null || (row.owner !== null && row.owner !== actor)) return gone
  const role = world.agents.get(actor)?.role ?? 'agent'
  if (!mayChangeQuickReply(row, actor, role === 'admin'))
    return refuse('forbidden', 'Who added a shared quick reply changes it, or an admin.')
  if (row.text !== expect) return refuse('changed', 'Somebody else changed this quick reply meanwhile.')
  return null
}

/** Whether an agent may change a quick reply that they see. */
export function mayChangeQuickReply(
  row: Pick<QuickReply, 'owner' | 'by'>,
  actor: AgentId,
  isAdmin: boolean,
): boolean {
  return row.owner === actor || row.by === actor || isAdmin
}

function put(row: QuickReply): Verdict {
  return { changes: [{ kind: 'row', table: 'quickReplies', row }], effects: [] }
}
