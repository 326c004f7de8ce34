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
 * whose fate is known, `rivals` all unconfirmed texts between these numbers. Texts that could be each other's, as
 * Parley's own answers are, are found together or not at all: where as many are listed, the carrier has every one,
 * in the order of its calls, since a person's texts leave one after the other. What could be two things is left
 * to a person, since a wrong match would show a text as sent that never left [P3].
 */
export function matchListed(
  text: Asked,
  rivals: readonly Asked[],
  listed: readonly Listed[],
  taken: ReadonlySet<string>,
): Match {
  const free = new Map(listed.flatMap((one) => (taken.has(one.carrierId) ? [] : [[one.carrierId, one]])))
  const { texts, found } = mixedUpWith(text, rivals, [...free.values()])
  if (!found.some((one) => couldBe(text, one))) return { kind: 'missing' }
  const hasTies = new Set(found.map(({ at }) => at)).size < found.length
  const pairs = texts.flatMap((asked, index) => {
    const one = found[index]
    return one && couldBe(asked, one) ? [{ asked, one }] : []
  })
  const own = pairs.find(({ asked }) => asked === text)
  if (!own || hasTies || pairs.length < texts.length || texts.length < found.length)
    return { kind: 'several' }
  return { kind: 'found', carrierId: own.one.carrierId, receipt: own.one.receipt }
}

/** The texts, and the listed ones, that could be one another's, directly or by way of others; both by time. */
function mixedUpWith(
  text: Asked,
  rivals: readonly Asked[],
  listed: readonly Listed[],
): { texts: Asked[]; found: Listed[] } {
  const others = rivals.filter(({ message }) => message !== text.message)
  const texts = [text]
  const found: Listed[] = []
  for (const asked of texts)
    for (const one of listed) {
      if (found.includes(one) || !couldBe(asked, one)) continue
      found.push(one)
      texts.push(...others.filter((other) => !texts.includes(other) && couldBe(other, one)))
    }
  return {
    texts: texts.sort((left, right) => left.since - right.since),
    found: found.sort((left, right) => left.at - right.at),
  }
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
