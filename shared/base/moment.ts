/**
 * A point in the life of an account as one number that only grows: its epoch and, within that, the seq of a
 * commit. A restored account reaches the same seq again, but never the same moment [E24].
 */
export function momentOf(accountEpoch: number, seq: number): number {
  return accountEpoch * 2 ** 32 + seq
}
