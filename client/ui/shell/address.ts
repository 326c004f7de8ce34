import { conversationId, viewId, type ConversationId, type ViewId } from '#shared/base/ids.ts'
import { builtIn } from '#shared/rules/views.ts'

/** What the address bar says: a view, and what stands in the reading pane. */
export interface Place {
  view: ViewId
  pane: { kind: 'empty' } | { kind: 'new' } | { kind: 'conversation'; id: ConversationId }
}

/** Reads `/inbox/<view>/<conversation id>`. What it does not know it leaves out; it never refuses. */
export function parsePlace(path: string): Place {
  const [, root, name, last] = path.split('/')
  const named = root === 'inbox' ? viewId.safeParse(name) : null
  if (!named?.success) return { view: builtIn.open.id, pane: { kind: 'empty' } }
  const view = named.data
  if (last === 'new') return { view, pane: { kind: 'new' } }
  const id = conversationId.safeParse(last)
  return { view, pane: id.success ? { kind: 'conversation', id: id.data } : { kind: 'empty' } }
}

/** The address of a place; `parsePlace` reads it back. */
export function pathOf(place: Place): string {
  const base = `/inbox/${place.view}`
  switch (place.pane.kind) {
    case 'empty':
      return base
    case 'new':
      return `${base}/new`
    case 'conversation':
      return `${base}/${place.pane.id}`
  }
}

/** Reads `/settings/<page>/<rest>`: the names behind `/settings`, or null where the path is no page of Settings. */
export function settingsIn(path: string): string[] | null {
  const [, root, ...rest] = path.split('/')
  return root === 'settings' ? rest.filter((name) => name !== '') : null
}

/** The address of a page of Settings; `settingsIn` reads it back. */
export function settingsPath(rest: readonly string[]): string {
  return ['/settings', ...rest].join('/')
}
