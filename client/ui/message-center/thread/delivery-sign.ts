import type { ThreadOutbound } from '#client/state/parley.ts'
import type { IconName } from '../../controls/icon.tsx'
import { clockSeconds } from '../../shell/clock.ts'

export interface Sign {
  icon: IconName
  words: string
  tone: 'quiet-icon' | 'good' | 'amber' | 'red'
  /** Whether the words stand beside the sign, because the person may have to do something. */
  spoken: boolean
}

/** How far a text came, as a sign and its words (`ux.md`, Delivery signs). Texts have no read receipts. */
export function deliverySign(
  entry: ThreadOutbound,
  who: { title: string; colleague: string; due: string },
): Sign {
  if (entry.local === 'waiting')
    return {
      icon: 'cloudOff',
      words:
        entry.delivery.state === 'scheduled'
          ? `Waiting for connection, then scheduled for ${who.due}`
          : 'Waiting for connection, will send when online',
      tone: 'quiet-icon',
      spoken: true,
    }
  if (entry.local === 'sending') return sending
  const { delivery } = entry
  switch (delivery.state) {
    case 'scheduled':
      return { icon: 'calendar', words: who.due, tone: 'quiet-icon', spoken: true }
    case 'accepted':
    case 'claimed':
      return sending
    case 'sent':
      return {
        icon: 'check',
        words: `Sent to carrier ${clockSeconds(delivery.at)}`,
        tone: 'quiet-icon',
        spoken: false,
      }
    case 'delivered':
      return { icon: 'checks', words: `Delivered ${clockSeconds(delivery.at)}`, tone: 'good', spoken: false }
    case 'undelivered':
    case 'failed':
      return { icon: 'failed', words: failedWords(delivery), tone: 'red', spoken: true }
    case 'refused':
      return { icon: 'slash', words: `Not sent: ${lower(delivery.text)}`, tone: 'red', spoken: true }
    case 'unconfirmed':
      return {
        icon: 'question',
        words: 'The carrier did not answer; it may have been delivered',
        tone: 'amber',
        spoken: true,
      }
    case 'held':
      return { icon: 'pause', words: heldWords(delivery, who), tone: 'amber', spoken: true }
    case 'discarded':
      return { icon: 'slash', words: 'Discarded', tone: 'quiet-icon', spoken: true }
  }
}

const sending: Sign = { icon: 'clock', words: 'Sending', tone: 'quiet-icon', spoken: false }

/** "Failed to send message. Landline or unreachable (30006)", with no code where the carrier gave none. */
function failedWords(delivery: { code: string; text: string }): string {
  const reason = delivery.text.replace(/^Failed to send message\.\s*/u, '').replace(/\.$/u, '')
  const code =
    delivery.code === '' || reason.includes(delivery.code) || !/\d/u.test(delivery.code)
      ? ''
      : ` (${delivery.code})`
  return `Failed to send message. ${reason}${code}`
}

type Held = Extract<ThreadOutbound['delivery'], { state: 'held' }>

function heldWords(held: Held, who: { title: string; colleague: string }): string {
  switch (held.why) {
    case 'customer wrote':
      return `Not sent: ${who.title} wrote while you were offline`
    case 'colleague answered':
      return `Not sent: ${who.colleague} replied while you were offline`
    case 'closed':
      return `Not sent: ${held.text.replace(/\.$/u, '')}`
    case 'earlier held':
      return 'Not sent: an earlier reply is still held'
    case 'wrote first':
      return `Not sent: ${who.title} wrote before it was due`
    case 'time passed':
      return 'Not sent: its time passed while you were offline'
    case 'restored':
      return 'Not sent again: the account was put back to an earlier state, and this may have been sent before'
  }
}

/** The reason without its full stop, begun small because it goes on after a colon. */
function lower(text: string): string {
  const first = text.charAt(0)
  return `${first.toLocaleLowerCase()}${text.slice(1)}`.replace(/\.$/u, '')
}
