import { createMemo, For, Show } from 'solid-js'
import { may } from '#shared/rules/permissions.ts'
import { profileLabels, profileMails, profileOf } from '#shared/rules/profile.ts'
import type { Agent } from '#shared/rows/agent.ts'
import { useParley } from '#client/state/parley.ts'
import { Avatar } from '../../controls/avatar.tsx'
import { Icon } from '../../controls/icon.tsx'
import { later, opening } from '../../controls/later.tsx'
import { settingsPath } from '../../shell/address.ts'
import type { SectionProps } from '../sections.ts'
import { zoneWords } from './time-zones.ts'

const EditProfile = later<{ agent: Agent; done(): void }>(
  async () => (await import('./edit-profile.tsx')).EditProfile,
  opening,
)

/**
 * Settings > User Profile [F27]: one's own, or that of the agent whose id stands behind it in the address [F173]; and
 * its edit page behind that, for who may edit it [F28].
 */
export function Profile(props: SectionProps) {
  const parley = useParley()
  const id = () => props.rest[0] ?? parley.session.agent
  const agent = createMemo(() => parley.agents().find((agent) => agent.id === id()) ?? null)
  const mayEdit = () => id() === parley.session.agent || may(parley.session.role(), 'edit people')
  const isEditing = () => props.rest[1] === 'edit' && mayEdit()
  return (
    <section aria-labelledby="profile-title">
      <Show when={isEditing()}>
        <p class="crumb">
          <a class="link-button" href={settingsPath(['profile', id()])}>
            <Icon name="back" />
            User Profile
          </a>
        </p>
      </Show>
      <div class="page-head">
        <h2 class="page-title" id="profile-title">
          {isEditing() ? 'Edit Profile' : 'User Profile'}
        </h2>
        <Show when={agent() && mayEdit() && !isEditing()}>
          <a class="button" href={settingsPath(['profile', id(), 'edit'])}>
            Edit
          </a>
        </Show>
      </div>
      <Show when={agent()} fallback={<p>This agent is not known here.</p>}>
        {(agent) => (
          <Show when={isEditing()} fallback={<Facts agent={agent()} />}>
            <EditProfile agent={agent()} done={() => props.go([id()])} />
          </Show>
        )}
      </Show>
    </section>
  )
}

const notSet = 'Not set'

/** The viewing page: what the edit page has, in its order. */
function Facts(props: { agent: Agent }) {
  const parley = useParley()
  const profile = () => profileOf(props.agent)
  const groups = () =>
    parley
      .groups()
      .filter((group) => props.agent.groups.includes(group.id))
      .map(({ name }) => name)
  const mails = () => profileMails.filter((mail) => profile()[mail]).map((mail) => profileLabels[mail])
  return (
    <>
      <Avatar name={props.agent.name} picture={props.agent.avatar} class="large" />
      <dl class="facts">
        <For
          each={[
            ['First Name', profile().firstName || notSet],
            ['Last Name', profile().lastName || notSet],
            ['Screenname', profile().name],
            ['Email', props.agent.email],
            ['Role', props.agent.role === 'admin' ? 'Admin' : 'Agent'],
            ['Groups', groups().join(', ') || 'None'],
            ['Idle Alert Time in Seconds', String(profile().idleSeconds)],
            ['Email Notifications', mails().join(' · ') || 'None'],
            [
              'Time Zone',
              profile().timeZone
                ? zoneWords(profile().timeZone)
                : `The company's (${zoneWords(parley.accountTimeZone())})`,
            ],
          ]}
        >
          {([name, value]) => (
            <div>
              <dt>{name}</dt>
              <dd classList={{ none: value === notSet }}>{value}</dd>
            </div>
          )}
        </For>
      </dl>
    </>
  )
}
