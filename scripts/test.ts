import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ensureChromium } from './chromium.ts'
import { binary, projectRoot } from './dev-config.ts'
import { readResults } from './reports.ts'

/**
 * `npm test`: everything that must pass, cheapest first, and one line at the end that counts it all. Reports go
 * to `reports/`; `npm run spec` believes them only where this script wrote `complete.json` beside them.
 */
const reports = resolve(projectRoot, 'reports')
rmSync(reports, { recursive: true, force: true })
mkdirSync(reports, { recursive: true })

const vitest = binary('vitest', 'vitest.mjs')
const vite = binary('vite', 'bin/vite.js')
const playwright = binary('@playwright/test', 'cli.js')

/** Planted defects that the world finds within seconds. All of them: `npm run test:sabotage`. */
const quicklyFound = [
  'alarm-not-re-armed',
  'command-number-not-recorded',
  'cursor-off-by-one',
  'dedupe-key-ignored',
  'delivery-goes-back',
  'history-forgets-newer',
  'list-opt-out-not-checked',
  'list-text-given-out-twice',
  'pending-removed-at-acknowledgement',
  'query-without-account',
  'refusal-dropped',
  'silence-retried',
  'tag-ignored',
  'thread-clock-used-twice',
  'thrown-fetch-retried',
  'two-talking-tabs',
]

ensureChromium()
/** What all servers of the browser tests start on a copy of. */
const seeded = mkdtempSync(join(tmpdir(), 'parley-seeded-'))
const onSeed = { PARLEY_SEEDED: seeded }

interface Step {
  name: string
  args: string[]
  env?: Record<string, string>
}

/** What is done side by side, one group after the other. The tests in the runtime keep one core busy. */
const groups: Step[][][] = [
  [[{ name: 'check', args: ['scripts/check.ts'] }]],
  [[{ name: 'unit', args: [vitest, 'run', '--project', 'unit'], env: { PARLEY_REPORT: 'unit' } }]],
  [
    [{ name: 'worker', args: [vitest, 'run', '--project', 'worker'], env: { PARLEY_REPORT: 'worker' } }],
    [
      { name: 'deploy', args: ['scripts/deploy.ts', '--dry-run'] },
      { name: 'bundle', args: [vitest, 'run', '--project', 'deploy'], env: { PARLEY_REPORT: 'deploy' } },
      { name: 'sabotage', args: ['scripts/sabotage.ts', ...quicklyFound] },
      { name: 'build', args: [vite, 'build', '--logLevel', 'warn'], env: { PARLEY_DEV: '1' } },
      { name: 'seed', args: ['test/e2e/seeded.ts', seeded] },
      // Killing servers is mostly waiting for them: beside the other browser tests it would hold one of their two places.
      {
        name: 'kill',
        args: [playwright, 'test', '--project', 'kill'],
        env: { PARLEY_REPORT: 'kill', ...onSeed },
      },
    ],
  ],
  [
    [
      {
        name: 'e2e',
        args: [playwright, 'test', '--project', 'browser'],
        env: { PARLEY_REPORT: 'e2e', ...onSeed },
      },
    ],
  ],
]

const failedSteps: string[] = []
for (const lanes of groups)
  await Promise.all(
    lanes.map(async (steps, lane) => {
      for (const step of steps) await run(step, lane === 0)
    }),
  )

rmSync(seeded, { recursive: true, force: true })
const files = ['unit.json', 'worker.json', 'deploy.json', 'kill.json', 'e2e.json']
writeFileSync(resolve(reports, 'complete.json'), JSON.stringify({ files, at: new Date().toISOString() }))
const results = readResults(projectRoot) ?? []
countOutsideCases()
const count = (state: string) => results.filter((result) => result.state === state).length
const failed = Math.max(count('failed'), failedSteps.length)
if (failedSteps.length > 0) console.log(`\nFailed: ${failedSteps.join(', ')}`)
console.log(`\n${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped`)
process.exit(failed > 0 ? 1 : 0)

/** Runs a step. Of one that is not `live` all is said when it ends, so that two never speak at once. */
async function run({ name, args, env }: Step, live: boolean): Promise<void> {
  const started = Date.now()
  if (live) console.log(`\n── ${name}`)
  const child = spawn(process.execPath, args, {
    cwd: projectRoot,
    stdio: live ? 'inherit' : 'pipe',
    env: { ...process.env, ...env },
  })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => said.push(data))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) failedSteps.push(name)
  if (!live) console.log(`\n── ${name}\n${Buffer.concat(said).toString()}`)
  console.log(
    `── ${name} ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(0)} s`,
  )
}

/** How many cases that nobody here wrote were run; where their folder is there and none ran, that is a failure. */
function countOutsideCases(): void {
  const file = resolve(reports, 'outside-cases.txt')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : []
  const cases = lines.reduce((sum, line) => sum + Number(/^(\d+) /.exec(line)?.[1] ?? 1), 0)
  console.log(`\n${cases} outside cases ran`)
  if (cases === 0 && existsSync(resolve(projectRoot, '../shared/vectors'))) failedSteps.push('outside cases')
}
