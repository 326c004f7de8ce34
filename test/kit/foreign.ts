import type { AgentId, AutoReplyId, ClientId, CommandId, MediaId } from '#shared/base/ids.ts'
import { conversationId, entryId, listId, mobileUserId, quickReplyId, viewId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { defaultCriteria } from '#shared/rules/views.ts'
import { draftKind, draftName } from '#shared/wire/draft.ts'
import type { Up } from '#shared/wire/up.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'

/** Ids as they stand on another company's screens, or of the same form and nobody's. */
export interface Ids {
  account: string
  agent: string
  channel: string
  number: string
  conversation: string
  user: string
  entry: string
  list: string
  quickReply: string
  view: string
}

/** What the asking socket is, and how it names what is new. */
export interface Asker {
  agent: AgentId
  client: ClientId
  command(): CommandId
}

/** Every frame and command with another company's ids in each place. Tests compare it with the wire's pages. */
export function foreignFrames(ids: Ids, { agent, client, command: newId }: Asker): Up[] {
  const conversation = conversationId.parse(ids.conversation)
  const user = mobileUserId.parse(ids.user)
  return [
    {
      t: 'hello',
      version: wireVersion,
      fingerprint: rowsFingerprint,
      account: ids.account as never,
      agent,
      client,
      epoch: 1,
      cursors: {},
    },
    { t: 'pull', thread: user, epoch: 1, clock: 0 },
    { t: 'catch up', cursor: { seq: 3, tag: 'guess' } },
    { t: 'echo', n: 0 },
    { t: 'presence', messageCenter: true, idle: false, viewing: conversation, writing: conversation },
    ...draftKind.options.flatMap((kind): Up[] => [
      { t: 'open draft', conversation, kind, epoch: 0, clients: [1], clocks: {} },
      { t: 'caret', conversation, kind, epoch: 0, at: 'start' },
      { t: 'close draft', conversation, kind },
    ]),
    ...documentNames(ids).map((doc): Up => ({ t: 'update', doc, update: 'AAA=' })),
    { t: 'bye' },
    ...foreignCommands(ids).map((command): Up => ({
      t: 'command',
      n: 1,
      id: newId(),
      command,
      seen: 0,
      synced: true,
      waited: 0,
    })),
  ]
}

/** The names that documents have, and names that are none. */
export function documentNames(ids: Ids): string[] {
  const conversation = conversationId.parse(ids.conversation)
  return [
    `thread:${ids.user}:1`,
    ...draftKind.options.map((kind) => draftName({ conversation, kind }, 0)),
    `draft:${ids.account}:${ids.conversation}:reply:0`,
    `${ids.account}/draft:${ids.conversation}:reply:0`,
    ids.conversation,
  ]
}

/** A quick reply of the other company, word for word: nothing but its company keeps it from others. */
export const secretReply = 'A secret quick reply'
const nobody = { firstName: '', lastName: '', companyName: '' }

function foreignCommands(ids: Ids): Command[] {
  const conversation = conversationId.parse(ids.conversation)
  const entry = entryId.parse(ids.entry)
  const user = mobileUserId.parse(ids.user)
  const list = listId.parse(ids.list)
  const quickReply = quickReplyId.parse(ids.quickReply)
  const view = viewId.parse(ids.view)
  const said = { label: 'Taken', criteria: defaultCriteria.open }
  const owner = { agent: ids.agent as AgentId, group: null }
  return [
    { name: 'SendReply', conversation, text: 'Hi' },
    { name: 'ScheduleReply', conversation, text: 'Hi', at: 4_000_000_000_000 },
    {
      name: 'StartConversation',
      conversation,
      number: ids.number as never,
      to: '+13125550142',
      text: 'Hi',
    },
    { name: 'AddNote', conversation, text: 'Hi' },
    { name: 'ClaimConversation', conversation, expect: owner },
    { name: 'TransferConversation', conversation, expect: owner, to: owner },
    { name: 'EndConversation', conversation },
    { name: 'MarkRead', conversation, order: 1 },
    { name: 'SetFollowUp', conversation, on: true },
    { name: 'SeeMentions', conversation },
    { name: 'SetAway', away: false },
    { name: 'SetConsent', user, optedOut: true, expect: null },
    { name: 'SaveMobileUser', user, expect: nobody, to: { ...nobody, firstName: 'Taken' } },
    {
      name: 'SaveProfile',
      agent: ids.agent as AgentId,
      expect: { name: 'Sam' },
      to: { name: 'Taken', avatar: ids.entry.replace(/^e/, 'm') as MediaId },
    },
    { name: 'SaveSettings', expect: { inboundMedia: 'allow' }, to: { inboundMedia: 'disallow' } },
    { name: 'SaveNumber', number: ids.number as never, expect: { mms: true }, to: { mms: false } },
    {
      name: 'SaveAutoReply',
      autoReply: `r${ids.entry.slice(1)}` as AutoReplyId,
      expect: null,
      to: {
        number: ids.number as never,
        trigger: { kind: 'time', days: [1], from: 0, to: 0, timeZone: 'UTC' },
        text: 'Taken',
        most: null,
        disabled: false,
      },
    },
    { name: 'SetRole', agent: ids.agent as AgentId, role: 'admin' },
    {
      name: 'SaveList',
      list,
      expect: { name: 'Ours', addToInbox: false },
      to: { name: 'Taken', addToInbox: true },
    },
    { name: 'AddToList', list, addresses: ['+13095551299'] },
    { name: 'RemoveFromList', list, users: [user] },
    { name: 'SendBroadcast', list, number: ids.number as never, text: 'Taken', expect: 1 },
    { name: 'EditQuickReply', quickReply, expect: secretReply, text: 'Taken' },
    { name: 'RemoveQuickReply', quickReply, expect: secretReply },
    { name: 'AddQuickReply', quickReply, shared: true, text: 'Taken' },
    { name: 'EditView', view, expect: said, to: said },
    { name: 'RemoveView', view, expect: said },
    { name: 'AddView', view, shared: false, to: said },
    { name: 'PutBackOwner', conversation, expect: owner, to: owner },
    { name: 'SendHeld', conversation, entry },
    { name: 'DiscardHeld', conversation, entry },
    { name: 'AskCarrier', conversation, entry },
  ]
}
