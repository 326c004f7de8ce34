/**
 * A promise that is given up after `ms`. The timer goes with the answer: one that stayed would keep the object
 * from sleeping for its whole length.
 */
export async function within<Result>(
  ms: number,
  after: (ms: number, call: () => void) => () => void,
  promise: Promise<Result>,
  words: string,
): Promise<Result> {
  let cancel: (() => void) | undefined
  const late = new Promise<never>((_, reject) => {
    cancel = after(ms, () => reject(new Error(words)))
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    cancel?.()
  }
}
