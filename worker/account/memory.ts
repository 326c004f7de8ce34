import type { AgentId, ChannelId, GroupId, NumberId } from '#shared/base/ids.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Channel } from '#shared/rows/channel.ts'
import type { Group } from '#shared/rows/group.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { Settings } from '#shared/rows/settings.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { Cursor } from '#shared/wire/up.ts'
import { allRows, getRow } from './rows.ts'
import type { Sql } from './sql.ts'

/** The small tables that nearly every decision needs, and the head of the log. */
export interface Memory {
  epoch: number
  head: Cursor
  nextNo: number
  settings: Settings
  agents: Map<AgentId, Agent>
  groups: Map<GroupId, Group>
  numbers: Map<NumberId, CompanyNumber>
  channels: Map<ChannelId, Channel>
}

/** Reads everything that is kept in memory from what is durable. */
export function loadMemory(sql: Sql): Memory {
  const head = sql.one<Cursor>(`SELECT seq, tag FROM commits ORDER BY seq DESC LIMIT 1`)
  return {
    epoch: readNumber(sql, 'account epoch', 1),
    head: head ?? { seq: 0, tag: '' },
    nextNo: readNumber(sql, 'next no', 1001),
    settings: getRow(sql, 'settings', 'account') ?? blankSettings,
    agents: byId(allRows(sql, 'agents')),
    groups: byId(allRows(sql, 'groups')),
    numbers: byId(allRows(sql, 'numbers')),
    channels: byId(allRows(sql, 'channels')),
  }
}

/** Keeps memory in step with a row that was just written. */
export function remember(memory: Memory, put: RowPut): void {
  switch (put.table) {
    case 'settings':
      memory.settings = put.row
      return
    case 'agents':
      memory.agents.set(put.row.id, put.row)
      return
    case 'groups':
      memory.groups.set(put.row.id, put.row)
      return
    case 'numbers':
      memory.numbers.set(put.row.id, put.row)
      return
    case 'channels':
      memory.channels.set(put.row.id, put.row)
      return
    case 'mobileUsers':
    case 'threads':
    case 'conversations':
    case 'readMarks':
    case 'views':
    case 'quickReplies':
    case 'strays':
    case 'health':
    case 'lists':
    case 'broadcasts':
      return
  }
}

export function readNumber(sql: Sql, key: string, otherwise: number): number {
  return sql.still<{ value: number }>(`SELECT value FROM meta WHERE key = ?`, key)[0]?.value ?? otherwise
}

export function writeMeta(sql: Sql, key: string, value: string | number): void {
  sql.run(
    `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    key,
    value,
  )
}

function byId<Row extends { id: string }>(rows: Row[]): Map<Row['id'], Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

const blankSettings: Settings = {
  id: 'account',
  name: '',
  timeZone: 'UTC',
  longMessages: 'concatenate',
  optIn: 'automatic',
  optOutWords: 'guide',
  emoji: 'refuse',
  waitingMinutes: 15,
}
