import { createMemo, createSignal, Match, Show, Switch } from 'solid-js'
import { createMobileEndUsers, type KnownPerson } from '#client/state/mobile-end-users.ts'
import { useParley } from '#client/state/parley.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Avatar } from '../controls/avatar.tsx'
import { VirtualList } from '../controls/virtual-list.tsx'
import { MobileUserForm } from '../message-center/details/mobile-user-form.tsx'
import { settingsPath } from '../shell/address.ts'
import type { SectionProps } from './sections.ts'

/** The people who text this company; one of them behind it in the address, to be seen and edited [F243]. */
export function MobileEndUsers(props: SectionProps) {
  const parley = useParley()
  const people = parley.open(createMobileEndUsers)
  const [words, setWords] = createSignal('')
  const shown = createMemo(() => (people() ?? []).filter((person) => fits(person, words())))
  const one = createMemo(() => people()?.find(({ user }) => user.id === props.rest[0]) ?? null)
  return (
    <Switch>
      <Match when={props.rest[0] !== undefined && people() && !one()}>
        <section class="empty" aria-labelledby="people-title">
          <h2 class="empty-title" id="people-title">
            This person is not known here.
          </h2>
          <a href={settingsPath(['people'])}>All Mobile End Users</a>
        </section>
      </Match>
      <Match when={one()?.user.id} keyed>
        {(_id) => (
          <Show when={one()}>
            {(person) => (
              <section aria-labelledby="people-title">
                <p class="crumb">
                  <a href={settingsPath(['people'])}>Mobile End Users</a>
                </p>
                <h2 class="page-title" id="people-title">
                  {person().title}
                </h2>
                <p class="quiet">{showAddress(person().user.address)}</p>
                <MobileUserForm user={person().user} />
              </section>
            )}
          </Show>
        )}
      </Match>
      <Match when={props.rest[0] === undefined}>
        <section class="filling" aria-labelledby="people-title">
          <h2 class="page-title" id="people-title">
            Mobile End Users
          </h2>
          <div class="field">
            <label for="people-words">Find by name, company or number</label>
            <input
              id="people-words"
              class="input"
              type="search"
              autocomplete="off"
              value={words()}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          </div>
          <p class="quiet" role="status">
            {countOf(shown().length, people()?.length)}
          </p>
          <VirtualList items={shown()} by={({ user }) => user.id} rowHeight={60} label="Mobile End Users">
            {(person) => <PersonRow person={person()} />}
          </VirtualList>
        </section>
      </Match>
    </Switch>
  )
}

function PersonRow(props: { person: KnownPerson }) {
  const user = () => props.person.user
  return (
    <a class="person-row" href={settingsPath(['people', user().id])}>
      <Avatar name={props.person.title} />
      <span class="person-words">
        <span class="person-name">{props.person.title}</span>
        <span class="person-email">
          {[showAddress(user().address), user().companyName].filter(Boolean).join(' · ')}
        </span>
      </span>
      <Show when={user().optedOut}>
        <span class="quiet">Opted out</span>
      </Show>
    </a>
  )
}

/** Every word in any order, in names, company or digits of the number. */
function fits({ user, title }: KnownPerson, words: string): boolean {
  const text = `${title} ${user.companyName} ${user.address}`.toLocaleLowerCase()
  return words
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => text.includes(/^[\d()+.-]+$/u.test(word) ? word.replace(/[^\d]/gu, '') : word))
}

function countOf(shown: number, all: number | undefined): string {
  if (all === undefined) return ''
  if (all === 0) return 'Nobody has texted yet.'
  if (shown === all) return all === 1 ? '1 person' : `${all} people`
  return `${shown} of ${all} people`
}
