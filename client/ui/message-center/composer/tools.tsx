import { createSignal, Show, type JSX } from 'solid-js'
import { inserts } from '#shared/rules/personalize.ts'
import { Icon, type IconName } from '../../controls/icon.tsx'
import { later } from '../../controls/later.tsx'
import { walkMenu } from '../../controls/menu-keys.ts'
import { Modal } from '../../controls/modal.tsx'
import { Popover } from '../../controls/popover.tsx'
import { useDesk } from '../../shell/desk.ts'
import type { Composing } from './composing.ts'
import { grant } from './grant.ts'

const EmojiList = later(async () => (await import('./emoji-list.tsx')).EmojiList)
const KeepQuickReply = later(async () => (await import('./keep-quick-reply.tsx')).KeepQuickReply)
const QuickReplyList = later(async () => (await import('./quick-replies.tsx')).QuickReplies)
const TextingHelp = later(async () => (await import('./texting-help.tsx')).TextingHelp)

/** "Quick Replies", above SEND or ADD NOTE [F141, DC17]. */
export function QuickReplies(props: { composing: Composing }) {
  const desk = useDesk()
  const [open, setOpen] = createSignal(false)
  grant(desk, 'quick replies', () => setOpen(true))
  return (
    <Popover
      name="Quick Replies"
      placement="top-end"
      open={open()}
      setOpen={setOpen}
      trigger={{ class: 'button small quick-button', children: 'Quick Replies' }}
    >
      <QuickReplyList composing={props.composing} done={() => setOpen(false)} />
    </Popover>
  )
}

/** Below the compose box: what can be put into a reply, and how it is sent. */
export function ReplyTools(props: {
  composing: Composing
  textOnly: boolean
  textOnlyLimit: number
  emojiRefused: boolean
  toggleTextOnly(): void
  /** The camera, beside the plus [F121]. */
  camera: JSX.Element
}) {
  return (
    <div class="composer-tools" role="group" aria-label="Writing tools">
      <KeepTool composing={props.composing} textOnly={props.textOnly} />
      {props.camera}
      <TextOnlyTool on={props.textOnly} toggle={props.toggleTextOnly} />
      <InsertTool composing={props.composing} />
      <EmojiTool
        composing={props.composing}
        note={
          props.emojiRefused
            ? 'Text messages from this account cannot carry emoji; picture messages can.'
            : null
        }
      />
      <HelpTool textOnlyLimit={props.textOnlyLimit} />
    </div>
  )
}

/** "+": keeps what is typed as a quick reply [F143]. */
export function KeepTool(props: { composing: Composing; textOnly: boolean }) {
  return (
    <Tool icon="plus" label="Add a Quick Reply" name="Add a Quick Reply">
      {(close) => (
        <KeepQuickReply text={props.composing.draft.text()} textOnly={props.textOnly} done={close} />
      )}
    </Tool>
  )
}

/** The bracket icon below the compose box: the names that can go into a single message [F238]. */
function InsertTool(props: { composing: Composing }) {
  const [open, setOpen] = createSignal(false)
  return (
    <Popover
      name="Inserts"
      role="menu"
      class="menu"
      placement="top-start"
      open={open()}
      setOpen={setOpen}
      onKeyDown={walkMenu}
      trigger={{
        class: 'icon-button',
        label: 'Insert a name',
        title: 'Insert a name ({)',
        children: <Icon name="braces" />,
      }}
    >
      {inserts
        .filter(({ lists }) => !lists)
        .map(({ tag, field }) => (
          <button
            type="button"
            role="menuitem"
            class="menu-item"
            onClick={() => {
              setOpen(false)
              setTimeout(() => props.composing.put(tag))
            }}
          >
            <span>{tag}</span>
            <span class="menu-check quiet">{props.composing.person()[field] || 'nothing saved'}</span>
          </button>
        ))}
    </Popover>
  )
}

function EmojiTool(props: { composing: Composing; note: string | null }) {
  return (
    <Tool icon="smile" label="Emoji" name="Emoji">
      {(close) => (
        <EmojiList
          note={props.note}
          take={(emoji) => {
            close()
            setTimeout(() => props.composing.put(emoji))
          }}
        />
      )}
    </Tool>
  )
}

/** The paragraph sign: the text leaves whole, as an MMS [F127]. */
function TextOnlyTool(props: { on: boolean; toggle(): void }) {
  return (
    <button
      type="button"
      class="icon-button text-only-button"
      aria-pressed={props.on}
      aria-label="Text-only MMS"
      title="Text-only MMS: one message without concatenation"
      onClick={() => props.toggle()}
    >
      <Icon name="paragraph" />
    </button>
  )
}

function HelpTool(props: { textOnlyLimit: number }) {
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label="Help with texting"
        title="Help with texting"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="question" />
      </button>
      <Modal open={open()} close={() => setOpen(false)} title="Help with texting">
        <TextingHelp textOnlyLimit={props.textOnlyLimit} />
      </Modal>
    </>
  )
}

function Tool(props: {
  icon: IconName
  label: string
  name: string
  children(close: () => void): JSX.Element
}) {
  const [open, setOpen] = createSignal(false)
  return (
    <Popover
      name={props.name}
      placement="top-start"
      open={open()}
      setOpen={setOpen}
      trigger={{
        class: 'icon-button',
        get label() {
          return props.label
        },
        get title() {
          return props.label
        },
        get children() {
          return <Icon name={props.icon} />
        },
      }}
    >
      <Show when={open()}>{props.children(() => setOpen(false))}</Show>
    </Popover>
  )
}
