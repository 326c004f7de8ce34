import { createMemo, For, Show } from 'solid-js'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../../controls/avatar.tsx'
import type { SectionProps } from '../sections.ts'

/** Settings > User Profile [F27]: one's own, or that of the agent whose id stands behind it in the address [F173]. */
export function Profile(props: SectionProps) {
  const parley = useParley()
  const id = () => props.rest[0] ?? parley.session.agent
  const agent = createMemo(() => parley.agents().find((agent) => agent.id === id()) ?? null)
  const groups = () =>
    parley
      .groups()
      .filter((group) => agent()?.groups.includes(group.id))
      .map(({ name }) => name)
  return (
    <section aria-labelledby="profile-title">
      <h2 class="page-title" id="profile-title">
        User Profile
      </h2>
      <Show when={agent()} fallback={<p>This agent is not known here.</p>}>
        {(agent) => (
          <>
            <Avatar name={agent().name} class="large" />
            <dl class="facts">
              <For
                each={[
                  ['Screenname', agent().name],
                  ['Email', agent().email],
                  ['Role', agent().role === 'admin' ? 'Admin' : 'Agent'],
                  ['Groups', groups().join(', ') || 'None'],
                ]}
              >
                {([name, value]) => (
                  <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                )}
              </For>
            </dl>
          </>
        )}
      </Show>
    </section>
  )
}
