import { openDraft, textBeyond, type Clocks } from '#shared/docs/draft.ts'
import { besideOf, partsOf } from './composer.ts'
import type { Beside, BesidePart, ComposerRecord, HeldDraft, LeftDraft, Took } from './records.ts'

/**
 * What a box keeps of the documents that it has left, with own text that missed their sending. That text stands beside
 * the box, or in the next document once its writer has put it in; and a restored edge may have the epoch open again,
 * with all of these letters or some.
 */

/** A document as the box leaves it. None where it was never at the edge. */
export function leaving(held: HeldDraft, seen: Clocks): LeftDraft | undefined {
  return held.epoch === null ? undefined : { epoch: held.epoch, held, seen }
}

/**
 * The document of an epoch that a box had left with text that stands beside it, or in another document since. A damaged
 * one is none: its text stays where it is.
 */
export function leftAt({ beside, held }: ComposerRecord, epoch: number): HeldDraft | null {
  const aside = partsOf(beside).flatMap(({ left }) => left ?? [])
  const inside = [held, ...aside.map((left) => left.held)].flatMap(({ took = [] }) => took)
  const all = [...aside, ...inside.map(({ left }) => left)]
  const found = all.find((left) => left.epoch === epoch && isSound(left.held))
  return found ? { ...found.held, id: '' } : null
}

/** What is beside a box that goes on in an epoch that it has found again: not what stands in that once more. */
export function besideWithout(beside: Beside | null, epoch: number): Beside | null {
  if (beside === null) return null
  const parts = partsOf(beside).flatMap((part): BesidePart[] => {
    if (part.left?.epoch === epoch) return []
    if (!part.left?.held.took?.some(({ left }) => left.epoch === epoch)) return [part]
    const text = missedOf({ text: part.text, held: part.left.held }, part.left.seen, epoch)
    return text === '' ? [] : [{ ...part, text }]
  })
  return besideOf(parts, beside.why)
}

/**
 * This device's text of a document, beyond what a sending has `seen`, without what was put in that had been left in the
 * epoch that the box has `found` again.
 */
export function missedOf(
  { text, held }: Pick<ComposerRecord, 'text' | 'held'>,
  seen: Clocks,
  found: number | null,
): string {
  const again = (held.took ?? []).filter(({ left }) => left.epoch === found)
  const own = held.clients.filter((id) => !again.some(({ as }) => as === id))
  const whole = held.epoch === null && own.length === held.clients.length
  const rest = again.reduce(
    (rest, took) => (took.as === undefined ? rest.replace(took.text, () => '') : rest),
    whole ? text : textOf({ ...held, clients: own }, seen),
  )
  return again.length > 0 && rest.trim() === '' ? '' : rest
}

/** What was put in, where its text was written anew among other letters. */
export function writtenAnew(took: readonly Took[] = []): Took[] {
  return took.map(({ as: _, ...rest }) => rest)
}

function isSound({ updates }: HeldDraft): boolean {
  try {
    openDraft(updates)
    return true
  } catch (fault) {
    console.error('A draft that this device has left is damaged.', fault)
    return false
  }
}

/** What this device wrote in a document beyond `seen`; nothing where the document is damaged. */
export function textOf({ updates, clients }: HeldDraft, seen: Clocks): string {
  try {
    return textBeyond(openDraft(updates), clients, seen)
  } catch (fault) {
    console.error('A draft on this device is damaged.', fault)
    return ''
  }
}
