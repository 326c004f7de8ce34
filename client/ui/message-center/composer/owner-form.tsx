import { createMemo, createSignal, Show } from 'solid-js'
import type { AgentId, GroupId } from '#shared/base/ids.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { useParley } from '#client/state/parley.ts'
import { Keyed } from '../../controls/keyed.tsx'
import { targetsFrom } from '../targets.ts'
import { useNames } from '../thread/names.ts'
import { sayDone } from '../undo.ts'

type Target = { kind: 'agent'; id: AgentId } | { kind: 'group'; id: GroupId }

/**
 * CLAIM OWNERSHIP, or somebody to TRANSFER to [F150-F153]. The list shows who is online; the edge accepts any
 * agent, so everybody can be asked for, and is shown where nobody can be seen [DC23].
 */
export function OwnerForm(props: { conversation: Conversation; done(): void }) {
  const parley = useParley()
  const names = useNames()
  const [target, setTarget] = createSignal<Target | null>(null)
  const [everybody, setEverybody] = createSignal(false)
  const [error, setError] = createSignal<string | null>(null)

  const isMine = () => props.conversation.agent === parley.session.agent
  const targets = createMemo(() => targetsFrom(parley))
  // Oneself has a button for it.
  const others = createMemo(() =>
    targets().agents.filter(
      ({ agent }) => agent.id !== props.conversation.agent && agent.id !== parley.session.agent,
    ),
  )
  const seen = createMemo(() => others().filter(({ here }) => here))
  const isFiltered = () => !everybody() && targets().sees && seen().length < others().length
  const listed = () => (isFiltered() ? seen() : others())
  const groups = createMemo(() =>
    targets().groups.filter(
      ({ group }) => props.conversation.agent !== null || group.id !== props.conversation.group,
    ),
  )

  const claim = async () => {
    const outcome = await parley.claim(props.conversation)
    if (!outcome.ok) return setError(outcome.text)
    sayDone('You own this conversation.', outcome, { about: props.conversation.id })
    return props.done()
  }
  const transfer = async () => {
    const to = target()
    if (!to) return
    const outcome = await parley.transfer(props.conversation, {
      agent: to.kind === 'agent' ? to.id : null,
      group: to.kind === 'group' ? to.id : null,
    })
    if (!outcome.ok) {
      setError(outcome.text)
      return
    }
    const name = to.kind === 'agent' ? names.agent(to.id) : names.group(to.id)
    sayDone(`Transferred to ${name}.`, outcome, { about: props.conversation.id })
    props.done()
  }
  const choice = (next: Target, name: string, mark: () => string) => (
    <label class="choice">
      <input type="radio" name="owner" checked={target()?.id === next.id} onChange={() => setTarget(next)} />
      <span>{name}</span>
      <span class="quiet">{mark()}</span>
    </label>
  )

  return (
    <div class="owner-form">
      <Show when={!isMine()}>
        <button type="button" class="button primary wide" onClick={() => void claim()}>
          CLAIM OWNERSHIP
        </button>
      </Show>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void transfer()
        }}
      >
        <div class="choices">
          <fieldset>
            <legend>Agents</legend>
            {/* By id: presence comes anew with every move of somebody, and the focus stays in its line. */}
            <Keyed each={listed()} by={({ agent }) => agent.id}>
              {(one) => choice({ kind: 'agent', id: one().agent.id }, one().agent.name, () => one().mark)}
            </Keyed>
            <Show when={listed().length === 0}>
              <p class="quiet">Nobody else is online.</p>
            </Show>
            <Show when={isFiltered()}>
              <button type="button" class="link-button" onClick={() => setEverybody(true)}>
                Show agents who are away or not online
              </button>
            </Show>
          </fieldset>
          <Show when={groups().length > 0}>
            <fieldset>
              <legend>Groups</legend>
              <Keyed each={groups()} by={({ group }) => group.id}>
                {(one) => choice({ kind: 'group', id: one().group.id }, one().group.name, () => one().mark)}
              </Keyed>
            </fieldset>
          </Show>
        </div>
        <div role="alert">
          <Show when={error()}>{(error) => <p class="error">{error()}</p>}</Show>
        </div>
        <button type="submit" class="button wide" disabled={target() === null}>
          TRANSFER
        </button>
      </form>
    </div>
  )
}
