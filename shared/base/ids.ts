import * as z from 'zod/mini'
import { whenUsed } from './when-used.ts'

/**
 * Every id of the product is branded here and made here.
 *
 * An id is 128 random bits in 26 characters of lower-case base32 behind a letter that says what it names, so
 * that a log line can be read and an id of one kind never passes for another. Ids that are derived (a mobile
 * user from an address, an entry from its command) are derived here as well.
 */
declare const brand: unique symbol
type Branded<Kind extends string> = string & { readonly [brand]: Kind }

export type AccountId = Branded<'account'>
export type AgentId = Branded<'agent'>
export type GroupId = Branded<'group'>
export type NumberId = Branded<'number'>
export type ChannelId = Branded<'channel'>
export type MobileUserId = Branded<'mobile user'>
export type ConversationId = Branded<'conversation'>
export type EntryId = Branded<'entry'>
export type CommandId = Branded<'command'>
export type ClientId = Branded<'client'>
export type ViewId = Branded<'view'>
export type QuickReplyId = Branded<'quick reply'>
export type AutoReplyId = Branded<'auto-reply'>
export type ListId = Branded<'list'>
export type BroadcastId = Branded<'broadcast'>
export type MediaId = Branded<'media'>

/** A string of this form, from then on of its own kind alone. */
const named = <Id extends string>(form: RegExp, error: string) =>
  whenUsed(() =>
    z.pipe(
      z.string().check(z.regex(form, error)),
      z.transform((text) => text as Id),
    ),
  )
const slug = <Id extends string>(kind: string) => named<Id>(/^[a-z0-9][a-z0-9-]{0,39}$/, `not ${kind} id`)
const random = <Id extends string>(letter: string) =>
  named<Id>(new RegExp(`^${letter}[a-z2-7]{26}$`), 'not an id')

/** Accounts, channels, agents, groups and numbers are named by people or scripts; the rest is random. */
export const accountId = slug<AccountId>('an account')
export const channelId = slug<ChannelId>('a channel')
export const agentId = slug<AgentId>('an agent')
export const groupId = slug<GroupId>('a group')
export const viewId = slug<ViewId>('a view')
export const quickReplyId = slug<QuickReplyId>('a quick reply')
/** A company number is named by its E.164 digits: `n13095550100`. */
export const numberId = named<NumberId>(/^n[0-9]{3,15}$/, 'not a number id')
export const mobileUserId = named<MobileUserId>(/^u[pst][a-z0-9]{1,30}$/, 'not a mobile user id')
export const conversationId = random<ConversationId>('c')
export const commandId = random<CommandId>('x')
export const mediaId = random<MediaId>('m')
export const clientId = random<ClientId>('d')
export const listId = random<ListId>('l')
export const autoReplyId = random<AutoReplyId>('r')
export const broadcastId = random<BroadcastId>('b')
export const entryId = named<EntryId>(/^(e[a-z2-7]{26}|x[a-z2-7]{26}:[0-9]{1,3})$/, 'not an entry id')

/** Hands out 16 fresh random bytes at each call. The edge and the browser give `crypto.getRandomValues`. */
export type RandomBytes = () => Uint8Array

export interface Ids {
  conversation(): ConversationId
  entry(): EntryId
  command(): CommandId
  client(): ClientId
  list(): ListId
  view(): ViewId
  media(): MediaId
  quickReply(): QuickReplyId
  autoReply(): AutoReplyId
}

/** Makes ids from a source of randomness, which is an argument so that tests can repeat a run. */
export function makeIds(randomBytes: RandomBytes): Ids {
  const make = (letter: string) => letter + base32(randomBytes())
  return {
    conversation: () => make('c') as ConversationId,
    entry: () => make('e') as EntryId,
    command: () => make('x') as CommandId,
    client: () => make('d') as ClientId,
    list: () => make('l') as ListId,
    view: () => make('v') as ViewId,
    media: () => make('m') as MediaId,
    quickReply: () => make('q') as QuickReplyId,
    autoReply: () => make('r') as AutoReplyId,
  }
}

/** The `index`-th entry that a command causes. Known before the edge saw the command, so nothing flickers. */
export function entryOf(command: CommandId, index: number): EntryId {
  return `${command}:${index}` as EntryId
}

/** The command that caused an entry, or null where the edge gave the entry an id of its own. */
export function commandOf(entry: EntryId): CommandId | null {
  const colon = entry.indexOf(':')
  return colon < 0 ? null : (entry.slice(0, colon) as CommandId)
}

/** The broadcast that a command begins: the same at each repetition, so that it is one broadcast [P3]. */
export function broadcastOf(command: CommandId): BroadcastId {
  return `b${command.slice(1)}` as BroadcastId
}

/** 16 bytes as 26 characters of RFC 4648 base32 in lower case, without padding. */
export function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      text += alphabet[(value >>> (bits - 5)) & 31]
      bits -= 5
    }
    value &= (1 << bits) - 1
  }
  if (bits > 0) text += alphabet[(value << (5 - bits)) & 31]
  return text
}
