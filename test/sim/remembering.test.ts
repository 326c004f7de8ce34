import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { remembering } from '#worker/account/remembering.ts'
import type { BareSql, SqlValue } from '#worker/account/sql.ts'

const values = (given: readonly SqlValue[]) => given as (string | number | null)[]

/** A plain SQLite with the two tables `a` and `b`, which notes what it is asked. */
function twoTables(): { bare: BareSql; asked: string[] } {
  const db = new DatabaseSync(':memory:')
  db.exec(
    'CREATE TABLE a (id INTEGER PRIMARY KEY, due INTEGER); CREATE TABLE b (id INTEGER PRIMARY KEY, due INTEGER)',
  )
  const asked: string[] = []
  const all = <Row>(query: string, ...given: SqlValue[]): Row[] => {
    asked.push(query)
    return db.prepare(query).all(...values(given)) as Row[]
  }
  const bare: BareSql = {
    all,
    one: <Row>(query: string, ...given: SqlValue[]) => all<Row>(query, ...given)[0] ?? null,
    run: (query, ...given) => {
      if (given.length === 0) db.exec(query)
      else db.prepare(query).run(...values(given))
    },
    transaction: (step) => {
      db.exec('BEGIN')
      try {
        const result = step()
        db.exec('COMMIT')
        return result
      } catch (fault) {
        db.exec('ROLLBACK')
        throw fault
      }
    },
  }
  return { bare, asked }
}

const questions = [
  'SELECT MIN(due) AS due FROM a',
  'SELECT id FROM b WHERE due < ? ORDER BY id',
  'SELECT a.id FROM a JOIN b ON a.id = b.id ORDER BY a.id',
  'SELECT COUNT(*) AS n FROM a WHERE due > ? AND NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.id)',
]
const writes = [
  'INSERT INTO a (id, due) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET due = excluded.due',
  'INSERT OR IGNORE INTO b (id, due) VALUES (?, ?)',
  'UPDATE a SET due = due + ? WHERE id = ?',
  'UPDATE OR IGNORE b SET id = ? WHERE id = ?',
  'DELETE FROM a WHERE id = ? OR id = ?',
]
const several = 'DELETE FROM b; UPDATE a SET due = 1'

const small = fc.integer({ min: 0, max: 4 })
const act = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), question: fc.constantFrom(...questions), value: small }),
  fc.record({
    kind: fc.constant('write' as const),
    write: fc.constantFrom(...writes),
    one: small,
    two: small,
  }),
  fc.record({ kind: fc.constant('several' as const) }),
)
const course = fc.array(
  fc.record({ acts: fc.array(act, { maxLength: 5 }), whole: fc.boolean(), undone: fc.boolean() }),
)

it('[E21] what is answered from memory is what the storage would answer, whatever was written or undone', () => {
  fc.assert(
    fc.property(course, (steps) => {
      const { bare } = twoTables()
      const sql = remembering(bare)
      const given = (question: string, value: number) => (question.includes('?') ? [value] : [])
      const check = (question: string, value: number) =>
        expect(sql.still(question, ...given(question, value))).toEqual(
          bare.all(question, ...given(question, value)),
        )
      const play = (acts: (typeof steps)[number]['acts']) => {
        for (const each of acts)
          if (each.kind === 'several') sql.run(several)
          else if (each.kind === 'write') sql.run(each.write, each.one, each.two)
          else check(each.question, each.value)
      }
      for (const { acts, whole, undone } of steps) {
        if (!whole) play(acts)
        else if (!undone) sql.transaction(() => play(acts))
        else
          expect(() =>
            sql.transaction(() => {
              play(acts)
              throw new Error('undone')
            }),
          ).toThrow('undone')
        for (const question of questions) check(question, 2)
      }
    }),
    { numRuns: 400 },
  )
})

it('[E21] a write to one table asks nothing of another again', () => {
  const { bare, asked } = twoTables()
  const sql = remembering(bare)
  const [ofA = ''] = questions
  const ofB = 'SELECT MIN(due) AS due FROM b'
  const ask = () => [ofA, ofB].map((question) => sql.still(question))
  ask()
  sql.run('INSERT INTO b (id, due) VALUES (?, ?)', 1, 5)
  expect(ask()).toEqual([[{ due: null }], [{ due: 5 }]])
  expect(asked).toEqual([ofA, ofB, ofB])
})
