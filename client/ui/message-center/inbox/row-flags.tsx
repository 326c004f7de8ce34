import { Show } from 'solid-js'
import { flagNames, flagOf, minutesWaiting, type Flag } from '#shared/rules/flags.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { InboxRow } from '#client/state/parley.ts'
import { Icon, type IconName } from '../../controls/icon.tsx'
import { now } from '../../shell/clock.ts'
import { useActions } from '../actions.ts'

/**
 * The column at the far left of a row [F79]: who spoke last, where the row does not say it with its arrow, over the
 * Follow-Up flag, which is gray until a click turns it red [F92, F93].
 */
export function RowFlags(props: { row: InboxRow }) {
  const conversation = () => props.row.conversation
  const sign = () => {
    const flag = flagOf(conversation())
    return flag === null ? null : { ...signs[flag], words: flagNames[flag] }
  }
  return (
    <div class="row-flags">
      <Show when={sign()}>
        {(sign) => (
          <Show when={sign().icon}>
            {(icon) => <Icon name={icon()} label={sign().words} class={sign().tone} />}
          </Show>
        )}
      </Show>
      <FollowUpFlag
        conversation={conversation()}
        class="follow-up"
        label={`Follow-Up: ${props.row.title}`}
        tabindex={-1}
      />
    </div>
  )
}

/** Of a conversation that is open and was begun. */
export function FollowUpFlag(props: {
  conversation: Conversation
  class: string
  label: string
  tabindex?: number
}) {
  const actions = useActions()
  return (
    <Show when={props.conversation.status === 'open' && props.conversation.no !== null}>
      <button
        type="button"
        class={props.class}
        tabindex={props.tabindex}
        aria-label={props.label}
        aria-pressed={props.conversation.followUp}
        aria-keyshortcuts="s"
        title={props.conversation.followUp ? 'Remove the Follow-Up flag  S' : 'Follow-Up  S'}
        onClick={() => void actions.followUp(props.conversation)}
      >
        <Icon name="flag" class={props.conversation.followUp ? 'red filled' : ''} />
      </button>
    </Show>
  )
}

/** How long the customer of a waiting row has waited [F86]. */
export function Waited(props: { row: InboxRow }) {
  const minutes = () => minutesWaiting(props.row.conversation, now())
  return (
    <span class="row-waited" title="Waiting for Reply">
      <span class="visually-hidden">{`Waiting for Reply for ${spoken(minutes())}.`}</span>
      <span aria-hidden="true">{short(minutes())}</span>
    </span>
  )
}

// An agent's reply is told by the arrow before the preview [F52].
const signs: Record<Flag, { icon: IconName | null; tone: 'red' | 'quiet-icon' }> = {
  waiting: { icon: 'warning', tone: 'red' },
  'auto-replied': { icon: 'gear', tone: 'quiet-icon' },
  'customer replied': { icon: 'bubble', tone: 'quiet-icon' },
  'agent replied': { icon: null, tone: 'quiet-icon' },
}

function short(minutes: number): string {
  if (minutes < 120) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`
}

function spoken(minutes: number): string {
  if (minutes === 1) return 'one minute'
  if (minutes < 120) return `${minutes} minutes`
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} hours` : `${Math.floor(minutes / 1440)} days`
}
