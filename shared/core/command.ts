import * as z from 'zod/mini'
import {
  agentId,
  autoReplyId,
  conversationId,
  entryId,
  groupId,
  listId,
  mediaId,
  mobileUserId,
  numberId,
  quickReplyId,
  viewId,
  type ConversationId,
  type MediaId,
  type MobileUserId,
} from '../base/ids.ts'
import { mobileUserOf, readAddress } from '../base/address.ts'
import { role } from '../model/role.ts'
import { autoReplySaid } from '../rows/auto-reply.ts'
import { criteria } from '../rules/criteria.ts'
import { limits } from '../wire/limits.ts'
import { whenUsed } from '../base/when-used.ts'

/** Text of a field, and of a message, as the border lets it in. Their own limits are refusals with words. */
const pasted = z.string().check(z.maxLength(limits.pastedField))
const written = z.string().check(z.maxLength(limits.command))

/** Whom a claim or transfer believed to be the owner; refused if that changed meanwhile [DC23]. */
export const owner = whenUsed(() => z.object({ agent: z.nullable(agentId), group: z.nullable(groupId) }))
export type Owner = z.infer<typeof owner>

/** What agents note of a person. A text over its own limit is a refusal, so only the border is bounded here. */
export const mobileUserInfo = whenUsed(() =>
  z.object({
    firstName: pasted,
    lastName: pasted,
    companyName: pasted,
  }),
)
export type MobileUserInfo = z.infer<typeof mobileUserInfo>

/** What an agent says of a distribution list besides who is in it. */
export const listInfo = whenUsed(() =>
  z.object({
    name: pasted,
    addToInbox: z.boolean(),
  }),
)
export type ListInfo = z.infer<typeof listInfo>
/** What a view says: its name and what it takes. */
export const viewSaid = z.object({ label: pasted, criteria })
export type ViewSaid = z.infer<typeof viewSaid>

/** What somebody changed in a profile, and what stood there on their screen: only the fields that differ. */
export const profileSaid = whenUsed(() =>
  z.partial(
    z.object({
      firstName: pasted,
      lastName: pasted,
      name: pasted,
      idleSeconds: z.int(),
      transferMail: z.boolean(),
      groupTransferMail: z.boolean(),
      messageMail: z.boolean(),
      groupMessageMail: z.boolean(),
      timeZone: pasted,
      avatar: z.nullable(mediaId),
    }),
  ),
)
export type ProfileSaid = z.infer<typeof profileSaid>

/** The same of the account's own settings, and of a company number's. */
export const settingsSaid = whenUsed(() =>
  z.partial(
    z.object({
      longMessages: z.enum(['refuse', 'concatenate', 'split']),
      emoji: z.enum(['refuse', 'send']),
      waitingMinutes: z.int(),
      inboundMedia: z.enum(['allow', 'disallow']),
      autoAppend: z.boolean(),
      textOnlyLimit: z.int(),
    }),
  ),
)
export type SettingsSaid = z.infer<typeof settingsSaid>
export const numberSaid = whenUsed(() =>
  z.partial(
    z.object({
      longMessages: z.nullable(z.enum(['refuse', 'concatenate', 'split'])),
      mms: z.boolean(),
      mmsCharacters: z.nullable(z.int()),
    }),
  ),
)
export type NumberSaid = z.infer<typeof numberSaid>

/** Pictures by the names that the device gave them. More than go with one text is a refusal with words [E29]. */
const pictures = z.array(mediaId).check(z.maxLength(50))

/**
 * Everything an agent can ask for. A command never names its actor or its time: the edge sets both. What it
 * expects of the state it was made on, where a race matters, stands in it as `expect`. A text over its own limit
 * is a refusal, so the schema bounds it by the whole command only [E30].
 */
