import { createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { second } from '#shared/base/time.ts'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { dateOf, now } from '../../shell/clock.ts'
import { Crossed } from '../together/crossed.tsx'
import { AttachedPictures, CameraButton, createAttaching } from './attachments.tsx'
import { BesideBox } from './beside-box.tsx'
import { Counter, Reason } from './counter.tsx'
import { ScheduleButton } from './schedule-button.tsx'
import { TextBox } from './text-box.tsx'
import { judge } from './trouble.ts'

/** The reply: what is typed, how much room is left, and SEND. Locked while the person may not be written to [F293]. */
export function ReplyBox(props: {
  open: OpenConversation
  leave(): void
  ref(box: HTMLTextAreaElement): void
}) {
  const parley = useParley()
  const id = () => props.open.conversation.id
  const draft = parley.composer(id, 'reply')
  const [error, setError] = createSignal<string | null>(null)
  // Who was writing in the same reply when it was sent.
  const [crossed, setCrossed] = createSignal<readonly string[]>([])
  const verdict = createMemo(() =>
    judge(draft.text(), parley.longMessages(props.open.conversation.number), parley.emojiRefused()),
  )
  const attaching = createAttaching(() => props.open)
  const pictures = () => attaching.all().length
  // With a picture it leaves as one MMS, which the limits of SMS do not bind.
  const refusal = () => (pictures() > 0 ? null : verdict().refusal)
  const isReady = () =>
    attaching.busy() === 0 && (pictures() > 0 || draft.text().trim() !== '') && refusal() === null
  let box: HTMLTextAreaElement | undefined
  let isSending = false

  // Colleagues see "is writing" while the keys move, and a little longer.
  let quiet: ReturnType<typeof setTimeout> | undefined
  const stopWriting = () => {
    clearTimeout(quiet)
    parley.look({ viewing: id(), writing: null })
  }
  onCleanup(() => clearTimeout(quiet))
  const input = (text: string, caret?: number) => {
    draft.set(text, caret)
    setError(null)
    setCrossed([])
    clearTimeout(quiet)
    if (text === '') return stopWriting()
    parley.look({ viewing: id(), writing: id() })
    quiet = setTimeout(stopWriting, 6 * second)
  }

  const send = async (at?: number): Promise<string | null> => {
    if (!isReady() || isSending) return 'There is nothing to send yet.'
    const text = draft.text()
    const { writers } = props.open
    isSending = true
    try {
      const outcome = await parley.send(id(), text, false, { at })
      if (!outcome.ok) {
        setError(outcome.text)
        return outcome.text
      }
      // The box gave up what was sent together with the sending, and keeps what was typed since.
      setError(null)
      attaching.clear()
      setCrossed(writers)
      stopWriting()
      return null
    } finally {
      isSending = false
    }
  }

  return (
    <Show when={!props.open.user?.optedOut} fallback={<Locked open={props.open} />}>
      <BesideBox draft={draft} />
      <TextBox
        label="Compose a Message"
        placeholder={`Text ${props.open.title}`}
        keys="r"
        draft={draft}
        input={input}
        send={() => void send()}
        leave={() => props.leave()}
        ref={(element) => {
          box = element
          props.ref(element)
        }}
        invalid={refusal() !== null}
      />
      <AttachedPictures attaching={attaching} box={() => box} />
      <div role="alert">
        <Show when={error()}>
          {(error) => <p class="error composer-error">{`${error()} Your text is kept.`}</p>}
        </Show>
      </div>
      <Crossed names={crossed()} />
      <Reason verdict={verdict()} replace={input} />
      <div class="composer-line">
        <CameraButton attaching={attaching} />
        <span class="spring" />
        <Counter verdict={verdict()} />
        <Show when={!props.open.unsent}>
          <ScheduleButton timeZone={parley.timeZone()} disabled={!isReady()} schedule={(at) => send(at)} />
        </Show>
        <button type="button" class="button primary send" disabled={!isReady()} onClick={() => void send()}>
          SEND
        </button>
      </div>
    </Show>
  )
}

function Locked(props: { open: OpenConversation }) {
  const optedOut = () => props.open.user?.optedOut
  const words = () => {
    const out = optedOut()
    if (!out) return ''
    const date = dateOf(out.at, now())
    return /^[A-Z ]+$/u.test(out.word)
      ? `They opted out on ${date} with ${out.word}.`
      : `They were opted out on ${date}, ${out.word}.`
  }
  return (
    <div class="locked">
      <Icon name="slash" />
      <div>
        <p>{words()}</p>
        <p class="quiet">
          They can text UNSTOP to hear from you again, or you can untick Opted Out under Mobile User Info when
          they asked for it.
        </p>
      </div>
    </div>
  )
}
