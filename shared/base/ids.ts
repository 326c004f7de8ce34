import { z } from 'zod'

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
export type ListId = Branded<'list'>
export type BroadcastId = Branded<'broadcast'>
export type MediaId = Branded<'media'>

const slug = (kind: string) => z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, `not ${kind} id`)
const random = (letter: string) => z.string().regex(new RegExp(`^${letter}[a-z2-7]{26}$`), 'not an id')

/** Accounts, channels, agents, groups and numbers are named by people or scripts; the rest is random. */
export const accountId = slug('an account').transform((text) => text as AccountId)
export const channelId = slug('a channel').transform((text) => text as ChannelId)
export const agentId = slug('an agent').transform((text) => text as AgentId)
export const groupId = slug('a group').transform((text) => text as GroupId)
export const viewId = slug('a view').transform((text) => text as ViewId)
export const quickReplyId = slug('a quick reply').transform((text) => text as QuickReplyId)
/** A company number is named by its E.164 digits: `n13095550100`. */
export const numberId = z
  .string()
  .regex(/^n[0-9]{3,15}$/, 'not a number id')
  .transform((text) => text as NumberId)
export const mobileUserId = z
  .string()
  .regex(/^u[pst][a-z0-9]{1,30}$/, 'not a mobile user id')
  .transform((text) => text as MobileUserId)
export const conversationId = random('c').transform((text) => text as ConversationId)
export const commandId = random('x').transform((text) => text as CommandId)
export const mediaId = random('m').transform((text) => text as MediaId)
export const clientId = random('d').transform((text) => text as ClientId)
export const listId = random('l').transform((text) => text as ListId)
export const broadcastId = random('b').transform((text) => text as BroadcastId)
export const entryId = z
  .string()
  .regex(/^(e[a-z2-7]{26}|x[a-z2-7]{26}:[0-9]{1,3})$/, 'not an entry id')
  .transform((text) => text as EntryId)

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
