import { createMemo, createSignal } from 'solid-js'
import type { ViewId } from '#shared/base/ids.ts'
import { everything, type Criteria } from '#shared/rules/criteria.ts'
import { builtIn, type View } from '#shared/rules/views.ts'
import { useParley } from '#client/state/parley.ts'
import { useDesk } from '../../shell/desk.ts'
import { tell } from '../actions.ts'
import { sayDone } from '../undo.ts'

/** A view as it stands in the fields, before DONE. */
export interface ViewDraft {
  /** The view that is edited, as it was when the fields opened; null for one that is being added. */
  was: View | null
  name: string
  shared: boolean
  criteria: Criteria
}

/**
 * Editing the current view [F72-F77]. What was typed outlasts a look at another view: coming back and pressing EDIT
 * VIEW finds it as it was.
 */
export function createEditing() {
  const parley = useParley()
  const desk = useDesk()
  const kept = new Map<ViewId, ViewDraft>()
  const [drafts, setDrafts] = createSignal<{ view: ViewId; draft: ViewDraft } | null>(null)
  const [error, setError] = createSignal<string | null>(null)
  let busy = false
  /** The author knows that somebody else changed the view, so the next DONE expects what stands there then. */
  let told = false
  const saved = () => parley.views().find(({ id }) => id === desk.view())?.view ?? null
  /** The fields belong to the view that is open: they close when another is opened. */
  const draft = createMemo(() => {
    const current = drafts()
    return current?.view === desk.view() ? current.draft : null
  })

  function show(next: ViewDraft) {
    kept.set(desk.view(), next)
    setDrafts({ view: desk.view(), draft: next })
    setError(null)
  }

  function shut() {
    kept.delete(desk.view())
    setDrafts(null)
    setError(null)
    told = false
  }

  function edit() {
    const before = kept.get(desk.view())
    const view = saved()
    if (before?.was) show(before)
    else if (view) show({ was: view, name: view.name, shared: view.owner === null, criteria: view.criteria })
  }

  async function save() {
    const current = draft()
    if (!current || busy) return
    busy = true
    await saveAs(current).finally(() => (busy = false))
  }

  async function saveAs(current: ViewDraft) {
    const to = { label: current.name, criteria: current.criteria }
    if (current.was === null) {
      const outcome = await parley.addView(current.shared, to)
      if (!outcome.ok) return setError(outcome.text)
      shut()
      desk.openView(outcome.view)
      return sayDone('View added.', outcome, { after: () => desk.openView(builtIn.open.id) })
    }
    const outcome = await parley.editView((told && saved()) || current.was, to)
    told = !outcome.ok && outcome.code === 'changed'
    if (told) {
      // The fields keep what was typed; what somebody else saved is what the next DONE replaces.
      return setError('Somebody else changed this view meanwhile. DONE again puts yours in its place.')
    }
    if (!outcome.ok && outcome.code !== 'already so') return setError(outcome.text)
    shut()
    return outcome.ok ? sayDone(`${current.name} is changed for ${forWhom(current)}.`, outcome) : undefined
  }

  async function remove() {
    const view = saved()
    if (!view) return
    const outcome = await parley.removeView(view)
    if (!tell(outcome)) return
    shut()
    if (view.builtIn === null) desk.openView(builtIn.open.id)
    sayDone(
      view.builtIn === null ? `${view.name} was removed.` : `${view.name} is as it was delivered.`,
      outcome,
    )
  }

  return {
    draft,
    error,
    /** Company numbers' views follow the number, and a removed one is no more. */
    canEdit: () => {
      const view = saved()
      return view !== null && view.number === null
    },
    edit,
    /** The fields of a view that is to be added, beginning with what `from` takes. */
    add: (from?: ViewDraft) =>
      show({ was: null, name: '', shared: true, criteria: from?.criteria ?? { ...everything } }),
    change: (part: Partial<ViewDraft>) => {
      const current = draft()
      if (current) show({ ...current, ...part })
    },
    save,
    cancel: shut,
    remove,
  }
}

/** The view that the list shows while the fields are open. */
export function previewOf(draft: ViewDraft, current: ViewId): View {
  const base = draft.was ?? { ...builtIn.open, id: current, builtIn: null }
  return { ...base, criteria: draft.criteria, edited: true }
}

function forWhom({ was }: ViewDraft): string {
  return was?.owner == null ? 'everybody' : 'you'
}
