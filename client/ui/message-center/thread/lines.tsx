import { createMemo, createSignal, For, Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { showAddress } from '#client/state/show-address.ts'
import { Icon } from '../../controls/icon.tsx'
import { clockTime, dayName, fullTime, isoTime, now, stamp } from '../../shell/clock.ts'
import type { NoteEntry, SystemEntry } from './arrange.ts'
import { LongText } from './long-text.tsx'
import { useNames } from './names.ts'
import { systemWords } from './system-words.ts'

/** Between two days. */
export function DayLine(props: { at: number }) {
  return (
    <div class="day-line">
      <time datetime={isoTime(props.at)}>{dayName(props.at, now())}</time>
    </div>
  )
}

export function UnreadLine() {
  return <div class="unread-line">unread from here</div>
}

/** An agent's words to colleagues: full width, yellow, with a lock because no customer sees it. */
export function Note(props: { entry: NoteEntry }) {
  const names = useNames()
  return (
    <div class="note">
      <Icon name="lock" label="Internal note" />
      <div class="note-body">
        <NoteText entry={props.entry} />
        <p class="note-foot">
          {`${names.agent(props.entry.by)}, `}
          <time datetime={isoTime(props.entry.at)} title={fullTime(props.entry.at)}>
            {clockTime(props.entry.at)}
          </time>
          <Show when={props.entry.local}>
            {props.entry.local === 'waiting' ? ', waiting for connection' : ', saving'}
          </Show>
        </p>
      </div>
    </div>
  )
}

/** A note with whom it names set off from the rest, by weight and by the `@` that stands there anyway. */
function NoteText(props: { entry: NoteEntry }) {
  const parley = useParley()
  const pieces = createMemo(() => {
    const { text, mentions = [] } = props.entry
    const spans = mentions.filter(({ from, to }, index) => from < to && mentions[index - 1]?.from !== from)
    const found: { text: string; named: boolean; me: boolean }[] = []
    let at = 0
    for (const { from, to } of spans) {
      const me = mentions.some((other) => other.from === from && other.agent === parley.session.agent)
      found.push(
        { text: text.slice(at, from), named: false, me: false },
        { text: text.slice(from, to), named: true, me },
      )
      at = to
    }
    return [...found, { text: text.slice(at), named: false, me: false }]
  })
  return (
    <Show when={pieces().length > 1} fallback={<LongText text={props.entry.text} />}>
      <p class="text" dir="auto">
        <For each={pieces()}>
          {(piece) => (
            <Show when={piece.named} fallback={piece.text}>
              <strong class="mention" classList={{ me: piece.me }}>
                {piece.text}
              </strong>
            </Show>
          )}
        </For>
      </p>
    </Show>
  )
}

/** The yellow note with which a conversation ends [F147]. */
export function Ended(props: { entry: SystemEntry }) {
  const names = useNames()
  return (
    <div class="note">
      <Icon name="lock" label="System note" />
      <p class="note-body">
        {`${systemWords(props.entry.note, names)}, `}
        <time datetime={isoTime(props.entry.at)} title={fullTime(props.entry.at)}>
          {stamp(props.entry.at)}
        </time>
      </p>
    </div>
  )
}

/** The memo of a broadcast that this conversation answers, under the guide's label [F148]. */
export function Memo(props: { entry: SystemEntry }) {
  const names = useNames()
  const sent = () => (props.entry.note.what === 'broadcast' ? props.entry.note.text : '')
  return (
    <div class="note">
      <Icon name="lock" label="System note" />
      <div class="note-body">
        <p>
          <strong>auto-reply</strong>
          {` ${systemWords(props.entry.note, names)}:`}
        </p>
        <LongText text={sent()} />
      </div>
    </div>
  )
}

/** Changes of owner and consent: one grey line, a run of them folded into one. */
export function Changes(props: { entries: SystemEntry[] }) {
  const names = useNames()
  const [shown, setShown] = createSignal(false)
  return (
    <div class="changes">
      <Show when={props.entries.length > 1}>
        <button
          type="button"
          class="link-button quiet"
          aria-expanded={shown()}
          onClick={() => setShown(!shown())}
        >
          {`${props.entries.length} changes`}
        </button>
      </Show>
      <Show when={props.entries.length === 1 || shown()}>
        <For each={props.entries}>
          {(entry) => (
            <p class="change">
              {`${systemWords(entry.note, names)}, `}
              <time datetime={isoTime(entry.at)} title={fullTime(entry.at)}>
                {clockTime(entry.at)}
              </time>
            </p>
          )}
        </For>
      </Show>
    </div>
  )
}

/** The red note under a closed conversation [F223]. */
export function ClosedNote(props: { conversation: Conversation; open: OpenConversation }) {
  const names = useNames()
  const owner = () => (props.conversation.agent ? names.agent(props.conversation.agent) : 'None')
  const group = () => (props.conversation.group ? names.group(props.conversation.group) : 'None')
  const number = () => showAddress(props.conversation.number.replace(/^n/, '+'))
  return (
    <dl class="closed-note">
      <div>
        <dt>Conversation ID#</dt>
        <dd>{props.conversation.no ?? 'new'}</dd>
      </div>
      <div>
        <dt>Owner</dt>
        <dd>{owner()}</dd>
      </div>
      <div>
        <dt>Group</dt>
        <dd>{group()}</dd>
      </div>
      <div>
        <dt>Number</dt>
        <dd>
          {props.open.number && props.open.number.id === props.conversation.number
            ? showAddress(props.open.number.address)
            : number()}
        </dd>
      </div>
    </dl>
  )
}
