import type { ListId, MobileUserId } from '#shared/base/ids.ts'
import type { Sql } from './sql.ts'

/** Who is on the distribution lists. Written inside commits only. */
export class ListMembers {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  join(list: ListId, users: readonly MobileUserId[]): void {
    this.#sql.run(
      `INSERT INTO list_members (list, user) SELECT ?, value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
      list,
      JSON.stringify(users),
    )
  }

  leave(list: ListId, users: readonly MobileUserId[]): void {
    this.#sql.run(
      `DELETE FROM list_members WHERE list = ? AND user IN (SELECT value FROM json_each(?))`,
      list,
      JSON.stringify(users),
    )
  }

  /** A page of the people on a list, by id, after the id `after`. */
  page(list: string, after: string, limit: number): MobileUserId[] {
    return this.#sql
      .all<{ user: MobileUserId }>(
        `SELECT user FROM list_members WHERE list = ? AND user > ? ORDER BY user LIMIT ?`,
        list,
        after,
        limit,
      )
      .map(({ user }) => user)
  }
}
