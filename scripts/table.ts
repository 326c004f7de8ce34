import { known } from './requirements.ts'

/** One line of `docs/requirements.md`: `| F65 | Closed counts at most 150. | pure | test/shared/views.test.ts |`. */
export interface Line {
  id: string
  words: string
  layer: string
  where: string
}

export const layers = ['pure', 'runtime', 'browser', 'world', 'help text'] as const
export const notBuilt = 'not built'
export const untested = 'built, untested'

/** The table's lines; everything else in the file is prose and left alone. */
export function readTable(text: string): Line[] {
  return text.split('\n').flatMap((line) => readLine(line) ?? [])
}

/** What is missing, twice, out of its words or without a place. */
export function checkTable(text: string, exists: (file: string) => boolean): string[] {
  const lines = readTable(text)
  const problems: string[] = []
  for (const id of [...known.requirement, ...known.decision]) {
    const found = lines.filter((line) => line.id === id).length
    if (found !== 1) problems.push(`${id} stands ${found === 0 ? 'nowhere' : `${found} times`}`)
  }
  for (const { id, words, layer, where } of lines) {
    if (![...known.requirement, ...known.decision].includes(id)) problems.push(`${id} does not exist`)
    if (words.length < 8) problems.push(`${id} says nothing`)
    if (!layers.some((one) => one === layer))
      problems.push(`${id}: "${layer}" is no layer (${layers.join(', ')})`)
    if (where === notBuilt || where === untested) continue
    for (const file of where.split(', '))
      if (!exists(file)) problems.push(`${id}: there is no ${file || 'place named'}`)
  }
  return problems
}

/**
 * The file with its last column filled from where tests of a number passed. A line without such a test keeps
 * what a person wrote there, except that a test file which no longer proves it becomes "built, untested".
 */
export function fillTable(text: string, filesOf: (id: string) => string[]): string {
  return text
    .split('\n')
    .map((raw) => {
      const line = readLine(raw)
      if (line === null) return raw
      const files = filesOf(line.id)
      const where = files.length > 0 ? files.join(', ') : line.where === notBuilt ? notBuilt : untested
      return `| ${line.id} | ${line.words} | ${line.layer} | ${where} |`
    })
    .join('\n')
}

function readLine(raw: string): Line | null {
  const [, id = '', words = '', layer = '', where = ''] = raw.split('|').map((cell) => cell.trim())
  return /^(F|DC)\d+$/.test(id) ? { id, words, layer, where } : null
}
