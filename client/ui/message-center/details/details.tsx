import { For, Show } from 'solid-js'
import { addressIn } from '#shared/base/address.ts'
import type { MobileUserId } from '#shared/base/ids.ts'
import { newMobileUser, type MobileUser } from '#shared/rows/mobile-user.ts'
import { showAddress } from '#client/state/show-address.ts'
import type { OpenConversation } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { stamp } from '../../shell/clock.ts'
import { useDesk } from '../../shell/desk.ts'
import { MobileUserForm } from './mobile-user-form.tsx'

/** "Mobile User Info": who they are, the facts of the conversation, and consent at the bottom [F245]. */
export function Details(props: { open: OpenConversation }) {
  const desk = useDesk()
  const conversation = () => props.open.conversation
  // Of somebody new nothing is kept before the first message: their fields are blank, and can be saved [F243, F244].
  const user = () => props.open.user ?? blankOf(conversation().user)
  const person = () => [
    { name: 'Mobile Number', value: showAddress(user().address) || props.open.title, none: 'Not known' },
  ]
  const facts = () => [
    { name: 'Conversation ID#', value: conversation().no?.toString() ?? 'new', none: 'new' },
    { name: 'Owner', value: props.open.ownerName, none: 'None' },
    { name: 'Group', value: props.open.groupName, none: 'None' },
    {
      name: 'Company Number',
      value: props.open.number ? showAddress(props.open.number.address) : null,
      none: 'Not known',
    },
    { name: 'Started', value: stamp(conversation().startedAt), none: '' },
    ...(conversation().closedAt === null
      ? []
      : [{ name: 'Closed', value: stamp(conversation().closedAt ?? 0), none: '' }]),
  ]
  return (
    <section
      class="details"
      id="panel-info"
      aria-label="Mobile User Info"
      role={desk.isWide() ? 'complementary' : 'tabpanel'}
    >
      <div class="details-head">
        <h3 class="details-title">Mobile User Info</h3>
        <button
          type="button"
          class="icon-button"
          aria-label="Close Mobile User Info"
          onClick={() => (desk.isWide() ? desk.setDetails(false) : desk.setFront('conversation'))}
        >
          <Icon name="close" />
        </button>
      </div>
      <Facts facts={facts()} />
      <h3 class="details-title section">Mobile User</h3>
      <Facts facts={person()} />
      {/* The form is the last of it: "Opted Out" and SAVE stand at the very bottom [F245, F247]. Another person is
          another form: what was typed about one is never saved to the next. */}
      <Show when={user().id} keyed>
        {(_id) => <MobileUserForm user={user()} isNew={props.open.user === null} />}
      </Show>
    </section>
  )
}

function blankOf(id: MobileUserId): MobileUser {
  return newMobileUser(id, addressIn(id) ?? '')
}

function Facts(props: { facts: { name: string; value: string | null | undefined; none: string }[] }) {
  return (
    <dl class="facts">
      <For each={props.facts}>
        {(fact) => (
          <div>
            <dt>{fact.name}</dt>
            <dd classList={{ none: !fact.value }} dir="auto">
              {fact.value || fact.none}
            </dd>
          </div>
        )}
      </For>
    </dl>
  )
}
