import type { Sql } from './sql.ts'

/**
 * The object's tables, as a list of steps that only grows: a step that has run anywhere is never edited. There
 * is no `PRAGMA user_version` in an object's SQLite, so the number of steps done is a row of its own.
 */
const steps: readonly string[] = [
  `
  -- Numbers that outlive everything else: the account epoch, the next Conversation ID#, thread epochs.
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;

  -- One row a commit. The tag tells this life of the account from a restored one [E24].
  CREATE TABLE commits (seq INTEGER PRIMARY KEY, tag TEXT NOT NULL, at INTEGER NOT NULL);

  -- What lists and forms are made of. body is NULL in a tombstone.
  CREATE TABLE rows (
    tbl TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, audience TEXT NOT NULL, body TEXT,
    PRIMARY KEY (tbl, id)
  ) WITHOUT ROWID;
  CREATE INDEX rows_by_seq ON rows (seq);

  -- At most one conversation is open per mobile user and company number [DC24].
  CREATE TABLE open_pairs (
    user TEXT NOT NULL, number TEXT NOT NULL, conversation TEXT NOT NULL,
    PRIMARY KEY (user, number)
  ) WITHOUT ROWID;
  -- An unsent conversation that turned out to be another one [E14].
  CREATE TABLE aliases (id TEXT PRIMARY KEY, conversation TEXT NOT NULL) WITHOUT ROWID;

  -- Thread documents: a snapshot in pieces under 1 MB and the updates since, each with its checksum.
  CREATE TABLE snapshots (
    thread TEXT NOT NULL, epoch INTEGER NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (thread, epoch, piece)
  ) WITHOUT ROWID;
  CREATE TABLE updates (
    thread TEXT NOT NULL, epoch INTEGER NOT NULL, clock INTEGER NOT NULL, bytes BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (thread, epoch, clock)
  ) WITHOUT ROWID;

  -- Dedupe keys of carriers' messages and receipts.
  CREATE TABLE arrivals (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  -- The last number of each client, for ever, and the answer to each command, for 35 days [E11].
  CREATE TABLE clients (id TEXT PRIMARY KEY, agent TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE commands (id TEXT PRIMARY KEY, hash TEXT NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;

  -- Where each outbound text is, and what its carrier calls it, for 35 days [E27].
  CREATE TABLE messages (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, conversation TEXT NOT NULL, channel TEXT NOT NULL, carrier_id TEXT,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX messages_by_carrier ON messages (channel, carrier_id) WHERE carrier_id IS NOT NULL;
  CREATE TABLE parked_receipts (
    channel TEXT NOT NULL, carrier_id TEXT NOT NULL, state TEXT NOT NULL, receipt TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (channel, carrier_id, state)
  ) WITHOUT ROWID;

  -- The chat lane. A claimed row carries the object's start that claimed it and its deadline [E22].
  CREATE TABLE outbox (
    message TEXT PRIMARY KEY, user TEXT NOT NULL, channel TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
    body TEXT NOT NULL, ord INTEGER NOT NULL, state TEXT NOT NULL, start TEXT, deadline INTEGER, due INTEGER NOT NULL,
    tries INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX outbox_by_user ON outbox (user, ord);
  CREATE TABLE breakers (channel TEXT PRIMARY KEY, silent INTEGER NOT NULL, open INTEGER NOT NULL, probe_at INTEGER NOT NULL) WITHOUT ROWID;

  -- Due times served by the one alarm.
  CREATE TABLE timers (id TEXT PRIMARY KEY, due INTEGER NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX timers_by_due ON timers (due);

  CREATE TABLE sessions (
    hash TEXT PRIMARY KEY, agent TEXT NOT NULL, device TEXT NOT NULL, created INTEGER NOT NULL, seen INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE channels (id TEXT PRIMARY KEY, carrier TEXT NOT NULL, credentials TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, by TEXT, about TEXT NOT NULL
  );
  -- What was refused at the border leaves nothing but a number.
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  -- Arrivals that failed five times, with their raw bytes, for a person [E18].
  CREATE TABLE parked_arrivals (id TEXT PRIMARY KEY, at INTEGER NOT NULL, raw TEXT NOT NULL, fault TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Entries that D1 does not have in this version yet. Rows need no such list: they carry their seq.
  CREATE TABLE unflushed (id TEXT PRIMARY KEY, user TEXT NOT NULL, seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX unflushed_by_seq ON unflushed (seq);
  CREATE INDEX unflushed_by_user ON unflushed (user);
  `,
  `
  -- Drafts: which epoch of a box is open, its update log, and who writes under which Yjs client id [E15].
  CREATE TABLE drafts (box TEXT PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE draft_updates (
    box TEXT NOT NULL, epoch INTEGER NOT NULL, n INTEGER NOT NULL, bytes BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (box, epoch, n)
  ) WITHOUT ROWID;
  CREATE TABLE draft_writers (
    box TEXT NOT NULL, epoch INTEGER NOT NULL, client INTEGER NOT NULL, agent TEXT NOT NULL,
    PRIMARY KEY (box, epoch, client)
  ) WITHOUT ROWID;
  -- How much of a closed epoch its sender had seen, for devices that were away, for 35 days.
  CREATE TABLE draft_closings (
    box TEXT NOT NULL, epoch INTEGER NOT NULL, seen TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (box, epoch)
  ) WITHOUT ROWID;
  `,
  `
  -- Unconfirmed texts: their carrier was called from since to until. due is NULL once its list was asked [E22].
  CREATE TABLE lookups (
    message TEXT PRIMARY KEY, channel TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, body TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, due INTEGER, tries INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX lookups_by_due ON lookups (due) WHERE due IS NOT NULL;
  `,
  `
  -- Dedupe keys of receipts, apart from those of texts: these go after 35 days, those stay [E27].
  CREATE TABLE receipt_keys (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- Who had the Message Center open, and since when that is so: for those who connect again after a start [E25].
  CREATE TABLE seen (agent TEXT PRIMARY KEY, online INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  -- 0 where the start that made a commit had not yet compared itself with D1: it may be of a life that went back.
  ALTER TABLE commits ADD COLUMN sure INTEGER NOT NULL DEFAULT 1;
  -- The start that accepted a text: one from an earlier start waits until this start has compared itself with D1.
  ALTER TABLE outbox ADD COLUMN life TEXT NOT NULL DEFAULT '';
  -- What D1 has and this object lacks, collected in pages until one commit puts it back [E24].
  CREATE TABLE lost (user TEXT NOT NULL, what TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (user, what, id)) WITHOUT ROWID;
  `,
  `
  -- Browsers that want to be told of texts, one for each session, and what they are still to be told.
  CREATE TABLE push_subscriptions (
    session TEXT PRIMARY KEY, agent TEXT NOT NULL, endpoint TEXT NOT NULL, p256dh TEXT NOT NULL, auth TEXT NOT NULL,
    reach TEXT NOT NULL, words INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE pushes (
    session TEXT NOT NULL, entry TEXT NOT NULL, conversation TEXT NOT NULL, ord INTEGER NOT NULL, seq INTEGER NOT NULL,
    at INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY (session, entry)
  ) WITHOUT ROWID;
  CREATE INDEX pushes_by_due ON pushes (due);
  `,
  `
  -- Who is on which distribution list. The lists' names are rows.
  CREATE TABLE list_members (list TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (list, user)) WITHOUT ROWID;
  -- Broadcasts whose recipients are still being entered in the ledger, and after whom that goes on [E19].
  CREATE TABLE broadcast_jobs (broadcast TEXT PRIMARY KEY, after TEXT NOT NULL) WITHOUT ROWID;
  -- Broadcasts of which the ledger says something else than their row.
  CREATE TABLE broadcast_news (broadcast TEXT PRIMARY KEY) WITHOUT ROWID;
  -- One line a recipient. While it is accepted or claimed it is the bulk lane's outbox row as well. D1 has it for good,
  -- in the version that says flushed; here it goes after 35 days.
  CREATE TABLE ledger (
    message TEXT PRIMARY KEY, broadcast TEXT NOT NULL, user TEXT NOT NULL, number TEXT NOT NULL, channel TEXT NOT NULL,
    conversation TEXT, body TEXT NOT NULL, parts INTEGER NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, code TEXT,
    reason TEXT, carrier_id TEXT, due INTEGER NOT NULL, claim TEXT, claimed_by TEXT, deadline INTEGER, answered INTEGER NOT NULL,
    version INTEGER NOT NULL, flushed INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX ledger_once ON ledger (broadcast, user);
  CREATE UNIQUE INDEX ledger_by_carrier ON ledger (channel, carrier_id) WHERE carrier_id IS NOT NULL;
  CREATE INDEX ledger_by_user ON ledger (user, at);
  CREATE INDEX ledger_waiting ON ledger (due, message) WHERE state = 'accepted';
  CREATE INDEX ledger_claimed ON ledger (deadline) WHERE state = 'claimed';
  CREATE INDEX ledger_unflushed ON ledger (message) WHERE version > flushed;
  `,
  `
  -- 1 where a text leaves as an MMS without a picture.
  ALTER TABLE outbox ADD COLUMN text_only INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- The text that a parked receipt names: after a restore its author's device may still bring it [E24].
  ALTER TABLE parked_receipts ADD COLUMN message TEXT;
  `,
  `
  -- Media in own storage that agents brought, by whom: what a text may name [E29].
  CREATE TABLE uploads (
    id TEXT PRIMARY KEY, agent TEXT NOT NULL, hash TEXT NOT NULL, content_type TEXT NOT NULL, bytes INTEGER NOT NULL,
    at INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX uploads_by_agent ON uploads (agent, at);
  -- Customers' media that are still at their carrier.
  CREATE TABLE media_copies (
    id TEXT PRIMARY KEY, entry TEXT NOT NULL, user TEXT NOT NULL, channel TEXT NOT NULL, url TEXT NOT NULL,
    content_type TEXT NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX media_copies_by_due ON media_copies (due);
  -- The media of a text that waits to leave: JSON, a list of ids.
  ALTER TABLE outbox ADD COLUMN media TEXT NOT NULL DEFAULT '[]';
  `,
  `
  -- A session that was ended from another device: its browser is told so once it asks, and empties its copy.
  ALTER TABLE sessions ADD COLUMN ended INTEGER;
  `,
  `
  -- Whom a broadcast was pressed for: JSON, a list of ids, 10,000 at most. The list itself may change meanwhile.
  ALTER TABLE broadcast_jobs ADD COLUMN users TEXT NOT NULL DEFAULT '[]';
  UPDATE broadcast_jobs SET users = (
    SELECT json_group_array(user) FROM list_members
    WHERE list = (SELECT json_extract(body, '$.list') FROM rows WHERE tbl = 'broadcasts' AND id = broadcast)
  );
  `,
  `
  -- 1 for a text that waits behind conversation: an automatic answer to words [F215].
  ALTER TABLE outbox ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
  `,
]

/** Whether this object holds an account at all. A name that a forged cookie made up leaves no trace. */
export function isFounded(sql: Sql): boolean {
  return sql.all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'`).length > 0
}

/** Brings the tables to the newest step, each step in a transaction of its own. */
export function migrate(sql: Sql): void {
  const done = isFounded(sql)
    ? Number(sql.one<{ value: number }>(`SELECT value FROM meta WHERE key = 'steps'`)?.value ?? 0)
    : 0
  steps.slice(done).forEach((step, index) => {
    sql.transaction(() => {
      sql.run(step)
      sql.run(
        `INSERT INTO meta (key, value) VALUES ('steps', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        done + index + 1,
      )
    })
  })
}
