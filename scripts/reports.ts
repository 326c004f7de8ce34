import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'

/** One test of a run, as its reporter left it. `file` is from the project's root. */
export interface Result {
  file: string
  title: string
  state: 'passed' | 'failed' | 'skipped'
}

/** The mark that `npm test` leaves when every part of it has run, with the reports that belong to that run. */
export interface Complete {
  files: string[]
  at?: string
}

/**
 * The results of the last complete `npm test`, or null where there is none: a run that was cut off, or one part
 * run by hand, proves nothing about the rest.
 */
export function readResults(root: string): Result[] | null {
  const folder = join(root, 'reports')
  const mark = join(folder, 'complete.json')
  if (!existsSync(mark)) return null
  const { files } = JSON.parse(readFileSync(mark, 'utf8')) as Complete
  if (!files.every((file) => existsSync(join(folder, file)))) return null
  return files.flatMap((file) => {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VitestReport | PlaywrightReport
    return 'testResults' in report ? fromVitest(report, root) : fromPlaywright(report, root)
  })
}

interface VitestReport {
  testResults: { name: string; assertionResults: { title: string; status: string }[] }[]
}

interface PlaywrightReport {
  config?: { rootDir?: string }
  suites: PlaywrightSuite[]
}

interface PlaywrightSuite {
  specs?: { title: string; file: string; ok: boolean; tests: { status: string }[] }[]
  suites?: PlaywrightSuite[]
}

/** Vitest's `json` reporter. Only a test's own title counts, so a group cannot lend its numbers to all in it. */
export function fromVitest(report: VitestReport, root: string): Result[] {
  return report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, status }) => ({
      file: fromRoot(root, name),
      title,
      state: status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped',
    })),
  )
}

/** Playwright's `json` reporter. A browser test that passed when it was repeated is
 * `flaky` and counts: the run lists it by name, and machines are shared. */
export function fromPlaywright(report: PlaywrightReport, root: string): Result[] {
  const folder = report.config?.rootDir ?? join(root, 'test/e2e')
  const read = (suite: PlaywrightSuite): Result[] => [
    ...(suite.specs ?? []).map(({ title, file, tests }): Result => {
      const states = tests.map(({ status }) => status)
      const ran = states.filter((status) => status !== 'skipped')
      const state =
        ran.length === 0
          ? 'skipped'
          : ran.every((status) => status === 'expected' || status === 'flaky')
            ? 'passed'
            : 'failed'
      return { file: fromRoot(root, isAbsolute(file) ? file : join(folder, file)), title, state }
    }),
    ...(suite.suites ?? []).flatMap(read),
  ]
  return report.suites.flatMap(read)
}

/** Refuses the reports of another checkout: the paths in them would name files that this one does not have. */
function fromRoot(root: string, path: string): string {
  const inside = relative(root, path).replaceAll('\\', '/')
  if (inside.startsWith('../')) throw new Error(`The reports belong to another checkout: ${path}`)
  return inside
}
