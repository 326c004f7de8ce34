/** Where the talking page stands with the edge. Followers hear it from the talker [E16]. */
export type Status =
  | { phase: 'connecting'; since: number; tried: boolean }
  /** Welcomed, and not yet at the head that the welcome named. `done` counts rows of a first copy. */
  | { phase: 'catching up'; done: number | null }
  /** At the head. `pong` is when the edge was last heard of: what `synced` goes by [E13]. */
  | { phase: 'live'; pong: number }
  | { phase: 'upgrade' }
  | { phase: 'signed out' }
  | { phase: 'other agent'; name: string }

/** How long after a pong a caught-up connection still counts for a press [E13]. */
const trust = 35_000

/** Whether a press at this moment is made with the edge's knowledge [E13]. */
export function isSynced(status: Status, now: number): boolean {
  return status.phase === 'live' && now >= status.pong && now - status.pong <= trust
}
