import { z } from 'zod'
import { media, type Media } from '#shared/model/entry.ts'
import { faults, noFaults, type Faults } from './faults.ts'
import type { CarrierFile } from './files.ts'
import type { Handed, HandsetEntry, HandsetText, ListedText, Owed, SentText, Webhook } from './model.ts'

/**
 * What the simulated carrier keeps: everything, so that a kill of the process loses nothing that it accepted and
 * nothing that it still owes Parley.
 */
export class CarrierTables {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`
      create table if not exists settings (name text primary key, value text not null);
      create table if not exists sent (
        n integer primary key, id text not null unique, ref text not null, sender text not null,
        recipient text not null, text text not null, media text not null, callback text not null,
        at integer not null, state text not null);
      create table if not exists received (
        n integer primary key, id text not null unique, sender text not null, recipient text not null,
        text text not null, media text not null, at integer not null, state text not null);
      create table if not exists owed (
        id integer primary key autoincrement, about text not null, lane text not null, path text not null, type text not null,
        body text not null, due integer not null, attempts integer not null);
      create index if not exists owed_due on owed (due, id);
      create table if not exists files (name text primary key, type text not null, bytes blob not null);
    `)
    const columns = sql.exec<{ name: string }>(`select name from pragma_table_info('sent')`).toArray()
    if (!columns.some(({ name }) => name === 'mms'))
      sql.exec('alter table sent add column mms integer not null default 0')
  }

  addFile(name: string, { contentType, bytes }: CarrierFile): void {
    const copy = bytes.slice().buffer
    this.#sql.exec(
      'insert or replace into files (name, type, bytes) values (?, ?, ?)',
      name,
      contentType,
      copy,
    )
  }

  file(name: string): CarrierFile | null {
    const row = this.#sql
      .exec<{ type: string; bytes: ArrayBuffer }>('select type, bytes from files where name = ?', name)
      .toArray()[0]
    return row ? { contentType: row.type, bytes: new Uint8Array(row.bytes) } : null
  }

  setting(name: string): string | null {
    const row = this.#sql
      .exec<{ value: string }>('select value from settings where name = ?', name)
      .toArray()[0]
    return row?.value ?? null
  }

  set(name: string, value: string): void {
    this.#sql.exec('insert or replace into settings (name, value) values (?, ?)', name, value)
  }

  get faults(): Faults {
    const stored = this.setting('faults')
    return stored === null ? noFaults : faults.parse(JSON.parse(stored))
  }

  set faults(value: Faults) {
    this.set('faults', JSON.stringify(value))
  }

  addSent(id: string, text: Handed, at: number): void {
    this.#sql.exec(
      'insert into sent (id, ref, sender, recipient, text, media, mms, callback, at, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      text.ref,
      text.from,
      text.to,
      text.text,
      JSON.stringify(text.media),
      Number(text.mms),
      text.callback,
      at,
      'accepted',
    )
  }

  sent(): SentText[] {
    return this.#sql
      .exec<SentRow>('select id, ref, sender, recipient, text, media, mms, at from sent order by n')
      .toArray()
      .map(readSent)
  }

  /** What was accepted between two numbers and two times, with what became of it: the carrier's list. */
  list(from: string, to: string, since: number, until: number): ListedText[] {
    return this.#sql
      .exec<SentRow & { state: string }>(
        `select id, ref, sender, recipient, text, media, mms, at, state from sent
          where sender = ? and recipient = ? and at between ? and ? order by n`,
        from,
        to,
        since,
        until,
      )
      .toArray()
      .map((row) => ({ ...readSent(row), state: row.state }))
  }

  sentById(id: string): (SentText & { callback: string }) | null {
    const row = this.#sql
      .exec<SentRow & { callback: string }>(
        'select id, ref, sender, recipient, text, media, mms, at, callback from sent where id = ? or ref = ? order by n desc limit 1',
        id,
        id,
      )
      .toArray()[0]
    return row === undefined ? null : { ...readSent(row), callback: row.callback }
  }

  /** How many texts were accepted: the next one's number. */
  countSent(): number {
    return this.#sql.exec<{ count: number }>('select count(*) as count from sent').one().count
  }

  markSent(id: string, state: string): void {
    this.#sql.exec('update sent set state = ? where id = ?', state, id)
  }

  /** Keeps a handset's text. A repeated id stays what it was: the carrier says the same thing again. */
  addReceived(id: string, text: HandsetText, at: number): void {
    this.#sql.exec(
      'insert or ignore into received (id, sender, recipient, text, media, at, state) values (?, ?, ?, ?, ?, ?, ?)',
      id,
      text.from,
      text.to,
      text.text,
      JSON.stringify(text.media),
      at,
      'waiting',
    )
  }

  markReceived(id: string, state: string): void {
    this.#sql.exec('update received set state = ? where id = ?', state, id)
  }

  receivedState(id: string): string {
    return (
      this.#sql.exec<{ state: string }>('select state from received where id = ?', id).toArray()[0]?.state ??
      ''
    )
  }

  /** Both directions between a handset and this channel's numbers, oldest first. Undelivered texts never came. */
  conversation(handset: string, company: string | null): HandsetEntry[] {
    return this.#sql
      .exec<EntryRow>(
        `select id, 'company' as author, text, media, at, state from sent
          where recipient = ?1 and (?2 is null or sender = ?2) and state not in ('undelivered', 'failed')
        union all
        select id, 'customer' as author, text, media, at, state from received
          where sender = ?1 and (?2 is null or recipient = ?2)
        order by at`,
        handset,
        company,
      )
      .toArray()
      .map(({ author, media, ...row }) => ({ ...row, by: author, media: readMedia(media) }))
  }

  owe(about: string, lane: string, webhook: Webhook, due: number): void {
    this.#sql.exec(
      'insert into owed (about, lane, path, type, body, due, attempts) values (?, ?, ?, ?, ?, ?, 0)',
      about,
      lane,
      webhook.path,
      webhook.contentType,
      webhook.body,
      due,
    )
  }

  /** What is owed and due, in the order in which it happened. */
  due(now: number): Owed[] {
    return this.#sql
      .exec<OwedRow>(
        'select id, about, lane, path, type, body, attempts from owed where due <= ? order by id',
        now,
      )
      .toArray()
      .map(({ type, ...row }) => ({ ...row, contentType: type }))
  }

  nextDue(): number | null {
    return this.#sql.exec<{ due: number | null }>('select min(due) as due from owed').one().due
  }

  /** Takes a call on: it is due again only when the attempt must have ended, also if this life ends before. */
  lease(id: number, until: number): void {
    this.#sql.exec('update owed set due = ?, attempts = attempts + 1 where id = ?', until, id)
  }

  postpone(id: number, due: number): void {
    this.#sql.exec('update owed set due = ? where id = ?', due, id)
  }

  /** In a new life nobody is making the calls that an earlier one took on. */
  endLeases(now: number): void {
    this.#sql.exec('update owed set due = ? where attempts > 0 and due > ?', now, now)
  }

  settle(id: number): void {
    this.#sql.exec('delete from owed where id = ?', id)
  }
}

type OwedRow = {
  id: number
  about: string
  lane: string
  path: string
  type: string
  body: string
  attempts: number
}

type SentRow = {
  id: string
  ref: string
  sender: string
  recipient: string
  text: string
  media: string
  mms: number
  at: number
}

type EntryRow = {
  id: string
  author: 'company' | 'customer'
  text: string
  media: string
  at: number
  state: string
}

function readSent(row: SentRow): SentText {
  const { id, ref, sender, recipient, text, media, mms, at } = row
  return { id, ref, from: sender, to: recipient, text, media: readMedia(media), mms: mms === 1, at }
}

function readMedia(json: string): Media[] {
  return z.array(media).parse(JSON.parse(json))
}
