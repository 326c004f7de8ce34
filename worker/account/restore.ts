import { commandId, type ConversationId, type MobileUserId, type NumberId } from '#shared/base/ids.ts'
import { putBack, type Lost } from '#shared/core/put-back.ts'
import { entry, type Entry } from '#shared/model/entry.ts'
import { conversation, type Conversation } from '#shared/rows/conversation.ts'
import { mobileUser, type MobileUser } from '#shared/rows/mobile-user.ts'
import type { Ack } from '#shared/wire/down.ts'
import { arrivalKeyOf } from './arrival-ids.ts'
import { fromD1 } from './commands.ts'
import type { CommitDoor, EpochWriter } from './commit.ts'
import { askAfter } from './lookups.ts'
import { getRow } from './rows.ts'
import type { Sql } from './sql.ts'

/**
 * What entering a new epoch writes [E24], from what D1 knows and this object lacks, which stands in `lost`:
 *
 * 1. People, one after the other, are brought to what D1 knows of them (`shared/core/put-back.ts`).
 * 2. What came back is known again: an arrival by its key, a command by its id, a text by its carrier's receipts.
 * 3. What the lost life handed over, its carrier calls by a name that is lost: no other text is taken for it.
 * 4. No text of an earlier start is left to be sent, and none of this start that was overtaken by what came back.
 *
 * `fork` is the last commit that this life certainly shares with the one that is lost.
 */
export function restoreInto(
  writer: EpochWriter,
  door: CommitDoor,
  sql: Sql,
  fork: number,
  now: number,
): void {
  const conversations = conversationsOfTouched(sql)
  renumber(writer, door, sql, conversations, fork)
  for (const { user } of sql.all<{ user: MobileUserId }>(touched)) {
    const kept = {
      id: user,
      ...personIn(sql, user, fork),
      conversations: conversations.get(user) ?? [],
      thread: door.documents.read(user),
      unsent: [...door.outbox.earlierFor(user), ...door.broadcasts.inInboxOf(user)],
      waiting: door.outbox.waitingFor(user),
    }
    const lost = lostOf(sql, user)
    const { changes, gone, returned, overtaken } = putBack(kept, lost, now)
    writer.change(changes)
    for (const message of overtaken) door.outbox.withdraw(message)
    for (const id of gone)
      sql.run(
        `INSERT INTO unflushed (id, user, seq) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq`,
        id,
        user,
        writer.seq,
      )
    const numbers = new Map([...lost.conversations, ...kept.conversations].map((row) => [row.id, row.number]))
    const left = new Set([...lost.entries.map(({ id }) => id), ...kept.unsent])
    for (const entry of door.documents.read(user).entries)
      if (entry.kind === 'outbound' && left.has(entry.id))
        rememberNameless(door, entry, kept.user ?? lost.user, numbers.get(entry.conversation), now)
    for (const entry of returned) {
      const number = numbers.get(entry.conversation)
      knowAgain(door, sql, entry, user, number && door.memory.numbers.get(number)?.channel, now)
      if (entry.kind === 'outbound') writer.knownAgain(entry.id)
    }
  }
  door.outbox.dropEarlier()
  door.timers.clearAll('scheduled')
  // Which texts of a broadcast had left in the lost life nobody knows, so the others stay where they are [E24, P3].
  for (const id of door.broadcasts.stop(now)) {
    const row = getRow(sql, 'broadcasts', id)
    if (row) writer.change([{ kind: 'row', table: 'broadcasts', row: { ...row, state: 'stopped' } }])
  }
  sql.run(`DELETE FROM lost`)
}

const touched = `SELECT user FROM lost UNION SELECT user FROM outbox
  UNION SELECT user FROM ledger WHERE state IN ('accepted', 'claimed') AND conversation IS NOT NULL
  UNION SELECT user FROM messages WHERE id IN (SELECT ref FROM timers WHERE kind = 'scheduled')`

function conversationsOfTouched(sql: Sql): Map<MobileUserId, Conversation[]> {
  const rows = sql
    .all<{ body: string }>(
      `SELECT body FROM rows
       WHERE tbl = 'conversations' AND body IS NOT NULL AND json_extract(body, '$.user') IN (${touched})`,
    )
    .map(({ body }) => conversation.parse(JSON.parse(body)))
  return Map.groupBy(rows, ({ user }) => user)
}

