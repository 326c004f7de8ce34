import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import type { ListId, MobileUserId } from '#shared/base/ids.ts'
import { listMost } from '#shared/rules/list-limit.ts'
import { readNumbers } from '#shared/rules/list-numbers.ts'
import type { DistributionList } from '#shared/rows/list.ts'
import type { Lists } from '#client/state/lists.ts'
import { showAddress } from '#client/state/show-address.ts'
import { say } from '../../controls/toasts.ts'
import { peopleOn } from './words.ts'

/** People shown at once with a box beside their name: more are found by typing [F270]. */
const shownAtMost = 200

/**
 * New Distribution List and Edit List [F260-F275]. Nothing is written before SAVE. Pasted entries that are no numbers
 * are shown one by one with the reason and never keep the others from being saved [DC18].
 */
export function EditList(props: {
  lists: Lists
  /** Null for a new one. */
  list: DistributionList | null
  members: readonly MobileUserId[]
  done(list: ListId): void
  leave(): void
}) {
  const id = createUniqueId()
  const own = props.list?.id ?? props.lists.newId()
  // What stood on this screen when it was opened is what a save expects, until its author knows of another.
  const opened = props.list && infoOf(props.list)
  let told = false
  const before = new Set(props.members)
  const [name, setName] = createSignal(opened?.name ?? '')
  const [addToInbox, setAddToInbox] = createSignal(opened?.addToInbox ?? false)
  const [ticked, setTicked] = createSignal<ReadonlySet<MobileUserId>>(before)
  const [filter, setFilter] = createSignal('')
  const [pasted, setPasted] = createSignal('')
  const [addAll, setAddAll] = createSignal(false)
  const [error, setError] = createSignal<{ field: 'name' | 'pasted' | null; text: string } | null>(null)
  const [busy, setBusy] = createSignal(false)

  const matching = createMemo(() => {
    const words = filter().trim().toLowerCase()
    const digits = words.replace(/\D/gu, '')
    return props.lists
      .people()
      .filter(
        ({ user, title }) =>
          words === '' ||
          title.toLowerCase().includes(words) ||
          user.companyName.toLowerCase().includes(words) ||
          (digits.length > 2 && user.address.includes(digits)),
      )
  })
  const read = createMemo(() => readNumbers(pasted()))
  const added = createMemo(() => read().good.filter(({ user }) => !before.has(user) && !ticked().has(user)))
  const total = () => ticked().size + added().length

  const tick = (user: MobileUserId, on: boolean) => {
    const next = new Set(ticked())
    if (on) next.add(user)
    else next.delete(user)
    setTicked(next)
  }

  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    if (busy()) return
    if (name().trim() === '') return setError({ field: 'name', text: 'A list needs a friendly name.' })
    if (read().good.length > 0 && !addAll())
      return setError({
        field: 'pasted',
        text: 'Tick "Add All New Phone Numbers to List", or empty the box.',
      })
    if (total() > listMost)
      return setError({
        field: null,
        text: `A list holds at most ${grouped(listMost)} numbers; this one would have ${grouped(total())}.`,
      })
    const addresses = new Map(props.lists.people().map(({ user }) => [user.id, user.address]))
    const change = {
      add: [
        ...[...ticked()].flatMap((user) => (before.has(user) ? [] : (addresses.get(user) ?? []))),
        ...added().map(({ address }) => address),
      ],
      remove: [...before].filter((user) => !ticked().has(user)),
    }
    setBusy(true)
    const expect = told && props.list ? infoOf(props.list) : opened
    const outcome = await props.lists
      .save(own, expect, { name: name().trim(), addToInbox: addToInbox() }, change)
      .finally(() => setBusy(false))
    if (!outcome.ok) {
      told = outcome.code === 'changed'
      return setError({ field: fieldOf(outcome.code), text: outcome.text })
    }
    const left = read().bad.length
    say(left === 0 ? 'Saved.' : `Saved. ${left === 1 ? '1 entry was' : `${left} entries were`} left out.`)
    props.done(own)
  }

  const WrongHere = (here: { at: 'name' | 'pasted' }) => (
    <Show when={error()?.field === here.at && error()}>
      {(error) => (
        <p class="error" role="alert" id={`${id}-${here.at}-error`}>
          {error().text}
        </p>
      )}
    </Show>
  )

  return (
    <form class="list-form" aria-labelledby="lists-title" onSubmit={(event) => void save(event)}>
      <header class="lists-head">
        <h2 id="lists-title">{props.list ? 'Edit List' : 'New Distribution List'}</h2>
      </header>
      <div class="field">
        <label for={`${id}-name`}>Friendly Name</label>
        <input
          id={`${id}-name`}
          class="input"
          dir="auto"
          autocomplete="off"
          value={name()}
          aria-invalid={error()?.field === 'name'}
          aria-describedby={error()?.field === 'name' ? `${id}-name-error` : undefined}
          onInput={(event) => {
            setName(event.currentTarget.value)
            setError(null)
          }}
        />
        <WrongHere at="name" />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={addToInbox()}
          aria-describedby={`${id}-inbox`}
          onChange={(event) => setAddToInbox(event.currentTarget.checked)}
        />
        <span>Add to Inbox</span>
      </label>
      <p class="quiet" id={`${id}-inbox`}>
        Recommended only for small lists: each message starts a conversation with everybody on the list.
      </p>

      <fieldset class="list-people">
        <legend>Mobile End Users</legend>
        <div class="list-people-head">
          <input
            type="search"
            class="input"
            aria-label="Find by name, company or number"
            placeholder="Find by name, company or number"
            value={filter()}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
          <span class="quiet" role="status">
            {peopleOn(total())} on this list
          </span>
        </div>
        <ul class="list-checks" tabindex="0" aria-label="Mobile End Users">
          <For each={matching().slice(0, shownAtMost)}>
            {({ user, title }) => (
              <li>
                <label class="check">
                  <input
                    type="checkbox"
                    checked={ticked().has(user.id)}
                    onChange={(event) => tick(user.id, event.currentTarget.checked)}
                  />
                  <span dir="auto">{title}</span>
                  <span class="quiet">
                    {title === showAddress(user.address) ? '' : showAddress(user.address)}
                    {user.optedOut ? ' · opted out' : ''}
                  </span>
                </label>
              </li>
            )}
          </For>
        </ul>
        <Show when={matching().length > shownAtMost}>
          <p class="quiet">
            {`${shownAtMost} of ${grouped(matching().length)} are shown. Type to find the others.`}
          </p>
        </Show>
      </fieldset>

      <div class="field">
        <label for={`${id}-pasted`}>Add New Phone Numbers</label>
        <textarea
          id={`${id}-pasted`}
          class="input list-paste"
          rows={5}
          spellcheck={false}
          autocomplete="off"
          aria-describedby={error()?.field === 'pasted' ? `${id}-pasted-error` : `${id}-help`}
          aria-invalid={error()?.field === 'pasted'}
          value={pasted()}
          onInput={(event) => {
            setPasted(event.currentTarget.value)
            setError(null)
          }}
        />
        <p class="quiet" id={`${id}-help`}>
          Separated by line returns or commas, in any usual form. Best for larger lists.
        </p>
        <WrongHere at="pasted" />
      </div>
      <Show when={pasted().trim() !== ''}>
        <div class="list-read" role="status">
          <p>{readWords(read().good.length, added().length, read().repeated)}</p>
        </div>
      </Show>
      <Show when={read().bad.length > 0}>
        <div class="list-bad">
          <p class="error">
            {read().bad.length === 1
              ? 'This entry is no number that can be texted. It is left out; the rest can be saved.'
              : `These ${read().bad.length} entries are no numbers that can be texted. They are left out; the rest can be saved.`}
          </p>
          <ul aria-label="Entries that are left out">
            <For each={read().bad.slice(0, shownAtMost)}>
              {({ line, text, reason }) => (
                <li>
                  <span class="quiet">{`Line ${line}`}</span> <bdi>{text}</bdi> <span>{reason}</span>
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <label class="check">
        <input
          type="checkbox"
          checked={addAll()}
          onChange={(event) => {
            setAddAll(event.currentTarget.checked)
            setError(null)
          }}
        />
        <span>Add All New Phone Numbers to List</span>
      </label>
      <div role="alert">
        <Show when={error()?.field === null && error()}>
          {(error) => <p class="error">{error().text}</p>}
        </Show>
      </div>
      <div class="lists-actions">
        <button type="submit" class="button primary" disabled={busy()}>
          SAVE
        </button>
        <button type="button" class="button" onClick={() => props.leave()}>
          Cancel
        </button>
      </div>
    </form>
  )
}

function readWords(good: number, added: number, repeated: number): string {
  const known = good - added
  const parts = [
    good === 1 ? '1 number read' : `${grouped(good)} numbers read`,
    ...(known > 0 ? [`${known} on this list already`] : []),
    ...(repeated > 0 ? [`${repeated} repeated`] : []),
  ]
  return `${parts.join(', ')}.`
}

function infoOf({ name, addToInbox }: DistributionList) {
  return { name, addToInbox }
}

/** What a refusal of this code is about: the name, or who is on the list. */
function fieldOf(code: string): 'name' | 'pasted' | null {
  if (code === 'empty' || code === 'too long' || code === 'changed') return 'name'
  return code === 'bad number' ? 'pasted' : null
}
