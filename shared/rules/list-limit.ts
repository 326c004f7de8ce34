import type { BroadcastCounts } from '../rows/broadcast.ts'
import type { DistributionList } from '../rows/list.ts'
import type { Settings } from '../rows/settings.ts'

/** Numbers that a list may hold at most, whatever its account's limit is [F262]. */
export const listMost = 10_000

/** How many recipients a broadcast of this account may have: 0 until its provider raised it [F263]. */
export function listLimit({ listLimit }: Pick<Settings, 'listLimit'>): number {
  return Math.min(listLimit ?? 0, listMost)
}

/** Why this list cannot be sent to, in words for the agent, or null [F264]. */
export function refuseList(
  list: Pick<DistributionList, 'count'>,
  settings: Pick<Settings, 'listLimit'>,
): string | null {
  const limit = listLimit(settings)
  if (limit === 0)
    return 'Sending to distribution lists is restricted for this account. Your service provider sets the limit.'
  if (list.count === 0) return 'There is nobody on this list yet.'
  if (list.count > limit) return `This list has ${list.count} numbers; this account may send to ${limit}.`
  return null
}

export const noCounts: BroadcastCounts = {
  waiting: 0,
  sent: 0,
  unconfirmed: 0,
  delivered: 0,
  failed: 0,
  skipped: 0,
}
