import { expect, it, vi } from 'vitest'
import { Disk } from '#test/kit/world/sqlite.ts'
import { simulate } from './simulate.ts'

/** Tables that grow with what customers and agents write, and have no end. */
const growing = [
  'rows',
  'commits',
  'updates',
  'snapshots',
  'arrivals',
  'messages',
  'unflushed',
  'ledger',
  'audit',
]

/** What may read one of them whole: by its beginning, with the occasion. */
const allowed = [
  // Once a day.
  'DELETE FROM messages WHERE at',
  "DELETE FROM ledger WHERE broadcast IN ( SELECT id FROM rows WHERE tbl = 'broadcasts'",
  // Small tables, read when an object starts; the first copy of a device.
  'SELECT body FROM rows WHERE tbl = ? AND body IS NOT NULL',
  'SELECT tbl, id, seq, audience, body FROM rows WHERE audience IN',
  // Where an object went back in time.
  "SELECT body FROM rows WHERE tbl = 'conversations' AND body IS NOT NULL AND",
  'SELECT user FROM lost UNION',
  'SELECT broadcast FROM ledger WHERE state IN',
  "UPDATE ledger SET state = 'unconfirmed'",
]

it('no statement of a usual commit, flush or alarm reads a table whole that grows without end', async () => {
  const statements = new Set<string>()
  const disk = new Disk()
  disk.layOut()
  const listen = vi.spyOn(Disk.prototype, 'statement').mockImplementation(function (this: Disk, query) {
    statements.add(query)
    return this.db.prepare(query)
  })
  for (const seed of [3, 11, 17, 29]) await simulate(seed)
  listen.mockRestore()
  expect(statements.size).toBeGreaterThan(100)
  const whole = [...statements].filter((query) => readsWhole(disk, query)).map(inOneLine)
  expect(whole.filter((query) => !allowed.some((start) => query.startsWith(start)))).toEqual([])
})

/** Whether SQLite would visit every row, or every row of one of the tables in `rows`; by a partial index is not every. */
function readsWhole(disk: Disk, query: string): boolean {
  const values = new Set(query.match(/\?\d+/g)).size + (query.match(/\?(?!\d)/g)?.length ?? 0)
  const plan = disk.db.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...Array<string>(values).fill('')) as {
    detail: string
  }[]
  return plan.some(({ detail }) => {
    const [, how, table = ''] = /^(SCAN|SEARCH) (\w+)/.exec(detail) ?? []
    if (!growing.includes(table)) return false
    return how === 'SCAN'
      ? !/ USING /.test(detail) && !/ORDER BY seq DESC LIMIT 1/.test(query)
      : /\(tbl=\?\)/.test(detail)
  })
}

function inOneLine(query: string): string {
  return query.replace(/\s+/g, ' ').trim()
}
