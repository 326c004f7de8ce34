import { z } from 'zod'
import { mobileUserId } from '#shared/base/ids.ts'
import { entry, type Entry } from '#shared/model/entry.ts'
import { wordsOf } from '#shared/rules/search.ts'

/** Entries that one step of indexing reads. */
const perStep = 500

const waiting = z.object({
  n: z.number(),
  account: z.string(),
  id: z.string(),
  user: z.string(),
  body: z.string().nullable(),
})
const worded = z.object({ text: z.string().optional() })

/**
 * Brings the full-text index up to the history, at most `steps` steps of 500 entries; answers whether it is. The
 * history is another database, so that it can be exported [E28]; the cron sweep and every search call this. What
 * was indexed is written again under the same rowid, so that two may do it at once and a repetition changes nothing.
 */
export async function indexTexts(history: D1Database, search: D1Database, steps: number): Promise<boolean> {
  for (let step = 0; step < steps; step++) {
    const progress = await search
      .prepare(`SELECT value FROM progress WHERE name = 'entries'`)
      .first<{ value: number }>()
    const from = progress?.value ?? 0
    const { results } = await history
      .prepare(
        `SELECT rowid AS n, account, id, user, body FROM entries WHERE rowid > ? ORDER BY rowid LIMIT ?`,
      )
      .bind(from, perStep)
      .all()
    const entries = z.array(waiting).parse(results)
    const last = entries.at(-1)
    if (!last) return true
    const texts = entries.flatMap(({ n, account, id, user, body }) => {
      const text = body === null ? '' : (worded.parse(JSON.parse(body)).text ?? '')
      return text.trim() === '' ? [] : [{ n, account, id, user, text }]
    })
    await search.batch([
      search
        .prepare(
          `INSERT OR REPLACE INTO texts (account, rowid, entry, user, text)
           SELECT json_extract(value, '$.account'), json_extract(value, '$.n'), json_extract(value, '$.id'),
             json_extract(value, '$.user'), json_extract(value, '$.text') FROM json_each(?1)`,
        )
        .bind(JSON.stringify(texts)),
      search
        .prepare(
          `INSERT INTO progress (name, value) VALUES ('entries', ?)
           ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)`,
        )
        .bind(last.n),
    ])
    if (entries.length < perStep) return true
  }
  return false
}

/** A text that was found, and whose thread it stands in. */
export interface Found {
  user: string
  entry: Entry
}

/**
 * Texts and notes of an account that hold all the words, the last one as the beginning of a word, newest first.
 * `before` is the `next` of the page before; a question without a word finds nothing.
 */
export async function searchTexts(
  history: D1Database,
  search: D1Database,
  account: string,
  question: string,
  before: number,
  limit: number,
): Promise<{ found: Found[]; next: number | null }> {
  const match = matchOf(account, question)
  if (match === null) return { found: [], next: null }
  // The index knows words of names only, and "acme" is one of "acme-west": the name itself is compared as well.
  const { results } = await search
    .prepare(
      `SELECT rowid AS n, entry FROM texts WHERE texts MATCH ? AND account = ? AND rowid < ? ORDER BY rowid DESC LIMIT ?`,
    )
    .bind(match, account, before, limit)
    .all<{ n: number; entry: string }>()
  const last = results.at(-1)
  if (!last) return { found: [], next: null }
  // What was deleted since has no body any more, whatever the index still says.
  const bodies = await history
    .prepare(
      `SELECT entries.user AS user, entries.body AS body FROM json_each(?1) AS hit
       JOIN entries ON entries.id = hit.value AND entries.account = ?2
       WHERE entries.account = ?2 AND entries.body IS NOT NULL ORDER BY hit.key`,
    )
    .bind(JSON.stringify(results.map((hit) => hit.entry)), account)
    .all()
  const found = z
    .array(z.object({ user: mobileUserId, body: z.string() }))
    .parse(bodies.results)
    .map(({ user, body }) => ({ user, entry: entry.parse(JSON.parse(body)) }))
  return { found, next: results.length === limit ? last.n : null }
}

/** The question in the words of FTS5: every word quoted, so that nothing in it is an operator. */
function matchOf(account: string, question: string): string | null {
  const words = wordsOf(question)
  if (words.length === 0) return null
  const quoted = words.map((word, index) => `"${word}"${index === words.length - 1 ? ' *' : ''}`)
  return `account : "${account}" AND text : (${quoted.join(' AND ')})`
}
