import type { BareSql, Sql, SqlValue } from './sql.ts'

/** Answers that are kept of one question, each for other values; beyond that they are all let go of. */
const answersAtMost = 64

interface Question {
  /** The tables that it reads. */
  readonly tables: readonly string[]
  readonly answers: Map<string, { rows: readonly unknown[]; at: number }>
}

/**
 * SQLite with a memory for what every step asks again: when the alarm is due hangs on seven tables, and most steps
 * write to none or one of them. An answer stands until a table that its question names is written, or a transaction
 * is undone. It holds for one life of the object, which is the only one that writes meanwhile; there are no triggers.
 */
export function remembering(bare: BareSql): Sql {
  const questions = new Map<string, Question>()
  /** The table that a statement writes to; null where it is more than one, or none that is known. */
  const targets = new Map<string, string | null>()
  /** Writes so far, and after how many of them each table was written last. */
  let writes = 0
  const written = new Map<string, number>()

  const forget = () => {
    for (const { answers } of questions.values()) answers.clear()
  }
  const note = (query: string) => {
    let table = targets.get(query)
    if (table === undefined) targets.set(query, (table = targetOf(query)))
    writes++
    if (table === null) forget()
    else written.set(table, writes)
  }

  return {
    all: bare.all,
    one: bare.one,
    run(query, ...values) {
      note(query)
      bare.run(query, ...values)
    },
    transaction(step) {
      try {
        return bare.transaction(step)
      } catch (fault) {
        forget()
        throw fault
      }
    },
    still<Row>(query: string, ...values: SqlValue[]): readonly Row[] {
      let question = questions.get(query)
      if (!question) questions.set(query, (question = { tables: tablesIn(query), answers: new Map() }))
      const { tables, answers } = question
      const key = values.join('\n')
      const known = answers.get(key)
      if (known && tables.every((table) => (written.get(table) ?? 0) <= known.at)) return known.rows as Row[]
      const rows = bare.all<Row>(query, ...values)
      if (answers.size >= answersAtMost) answers.clear()
      answers.set(key, { rows, at: writes })
      return rows
    },
  }
}

/** The table of an `INSERT`, `UPDATE` or `DELETE` that stands alone. */
function targetOf(query: string): string | null {
  const target = /^\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE(?: OR \w+)?|DELETE FROM)\s+(\w+)[^;]*$/.exec(query)
  return target?.[1] ?? null
}

function tablesIn(query: string): string[] {
  return [...query.matchAll(/\b(?:FROM|JOIN)\s+(\w+)/g)].flatMap(([, table]) => table ?? [])
}
