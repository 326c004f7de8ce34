import type { ChannelId, EntryId, MediaId, MobileUserId } from '#shared/base/ids.ts'
import type { Effect } from '#shared/core/outcome.ts'
import type { Sql } from './sql.ts'

/** A customer's picture, sound or film that is still at its carrier. */
export interface MediaCopy {
  id: MediaId
  entry: EntryId
  user: MobileUserId
  channel: ChannelId
  url: string
  contentType: string
  tries: number
}

const columns = `id, entry, user, channel, url, content_type AS contentType, tries`

/**
 * Media that are to be fetched from carriers into own storage. A row is written in the commit that brings the text and
 * goes in the one that says what became of it, so a crash fetches once more and forgets nothing [Q3].
 */
export class MediaCopies {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  add(copy: Extract<Effect, { kind: 'copy' }>, now: number): void {
    this.#sql.run(
      `INSERT OR IGNORE INTO media_copies (id, entry, user, channel, url, content_type, due, tries)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
      copy.media,
      copy.entry,
      copy.user,
      copy.channel,
      copy.url,
      copy.contentType,
      now,
    )
  }

  /** What is due, the longest waiting first. */
  next(now: number, most: number): MediaCopy[] {
    if ((this.nextDue() ?? Infinity) > now) return []
    return this.#sql.all<MediaCopy>(
      `SELECT ${columns} FROM media_copies WHERE due <= ? ORDER BY due, id LIMIT ?`,
      now,
      most,
    )
  }

  nextDue(): number | null {
    return this.#sql.still<{ due: number | null }>(`SELECT MIN(due) AS due FROM media_copies`)[0]?.due ?? null
  }

  /** Tries again at `due`, `tries` attempts having failed by then. */
  postpone(id: MediaId, due: number, tries: number): void {
    this.#sql.run(`UPDATE media_copies SET due = ?, tries = ? WHERE id = ?`, due, tries, id)
  }

  forget(id: MediaId): void {
    this.#sql.run(`DELETE FROM media_copies WHERE id = ?`, id)
  }
}
