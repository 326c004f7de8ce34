import { limits } from '#shared/wire/limits.ts'
import type { Cursor, Hello } from '#shared/wire/up.ts'
import type { Memory } from './memory.ts'
import type { Addressed } from './rows.ts'
import type { Sql } from './sql.ts'

/** Whether a cursor is of this life of the account: the commit it names carried this tag [E24]. */
export function holds(sql: Sql, { epoch: ours }: Memory, epoch: number, cursor: Cursor): boolean {
  if (epoch !== ours || cursor.seq === 0) return false
  const found = sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, cursor.seq)
  return found?.tag === cursor.tag
}

/**
 * Whether a replica stands where this account cannot have been, unless it went back itself: in a later epoch,
 * beyond the head, or at a commit that carries another tag here. One whose commit is forgotten is only old.
 */
export function doubts(sql: Sql, { epoch, head }: Memory, hello: Hello): boolean {
  const cursor = hello.cursors.main
  if (hello.epoch !== epoch || !cursor) return hello.epoch > epoch
  if (cursor.seq > head.seq) return true
  const found = sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, cursor.seq)
  return found !== null && found.tag !== cursor.tag
}

/** The cursor that stands at a commit. */
export function cursorAt(sql: Sql, seq: number): Cursor {
  const found = sql.one<{ tag: string }>(`SELECT tag FROM commits WHERE seq = ?`, seq)
  return { seq, tag: found?.tag ?? '' }
}

/**
 * Pieces of at most so many rows. `whole` is the last commit that is complete with a piece, since a cursor stands
 * between commits; null where a piece ends within the commit that it began with [E19].
 */
export function* chunks(rows: Addressed[]): Iterable<{ rows: Addressed[]; whole: number | null }> {
  for (let at = 0; at < rows.length; at += limits.rowsPerFrame) {
    const piece = rows.slice(at, at + limits.rowsPerFrame)
    const next = rows[at + limits.rowsPerFrame]?.change.seq
    yield { rows: piece, whole: piece.findLast(({ change }) => change.seq !== next)?.change.seq ?? null }
  }
}

/** One part for each audience that has rows here [E7]. */
export function partsOf(rows: readonly Addressed[]): string[] {
  const parts = Map.groupBy(rows, ({ audience }) => audience)
  return [...parts].map(([audience, of]) =>
    JSON.stringify({ audience, rows: of.map(({ change }) => change), threads: [] }),
  )
}
