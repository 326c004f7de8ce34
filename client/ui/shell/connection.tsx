import { createMemo, Show } from 'solid-js'
import { useParley, type Connection } from '#client/state/parley.ts'
import { Keyed } from '../controls/keyed.tsx'
import { Popover } from '../controls/popover.tsx'
import { isoTime, now, shortTime, stamp } from './clock.ts'

/** The dot: how this device stands with the service. A click lists what waits, each change with a cancel. */
export function ConnectionDot() {
  const parley = useParley()
  const refused = createMemo(() => parley.waiting().filter((change) => change.state === 'refused').length)
  const name = () => nameOf(parley.connection(), refused())
  return (
    <Popover
      name="Changes on this device"
      class="popover waiting"
      placement="top-start"
      trigger={{
        class: 'connection',
        get label() {
          return name()
        },
        get title() {
          return name()
        },
        get children() {
          return (
            <>
              <span
                class="dot"
                classList={{ [toneOf(parley.connection(), refused())]: true }}
                aria-hidden="true"
              />
              <span class="connection-words" aria-hidden="true">
                {name()}
              </span>
            </>
          )
        },
      }}
    >
      <p class="popover-title">{explain(parley.connection(), refused())}</p>
      <Show when={parley.historyBehindSince()}>
        {(since) => (
          <p class="quiet">
            {`The history is behind since ${stamp(since())}. Texts come and go as usual, nothing is lost.`}
          </p>
        )}
      </Show>
      <Show when={parley.waiting().length > 0} fallback={<p class="quiet">No changes are waiting.</p>}>
        <ul class="waiting-list" role="list">
          <Keyed each={parley.waiting()} by={(change) => change.id}>
            {(change) => (
              <li class="waiting-item">
                <div class="waiting-words">
                  <span class="waiting-title">{change().title}</span>
                  <span class="waiting-detail">{change().detail}</span>
                  <Show when={change().reason}>
                    {(reason) => <span class="waiting-reason">{reason()}</span>}
                  </Show>
                </div>
                <time class="quiet" datetime={isoTime(change().at)}>
                  {shortTime(change().at, now())}
                </time>
                <Show when={change().state !== 'sending'} fallback={<span class="quiet">Sending</span>}>
                  <button
                    type="button"
                    class="button small"
                    aria-label={`${change().state === 'refused' ? 'Dismiss' : 'Cancel'}: ${change().title}`}
                    onClick={() => parley.cancel(change())}
                  >
                    {change().state === 'refused' ? 'Dismiss' : 'Cancel'}
                  </button>
                </Show>
              </li>
            )}
          </Keyed>
        </ul>
      </Show>
    </Popover>
  )
}

function nameOf(connection: Connection, refused: number): string {
  if (refused > 0 && connection.kind === 'live')
    return refused === 1 ? '1 change was refused' : `${refused} changes were refused`
  switch (connection.kind) {
    case 'live':
      return 'Connected'
    case 'syncing':
      return `Syncing ${connection.count}`
    case 'offline':
      return `Working offline${waitingWords(connection.waiting)}`
    case 'unreachable':
      return `The service cannot be reached${waitingWords(connection.waiting)}`
    case 'signed out':
      return `Signed out${waitingWords(connection.waiting)}`
    case 'other agent':
      return `${connection.name} is signed in${waitingWords(connection.waiting)}`
  }
}

function waitingWords(count: number): string {
  return count === 0 ? '' : count === 1 ? ', 1 change waiting' : `, ${count} changes waiting`
}

function explain(connection: Connection, refused: number): string {
  if (refused > 0) return 'A change was refused. Nothing else is lost.'
  switch (connection.kind) {
    case 'live':
      return 'Everything on this device is up to date.'
    case 'syncing':
      return 'Catching up with the service.'
    case 'offline':
      return 'You can keep working. Changes are kept here and sent when the connection is back.'
    case 'unreachable':
      return 'The service does not answer. Changes are kept here and sent when it does.'
    case 'signed out':
    case 'other agent':
      return 'Changes are kept on this device until you log in again.'
  }
}

function toneOf(connection: Connection, refused: number): string {
  if (refused > 0) return 'red'
  if (connection.kind === 'live') return 'green'
  return connection.kind === 'syncing' ? 'blue' : 'amber'
}
