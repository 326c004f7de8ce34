import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { writeFigures } from '../../scripts/figures.ts'
import { gatherCrowd } from './client-device.ts'
import { client } from './client.ts'
import { table, type Figure } from './figures.ts'
import { account } from './account.ts'
import { fanOut, fanOutFigures, fanOutTable } from './fanout.ts'
import { startMachines } from './machines.ts'
import { reconnect } from './reconnect.ts'
import { wake } from './wake.ts'
import { commitsASecond, webhookToSecondAgent } from './webhooks.ts'

/**
 * `npm run bench`: each figure beside its floor, measured in turn in the same run, because machines are shared
 * and a figure alone says nothing. `-- --json FILE` writes them for programs, `-- --readme` into README.md.
 * `-- --full` adds a million commits, four times the rounds in a browser, and at the end the soak of half an hour, whose
 * end is then this one's. The client must be built: `PARLEY_DEV=1 npx vite build`.
 */
const longest = process.argv.includes('--full') ? 60 * 60_000 : 12 * 60_000
const notes =
  'Floors: for webhooks and commits a bare object that inserts the same bytes and sends them to the same sockets; ' +
  'for the reconnect, one that sends the same bytes in as many frames; for the first copy, Dexie alone storing ' +
  'the same rows in as many transactions, without a network; for opening, a page of one row; for the catch-up, ' +
  'a socket with the same frames and Dexie alone storing them, and the rows without their envelope; for presses, ' +
  'a bare page whose handler changes one text node; for the scroll, a page with nothing but a list; for the ' +
  'script, the goal itself. ' +
  'Times are medians in milliseconds. The machine is shared: compare ratios, and a figure only with its floor.'

const full = process.argv.includes('--full')
const figures: Record<string, Figure> = {}
let beside = ''
let inside = ''
const machines = await startMachines()
const giveUp = () => {
  report()
  void machines.stop().finally(() => process.exit(1))
}
const watchdog = setTimeout(giveUp, longest)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp)
try {
  say('webhook to second agent')
  figures['webhook to second agent'] = await webhookToSecondAgent(machines, 200)
  say('commits a second')
  figures['commits a second'] = await commitsASecond(machines, 5, 400)
  say('reconnect')
  figures['reconnect after an hour, 500 changed rows'] = await reconnect(machines, 40)
  say('fan-out')
  const found = await fanOut(machines, [2, 20, 100, 500])
  Object.assign(figures, fanOutFigures(found))
  beside = fanOutTable(found)
  say('a crowd')
  await gatherCrowd(machines.parley)
  say('waking')
  figures['waking an account of 10,000 conversations'] = await wake(machines, 30)
  await client(machines, figures, { times: full ? 4 : 1 })
  say('heap')
  inside = await account(full ? 1_000_000 : 50_000)
} finally {
  clearTimeout(watchdog)
  await machines.stop()
}
report()
if (full) {
  say('soak')
  const soak = ['--no-warnings', 'test/soak/run.ts', '--minutes', '30', '--seed', '7']
  process.exitCode = spawnSync(process.execPath, soak, { stdio: 'inherit' }).status ?? 1
}

/** Prints what was measured, also where the time ran out before all of it was. */
function report(): void {
  const text = [table(figures), beside, inside].filter((part) => part !== '').join('\n\n')
  console.log(`\n${text}\n\n${notes}`)
  const file = process.argv[process.argv.indexOf('--json') + 1]
  if (process.argv.includes('--json') && file) writeFileSync(file, JSON.stringify(figures, null, 2))
  if (process.argv.includes('--readme')) writeFigures(text, notes)
}

/** What is under way, for whoever waits. */
function say(what: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${what}`)
}
