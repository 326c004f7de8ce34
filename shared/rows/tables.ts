import * as z from 'zod/mini'
import { agent, type Agent } from './agent.ts'
import { broadcast, type Broadcast } from './broadcast.ts'
import { channel, type Channel } from './channel.ts'
import { conversation, type Conversation } from './conversation.ts'
import { group, type Group } from './group.ts'
import { health, type Health } from './health.ts'
import { list, type DistributionList } from './list.ts'
import { mention, type Mention } from './mention.ts'
import { mobileUser, type MobileUser } from './mobile-user.ts'
import { number, type CompanyNumber } from './number.ts'
import { quickReply, type QuickReply } from './quick-reply.ts'
import { readMark, type ReadMark } from './read-mark.ts'
import { settings, type Settings } from './settings.ts'
import { stray, type Stray } from './stray.ts'
import { threadHead, type ThreadHead } from './thread-head.ts'
import { view, type ViewRow } from './view.ts'

/** Every table whose rows travel to devices, with the schema that both ends parse them by. */
export const tables = {
  settings,
  agents: agent,
  groups: group,
  numbers: number,
  channels: channel,
  mobileUsers: mobileUser,
  threads: threadHead,
  conversations: conversation,
  readMarks: readMark,
  strays: stray,
  health,
  lists: list,
  broadcasts: broadcast,
  views: view,
  quickReplies: quickReply,
  mentions: mention,
} as const

export interface Rows {
  settings: Settings
  agents: Agent
  groups: Group
  numbers: CompanyNumber
  channels: Channel
  mobileUsers: MobileUser
  threads: ThreadHead
  conversations: Conversation
  readMarks: ReadMark
  strays: Stray
  health: Health
  lists: DistributionList
  broadcasts: Broadcast
  views: ViewRow
  quickReplies: QuickReply
  mentions: Mention
}

export type TableName = keyof Rows
export const tableName = z.enum(Object.keys(tables) as [TableName, ...TableName[]])

/** One row put: a table's name and a row of exactly that table. */
export type RowPut = { [Name in TableName]: { table: Name; row: Rows[Name] } }[TableName]
