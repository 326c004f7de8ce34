import type { EntryId } from '../base/ids.ts'
import { parseAddress } from '../base/phone.ts'
import { minute } from '../base/time.ts'
import type { Receipt } from '../core/input.ts'

/** A text that nobody knows the fate of: its carrier was called at some time from `since` to `until`. */
export interface Asked {
  message: EntryId
  from: string
  to: string
  text: string
  since: number
  until: number
}

/** A text in a carrier's list: when the carrier took it, and how far it has come. */
export interface Listed {
  carrierId: string
  from: string
  to: string
  text: string
  at: number
  receipt: Receipt
}

export type Match =
  | { kind: 'found'; carrierId: string; receipt: Receipt }
  | { kind: 'missing' }
  | { kind: 'several' }

/** How far a carrier's clock may be from ours; its times are whole seconds besides. */
export const skew = minute

/**
 * Finds an unconfirmed text in its carrier's list [E22]: same numbers, same words, taken while the call was open.
 * A carrier's message is matched only where it can be no other text's: `taken` are the carrier's ids of texts
 * whose fate is known, `rivals` the other unconfirmed texts. What could be two things is left to a person, since a
 * wrong match would show a text as sent that never left [P3].
 */
export function matchListed(
  text: Asked,
  rivals: readonly Asked[],
  listed: readonly Listed[],
  taken: ReadonlySet<string>,
): Match {
  const free = new Map(listed.flatMap((one) => (taken.has(one.carrierId) ? [] : [[one.carrierId, one]])))
  const found = [...free.values()].filter((one) => couldBe(text, one))
  const [only] = found
  if (!only) return { kind: 'missing' }
  const contested = rivals.some((rival) => rival.message !== text.message && couldBe(rival, only))
  if (found.length > 1 || contested) return { kind: 'several' }
  return { kind: 'found', carrierId: only.carrierId, receipt: only.receipt }
}

function couldBe(text: Asked, { from, to, text: words, at }: Listed): boolean {
  return (
    at >= text.since - skew &&
    at <= text.until + skew &&
    sameNumber(from, text.from) &&
    sameNumber(to, text.to) &&
    // Carriers trim what they take.
    words.trim() === text.text.trim()
  )
}

function sameNumber(left: string, right: string): boolean {
  return (parseAddress(left)?.text ?? left) === (parseAddress(right)?.text ?? right)
}
