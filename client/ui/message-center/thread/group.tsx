import { Show } from 'solid-js'
import { useParley, type OpenConversation } from '#client/state/parley.ts'
import { Avatar } from '../../controls/avatar.tsx'
import { Icon } from '../../controls/icon.tsx'
import { Keyed } from '../../controls/keyed.tsx'
import { clockTime, fullTime, isoTime } from '../../shell/clock.ts'
import type { Block, TextEntry } from './arrange.ts'
import { LongText } from './long-text.tsx'
import { MediaOfText } from './media.tsx'
import { useNames } from './names.ts'
import { OutboundStatus } from './outbound-status.tsx'

type GroupBlock = Extract<Block, { kind: 'group' }>

/** Texts of one sender, close together: the customer's at the start of the line, the team's at its end. */
export function Group(props: { block: GroupBlock; open: OpenConversation }) {
  const parley = useParley()
  const names = useNames()
  const isCustomer = () => props.block.by === 'customer'
  const sender = () => {
    const { by } = props.block
    if (by === 'customer') return props.open.title
    return by === null ? 'Automatic reply' : names.agent(by)
  }
  const picture = () => parley.agents().find(({ id }) => id === props.block.by)?.avatar
  const last = () => props.block.entries.at(-1)
  return (
    <div class="group" classList={{ customer: isCustomer(), team: !isCustomer() }}>
      <span class="sender" classList={{ 'visually-hidden': isCustomer() }}>
        <Show when={props.block.by === null}>
          <Icon name="gear" />
        </Show>
        <Show when={picture()}>{(id) => <Avatar name={sender()} picture={id()} class="tiny" />}</Show>
        {sender()}
      </span>
      <Keyed each={props.block.entries} by={(entry) => entry.id}>
        {(entry) => <Bubble entry={entry()} open={props.open} isLast={entry().id === last()?.id} />}
      </Keyed>
      <Show when={isCustomer() && last()}>{(entry) => <Stamp entry={entry()} />}</Show>
    </div>
  )
}

function Bubble(props: { entry: TextEntry; open: OpenConversation; isLast: boolean }) {
  const outbound = () => (props.entry.kind === 'outbound' ? props.entry : null)
  const inbound = () => (props.entry.kind === 'inbound' ? props.entry : null)
  const isUnsent = () => {
    const entry = outbound()
    return (
      entry !== null &&
      (entry.local === 'waiting' ||
        ['scheduled', 'held', 'failed', 'undelivered', 'refused'].includes(entry.delivery.state))
    )
  }
  return (
    <div class="said">
      <div class="bubble" classList={{ unsent: isUnsent() }}>
        <Show when={props.entry.text !== ''}>
          <LongText text={props.entry.text} cut={inbound()?.cut ?? false} />
        </Show>
        <Show when={props.entry.media?.length ? props.entry.media : null}>
          {(media) => <MediaOfText media={media()} />}
        </Show>
      </div>
      <Show when={outbound()}>
        {(entry) => (
          <div class="under">
            <OutboundStatus entry={entry()} open={props.open} />
            <Show when={props.isLast}>
              <Stamp entry={entry()} />
            </Show>
          </div>
        )}
      </Show>
    </div>
  )
}

function Stamp(props: { entry: TextEntry }) {
  const whole = () =>
    props.entry.wroteAt === undefined
      ? fullTime(props.entry.at)
      : `${fullTime(props.entry.at)}, written ${fullTime(props.entry.wroteAt)}`
  return (
    <time class="stamp" datetime={isoTime(props.entry.at)} data-whole={whole()}>
      {clockTime(props.entry.at)}
    </time>
  )
}
