import { createMemo, createSignal, createUniqueId, For, Show } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import type { MobileUserId, NumberId } from '#shared/base/ids.ts'
import { broadcastMode, previewBroadcast, type Preview } from '#shared/rules/broadcast.ts'
import { inserts, isPersonal, personalize } from '#shared/rules/personalize.ts'
import type { DistributionList } from '#shared/rows/list.ts'
import type { Lists, Person } from '#client/state/lists.ts'
import { useParley } from '#client/state/parley.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Icon } from '../../controls/icon.tsx'
import { say } from '../../controls/toasts.ts'
import { measure } from '#shared/rules/content.ts'
import { unicodeHint } from '../../message-center/composer/trouble.ts'

/** Recipients whose names are drawn; a list may have 10,000. */
const namedAtMost = 500

/**
 * NEW MESSAGE [F240, F277, F279]: from which number, and what. How many texts would leave, in how many segments, and
 * who is skipped is told before SUBMIT. It begins with the choices of the last message to this list [F284].
 */
export function NewMessage(props: {
  lists: Lists
  list: DistributionList
  members: readonly MobileUserId[]
  /** Reads anew who is on the list. */
  again(): Promise<void>
  done(): void
  leave(): void
}) {
  const parley = useParley()
  const id = createUniqueId()
  const last = props.lists.broadcasts().find(({ list }) => list === props.list.id)
  const numbers = () => parley.numbers().filter(({ active }) => active)
  const [from, setFrom] = createSignal<NumberId | null>(last?.number ?? null)
  const number = () => numbers().find(({ id }) => id === from()) ?? numbers()[0] ?? null
  const [text, setText] = createSignal(last?.text ?? '')
  const [error, setError] = createSignal<string | null>(null)
  const [busy, setBusy] = createSignal(false)
  let box!: HTMLTextAreaElement

  const recipients = createMemo<Person[]>(() => {
    const people = new Map(props.lists.people().map((person) => [person.user.id, person]))
    return props.members.flatMap((user) => people.get(user) ?? [])
  })
  const mode = () => {
    const current = number()
    return broadcastMode(current ? parley.longMessages(current.id) : 'concatenate')
  }
  const settings = (): { emoji: 'refuse' | 'send' } => ({ emoji: parley.emojiRefused() ? 'refuse' : 'send' })
  const preview = createMemo(() =>
    previewBroadcast(
      text(),
      recipients().map(({ user }) => user),
      mode(),
      settings(),
    ),
  )
  const hint = createMemo(() => unicodeHint(measure(text(), mode())))
  const example = () => {
    const first = recipients().find(({ user }) => !user.optedOut)
    return first && isPersonal(text(), 'list')
      ? { to: first.title, text: personalize(text(), first.user, 'list') }
      : null
  }
  const isOnline = () => ['live', 'syncing'].includes(parley.connection().kind)
  const isReady = () =>
    text().trim() !== '' && preview().texts > 0 && number() !== null && isOnline() && !busy()

  const insert = (tag: string) => {
    const [start, end] = [box.selectionStart, box.selectionEnd]
    setText(`${text().slice(0, start)}${tag}${text().slice(end)}`)
    box.focus()
    box.setSelectionRange(start + tag.length, start + tag.length)
  }
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const chosen = number()
    if (!isReady() || !chosen) return
    setBusy(true)
    const outcome = await props.lists.send(props.list.id, props.members.length, chosen.id, text())
    setBusy(false)
    if (!outcome.ok) {
      if (outcome.code === 'changed') void props.again()
      return setError(outcome.text)
    }
    const { texts } = preview()
    say(texts === 1 ? 'Sending 1 text.' : `Sending ${grouped(texts)} texts.`)
    props.done()
  }

  return (
    <form class="list-form" aria-labelledby="lists-title" onSubmit={(event) => void submit(event)}>
      <button type="button" class="link-button" onClick={() => props.leave()}>
        <Icon name="back" />
        {props.list.name}
      </button>
      <header class="lists-head">
        <h2 id="lists-title">Compose New Message</h2>
      </header>
      <div class="field">
        <label for={`${id}-from`}>From Number</label>
        <select
          id={`${id}-from`}
          class="input"
          onChange={(event) => {
            const chosen = event.currentTarget.value
            setFrom(numbers().find(({ id }) => id === chosen)?.id ?? null)
          }}
        >
          <For each={numbers()}>
            {(one) => (
              <option value={one.id} selected={one.id === number()?.id}>
                {`${one.name} ${showAddress(one.address)}`}
              </option>
            )}
          </For>
        </select>
      </div>
      <details class="list-recipients">
        <summary>{`To: ${props.list.name}, ${recipientWords(recipients().length)}`}</summary>
        <ul aria-label="Recipients">
          <For each={recipients().slice(0, namedAtMost)}>
            {({ user, title }) => (
              <li>
                <span dir="auto">{title}</span>
                <Show when={user.optedOut}>
                  <span class="quiet"> opted out, skipped</span>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={recipients().length > namedAtMost}>
          <p class="quiet">{`and ${grouped(recipients().length - namedAtMost)} more`}</p>
        </Show>
      </details>
      <div class="field">
        <label for={`${id}-text`}>Message</label>
        <textarea
          id={`${id}-text`}
          ref={(element) => (box = element)}
          class="input list-text"
          dir="auto"
          rows={5}
          value={text()}
          aria-describedby={`${id}-preview`}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setError(null)
          }}
        />
        <div class="list-inserts" role="group" aria-label="Inserts">
          <For each={inserts}>
            {({ tag }) => (
              <button type="button" class="button small" onClick={() => insert(tag)}>
                {tag}
              </button>
            )}
          </For>
        </div>
      </div>
      <Show when={example()}>
        {(shown) => (
          <p class="list-example">
            <span class="quiet">{`To ${shown().to}: `}</span>
            <span dir="auto">{shown().text}</span>
          </p>
        )}
      </Show>
      <div id={`${id}-preview`} class="list-preview" role="status">
        <PreviewWords preview={preview()} blank={text().trim() === ''} />
        <Show when={hint()}>{(hint) => <p class="quiet">{hint()}</p>}</Show>
      </div>
      <Show when={props.list.addToInbox}>
        <p class="quiet">Add to Inbox: each text starts a conversation, or stands in the one that is open.</p>
      </Show>
      <div role="alert">
        <Show when={error()}>{(text) => <p class="error">{`${text()} Your text is kept.`}</p>}</Show>
        <Show when={!isOnline()}>
          <p class="error">Sending to a list needs a connection. Your text stays here meanwhile.</p>
        </Show>
      </div>
      <div class="lists-actions">
        <button type="submit" class="button primary" disabled={!isReady()}>
          SUBMIT
        </button>
        <button type="button" class="button" onClick={() => props.leave()}>
          Cancel
        </button>
      </div>
    </form>
  )
}

function PreviewWords(props: { preview: Preview; blank: boolean }) {
  const figures = () => [
    recipientWords(props.preview.recipients),
    ...(props.blank
      ? []
      : [
          counted(props.preview.texts, 'text', 'texts'),
          counted(props.preview.segments, 'segment', 'segments'),
        ]),
    ...(props.preview.skipped > 0 ? [`${grouped(props.preview.skipped)} skipped (opted out)`] : []),
  ]
  return (
    <>
      <p>{figures().join(' · ')}</p>
      <Show when={!props.blank && props.preview.failing}>
        {(failing) => (
          <p class="error">
            {`It cannot be sent to ${grouped(failing().count)} of them. ${failing().reason}`}
          </p>
        )}
      </Show>
    </>
  )
}

function recipientWords(count: number): string {
  return counted(count, 'recipient', 'recipients')
}

function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}
