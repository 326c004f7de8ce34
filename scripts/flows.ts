import { posix } from 'node:path'
import type { Source } from './source.ts'

/** What is known of the pictures of screens: by name in test/screens/screens.ts, as files, and in the README beside them. */
export interface Pictures {
  names: readonly string[]
  files: readonly string[]
  readme: string
}

/**
 * docs/flows.md against the project: every screen of the client belongs to a flow and stands in the table that is
 * pictured and looked at by axe, every flow has a browser test whose title quotes it (`[flow 12]`), and every quoted
 * flow is described. Answers what is wrong, one line each.
 */
export function checkFlows(text: string, sources: ReadonlyMap<string, Source>, pictures: Pictures): string[] {
  const { flows, screens, shown, problems } = readFlows(text)
  const quoted = new Map<number, Set<string>>()
  for (const [file, { titles }] of sources)
    for (const { title, line } of file.startsWith('test/e2e/') ? titles : [])
      for (const flow of quotedFlows(title)) {
        if (!flows.has(flow))
          problems.push(`${file}:${line} quotes flow ${flow}, which docs/flows.md has not`)
        quoted.set(flow, (quoted.get(flow) ?? new Set()).add(file))
      }
  for (const [flow, file] of flows)
    if (!quoted.get(flow)?.has(file)) problems.push(`flow ${flow}: no test in ${file} quotes it`)
  const found = screensOf(sources)
  for (const screen of found) {
    const reachedBy = screens.get(screen)
    if (!reachedBy?.length) problems.push(`${screen}: a screen without a flow`)
    for (const flow of reachedBy ?? [])
      if (!flows.has(flow)) problems.push(`${screen}: flow ${flow} is not described`)
  }
  for (const screen of screens.keys()) {
    if (!found.includes(screen)) problems.push(`${screen}: listed as a screen, and is none`)
    const names = shown.get(screen) ?? []
    if (names.length === 0) problems.push(`${screen}: named in no picture, so that axe never looks at it`)
    for (const name of names)
      if (!pictures.names.includes(name)) problems.push(`${screen}: test/screens/screens.ts has no ${name}`)
  }
  return [...problems, ...checkPictures(pictures)]
}

/** Each screen has its four pictures, and the README the three worst things seen on it. */
function checkPictures({ names, files, readme }: Pictures): string[] {
  const looks = ['light-wide', 'dark-wide', 'light-phone', 'dark-phone']
  const wanted = names.flatMap((name) => looks.map((look) => `${name}-${look}.png`))
  const taken = files.filter((file) => file.endsWith('.png'))
  const rows = (name: string) => readme.split('\n').filter((line) => line.startsWith(`| ${name} |`)).length
  return [
    ...wanted.filter((file) => !taken.includes(file)).map((file) => `docs/screens/${file} was not taken`),
    ...taken.filter((file) => !wanted.includes(file)).map((file) => `docs/screens/${file} is of no screen`),
    ...names
      .filter((name) => rows(name) < 3)
      .map((name) => `docs/screens/README.md says ${rows(name)} things of ${name}, not three`),
  ]
}

/** The names in the table of test/screens/screens.ts, by its text: it needs a browser to be loaded. */
export function readScreenNames(text: string): string[] {
  return [...text.matchAll(/^ {4}name: '([\w-]+)',$/gmu)].map(([, name = '']) => name)
}

/**
 * The screens of the client, by file: what a page begins with, what is loaded when it is opened, and whatever opens a
 * dialog, a menu, a panel or a question. Read from the imports, so that none can be forgotten.
 */
export function screensOf(sources: ReadonlyMap<string, Source>): string[] {
  const opens = new Set(['dialog', 'modal', 'popover', 'question'].map((name) => `${controls}${name}.tsx`))
  const found = new Set<string>()
  for (const [file, { imports }] of sources) {
    if (!file.startsWith('client/') || file.startsWith(controls)) continue
    const isPage = /^client\/(?:\w+\/)?main\.tsx$/u.test(file)
    for (const { path, isLate } of imports) {
      const target = path.startsWith('.') ? posix.join(posix.dirname(file), path) : path.replace(/^#/u, '')
      if (opens.has(target)) found.add(file)
      if ((isLate || isPage) && target.endsWith('.tsx')) found.add(target)
    }
  }
  return [...found].toSorted()
}

const controls = 'client/ui/controls/'

export function quotedFlows(title: string): number[] {
  return [...title.matchAll(/\[flow (\d+)\]/gu)].map(([, number]) => Number(number))
}

/** Rows `| Flow 12 ... | ... | test/e2e/x.spec.ts |` and `| client/... | 3, 12 | picture, picture |`. */
function readFlows(text: string) {
  const flows = new Map<number, string>()
  const screens = new Map<string, number[]>()
  const shown = new Map<string, string[]>()
  const problems: string[] = []
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim().replaceAll('`', ''))
    const number = /^Flow (\d+):/u.exec(cells[1] ?? '')?.[1]
    if (number) {
      const file = cells.at(-2) ?? ''
      if (Number(number) !== flows.size + 1) problems.push(`flow ${number} is out of order`)
      if (cells.length !== 7 || cells.slice(1, -1).includes(''))
        problems.push(`flow ${number}: a cell is empty`)
      flows.set(Number(number), file)
    } else if (cells[1]?.startsWith('client/')) {
      screens.set(cells[1], [...(cells[2] ?? '').matchAll(/\d+/gu)].map(Number))
      shown.set(cells[1], [...(cells[3] ?? '').matchAll(/[\w-]+/gu)].map(String))
    }
  }
  return { flows, screens, shown, problems }
}
