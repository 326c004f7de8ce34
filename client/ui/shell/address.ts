import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import { defaultViews, type DefaultView } from '#shared/rules/views.ts'

/** What the address bar says: a view, and what stands in the reading pane. */
export interface Place {
  view: DefaultView
  pane: { kind: 'empty' } | { kind: 'new' } | { kind: 'conversation'; id: ConversationId }
}

/** Reads `/inbox/<view>/<conversation id>`. What it does not know it leaves out; it never refuses. */
export function parsePlace(path: string): Place {
  const [, root, name, last] = path.split('/')
  const view = defaultViews.find((view) => root === 'inbox' && view === name)
  if (view === undefined) return { view: 'open', pane: { kind: 'empty' } }
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
