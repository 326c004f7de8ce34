import { z } from 'zod'
import { channelId } from '#shared/base/ids.ts'

/** How a channel of the simulated carrier misbehaves, as design 9 fixes it. `count` null has no end. */
export const faults = z.object({
  mode: z.enum(['none', 'refuse', 'timeout-after-accept', 'drop-before-accept', 'slow']),
  ms: z.number().int().min(0).max(60_000).default(3000),
  count: z.number().int().min(0).nullable().default(null),
  receipts: z.enum(['auto', 'manual', 'shuffled', 'repeated']).default('auto'),
})
export type Faults = z.infer<typeof faults>

/** A setting as it is posted: for one channel, in place of the one before. */
export const faultsOf = faults.extend({ channel: channelId })

export const noFaults: Faults = faults.parse({ mode: 'none' })

/** What the next text meets, and the setting that is left after it. */
export function meet(current: Faults): { mode: Faults['mode']; next: Faults } {
  if (current.mode === 'none' || current.count === 0)
    return { mode: 'none', next: { ...current, mode: 'none', count: null } }
  if (current.count === null) return { mode: current.mode, next: current }
  const count = current.count - 1
  return {
    mode: current.mode,
    next: count === 0 ? { ...current, mode: 'none', count: null } : { ...current, count },
  }
}

/**
 * Whether the carrier answers a harmless GET. An outage without an end is one for everybody; a fault that is
 * counted is about those texts, else a breaker that opens at the second could never see the third.
 */
export function isHealthy({ mode, count }: Faults): boolean {
  return count !== null || (mode !== 'timeout-after-accept' && mode !== 'drop-before-accept')
}

/** The receipts for an accepted text: what is reported, and how many milliseconds after it was accepted. */
export function receiptsOf(setting: Faults['receipts']): { state: 'sent' | 'delivered'; after: number }[] {
  const sent = { state: 'sent', after: 0 } as const
  const delivered = { state: 'delivered', after: 500 } as const
  switch (setting) {
    case 'auto':
      return [sent, delivered]
    case 'manual':
      return []
    case 'shuffled':
      return [
        { ...delivered, after: 0 },
        { ...sent, after: 500 },
      ]
    case 'repeated':
      return [sent, sent, sent, delivered, delivered, delivered]
  }
}
