import type { AgentId } from '../base/ids.ts'
import type { NoteMention } from '../model/entry.ts'
import type { Agent } from '../rows/agent.ts'

/**
 * Whom a note names: `@` and the name by which colleagues see somebody, in letters of any case, not in the middle of
 * a word. The longest name counts, so "@Sam Lee" is not Sam; of several agents with one name everybody is meant.
 * Offsets are UTF-16 units. The names are those of now; what was found is kept with the note.
 */
export function mentionsIn(text: string, agents: Iterable<Agent>): NoteMention[] {
  const named = [...agents].filter(({ active, name }) => active && name.trim() !== '')
  const found: NoteMention[] = []
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (/[\p{L}\p{N}_]$/u.test(text.slice(Math.max(0, at - 2), at))) continue
    const meant = named.filter(({ name }) => isNamedAt(text, at + 1, name))
    const longest = Math.max(0, ...meant.map(({ name }) => name.length))
    for (const { id, name } of meant)
      if (name.length === longest) found.push({ agent: id, from: at, to: at + 1 + longest })
  }
  return found
}

/** The agents among them, each once. */
export function agentsNamed(mentions: readonly NoteMention[]): AgentId[] {
  return [...new Set(mentions.map(({ agent }) => agent))]
}

/** What is being typed behind an `@` right before the cursor, and where it begins; null where it is none. */
export function mentionBefore(text: string, caret: number): { at: number; typed: string } | null {
  const before = text.slice(0, caret)
  const [, typed] = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}'’. -]{0,40})$/u.exec(before) ?? []
  return typed === undefined ? null : { at: caret - typed.length - 1, typed }
}

function isNamedAt(text: string, from: number, name: string): boolean {
  const said = text.slice(from, from + name.length)
  if (said.toLowerCase() !== name.toLowerCase()) return false
  return !/^[\p{L}\p{N}_]/u.test(text.slice(from + name.length))
}
