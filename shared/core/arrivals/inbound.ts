import type { EntryId } from '../../base/ids.ts'
import { clean } from '../../base/text.ts'
import { mobileUserOf, numberOf, parseAddress, type Address } from '../../base/phone.ts'
import { readConsent } from '../../rules/consent.ts'
import { measure } from '../../rules/content.ts'
import { route } from '../../rules/routing.ts'
import type { Media } from '../../model/entry.ts'
import type { Conversation } from '../../rows/conversation.ts'
import { newMobileUser, type MobileUser } from '../../rows/mobile-user.ts'
import type { CompanyNumber } from '../../rows/number.ts'
import { mediaTitle } from '../../rules/media.ts'
import { limits } from '../../wire/limits.ts'
import { optOut } from '../commands/consent.ts'
import { newConversation } from '../commands/start.ts'
import { Draft, withText } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Context, Decision } from '../outcome.ts'
import { holdScheduled } from '../scheduled.ts'
import { held, type World } from '../world.ts'

/**
 * A customer's text. It joins the open conversation of its pair or starts one [DC24], and it is never refused:
 * what cannot be placed is kept as a stray.
 */
export function decideInbound(world: World, input: InputOf<'inbound'>, context: Context): Decision {
  const { text, cut } = clean(input.text, limits.inboundText)
  const number = world.numbers.get(numberOf(parseAddress(input.to)?.text ?? input.to))
  if (!number || number.channel !== input.channel) return keepStray(input, text, context)

  // The first ids that this arrival makes, in any world. Where the carrier brings it again to an account that went
  // back, text and answer have the names that D1 has them by, whatever notes stand beside them this time [P2, E24].
  const names = { text: context.ids.entry(), answer: context.ids.entry() }
  const address = senderOf(input.from)
  const id = mobileUserOf(address)
  const draft = new Draft(world, id)
  let user = held(world.user)
  if (user === null) {
    user = newMobileUser(id, address.text)
    draft.put({ table: 'mobileUsers', row: user })
  }
  const row = held(world.openOfPair) ?? begin(draft, world, number, id, context)
  tellBroadcast(draft, world, row, context)
  const entry = draft.add({
    id: names.text,
    at: context.now,
    conversation: row.id,
    kind: 'inbound',
    text,
    media: received(input.media, world, context),
    cut,
  })
  for (const { id: media, url, contentType, copy } of entry.kind === 'inbound' ? entry.media : [])
    if (media && copy?.state === 'coming')
      draft.effect({
        kind: 'copy',
        media,
        entry: entry.id,
        user: id,
        channel: input.channel,
        url,
        contentType,
      })
  if (entry.kind === 'inbound') holdScheduled(draft, world, entry, context)
  const preview = text.trim() === '' ? previewOf(input.media) : text
  const said = withText(
    row,
    { by: 'customer', asks: !isOnlyConsent(text, world, user) },
    preview,
    context.now,
  )
  const words = { cause: entry.id, text, answer: names.answer }
  const answered = obey(draft, world, user, row, number, words, context)
  // The row comes last: an opt-out has refused what was held in it.
  const trouble = draft.trouble(row.id)
  const told = answered === null ? said : withText(said, { by: 'agent', agent: null }, answered, context.now)
  draft.put({ table: 'conversations', row: { ...told, inboundOrder: entry.order, trouble } })
  draft.effect({ kind: 'notify', entry: entry.id, conversation: row.id, order: entry.order })
  return draft
}

/**
 * A text that is only STOP, UNSTOP or HELP asks nothing of an agent and never turns Waiting [DC25]. A word such as
 * YES, which some accounts take for an opt-in, does where nobody is opted out: then it answers a question.
 */
function isOnlyConsent(text: string, world: World, user: MobileUser): boolean {
  const word = readConsent(text, world.settings)
  return word !== null && (word.kind !== 'opt in' || user.optedOut !== null || word.word === 'UNSTOP')
}

