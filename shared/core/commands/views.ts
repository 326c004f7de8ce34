import type { AgentId } from '../../base/ids.ts'
import type { ViewRow } from '../../rows/view.ts'
import { isSameCriteria } from '../../rules/criteria.ts'
import { builtInOf, viewOf } from '../../rules/views.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed, ViewSaid } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { held, type World } from '../world.ts'

/** Adds a view, for everybody or for its author alone [DC5]. The id is its author's; one that is there is no new one. */
export function decideAddView(world: World, command: CommandNamed<'AddView'>, actor: AgentId): Verdict {
  if (builtInOf(command.view) !== null || held(world.view) !== null)
    return refuse('taken', 'There is a view of this id already.')
  const refusal = refuseName(command.to)
  if (refusal) return refusal
  return put({ id: command.view, owner: command.shared ? null : actor, ...said(command.to) })
}

/**
 * Saves what was edited of a view, for everybody who has it [F75, F76]. `expect` is what stood on the author's
 * screen: who saved something else meanwhile is not overwritten unseen. A default view keeps its name.
 */
export function decideEditView(world: World, command: CommandNamed<'EditView'>, actor: AgentId): Verdict {
  const row = held(world.view)
  const now = viewOf(command.view, row ? [row] : [])
  if (now === null) return refuse('unknown', 'This view was removed.')
  const refusal = refuseStranger(now, actor) ?? refuseChanged(now, command.expect) ?? refuseName(command.to)
  if (refusal) return refusal
  const next = { id: now.id, owner: now.owner, ...said(command.to) }
  if (now.builtIn !== null) next.name = now.name
  if (next.name === now.name && isSameCriteria(next.criteria, now.criteria))
    return refuse('already so', 'Nothing to change.')
  return put(next)
}

/** Removes an added view, or puts a built-in one back to what it was delivered as [DC5]. */
export function decideRemoveView(world: World, command: CommandNamed<'RemoveView'>, actor: AgentId): Verdict {
  const row = held(world.view)
  if (row === null)
    return builtInOf(command.view) === null
      ? refuse('unknown', 'This view was removed.')
      : refuse('already so', 'This view is as it was delivered.')
  const refusal = refuseStranger(row, actor) ?? refuseChanged(row, command.expect)
  if (refusal) return refusal
  return { changes: [{ kind: 'gone', table: 'views', id: row.id }], effects: [] }
}

function put(row: ViewRow): Verdict {
  return { changes: [{ kind: 'row', table: 'views', row }], effects: [] }
}

function said({ label, criteria }: ViewSaid): Pick<ViewRow, 'name' | 'criteria'> {
  return { name: label.toWellFormed().replace(/\s+/gu, ' ').trim(), criteria }
}

function refuseName(to: ViewSaid): Refusal | null {
  const { name } = said(to)
  if (name === '') return refuse('empty', 'Give the view a name.')
  if (name.length > limits.viewName)
    return refuse('too long', `A name holds at most ${limits.viewName} characters.`)
  return null
}

function refuseStranger({ owner }: Pick<ViewRow, 'owner'>, actor: AgentId): Refusal | null {
  return owner === null || owner === actor ? null : refuse('unknown', 'This view was removed.')
}

function refuseChanged(now: Pick<ViewRow, 'name' | 'criteria'>, expect: ViewSaid): Refusal | null {
  if (now.name === expect.label && isSameCriteria(now.criteria, expect.criteria)) return null
  return refuse('changed', 'Somebody else changed this view meanwhile.')
}
