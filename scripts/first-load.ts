import type { Rolldown } from 'vite'

type Context = Parameters<Extract<Rolldown.CodeSplittingGroup['name'], (...args: never[]) => unknown>>[1]

/**
 * Packs what a page runs before its first row into few files. Left to itself the bundler makes one of each module that
 * some later part shares, a dozen of half a kilobyte, and each costs a request. `library` is what stays between releases
 * of ours, `common` what the pages in `beside` run as well, `parley` the rest; `entry` stays by itself, or whoever imports from
 * its file would run it.
 */
export function firstLoad(entry: string, beside: readonly string[]): Rolldown.CodeSplittingGroup[] {
  // The graph is whole before the first module is given its place, so one walk serves them all.
  let ours: Set<string> | null = null
  let theirs: Set<string> | null = null
  const name = (id: string, context: Context) => {
    ours ??= reachedFrom([entry], context)
    theirs ??= reachedFrom(beside, context)
    if (id === entry || !ours.has(id)) return null
    if (id.includes('/node_modules/')) return 'library'
    return theirs.has(id) ? 'common' : 'parley'
  }
  return [{ name, includeDependenciesRecursively: false }]
}

/** The modules that `entries` import before they run. */
function reachedFrom(entries: readonly string[], context: Context): Set<string> {
  const reached = new Set<string>()
  const waiting = [...entries]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    waiting.push(...(context.getModuleInfo(id)?.importedIds ?? []))
  }
  return reached
}
