import { createMemo, createSignal, For, Show } from 'solid-js'
import type { AgentId, GroupId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { useParley } from '#client/state/parley.ts'
import { sayDone } from '../undo.ts'
import { useNames } from '../thread/names.ts'

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
  const others = createMemo(() =>
    parley.agents().filter((agent) => agent.active && agent.id !== props.conversation.agent),
  )
  const isOnline = (agent: AgentId) => parley.online().some((online) => online.id === agent)
  /** Who has the Message Center open and did not say that they are away [F156]. */
  const isHere = (agent: Agent) => isOnline(agent.id) && !agent.away
  const seen = createMemo(() => others().filter(isHere))
  const isFiltered = () =>
    !everybody() && parley.connection().kind === 'live' && seen().length < others().length
  const listed = () => (isFiltered() ? seen() : others())
  const groups = createMemo(() =>
    parley
      .groups()
      .filter((group) => props.conversation.agent !== null || group.id !== props.conversation.group),
  )

  const claim = async () => {
    const outcome = await parley.claim(props.conversation)
    if (!outcome.ok) return setError(outcome.text)
    sayDone('You own this conversation.', outcome)
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
    sayDone(`Transferred to ${to.kind === 'agent' ? names.agent(to.id) : names.group(to.id)}.`, outcome)
    props.done()
  }
  const choice = (next: Target, name: string, more: () => string) => (
    <label class="choice">
      <input type="radio" name="owner" checked={target()?.id === next.id} onChange={() => setTarget(next)} />
      <span>{name}</span>
      <span class="quiet">{more()}</span>
    </label>
  )

  /** A group with nobody online takes a conversation as well, and is marked so [DC9]. */
  const isStaffed = (group: GroupId) =>
    parley.agents().some((agent) => agent.groups.includes(group) && isHere(agent))

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
            <For each={listed()}>
              {(agent) =>
                choice(
                  { kind: 'agent', id: agent.id },
                  agent.id === parley.session.agent ? `${agent.name} (you)` : agent.name,
                  () => (agent.away ? 'Away' : isOnline(agent.id) ? 'Online' : ''),
                )
              }
            </For>
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
              <For each={groups()}>
                {(group) =>
                  choice({ kind: 'group', id: group.id }, group.name, () =>
                    isStaffed(group.id) ? '' : 'Nobody online',
                  )
                }
              </For>
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
