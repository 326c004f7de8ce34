import { parentPort, workerData } from 'node:worker_threads'
import { fromHex } from './hex.ts'
import { admit, clocksOf, editDraft, openDraft, readDraft } from '../../../shared/docs/draft.ts'

/** Runs each of the given updates through `admit` beside a draft, and tells of each when it is done. */
const limits = { update: 65_536, state: 65_536, clock: 1_000_000 }
const doc = openDraft([])
editDraft(doc, 7, { at: 0, remove: 0, insert: 'Hello' })
for (const [index, hex] of (workerData as string[]).entries()) {
  const before = process.memoryUsage().heapUsed
  const admitted = admit(doc, fromHex(hex), () => true, limits)
  parentPort?.postMessage({
    index,
    outcome: admitted.kind === 'refused' ? admitted.fault : admitted.news === null ? 'nothing new' : 'news',
    text: readDraft(doc),
    clocks: clocksOf(doc),
    grown: process.memoryUsage().heapUsed - before,
  })
}
