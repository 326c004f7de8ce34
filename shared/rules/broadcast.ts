import type { Delivery, DeliveryState } from '../model/delivery.ts'
import type { BroadcastCounts } from '../rows/broadcast.ts'
import type { MobileUser } from '../rows/mobile-user.ts'
import type { Settings } from '../rows/settings.ts'
import { firstEmoji, measure, refuseContent, type LongMessages } from './content.ts'
import { noCounts } from './list-limit.ts'
import { isPersonal, personalize } from './personalize.ts'

/**
 * How a broadcast treats long texts. Where the account splits replies into several texts, a broadcast has to fit one:
 * a recipient gets one text, and the ledger tells what became of it.
 */
export function broadcastMode(mode: LongMessages): LongMessages {
  return mode === 'split' ? 'refuse' : mode
}

/** One recipient's text, ready to wait for its turn, or the reason why it does not. */
export interface PreparedText {
  text: string
  parts: number
  delivery: Extract<Delivery, { state: 'accepted' | 'refused' | 'failed' }>
}

/** Fills a broadcast's text in for one recipient and judges it: consent first, then what carriers take [DC13, F236]. */
export function prepareText(
  template: string,
  user: MobileUser,
  mode: LongMessages,
  { emoji }: Pick<Settings, 'emoji'>,
  now: number,
): PreparedText {
  const text = personalize(template, user, 'list')
  const { parts } = measure(text, 'concatenate')
  if (user.optedOut) return { text, parts, delivery: skip(user.optedOut.word, now) }
  const content = refuseContent(text, broadcastMode(mode))
  if (content) return { text, parts, delivery: failed(content.code, content.text, now) }
  const found = emoji === 'refuse' ? firstEmoji(text) : null
  if (found) return { text, parts, delivery: failed('emoji', `Texts cannot carry ${found}.`, now) }
  return { text, parts, delivery: { state: 'accepted', at: now } }
}

/** The state of a text to somebody who opted out before it was handed over. */
export function skip(word: string, now: number): Extract<Delivery, { state: 'refused' }> {
  const text = word === 'by hand' ? 'They were opted out by hand.' : `They opted out with ${word}.`
  return { state: 'refused', at: now, code: 'opted out', text }
}

function failed(code: string, text: string, now: number): Extract<Delivery, { state: 'failed' }> {
  return { state: 'failed', at: now, code, text }
}

/** What a broadcast would do, told before SUBMIT. */
export interface Preview {
  recipients: number
  /** Texts that would leave, and segments that carriers bill for them. */
  texts: number
  segments: number
  skipped: number
  /** People to whom it cannot be sent as it is, with the first reason. */
  failing: { count: number; reason: string } | null
}

/** Adds up what each recipient's text would come to. */
export function previewBroadcast(
  template: string,
  users: readonly MobileUser[],
  mode: LongMessages,
  settings: Pick<Settings, 'emoji'>,
): Preview {
  const preview: Preview = { recipients: users.length, texts: 0, segments: 0, skipped: 0, failing: null }
  // Without inserts everybody gets the same text, which is measured once: this runs at each keystroke.
  const personal = isPersonal(template, 'list')
  const prepare = (user: MobileUser) => prepareText(template, user, mode, settings, 0)
  const writable = users.find(({ optedOut }) => !optedOut)
  const same = personal || !writable ? null : prepare(writable)
  for (const user of users) {
    const { delivery, parts } = (!user.optedOut && same) || prepare(user)
    if (delivery.state === 'refused') preview.skipped++
    else if (delivery.state === 'failed')
      preview.failing = {
        count: (preview.failing?.count ?? 0) + 1,
        reason: preview.failing?.reason ?? delivery.text,
      }
    else {
      preview.texts++
      preview.segments += parts
    }
  }
  return preview
}

/** Where a text is counted. */
const column: Record<DeliveryState, keyof BroadcastCounts> = {
  scheduled: 'waiting',
  accepted: 'waiting',
  held: 'waiting',
  claimed: 'waiting',
  unconfirmed: 'unconfirmed',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  refused: 'skipped',
  discarded: 'skipped',
}

/** Adds up the ledger's states. */
export function countStates(states: Iterable<readonly [DeliveryState, number]>): BroadcastCounts {
  const counts = { ...noCounts }
  for (const [state, number] of states) counts[column[state]] += number
  return counts
}
