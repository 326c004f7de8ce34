import { command } from '#shared/core/command.ts'
import { faultNames } from '#test/kit/world/faults.ts'
import { bulkPoints, crashPoints } from '#worker/account/crash-points.ts'
import { kindsOf } from '#test/kit/kinds.ts'

/** What must have happened in a set of runs, or the runs said nothing about it. */
const demanded: readonly string[] = [
  ...faultNames,
  ...[...crashPoints, ...bulkPoints].map((point) => `died ${point}`),
  ...['nudge lost', 'nudge repeated', 'nudge given again', 'consumer died', 'answer slow'].map(
    (what) => `bulk ${what}`,
  ),
  ...['done', 'stopped'].map((state) => `broadcast ${state}`),
  'shown auto-reply',
  'disk failed',
  'disk refused',
  'heard behind',
  'carrier asked for its list',
  'disk lied',
  ...['twice', 'late', 'never'].map((mode) => `alarm ${mode}`),
  ...['typed', 'typed offline', 'removed', 'sent', 'taken from beside', 'killed'].map(
    (what) => `keys ${what}`,
  ),
  'arrival kept',
  'picture brought',
  'picture brought again',
  'picture left',
  'arrival asked for',
  'closed as too far behind',
  'closed as another agent',
  'nudge lost',
  'nudge repeated',
  'receipts never sent',
  ...['inbound', 'receipt'].flatMap((kind) =>
    ['lost', 'answer lost', 'repeated', 'late'].map((fate) => `${kind} ${fate}`),
  ),
  ...kindsOf(command, 'name').map((name) => `said ${name}`),
  ...['sent', 'delivered', 'unconfirmed', 'discarded'].map((state) => `shown ${state}`),
  ...['undelivered F2', 'failed F1', 'failed R1', 'refused opted out'].map((state) => `shown ${state}`),
  ...['customer wrote', 'colleague answered', 'closed', 'earlier held', 'wrote first'].map(
    (why) => `shown held ${why}`,
  ),
  ...[
    'already so',
    'closed',
    'customer wrote',
    'number inactive',
    'opted out',
    'owner changed',
    'unknown',
  ].map((code) => `edge refused: ${code}`),
  ...['empty', 'emoji', 'too long', 'opted out', 'closed', 'not held', 'already so', 'number inactive'].map(
    (code) => `at once: ${code}`,
  ),
]

/** What never happened though it should have. Empty where the runs were worth running. */
export function missing(hits: ReadonlyMap<string, number>): string[] {
  return demanded.filter((name) => !hits.has(name))
}

export function addUp(sum: Map<string, number>, hits: ReadonlyMap<string, number>): void {
  for (const [name, times] of hits) sum.set(name, (sum.get(name) ?? 0) + times)
}

/** One line for each thing that happened, and how often. */
export function table(hits: ReadonlyMap<string, number>): string {
  return [...hits]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, times]) => `${String(times).padStart(8)} ${name}`)
    .join('\n')
}
