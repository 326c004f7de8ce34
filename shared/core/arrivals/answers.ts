import { parseAddress } from '../../base/phone.ts'
import type { EntryId } from '../../base/ids.ts'
import { autoReplyFor, withAutoReply } from '../../rules/auto-replies.ts'
import { isReserved, readConsent } from '../../rules/consent.ts'
import { measure, partsOf, wholeOf } from '../../rules/content.ts'
import type { Conversation } from '../../rows/conversation.ts'
import type { MobileUser } from '../../rows/mobile-user.ts'
import type { CompanyNumber } from '../../rows/number.ts'
import { optOut } from '../commands/consent.ts'
import { longMessagesOf } from '../commands/reply.ts'
import { withText, type Draft } from '../draft.ts'
import type { Context } from '../outcome.ts'
import type { World } from '../world.ts'

/** Texts that one answer may be split into [DC1]. */
export const answersAtMost = 3

/** A customer's text that stands in its thread, and what Parley itself may answer it with. */
export interface Heard {
  entry: EntryId
  text: string
  user: MobileUser
  number: CompanyNumber
  /** The conversation's row with this text in it. */
  row: Conversation
  /** What the texts of an answer are called, in any world. */
  ids: readonly EntryId[]
}

/** A text that is only STOP, UNSTOP or HELP asks nothing of an agent and never turns Waiting [DC25]. */
export function isOnlyConsent(text: string, { settings }: World, user: MobileUser): boolean {
  return isReserved(text, settings) || (user.optedOut !== null && readConsent(text, settings) !== null)
}

/**
 * What an opt-out, opt-in or help word does [F286-F290, DC25]. Answers the row after what Parley wrote back, null where
 * it wrote nothing.
 */
export function obey(draft: Draft, world: World, heard: Heard, context: Context): Conversation | null {
  const { text, user, number, row } = heard
  const word = readConsent(text, world.settings)
  if (word === null) return null
  const note = (what: 'opted out' | 'opted in') =>
    draft.add({
      id: context.ids.entry(),
      at: context.now,
      conversation: row.id,
      kind: 'system',
      note: { what, by: null, word: word.word },
    })
  if (word.kind === 'opt out') {
    if (user.optedOut) {
      // Said again: the date stays, and an opt-in that was pressed before this text comes too late [P4].
      draft.put({
        table: 'mobileUsers',
        row: { ...user, optedOut: { ...user.optedOut, cause: heard.entry } },
      })
      return null
    }
    const confirmation = number.confirmation === 'parley' ? heard.ids[0] : undefined
    optOut(draft, world, user, { word: word.word, by: null, cause: heard.entry, confirmation }, context)
    note('opted out')
    draft.effect({ kind: 'audit', what: 'opted out', by: null, about: user.id })
    if (!confirmation) return null
    const words = `${world.settings.name}: you are opted out and will get no more texts from us.`
    return write(draft, heard, [words], context)
  } else if (word.kind === 'opt in') {
    if (!user.optedOut) return null
    // In manual mode the text itself is the record, and nothing may say that the person is back in [DC3].
    const automatic = world.settings.optIn === 'automatic'
    draft.effect({
      kind: 'audit',
      what: automatic ? 'opted in' : 'asked to opt in',
      by: null,
      about: user.id,
    })
    if (!automatic) return null
    draft.put({ table: 'mobileUsers', row: { ...user, optedOut: null } })
    note('opted in')
  } else if (number.help !== null && !user.optedOut)
    return write(draft, heard, piecesOf(number.help, world, number), context)
  return null
}

/**
 * Answers by the auto-reply that fits, if one does and the person may be texted [F83, P4]. One that answers to words
 * waits behind conversation [F215], one that answers to the time does not [F212]. Short codes and names are robots and
 * get none. Answers the row after it.
 */
export function autoAnswer(draft: Draft, world: World, heard: Heard, context: Context): Conversation | null {
  const { text, user, number, row } = heard
  const { autoReplies } = world.settings
  if (!autoReplies || user.optedOut || !number.active || parseAddress(user.address)?.kind !== 'phone')
    return null
  const rule = autoReplyFor(autoReplies, {
    number: number.id,
    text,
    at: context.now,
    answered: row.autoReplied,
  })
  if (rule === null) return null
  const pieces = piecesOf(rule.text, world, number)
  const told = write(draft, heard, pieces, context, rule.trigger.kind === 'text')
  return { ...told, autoReplied: withAutoReply(row.autoReplied, rule.id) }
}

/** The texts that an answer leaves in: as the number's way of long texts has it, if those are not too many. */
function piecesOf(text: string, world: World, number: CompanyNumber): string[] {
  const pieces = partsOf(text, longMessagesOf(world, number))
  return pieces.length <= answersAtMost ? pieces : [text]
}

/** Writes texts of Parley's own, to leave at once or `behind` conversation. Answers the row after them. */
function write(
  draft: Draft,
  { user, number, row, ids }: Heard,
  pieces: readonly string[],
  { now }: Context,
  behind = false,
): Conversation {
  for (const [index, id] of ids.slice(0, pieces.length).entries()) {
    const text = pieces[index] ?? ''
    const entry = draft.add({
      id,
      at: now,
      conversation: row.id,
      kind: 'outbound',
      by: null,
      text,
      parts: measure(text, 'concatenate').parts,
      delivery: { state: 'accepted', at: now },
    })
    draft.effect({
      kind: 'hand over',
      message: entry.id,
      user: user.id,
      channel: number.channel,
      from: number.address,
      to: user.address,
      text,
      ...(behind ? { behind } : {}),
      order: entry.order,
    })
  }
  return withText(row, { by: 'agent', agent: null }, wholeOf(pieces), now)
}
