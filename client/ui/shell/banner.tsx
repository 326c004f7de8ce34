import { createEffect, Match, onCleanup, Show, Switch } from 'solid-js'
import { describeRoom } from '#client/state/connection.ts'
import { useParley, type Connection } from '#client/state/parley.ts'
import { settingsPath } from './address.ts'

/** What a person must know about the connection, above the work and never in its way. */
export function Banner() {
  const parley = useParley()
  const is = <Kind extends Connection['kind']>(kind: Kind) => {
    const connection = parley.connection()
    return connection.kind === kind ? (connection as Extract<Connection, { kind: Kind }>) : null
  }
  const waiting = () => parley.waiting().filter(({ state }) => state !== 'refused').length
  // The browser asks before it closes a page whose waiting changes go with it [E16].
  createEffect(() => {
    if (!parley.inMemory || waiting() === 0) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    onCleanup(() => removeEventListener('beforeunload', ask))
  })
  return (
    <div role="alert" class="banners">
      <Switch>
        <Match when={is('unreachable')}>
          {/* The guide's own words [F21], beside what is safe [DC21]. */}
          <p class="banner">
            <strong>
              The application is having trouble sending and receiving messages, please refresh the page.
            </strong>
            <span>Your text is kept.</span>
            <a href={settingsPath(['help'])}>What may be the cause</a>
          </p>
        </Match>
        <Match when={is('signed out')}>
          <p class="banner">
            <strong>You are signed out.</strong>
            <span>Your text and your changes are kept on this device.</span>
            <a href="/" target="_self">
              Log In
            </a>
          </p>
        </Match>
        <Match when={is('other agent')}>
          {(other) => (
            <p class="banner">
              <strong>{`${other().name} is signed in in this browser.`}</strong>
              <span>Your changes are kept here until you log in again.</span>
            </p>
          )}
        </Match>
      </Switch>
      <Show when={describeRoom(waiting())}>
        {(room) => (
          <p class="banner">
            <strong>{room().said}</strong>
            <span>{room().more}</span>
          </p>
        )}
      </Show>
      <Show when={parley.storageFull()}>
        <p class="banner">
          <strong>This device has no room left for Parley.</strong>
          <span>What you type is kept, but nothing is sent or received until there is room.</span>
        </p>
      </Show>
      <Show when={parley.inMemory && !parley.shared}>
        <p class="banner">
          <strong>This browser keeps nothing for Parley.</strong>
          <span>What was not sent yet is lost when this page closes.</span>
        </p>
      </Show>
      <Show when={parley.shared && parley.connection().kind !== 'live' && waiting() > 0}>
        <p class="banner">
          <strong>This computer is shared, so nothing is kept on it.</strong>
          <span>Leave this page open until what waits was sent.</span>
        </p>
      </Show>
    </div>
  )
}
