/**
 * What a person did to a text between two looks at it, as one replacement: the smallest that explains the
 * difference. Offsets are UTF-16 units, as a text box counts them.
 */
export interface Edit {
  at: number
  remove: number
  insert: string
}

/** A change of somebody else, step by step from the start of the text, as Yjs tells it. */
export type Step = { retain: number } | { insert: string } | { delete: number }

/**
 * The edit that made `after` of `before`, or null where they are the same. `caret` is where the cursor stands
 * afterwards: it says which of several equal letters was typed. A pair of surrogates is never cut, since half a
 * character is none.
 */
export function editBetween(before: string, after: string, caret = after.length): Edit | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  let tail = 0
  while (
    tail < Math.min(shorter, after.length - Math.min(caret, after.length)) &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++
  let head = 0
  while (head < shorter - tail && before[head] === after[head]) head++
  // The cursor was not behind what changed, as after a replacement by a button: take what is left of the tail.
  while (head + tail < shorter && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  if (isHigh(before, head - 1) || isHigh(after, head - 1)) head--
  if (isLow(before, before.length - tail) || isLow(after, after.length - tail)) tail--
  return {
    at: head,
    remove: before.length - tail - head,
    insert: after.slice(head, after.length - tail),
  }
}

export function applyEdit(text: string, { at, remove, insert }: Edit): string {
  return text.slice(0, at) + insert + text.slice(at + remove)
}

/** Where a position stands after a change. What was inserted right at it comes behind it. */
export function movePosition(position: number, steps: readonly Step[]): number {
  let before = 0
  let moved = position
  for (const step of steps) {
    if (before > position) break
    if ('retain' in step) before += step.retain
    else if ('insert' in step) moved += before < position ? step.insert.length : 0
    else {
      moved -= Math.min(step.delete, position - before)
      before += step.delete
    }
  }
  return moved
}

/**
 * The same edit on a text that was changed meanwhile: moved with the letters around it. Where just those were
 * changed, what was typed stands behind the change and nothing is removed; null where nothing is left of it.
 */
export function rebaseEdit(edit: Edit, change: Edit | null): Edit | null {
  if (change === null) return edit
  const grown = change.insert.length - change.remove
  if (edit.at >= change.at + change.remove) return { ...edit, at: edit.at + grown }
  if (edit.at + edit.remove <= change.at) return edit
  return edit.insert === '' ? null : { at: change.at + change.insert.length, remove: 0, insert: edit.insert }
}

function isHigh(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0xd800 && code <= 0xdbff
}

function isLow(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0xdc00 && code <= 0xdfff
}
