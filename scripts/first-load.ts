import type { Rolldown } from 'vite'

type Context = Parameters<Extract<Rolldown.CodeSplittingGroup['name'], (...args: never[]) => unknown>>[1]

interface FirstLoad {
  /** What runs the page when all else is there. */
  entry: string
  /** Another page, with modules of this one. */
  beside: string
  /** What an address of a conversation needs beside the list. */
  conversation: string
}

/**
 * Packs what a page runs before its first row into few files. Left to itself the bundler makes one of each module that
 * some later part shares, a dozen of half a kilobyte, and each costs a request. `library` and `encoding` are what stays
 * between releases of ours, `common` what the page `beside` runs as well, `screen` what is drawn, `parley` the rest,
 * and `conversation` what stands in a conversation and not before it. None imports from one behind it, so each can be
 * evaluated in a task of its own. `entry` stays by itself, or whoever imports from its file would run it.
 *
 * `encoding` is lib0, which Yjs builds on: packed with any of the others the two take three times as long to evaluate
 * as apart, 44 ms instead of 15 on a laptop (measured in Chromium 156; not explained).
 */
export function firstLoad({ entry, beside, conversation }: FirstLoad): Rolldown.CodeSplittingGroup[] {
  // The graph is whole before the first module is given its place, so one walk serves them all.
  let reached: Record<'ours' | 'theirs' | 'later', Set<string>> | null = null
  const name = (id: string, context: Context) => {
    const { ours, theirs, later } = (reached ??= {
      ours: reachedFrom(entry, context),
      theirs: reachedFrom(beside, context),
      later: reachedFrom(conversation, context),
    })
    if (id === entry) return null
    if (!ours.has(id)) return later.has(id) && !theirs.has(id) ? 'conversation' : null
    if (id.includes('/node_modules/')) return id.includes('/node_modules/lib0/') ? 'encoding' : 'library'
    if (theirs.has(id)) return 'common'
    return id.includes('/client/ui/') ? 'screen' : 'parley'
  }
  return [{ name, includeDependenciesRecursively: false }]
}

/** The modules that `entry` imports before it runs. */
function reachedFrom(entry: string, context: Context): Set<string> {
  const reached = new Set<string>()
  const waiting = [entry]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    waiting.push(...(context.getModuleInfo(id)?.importedIds ?? []))
  }
  return reached
}
