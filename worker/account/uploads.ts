import type { AgentId, MediaId } from '#shared/base/ids.ts'
import { day, hour } from '#shared/base/time.ts'
import type { Upload } from '#shared/core/world.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Sql } from './sql.ts'

/** A picture that was brought and never sent is forgotten after this, like the command that might have named it [E11]. */
export const uploadsKept = 35 * day

/**
 * Pictures in own storage that agents brought. A row is written once the bytes are there, so that a text which names
 * one can always be carried out [E29].
 */
export class Uploads {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Whether this agent may bring one more now. One that is here already costs nothing. */
  admit(agent: AgentId, id: MediaId, now: number): 'yes' | 'too many' {
    if (uploadOf(this.#sql, id)) return 'yes'
    const count = this.#sql.one<{ count: number }>(
      `SELECT COUNT(*) AS count FROM uploads WHERE agent = ? AND at > ?`,
      agent,
      now - hour,
    )
    return (count?.count ?? 0) >= limits.uploadsPerHour ? 'too many' : 'yes'
  }

  keep(agent: AgentId, id: MediaId, upload: Upload & { hash: string }, now: number): void {
    this.#sql.run(
      `INSERT OR IGNORE INTO uploads (id, agent, hash, content_type, bytes, at) VALUES (?, ?, ?, ?, ?, ?)`,
      id,
      agent,
      upload.hash,
      upload.contentType,
      upload.bytes,
      now,
    )
  }
}

/** A picture that was brought; null where there is none of that name. */
export function uploadOf(sql: Sql, id: MediaId): Upload | null {
  return sql.one<Upload>(`SELECT content_type AS contentType, bytes FROM uploads WHERE id = ?`, id)
}
