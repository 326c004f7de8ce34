import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { projectRoot } from './dev-config.ts'

/**
 * `npm run test:sabotage`: plants each defect of `test/sabotage` into a copy of the project and plays the simulated
 * world until it finds it. A defect that it does not find within 300 seeds is a hole in the world: then this ends
 * with 1. A defect whose place has moved is an error too, so that the list stays true. Names after `--` plant only
 * these; `--write` puts the table into docs/reliability.md.
 */
const most = 300
const atOnce = 2

const sabotage = z.object({
  what: z.string(),
  /** The promise that it breaks first of all. Any promise counts as finding it. */
  promise: z.string(),
  edits: z.array(z.object({ file: z.string(), find: z.string(), replace: z.string() })),
})
const outcome = z.object({
  played: z.number(),
  seconds: z.number(),
  broken: z.array(z.object({ seed: z.number(), promise: z.string(), what: z.string() })),
})

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const folder = resolve(projectRoot, 'test/sabotage')
const parts = ['shared', 'worker', 'client', 'test', 'migrations', 'package.json']
const waiting = readdirSync(folder).filter(
  (file) =>
    file.endsWith('.json') && (positionals.length === 0 || positionals.includes(basename(file, '.json'))),
)
const lines: string[] = []
const temporary = mkdtempSync(join(tmpdir(), 'parley-sabotage-'))
let missed = 0
try {
  await Promise.all(Array.from({ length: atOnce }, work))
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
process.exitCode = missed > 0 ? 1 : 0
if (values.write && missed === 0) writeTable()

async function work(): Promise<void> {
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    const name = basename(file, '.json')
    try {
      console.log(await plant(name, sabotage.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')))))
    } catch (fault) {
      missed++
      console.log(`FAIL  ${name}: ${fault instanceof Error ? fault.message : String(fault)}`)
    }
  }
}

/** Plants one defect and answers which seed found it. Throws where none did. */
async function plant(name: string, { what, edits, promise }: z.infer<typeof sabotage>): Promise<string> {
  const copy = join(temporary, name)
  mkdirSync(copy)
  for (const part of parts) cpSync(join(projectRoot, part), join(copy, part), { recursive: true })
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'))
  for (const { file, find, replace } of edits) {
    const text = readFileSync(join(copy, file), 'utf8')
    if (text.split(find).length !== 2) throw new Error(`its place in ${file} is not there, or not once`)
    writeFileSync(
      join(copy, file),
      text.replace(find, () => replace),
    )
  }
  const { played, seconds, broken } = outcome.parse(JSON.parse(await play(copy)))
  const [first] = broken
  if (!first) throw new Error(`not found in ${played} seeds`)
  lines.push(`| ${what} | ${promise} | ${first.seed} | ${first.promise} |`)
  const other = first.promise === promise ? '' : ` instead of ${promise}`
  return `found ${name}: seed ${first.seed} in ${seconds.toFixed(1)} s, ${first.promise}${other}: ${first.what.slice(0, 160)}`
}

/** The last line of what the world prints. */
function play(cwd: string): Promise<string> {
  const args = ['--no-warnings', 'test/sim/run.ts', '--seeds', String(most), '--json']
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, args, { cwd })
    let text = ''
    let errors = ''
    child.stdout.on('data', (bytes) => (text += bytes))
    child.stderr.on('data', (bytes) => (errors += bytes))
    child.on('error', failed)
    child.on('close', () => {
      const line = text.trim().split('\n').at(-1)
      if (line) done(line)
      else failed(new Error(`the world did not run: ${errors.slice(0, 500)}`))
    })
  })
}

/** Puts what was found between the two markers in the document. */
function writeTable(): void {
  const path = join(projectRoot, 'docs/reliability.md')
  const text = readFileSync(path, 'utf8')
  const [begin, end] = ['<!-- sabotage -->', '<!-- /sabotage -->']
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has lost ${begin} or ${end}.`)
  const head = ['| planted defect | promise it breaks | found by seed | as |', '| --- | --- | --- | --- |']
  const table = [...head, ...lines.sort()].join('\n')
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`)
}
