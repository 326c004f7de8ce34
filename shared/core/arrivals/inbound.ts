import { clean } from '../../base/text.ts'
import { mobileUserOf, numberOf, parseAddress, type Address } from '../../base/phone.ts'
import { route } from '../../rules/routing.ts'
import type { Media } from '../../model/entry.ts'
import type { Conversation } from '../../rows/conversation.ts'
import { newMobileUser, type MobileUser } from '../../rows/mobile-user.ts'
import type { CompanyNumber } from '../../rows/number.ts'
import { mediaTitle } from '../../rules/media.ts'
import { limits } from '../../wire/limits.ts'
import { newConversation } from '../commands/start.ts'
import { Draft, withText } from '../draft.ts'
import type { InputOf } from '../input.ts'
import type { Context, Decision } from '../outcome.ts'
import { holdScheduled } from '../scheduled.ts'
import { held, type World } from '../world.ts'
import { answersAtMost, autoAnswer, isOnlyConsent, obey } from './answers.ts'

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
  const names = {
    text: context.ids.entry(),
    answers: Array.from({ length: answersAtMost }, () => context.ids.entry()),
  }
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
  const asks = !isOnlyConsent(text, world, user)
  const said = withText(row, { by: 'customer', asks }, preview, context.now)
  const heard = { entry: entry.id, text, user, number, row: said, ids: names.answers }
  const told =
    obey(draft, world, heard, context) ?? (asks ? autoAnswer(draft, world, heard, context) : null) ?? said
  // The row comes last: an opt-out has refused what was held in it.
  const trouble = draft.trouble(row.id)
  draft.put({ table: 'conversations', row: { ...told, inboundOrder: entry.order, trouble } })
  draft.effect({ kind: 'notify', entry: entry.id, conversation: row.id, order: entry.order })
  return draft
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
