import type { ConversationId } from '#shared/base/ids.ts'
import type { ComposerRecord } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

export type ComposerKind = ComposerRecord['kind']

export function composerKey(conversation: ConversationId, kind: ComposerKind): string {
  return `${conversation}:${kind}`
}

export async function readComposer(
  tx: Tx,
  conversation: ConversationId,
  kind: ComposerKind,
): Promise<ComposerRecord | null> {
  return (await tx.get('composer', composerKey(conversation, kind))) ?? null
}

/** Keeps what stands in a box. Words of an earlier moment never replace later ones, whichever page wrote them. */
export async function writeComposer(tx: WriteTx, record: ComposerRecord): Promise<void> {
  const held = await tx.get('composer', record.key)
  if (held && held.at > record.at) return
  await tx.put('composer', [record])
}

/** Puts the text of a refused command into its box again, unless something else was typed there meanwhile. */
export async function restoreText(
  tx: WriteTx,
  conversation: ConversationId,
  kind: ComposerKind,
  text: string,
  at: number,
): Promise<void> {
  const key = composerKey(conversation, kind)
  const held = await tx.get('composer', key)
  if (held && held.text.trim() !== '' && held.text !== text) return
  await tx.put('composer', [{ key, conversation, kind, text, at: Math.max(at, (held?.at ?? 0) + 1) }])
}

/** Conversations in whose boxes something is typed and unsent. */
export async function readDrafts(tx: Tx): Promise<Set<ConversationId>> {
  const records = await tx.all('composer')
  return new Set(records.flatMap(({ conversation, text }) => (text.trim() === '' ? [] : [conversation])))
}