export const command = whenUsed(() =>
  z.discriminatedUnion('name', [
    z.object({
      name: z.literal('SendReply'),
      conversation: conversationId,
      text: written,
      textOnly: z.optional(z.boolean()),
      media: z.optional(pictures),
    }),
    /** A reply that is to be sent at `at`, unless the customer writes first [DC22]. */
    z.object({
      name: z.literal('ScheduleReply'),
      conversation: conversationId,
      text: written,
      textOnly: z.optional(z.boolean()),
      media: z.optional(pictures),
      at: z.int().check(z.minimum(0)),
    }),
    z.object({
      name: z.literal('StartConversation'),
      conversation: conversationId,
      number: numberId,
      to: z.string().check(z.maxLength(40)),
      text: written,
      textOnly: z.optional(z.boolean()),
      media: z.optional(pictures),
    }),
    z.object({
      name: z.literal('AddNote'),
      conversation: conversationId,
      text: written,
    }),
    z.object({ name: z.literal('ClaimConversation'), conversation: conversationId, expect: owner }),
    z.object({
      name: z.literal('TransferConversation'),
      conversation: conversationId,
      expect: owner,
      to: owner,
    }),
    /** Takes a claim or a transfer back: the owner is again who it was before, be it nobody. */
    z.object({
      name: z.literal('PutBackOwner'),
      conversation: conversationId,
      expect: owner,
      to: owner,
    }),
    z.object({ name: z.literal('EndConversation'), conversation: conversationId }),
    z.object({
      name: z.literal('MarkRead'),
      conversation: conversationId,
      order: z.int().check(z.minimum(0)),
    }),
    /** Pressing it twice is no conflict; only undo expects what it takes back. */
    z.object({
      name: z.literal('SetFollowUp'),
      conversation: conversationId,
      on: z.boolean(),
      expect: z.optional(z.boolean()),
    }),
    /** `expect` is the cause of the opt-out that stands on the author's screen; an opt-in takes back no other. */
    z.object({
      name: z.literal('SetConsent'),
      user: mobileUserId,
      optedOut: z.boolean(),
      expect: z.nullable(entryId),
    }),
    /**
     * `expect` is what stood on the author's screen: fields that do not differ from it in `to` are left alone. `address`
     * begins the record of somebody of whom nothing is kept yet, as before their first message.
     */
    z.object({
      name: z.literal('SaveMobileUser'),
      user: mobileUserId,
      address: z.optional(z.string()),
      expect: mobileUserInfo,
      to: mobileUserInfo,
    }),
    /** The view's id is its author's. A shared one is everybody's, else it is the author's alone. */
    z.object({ name: z.literal('AddView'), view: viewId, shared: z.boolean(), to: viewSaid }),
    z.object({ name: z.literal('EditView'), view: viewId, expect: viewSaid, to: viewSaid }),
    z.object({ name: z.literal('RemoveView'), view: viewId, expect: viewSaid }),
    /** The id is its author's. `expect` is the text on the author's screen. */
    z.object({
      name: z.literal('AddQuickReply'),
      quickReply: quickReplyId,
      shared: z.boolean(),
      text: written,
      textOnly: z.optional(z.literal(true)),
    }),
    z.object({
      name: z.literal('EditQuickReply'),
      quickReply: quickReplyId,
      expect: written,
      text: written,
    }),
    z.object({
      name: z.literal('RemoveQuickReply'),
      quickReply: quickReplyId,
      expect: written,
    }),
    /** The author opened a conversation in whose notes colleagues had named them. */
    z.object({ name: z.literal('SeeMentions'), conversation: conversationId }),
    /** The author goes away, or is back: nobody says it of somebody else. */
    z.object({ name: z.literal('SetAway'), away: z.boolean() }),
    /** Of a profile, the settings or a number `to` has the fields that were changed, `expect` what stood in them. */
    z.object({ name: z.literal('SaveProfile'), agent: agentId, expect: profileSaid, to: profileSaid }),
    z.object({ name: z.literal('SaveSettings'), expect: settingsSaid, to: settingsSaid }),
    z.object({ name: z.literal('SaveNumber'), number: numberId, expect: numberSaid, to: numberSaid }),
    /** `expect` is null for one that begins with this, `to` for one that is removed. The id is its author's. */
    z.object({
      name: z.literal('SaveAutoReply'),
      autoReply: autoReplyId,
      expect: z.nullable(autoReplySaid),
      to: z.nullable(autoReplySaid),
    }),
    z.object({ name: z.literal('SetRole'), agent: agentId, role }),
    z.object({ name: z.literal('SendHeld'), conversation: conversationId, entry: entryId }),
    z.object({ name: z.literal('DiscardHeld'), conversation: conversationId, entry: entryId }),
    /** Has the carrier of an unconfirmed text asked about it now [E22]. */
    z.object({ name: z.literal('AskCarrier'), conversation: conversationId, entry: entryId }),
    /** `expect` is null for a list that begins with this; else what stood on the author's screen, as above. */
    z.object({ name: z.literal('SaveList'), list: listId, expect: z.nullable(listInfo), to: listInfo }),
    /** Addresses in their kept form, read on the device where they were typed. Those in the list already stay. */
    z.object({
      name: z.literal('AddToList'),
      list: listId,
      addresses: z
        .array(z.string().check(z.maxLength(40)))
        .check(z.minLength(1), z.maxLength(limits.listChange)),
    }),
    z.object({
      name: z.literal('RemoveFromList'),
      list: listId,
      users: z.array(mobileUserId).check(z.minLength(1), z.maxLength(limits.listChange)),
    }),
    /** `expect` is how many recipients the author was shown. */
    z.object({
      name: z.literal('SendBroadcast'),
      list: listId,
      number: numberId,
      text: written,
      expect: z.int().check(z.minimum(0)),
    }),
  ]),
)
export type Command = z.infer<typeof command>
export type CommandName = Command['name']
/** The conversation that a command is about; null for one about a person or an agent. */
export function conversationIn(command: Command): ConversationId | null {
  return 'conversation' in command ? command.conversation : null
}

/** The person whom a command names, by id or by the number that a first message goes to. */
export function userIn(command: Command): MobileUserId | null {
  if ('user' in command) return command.user
  const address = command.name === 'StartConversation' ? readAddress(command.to) : null
  return address && mobileUserOf(address)
}

/** The pictures that a command names, which the edge has to have before it [E29]. */
export function mediaIn(command: Command): readonly MediaId[] {
  if (command.name === 'SaveProfile') return command.to.avatar ? [command.to.avatar] : []
  return ('media' in command ? command.media : undefined) ?? []
}

/** Whether a command only says what its author has looked at: nobody would call that a change. */
export function isLooking({ name }: Command): boolean {
  return name === 'MarkRead' || name === 'SeeMentions'
}

export type CommandNamed<Name extends CommandName> = Extract<Command, { name: Name }>
