import type { AccountId, ChannelId } from '#shared/base/ids.ts'
import { makeIds } from '#shared/base/ids.ts'
import type { CarrierEvent } from '../carriers/carrier.ts'
import { BulkLane } from './bulk-lane.ts'
import { ChatLane } from './chat-lane.ts'
import { CommitDoor } from './commit.ts'
import { Connections } from './connections.ts'
import { DraftLane } from './draft-lane.ts'
import { HistoryLane } from './history.ts'
import { Kept } from './kept.ts'
import { Lives } from './lives.ts'
import { LookupLane } from './lookup-lane.ts'
import { MediaLane } from './media-lane.ts'
import type { Platform } from './platform.ts'
import { PushLane } from './push-lane.ts'
import { Seen } from './seen.ts'
import { Sessions } from './sessions.ts'
import { Sockets } from './sockets.ts'
import type { Sql } from './sql.ts'

/** The parts of a founded account, which exist from its founding on. */
export interface Parts {
  id: AccountId
  door: CommitDoor
  lane: ChatLane
  bulk: BulkLane
  kept: Kept
  lookups: LookupLane
  media: MediaLane
  pushes: PushLane
  history: HistoryLane
  drafts: DraftLane
  lives: Lives
  sockets: Sockets
  seen: Seen
  sessions: Sessions
}

/** What the parts call of the account that they are of. */
export interface Whole {
  /** Brings a carrier's event to the door. */
  arrive(channel: ChannelId, event: CarrierEvent): void
  /** Something has become due, or has not any more: the alarm is set anew at the end of this step, once for all of it. */
  arm(): void
  /** The comparison with D1 is done [E24]. */
  compared(wentBack: boolean): void
}

/** Makes the parts of an account and joins them: who calls whom. Nothing is begun yet. */
export function makeParts(id: AccountId, platform: Platform, { arrive, arm, compared }: Whole): Parts {
  const { sql, start, now, random, reached, paused, soon, after, waitUntil } = platform
  const door = new CommitDoor({
    sql: sql,
    now,
    random,
    start,
    reached,
    sure: () => lives.sure,
    publish: (commit) => {
      sockets.publish(commit)
      drafts.closed(commit.drafts)
      if (!paused()) arm()
    },
    texts: () => {
      if (paused()) return
      lane.pump()
      bulk.pump()
    },
    overlooked: () => {
      // At once: a flush that waits already would lead frames past what was overlooked.
      sockets.missed()
      // Not within the input that failed: it has its own answer to give first.
      soon(() => {
        if (!paused()) lane.pump()
      })
    },
  })
  const lives: Lives = new Lives({
    account: id,
    sql: sql,
    door: () => door,
    history: platform.history,
    now,
    after,
    compared: (wentBack) => compared(wentBack),
  })
  const sockets = new Sockets({
    account: () => id,
    sql: sql,
    memory: () => door.memory,
    now,
    all: () => platform.sockets(),
    soon,
    later: (ms, what) => void after(ms, what),
  })
  const drafts = new DraftLane({
    sql: sql,
    door,
    sockets,
    reached,
    later: (ms, what) => void after(ms, what),
  })
  const connections = new Connections()
  const seen = new Seen(sql, now())
  for (const { agent, presence } of sockets.attachments()) if (presence) seen.heardOf(agent)
  const kept: Kept = new Kept({
    channels: () => sql.all<{ id: ChannelId }>(`SELECT id FROM channels`).map(({ id }) => id),
    bringIn: (channel, admit) =>
      platform.bringInKept({ id: channel, credentials: credentialsOf(sql, channel) }, admit),
    admit: arrive,
    connect: () => connections.take('rest'),
    now,
    after,
    waitUntil,
    free: () => {
      if (paused()) return
      lane.pump()
      bulk.pump()
    },
  })
  const lane: ChatLane = new ChatLane({
    kept,
    door,
    connections,
    now,
    reached,
    held: () => lives.holding,
    send: (text, signal) => platform.send(credentialsOf(sql, text.channel), { ...text, account: id }, signal),
    probe: (channel, signal) => platform.probe(credentialsOf(sql, channel), signal),
    after,
    waitUntil,
    arm: () => arm(),
  })
  const bulk: BulkLane = new BulkLane({
    kept,
    sql: sql,
    door,
    ids: makeIds(random),
    now,
    reached,
    nudge: (count) => platform.nudgeBulk(id, count),
    compared: () => lives.sure,
    held: () => lives.holding !== 'none',
    flush: (lines) => platform.history.ledger(id, door.memory.epoch, lines),
    after,
    waitUntil,
    arm: () => arm(),
  })
  const lookups = new LookupLane({
    door,
    connections,
    now,
    reached,
    list: (channel, query, signal) => platform.list(credentialsOf(sql, channel), query, signal),
    after,
    waitUntil,
    arm: () => arm(),
  })
  const media = new MediaLane({
    door,
    connections,
    now,
    reached,
    copy: (copy, signal) => platform.copy(credentialsOf(sql, copy.channel), id, copy, signal),
    after,
    waitUntil,
    arm: () => arm(),
  })
  const pushes = new PushLane({
    sql: sql,
    door,
    pushes: door.pushes,
    connections,
    now,
    present: (agent) => sockets.isPresent(agent),
    hasStored: (agent, seq) => sockets.hasStored(agent, seq),
    send: (message, signal) => platform.push(message, signal),
    after,
    waitUntil,
    arm: () => arm(),
  })
  const history = new HistoryLane({
    sql: sql,
    door,
    connections,
    now,
    compared: () => lives.sure,
    compare: () => lives.compare(),
    flush: (batch) => platform.history.flush(id, batch),
    after,
    waitUntil,
    arm: () => arm(),
  })
  return {
    id,
    door,
    lane,
    bulk,
    kept,
    lookups,
    media,
    pushes,
    history,
    drafts,
    lives,
    sockets,
    seen,
    sessions: new Sessions(sql),
  }
}

/** The encrypted credentials of a channel. */
export function credentialsOf(sql: Sql, channel: ChannelId): string {
  const found = sql.one<{ credentials: string }>(`SELECT credentials FROM channels WHERE id = ?`, channel)
  if (!found) throw new Error(`There is no channel ${channel}.`)
  return found.credentials
}
