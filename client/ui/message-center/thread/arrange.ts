import type { AgentId, ConversationId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { ThreadEntry } from '#client/state/parley.ts'

export type TextEntry = Extract<ThreadEntry, { kind: 'inbound' | 'outbound' }>
export type NoteEntry = Extract<ThreadEntry, { kind: 'note' }>
export type SystemEntry = Extract<ThreadEntry, { kind: 'system' }>

/** What a thread is drawn from, each with the id of the entry it begins with. */
export type Block =
  | { kind: 'day'; id: string; at: number }
  | { kind: 'unread'; id: string }
  /** Texts of one sender, none more than five minutes after the one before. */
  | { kind: 'group'; id: string; by: 'customer' | AgentId | null; entries: TextEntry[] }
  | { kind: 'note'; id: string; entry: NoteEntry }
  | { kind: 'ended'; id: string; entry: SystemEntry }
  /** Which distribution list began the conversation [F148]. */
  | { kind: 'memo'; id: string; entry: SystemEntry }
  /** A run of changes, folded where there are several. */
  | { kind: 'changes'; id: string; entries: SystemEntry[] }

/** Texts of one sender stand in one group while they are no further apart than this. */
export const groupWithin = 5 * minute

/**
 * Puts entries in blocks: a separator at each new day, a group per sender, notes and endings alone, other changes
 * in runs. `unreadFrom` is the entry above which the "unread from here" line stands; `dayOf` names an entry's
 * day in the reader's time zone. A discarded reply was never said and is not drawn.
 */
export function arrange(
  entries: readonly ThreadEntry[],
  unreadFrom: string | null,
  dayOf: (at: number) => string,
): Block[] {
  const blocks: Block[] = []
  let day: string | null = null
  for (const entry of entries) {
    if (entry.kind === 'outbound' && entry.delivery.state === 'discarded') continue
    if (dayOf(entry.at) !== day) {
      day = dayOf(entry.at)
      blocks.push({ kind: 'day', id: `day ${entry.id}`, at: entry.at })
    }
    if (entry.id === unreadFrom) blocks.push({ kind: 'unread', id: `unread ${entry.id}` })
    const block = blockOf(entry, blocks.at(-1))
    if (block) blocks.push(block)
  }
  return blocks
}

/** A block that begins with this entry, or null where it joined the last one. */
function blockOf(entry: ThreadEntry, last: Block | undefined): Block | null {
  switch (entry.kind) {
    case 'inbound':
    case 'outbound': {
      const by = entry.kind === 'inbound' ? 'customer' : entry.by
      const before = last?.kind === 'group' && last.by === by ? last.entries.at(-1) : undefined
      if (last?.kind === 'group' && before && entry.at - before.at <= groupWithin) {
        last.entries.push(entry)
        return null
      }
      return { kind: 'group', id: entry.id, by, entries: [entry] }
    }
    case 'note':
      return { kind: 'note', id: entry.id, entry }
    case 'system':
      if (entry.note.what === 'ended') return { kind: 'ended', id: entry.id, entry }
      if (entry.note.what === 'broadcast') return { kind: 'memo', id: entry.id, entry }
      if (last?.kind === 'changes') {
        last.entries.push(entry)
        return null
      }
      return { kind: 'changes', id: entry.id, entries: [entry] }
  }
}

/** One conversation's share of a thread. */
export interface Chapter {
  conversation: ConversationId
  entries: ThreadEntry[]
  from: number
  to: number
}

/**
 * Splits a person's thread by conversation: those that began before the open one, the open one, and those that
 * began after it, each in the order of their first entry.
 */
export function splitThread(
  entries: readonly ThreadEntry[],
  open: ConversationId,
): { before: Chapter[]; entries: ThreadEntry[]; after: Chapter[] } {
  const chapters = new Map<ConversationId, Chapter>()
  for (const entry of entries) {
    const chapter = chapters.get(entry.conversation)
    if (chapter) {
      chapter.entries.push(entry)
      chapter.to = entry.at
    } else {
      chapters.set(entry.conversation, {
        conversation: entry.conversation,
        entries: [entry],
        from: entry.at,
        to: entry.at,
      })
    }
  }
  const all = [...chapters.values()]
  const index = all.findIndex((chapter) => chapter.conversation === open)
  if (index < 0) return { before: all, entries: [], after: [] }
  return { before: all.slice(0, index), entries: all[index]?.entries ?? [], after: all.slice(index + 1) }
}

/**
 * From when to when the folded conversations go [F229]. `began` is when this person's conversations that the device
 * knows began: the thread may hold the later ones only.
 */
export function rangeOf(
  chapters: readonly Chapter[],
  began: readonly number[],
): { from: number; to: number } | null {
  const [first, last] = [chapters[0], chapters.at(-1)]
  if (!first || !last) return null
  return { from: Math.min(first.from, ...began), to: last.to }
}
