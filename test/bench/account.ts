import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { round } from './figures.ts'

/** Rows that a text writes in the object and in D1, without those of indexes. */
export interface Writes {
  inbound: number
  /** From SEND until the carrier has it. */
  outbound: number
  /** Its two receipts, sent and delivered. */
  receipts: number
  /** In D1, for each of these texts. */
  history: number
}

/** What `heap.ts` finds. */
export interface Account {
  /** Megabytes of heap above an account that is empty. */
  conversations: number
  sockets: number
  after: number
  commits: number
  /** Bytes on disk for each commit, of rows and of thread documents. */
  rows: number
  documents: number
  /** Microseconds of a commit by step. */
  phases: Record<string, number>
  writes: Writes
}

/**
 * Heap, disk and steps of one account, from a process of its own whose heap can be collected: the Workers runtime
 * tells neither its heap nor the time inside an event.
 */
export async function account(commits: number): Promise<string> {
  const output = execFileSync(
    process.execPath,
    ['--no-warnings', '--expose-gc', resolve(import.meta.dirname, 'heap.ts'), String(commits)],
    { encoding: 'utf8' },
  )
  const { conversations, sockets, after, rows, documents, phases, writes } = JSON.parse(output) as Account
  const total = round(Object.values(phases).reduce((sum, part) => sum + part, 0))
  const count = commits.toLocaleString('en-US')
  return [
    '| one account, in a process of its own | |',
    '| --- | --- |',
    `| heap above an empty account: 10,000 open conversations | ${conversations} MB |`,
    `| with 500 sockets | ${sockets} MB |`,
    `| after ${count} commits | ${after} MB |`,
    `| rows after them | ${round(rows / 1024 / 1024)} MB |`,
    `| thread documents after them | ${round(documents / 1024 / 1024)} MB |`,
    `| a commit's own work, median | ${total} µs |`,
    `| ...by step | ${Object.entries(phases)
      .map(([step, time]) => `${step.replaceAll('-', ' ')} ${time}`)
      .join(', ')} µs |`,
    `| rows written in the object: a text in, a text out, its two receipts | ${writes.inbound}, ${writes.outbound}, ${writes.receipts} |`,
    `| rows written in D1 for each text | ${writes.history} |`,
  ].join('\n')
}
