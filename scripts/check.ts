import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, delimiter, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuseImport } from './arrows.ts'
import { checkFlows, readScreenNames } from './flows.ts'
import { readTitle } from './requirements.ts'
import { readSource, type Source } from './source.ts'
import { checkTable } from './table.ts'

/**
 * `npm run check`: format, lint, types, import arrows, requirement numbers, flows. Every step runs, whatever the ones
 * before it found, and each says what is wrong where.
 */

interface Step {
  name: string
  /** What is wrong, one line each or a tool's own output. Empty when all is well. */
  run(): Promise<string[]> | string[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const tracked = (await output('git', ['ls-files', '--cached', '--others', '--exclude-standard'])).text
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = new Map<string, Source>()
const unreadable: string[] = []
for (const file of tracked.filter((name) => /\.tsx?$/.test(name))) {
  try {
    sources.set(file, readSource(file, readFileSync(join(root, file), 'utf8')))
  } catch (error) {
    unreadable.push(
      `${file}: does not parse: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`,
    )
  }
}

const steps: readonly Step[] = [
  { name: 'format', run: () => tool('oxfmt', ['--list-different', '.']) },
  { name: 'lint', run: () => tool('oxlint', ['--quiet', '.']) },
  { name: 'import arrows', run: checkArrows },
  { name: 'requirement numbers', run: checkTitles },
  { name: 'docs/requirements.md', run: checkRequirements },
  { name: 'docs/flows.md', run: checkFlowsFile },
  { name: 'words', run: checkWords },
  { name: 'types: shared', run: () => tool('tsc', ['-p', 'shared', '--noEmit']) },
  { name: 'types: worker', run: () => tool('tsc', ['-p', 'worker', '--noEmit']) },
  { name: 'types: client', run: () => tool('tsc', ['-p', 'client', '--noEmit']) },
  { name: 'types: test', run: () => tool('tsc', ['-p', 'test', '--noEmit']) },
]

process.exitCode = (await runAll(steps, 2)) ? 0 : 1

/** Runs the steps in order, at most `width` at a time, and prints each when it is done. True if all are well. */
async function runAll(all: readonly Step[], width: number): Promise<boolean> {
  const waiting = [...all]
  let well = true
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const start = performance.now()
      const problems = await step.run()
      const took = `${Math.round(performance.now() - start)} ms`
      console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${step.name.padEnd(22)} ${took}`)
      for (const problem of problems) console.log(problem.replaceAll(/^/gm, '     '))
      well &&= problems.length === 0
    }
  }
  await Promise.all(Array.from({ length: width }, work))
  console.log(well ? 'All is well.' : 'Something is wrong.')
  return well
}

/** Cycles are lint's (`import/no-cycle`); who may import whom is the table in arrows.ts. */
function checkArrows(): string[] {
  const broken = [...sources].flatMap(([file, { imports }]) =>
    imports.flatMap(({ path, line }) => {
      const problem = refuseImport(file, path)
      return problem ? [`${file}:${line} ${problem}`] : []
    }),
  )
  return [...unreadable, ...broken]
}

function checkTitles(): string[] {
  return [...sources].flatMap(([file, { titles }]) =>
    !file.startsWith('test/')
      ? []
      : titles.flatMap(({ call, title, line }) => {
          const { quotes, problems } = readTitle(title)
          if (call === 'group' && quotes.length > 0)
            problems.push("a group's numbers prove nothing: name them in the tests")
          return problems.map((problem) => `${file}:${line} "${title}": ${problem}`)
        }),
  )
}

function checkRequirements(): string[] {
  const path = join(root, 'docs/requirements.md')
  if (!existsSync(path)) return ['There is no docs/requirements.md.']
  return checkTable(readFileSync(path, 'utf8'), (file) => existsSync(join(root, file)))
}

function checkFlowsFile(): string[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  if (!existsSync(join(root, 'docs/flows.md'))) return ['There is no docs/flows.md.']
  return checkFlows(read('docs/flows.md'), sources, {
    names: readScreenNames(read('test/screens/screens.ts')),
    files: tracked.filter((file) => posix.dirname(file) === 'docs/screens').map((file) => basename(file)),
    readme: read('docs/screens/README.md'),
  })
}

/** The project stands alone: nothing in it may name the place where it was made. */
function checkWords(): string[] {
  const words = [
    ['/wo', 'rk/'],
    ['registry.', 'npmjs'],
    ['../.lib', 'rary'],
    ['farm-', 'studio'],
  ].map((halves) => halves.join(''))
  return tracked.flatMap((file) => {
    const text = readFileSync(join(root, file), 'latin1')
    return words.flatMap((word) => (text.includes(word) ? [`${file}: names ${word}`] : []))
  })
}

async function tool(name: string, args: string[]): Promise<string[]> {
  const { code, text } = await output(name, args)
  return code === 0 ? [] : [text.trim() || `${name} ended with ${code}`]
}

function output(name: string, args: string[]): Promise<{ code: number | null; text: string }> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter)
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      cwd: root,
      env: { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' },
    })
    let text = ''
    child.stdout.on('data', (bytes) => (text += bytes))
    child.stderr.on('data', (bytes) => (text += bytes))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}