/** Conversation numbers that D1 knows are taken; a conversation of this life that has one gets another [DC20]. */
function renumber(
  writer: EpochWriter,
  door: CommitDoor,
  sql: Sql,
  conversations: Map<MobileUserId, Conversation[]>,
  fork: number,
): void {
  const taken = new Map(
    sql
      .all<{ id: ConversationId; no: number }>(
        `SELECT id, json_extract(body, '$.no') AS no FROM lost
         WHERE what = 'conversations' AND json_extract(body, '$.no') IS NOT NULL`,
      )
      .map(({ id, no }) => [no, id]),
  )
  let next = Math.max(door.memory.nextNo, ...[...taken.keys()].map((no) => no + 1))
  const fresh = sql.all<{ body: string }>(
    `SELECT body FROM rows WHERE tbl = 'conversations' AND body IS NOT NULL AND seq > ?`,
    fork,
  )
  for (const { body } of fresh) {
    const row = conversation.parse(JSON.parse(body))
    const owner = row.no === null ? row.id : (taken.get(row.no) ?? row.id)
    if (owner === row.id) continue
    const renumbered = { ...row, no: next++ }
    writer.change([{ kind: 'row', table: 'conversations', row: renumbered }])
    const known = conversations.get(row.user)
    if (known)
      conversations.set(
        row.user,
        known.map((other) => (other.id === row.id ? renumbered : other)),
      )
  }
  writer.nextNo(next)
}

function personIn(
  sql: Sql,
  user: MobileUserId,
  fork: number,
): { user: MobileUser | null; userIsNewer: boolean } {
  const found = sql.one<{ body: string | null; seq: number }>(
    `SELECT body, seq FROM rows WHERE tbl = 'mobileUsers' AND id = ?`,
    user,
  )
  if (!found?.body) return { user: null, userIsNewer: false }
  return { user: mobileUser.parse(JSON.parse(found.body)), userIsNewer: found.seq > fork }
}

function lostOf(sql: Sql, user: MobileUserId): Lost {
  const lost: { user: MobileUser | null; conversations: Conversation[]; entries: Entry[] } = {
    user: null,
    conversations: [],
    entries: [],
  }
  const rows = sql.all<{ what: string; body: string }>(`SELECT what, body FROM lost WHERE user = ?`, user)
  for (const { what, body } of rows) {
    const value: unknown = JSON.parse(body)
    if (what === 'mobileUsers') lost.user = mobileUser.parse(value)
    else if (what === 'conversations') lost.conversations.push(conversation.parse(value))
    else lost.entries.push(entry.parse(value))
  }
  return lost
}

/** Where it left, an unconfirmed text with the same words must not be found in its place in the carrier's list [P3]. */
function rememberNameless(
  door: CommitDoor,
  { id: message, text, at, delivery }: Extract<Entry, { kind: 'outbound' }>,
  user: MobileUser | null,
  id: NumberId | undefined,
  now: number,
): void {
  const number = id && door.memory.numbers.get(id)
  if (!number || !user || !mayBeListed.has(delivery.state)) return
  const { channel, address: from } = number
  const asked = { message, channel, from, to: user.address, text, since: at, until: delivery.at }
  // The life that would have asked for it is lost.
  door.lookups.addNameless(asked, delivery.state === 'unconfirmed' ? now + askAfter : null)
}

const mayBeListed: ReadonlySet<string> = new Set([
  'unconfirmed',
  'sent',
  'delivered',
  'undelivered',
  'failed',
])

function knowAgain(
  door: CommitDoor,
  sql: Sql,
  entry: Entry,
  user: MobileUserId,
  channel: string | undefined,
  now: number,
): void {
  if (entry.kind === 'inbound')
    sql.run(`INSERT OR IGNORE INTO arrivals (key, at) VALUES (?, ?)`, arrivalKeyOf(entry.id), now)
  if (entry.kind === 'outbound' && channel !== undefined)
    door.outbox.know(entry.id, user, entry.conversation, channel, now)
  const command = commandId.safeParse(entry.id.split(':')[0])
  if (!command.success) return
  const { epoch, clock } = door.documents.head(user)
  const answer: Ack = {
    n: 0,
    id: command.data,
    seq: door.memory.head.seq,
    refusal: null,
    thread: { id: user, epoch, clock },
    conversation: entry.conversation,
  }
  sql.run(
    `INSERT OR IGNORE INTO commands (id, hash, answer, at) VALUES (?, ?, ?, ?)`,
    command.data,
    fromD1,
    JSON.stringify(answer),
    now,
  )
}
