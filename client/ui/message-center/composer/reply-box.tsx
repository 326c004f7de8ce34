import { createMemo, createSignal, onCleanup, Show } from 'solid-js'
import { second } from '#shared/base/time.ts'
import { firstEmoji } from '#shared/rules/content.ts'
import { limits } from '#shared/wire/limits.ts'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { Icon } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { dateOf, now } from '../../shell/clock.ts'
import { useDesk } from '../../shell/desk.ts'
import { Crossed } from '../together/crossed.tsx'
import { AttachedPictures, CameraButton, createAttaching } from './attachments.tsx'
import { BesideBox } from './beside-box.tsx'
import { createComposing } from './composing.ts'
import { Counter, Reason } from './counter.tsx'
import { ScheduleButton } from './schedule-button.tsx'
import { TextBox } from './text-box.tsx'
import { isTextOnly, setTextOnly } from './text-only.ts'
import { judge, type Fix } from './trouble.ts'

const ReplyTools = later(async () => (await import('./tools.tsx')).ReplyTools)
const QuickReplies = later(async () => (await import('./tools.tsx')).QuickReplies)

/** The reply: what is typed, how much room is left, and SEND. Locked while the person may not be written to [F293]. */
export function ReplyBox(props: {
  open: OpenConversation
  leave(): void
  ref(box: HTMLTextAreaElement): void
}) {
  const parley = useParley()
  const desk = useDesk()
  const id = () => props.open.conversation.id
  const draft = parley.composer(id, 'reply')
  const [error, setError] = createSignal<string | null>(null)
  // Who was writing in the same reply when it was sent.
  const [crossed, setCrossed] = createSignal<readonly string[]>([])
  // The text that the person was warned about: pressing SEND again sends it as it stands.
  const [warned, setWarned] = createSignal<string | null>(null)
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
    setWarned(null)
    setError(null)
    setCrossed([])
    clearTimeout(quiet)
    if (text === '') return stopWriting()
    parley.look({ viewing: id(), writing: id() })
    quiet = setTimeout(stopWriting, 6 * second)
  }

  const composing = createComposing({ open: () => props.open, kind: 'reply', draft, input })
  const attaching = createAttaching(() => props.open)
  const pictures = () => attaching.all().length
  const number = () => props.open.conversation.number
  const textOnly = () => isTextOnly(id())
  // With a picture it leaves as one MMS as well, which the limits of SMS do not bind.
  const isMms = () => textOnly() || pictures() > 0
  const textOnlyLimit = () => parley.textOnlyLimit(number())
  const verdict = createMemo(() =>
    judge(draft.text(), {
      longMessages: parley.longMessages(number()),
      textOnly: isMms(),
      textOnlyLimit: textOnlyLimit(),
      emojiRefused: parley.emojiRefused(),
      person: composing.person(),
      appends: props.open.unsent && parley.autoAppends(),
    }),
  )
  const warning = () =>
    warned() === draft.text()
      ? `${verdict().unknown.join(', ')} is no insert and is sent as it stands. SEND again to do so.`
      : null
  const isReady = () =>
    attaching.busy() === 0 && (pictures() > 0 || draft.text().trim() !== '') && verdict().refusal === null
  const fix = (fix: Fix) => ('text' in fix ? input(fix.text) : setTextOnly(id(), fix.textOnly))
  const toggleTextOnly = () => {
    if (textOnly() || textOnlyLimit() > 0) return setTextOnly(id(), !textOnly())
    return setError('This number cannot send MMS, so a text leaves as a text message.')
  }

  /** Answers why nothing was sent, or null. `end` asks afterwards whether to end the conversation [F220]. */
  const send = async ({ at, end = false }: { at?: number; end?: boolean } = {}): Promise<string | null> => {
    if (!isReady() || isSending) return 'There is nothing to send yet.'
    const text = draft.text()
    if (verdict().unknown.length > 0 && warned() !== text) {
      setWarned(text)
      return warning()
    }
    const { writers } = props.open
    isSending = true
    try {
      const outcome = await parley.send(id(), text, textOnly(), { at })
      if (!outcome.ok) {
        setError(outcome.text)
        return outcome.text
      }
      // The box gave up what was sent together with the sending, and keeps what was typed since.
      setError(null)
      attaching.clear()
      setCrossed(writers)
      setTextOnly(id(), false)
      stopWriting()
      if (end && !props.open.unsent) desk.setEnding(id())
      // SEND has nothing to send any more and cannot hold the focus that pressed it.
      else if (at === undefined) box?.focus()
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
        send={(end) => void send({ end })}
        composing={composing}
        most={limits.reply}
        tooMuch={setError}
        marksEmoji={parley.emojiRefused() && !isMms() && firstEmoji(draft.text()) !== null}
        leave={() => props.leave()}
        ref={(element) => {
          box = element
          props.ref(element)
        }}
        invalid={verdict().refusal !== null}
      />
      <AttachedPictures attaching={attaching} box={() => box} />
      <div role="alert">
        <Show when={error()}>
          {(error) => <p class="error composer-error">{`${error()} Your text is kept.`}</p>}
        </Show>
      </div>
      <Crossed names={crossed()} />
      <Reason verdict={verdict()} warning={warning()} fix={fix} />
      <div class="composer-lines">
        <div class="composer-line">
          <ReplyTools
            composing={composing}
            textOnly={textOnly()}
            textOnlyLimit={textOnlyLimit()}
            emojiRefused={parley.emojiRefused() && !isMms()}
            toggleTextOnly={toggleTextOnly}
            camera={<CameraButton attaching={attaching} />}
          />
          <span class="spring" />
          <Counter verdict={verdict()} />
          <QuickReplies composing={composing} />
        </div>
        <div class="composer-line composer-send">
          <span class="spring" />
          <Show when={!props.open.unsent}>
            <button
              type="button"
              class="button small send-and-end"
              aria-keyshortcuts="Control+Shift+Enter"
              disabled={!isReady()}
              onClick={() => void send({ end: true })}
            >
              SEND AND END
            </button>
            <ScheduleButton
              timeZone={parley.timeZone()}
              disabled={!isReady()}
              schedule={(at) => send({ at })}
            />
          </Show>
          <button type="button" class="button primary send" disabled={!isReady()} onClick={() => void send()}>
            SEND
          </button>
        </div>
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
