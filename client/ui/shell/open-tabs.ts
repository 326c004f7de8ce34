import type { ConversationId } from '#shared/base/ids.ts'

/** The conversations that are open as tabs [F97]. */
export interface OpenTabs {
  /** In the order they were opened. */
  all: readonly ConversationId[]
  /** Those of before a reload that this device has not found again: not here yet, or not theirs to see any more. */
  unfound: readonly ConversationId[]
}

/** After a reload: none is drawn before this device knows whom it is with. */
export function bringBack(kept: readonly ConversationId[]): OpenTabs {
  return { all: kept, unfound: kept }
}

export function standing({ all, unfound }: OpenTabs): readonly ConversationId[] {
  return all.filter((id) => !unfound.includes(id))
}

/** These conversations are on this device. */
export function find(tabs: OpenTabs, found: ReadonlySet<ConversationId>): OpenTabs {
  const unfound = tabs.unfound.filter((id) => !found.has(id))
  return unfound.length === tabs.unfound.length ? tabs : { ...tabs, unfound }
}

export function add({ all, unfound }: OpenTabs, id: ConversationId): OpenTabs {
  return {
    all: all.includes(id) ? all : [...all, id].slice(-mostTabs),
    unfound: unfound.filter((other) => other !== id),
  }
}

/** `to` stands in the place of `from`; where it stood already, in the first of the two places. */
export function move({ all, unfound }: OpenTabs, from: ConversationId, to: ConversationId): OpenTabs {
  return {
    all: [...new Set(all.map((id) => (id === from ? to : id)))],
    unfound: unfound.filter((id) => id !== from && id !== to),
  }
}

/** Without `id`, and which tab comes to the front if it was there: the next one, else the one before. */
export function close(
  { all, unfound }: OpenTabs,
  id: ConversationId,
): { tabs: OpenTabs; next: ConversationId | null } {
  const before = standing({ all, unfound })
  const after = before.filter((other) => other !== id)
  const next = after[Math.min(before.indexOf(id), after.length - 1)] ?? null
  return { tabs: { all: all.filter((other) => other !== id), unfound }, next }
}

const mostTabs = 8
