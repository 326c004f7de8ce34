import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readResults, type Result } from './reports.ts'
import { known, readTitle, sections, type Kind } from './requirements.ts'
import { fillTable } from './table.ts'

/**
 * `npm run spec`: which numbers the last complete `npm test` proved. A number counts as tested only if a test
 * whose title names it ran and passed and none that names it failed. `--json` is the contract for programs,
 * `--write` fills the last column of docs/requirements.md.
 */

/** For each number of each kind the files whose tests proved it. */
export type Proof = Record<Kind, ReadonlyMap<string, string[]>>

export function prove(results: readonly Result[]): Proof {
  return {
    requirement: proofOf('requirement', results),
    decision: proofOf('decision', results),
    promise: proofOf('promise', results),
    fault: proofOf('fault', results),
    rule: proofOf('rule', results),
  }
}

/** The answer of `--json`. */
export function summarize(proof: Proof) {
  const flags = (kind: Kind) => Object.fromEntries(known[kind].map((id) => [id, proof[kind].has(id)]))
  return {
    tested: known.requirement.filter((id) => proof.requirement.has(id)),
    untested: known.requirement.filter((id) => !proof.requirement.has(id)),
    decisions: flags('decision'),
    promises: flags('promise'),
    faults: flags('fault'),
    rules: flags('rule'),
  }
}

function proofOf(kind: Kind, results: readonly Result[]): Map<string, string[]> {
  const passed = new Map<string, Set<string>>()
  const failed = new Set<string>()
  for (const { title, file, state } of results) {
    for (const quote of readTitle(title).quotes) {
      if (quote.kind !== kind || state === 'skipped') continue
      if (state === 'failed') failed.add(quote.id)
      else passed.set(quote.id, (passed.get(quote.id) ?? new Set()).add(file))
    }
  }
  return new Map(
    known[kind].flatMap((id): [string, string[]][] => {
      const files = passed.get(id)
      return files && !failed.has(id) ? [[id, [...files].sort()]] : []
    }),
  )
}

function print(proof: Proof): void {
  const { untested, decisions, promises, faults, rules } = summarize(proof)
  console.log('section                                  tested   of')
  let first = 1
  for (const { title, last } of sections) {
    const ids = known.requirement.slice(first - 1, last)
    printLine(title, ids.filter((id) => proof.requirement.has(id)).length, ids.length)
    first = last + 1
  }
  printLine('All requirements', known.requirement.length - untested.length, known.requirement.length)
  for (const [title, flags] of Object.entries({
    Decisions: decisions,
    Promises: promises,
    Faults: faults,
    Rules: rules,
  }))
    printLine(title, Object.values(flags).filter(Boolean).length, Object.values(flags).length)
  printUntested('requirements', untested)
  for (const [title, flags] of Object.entries({ decisions, promises, faults, rules }))
    printUntested(
      title,
      Object.keys(flags).filter((id) => flags[id] === false),
    )
}

function printLine(title: string, tested: number, all: number): void {
  console.log(`${title.padEnd(40)} ${String(tested).padStart(6)} ${String(all).padStart(4)}`)
}

function printUntested(title: string, ids: readonly string[]): void {
  if (ids.length > 0) console.log(`\nUntested ${title} (${ids.length}):\n  ${ids.join(' ')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const results = readResults(root)
  if (results === null)
    console.error('No complete run of `npm test` has left its reports: nothing counts as tested.')
  const proof = prove(results ?? [])
  if (process.argv.includes('--json')) console.log(JSON.stringify(summarize(proof)))
  else print(proof)
  if (process.argv.includes('--write')) {
    if (results === null) process.exit(1)
    const path = `${root}docs/requirements.md`
    const filesOf = (id: string) => (id.startsWith('F') ? proof.requirement : proof.decision).get(id) ?? []
    writeFileSync(path, fillTable(readFileSync(path, 'utf8'), filesOf))
  }
}
