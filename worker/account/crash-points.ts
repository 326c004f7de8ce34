/**
 * The named places where an object may die. In production `reached` does nothing; the suite makes each of them
 * the last thing an object did, and fails if one was never reached.
 */
export const crashPoints = [
  'after-dedupe',
  'after-documents',
  'after-rows',
  'after-outbox',
  'before-publish',
  'before-acknowledge',
  'after-claim',
  'after-post',
  'after-handed',
  'alarm-set',
  'after-recover',
] as const
/** The places of the draft lane, which is apart from commits [E15]. */
export const draftCrashPoints = ['draft-logged', 'draft-closed'] as const
/** Those of broadcasts, whose texts leave by a lane of their own. */
export const bulkPoints = ['after-entering', 'after-bulk-claim', 'after-bulk-handed'] as const
/** Those of asking a carrier's list, which a text comes to only after ten minutes without a word of it. */
export const lookupPoints = ['before-ask', 'after-list', 'after-lookup'] as const
/** Those of fetching a customer's media. */
export const mediaPoints = ['before-copy', 'after-copy'] as const
export type CrashPoint =
  | (typeof crashPoints)[number]
  | (typeof draftCrashPoints)[number]
  | (typeof bulkPoints)[number]
  | (typeof lookupPoints)[number]
  | (typeof mediaPoints)[number]
export type Reached = (point: CrashPoint) => void