/** Media as they came: to be copied from their carrier, or, where the account takes none, named and no more [F134]. */
function received(media: readonly Media[], world: World, context: Context): Media[] {
  const disallowed = world.settings.inboundMedia === 'disallow'
  return media
    .slice(0, limits.mediaPerText)
    .map(({ url, contentType }) =>
      disallowed
        ? { url: '', contentType, copy: { state: 'not allowed' } }
        : { url, contentType, id: context.ids.media(), copy: { state: 'coming' } },
    )
}

/** What a list says of a text that is nothing but media. */
function previewOf([first]: readonly Media[]): string {
  if (!first) return ''
  const title = mediaTitle(first.contentType)
  return title === 'MMS Image' ? 'Picture' : title
}

/** The sender as an address. What no carrier should send is kept by its first characters, not lost. */
export function senderOf(from: string): Address {
  return (
    parseAddress(from) ?? {
      kind: 'alphanumeric',
      text: from.replace(/[^A-Za-z0-9]/g, '').slice(0, 11) || 'unknown',
    }
  )
}

function begin(
  draft: Draft,
  world: World,
  number: CompanyNumber,
  user: MobileUser['id'],
  context: Context,
): Conversation {
  const { agent, group, note } = route(number)
  const fresh = newConversation(context.ids.conversation(), user, number.id, world.nextNo, context.now)
  if (note)
    draft.add({ id: context.ids.entry(), at: context.now, conversation: fresh.id, kind: 'system', note })
  return { ...fresh, agent, group }
}

/** The memo that says which distribution list this person answers, once for each text of one [F148]. */
function tellBroadcast(draft: Draft, world: World, row: Conversation, context: Context): void {
  if (!world.unanswered) return
  const { message, ...facts } = world.unanswered
  draft.add({
    id: context.ids.entry(),
    at: context.now,
    conversation: row.id,
    kind: 'system',
    note: { what: 'broadcast', ...facts },
  })
  draft.effect({ kind: 'broadcast answered', message })
}

/** What an opt-out, opt-in or help word does [F286-F290, DC25]. Answers what Parley itself wrote back, if anything. */
function obey(
  draft: Draft,
  world: World,
  user: MobileUser,
  row: Conversation,
  number: CompanyNumber,
  { cause, text, answer: id }: { cause: EntryId; text: string; answer: EntryId },
  context: Context,
): string | null {
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
      draft.put({ table: 'mobileUsers', row: { ...user, optedOut: { ...user.optedOut, cause } } })
      return null
    }
    optOut(draft, world, user, { word: word.word, by: null, cause }, context)
    note('opted out')
    draft.effect({ kind: 'audit', what: 'opted out', by: null, about: user.id })
    if (number.confirmation !== 'parley') return null
    const words = `${world.settings.name}: you are opted out and will get no more texts from us.`
    return answer(draft, id, user, row, number, words, context)
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
    return answer(draft, id, user, row, number, number.help, context)
  return null
}

/** A text that Parley itself writes; answers its words. */
function answer(
  draft: Draft,
  id: EntryId,
  user: MobileUser,
  row: Conversation,
  number: CompanyNumber,
  text: string,
  context: Context,
): string {
  const entry = draft.add({
    id,
    at: context.now,
    conversation: row.id,
    kind: 'outbound',
    by: null,
    text,
    parts: measure(text, 'concatenate').parts,
    delivery: { state: 'accepted', at: context.now },
  })
  draft.effect({
    kind: 'hand over',
    message: entry.id,
    user: user.id,
    channel: number.channel,
    from: number.address,
    to: user.address,
    text,
    order: entry.order,
  })
  return text
}

function keepStray(input: InputOf<'inbound'>, text: string, context: Context): Decision {
  const row = {
    id: context.ids.entry(),
    channel: input.channel,
    from: clean(input.from, 100).text,
    to: clean(input.to, 100).text,
    text,
    at: context.now,
  }
  return { changes: [{ kind: 'row', table: 'strays', row }], effects: [] }
}
