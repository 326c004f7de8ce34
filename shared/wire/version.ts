import type { Down } from './down.ts'

/**
 * The protocol's version, one line of history each. The edge speaks this one and the one before [E17].
 *
 * 1: the first.
 * 2: `changed`, `rights` and drafts; a command names its version and whether it comes again; an opt-in names its
 *    opt-out.
 */
export const wireVersion = 2

/**
 * The meaning of rows and entries in this build: a replica of another meaning is wiped and filled again. A hash of
 * their schemas, written down so that no page ships what takes it; a test takes it anew (`test/kit/meaning.ts`).
 */
export const rowsFingerprint = 'f386f52789704000'

/** What rows and entries meant to the version before: its devices read ours, so their replicas are no others [E17]. */
export const fingerprintBefore = '9a1ed90bbdd00ec1'

/** Whether the edge speaks a client's version: this one or the one before [E17]. */
export function isSpoken(version: number): boolean {
  return version === wireVersion || version === wireVersion - 1
}

/** Whether a replica of this version and fingerprint may go on from its cursor. */
export function isReadable(version: number, fingerprint: string): boolean {
  return fingerprint === (version === wireVersion ? rowsFingerprint : fingerprintBefore)
}

/** What the edge says, in the words of the version before where the client speaks that [E17]. */
export function inWordsOf(version: number, message: Down): Down {
  if (version >= wireVersion) return message
  switch (message.t) {
    case 'welcome':
      return { ...message, version }
    case 'changed':
      return { t: 'behind' }
    // It would go on with rows that are not for it any more, or without those that are.
    case 'rights':
      return { t: 'upgrade' }
    default:
      return message
  }
}
