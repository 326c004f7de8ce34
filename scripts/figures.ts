import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { projectRoot } from './dev-config.ts'

const begin = '<!-- figures -->'
const end = '<!-- /figures -->'

/** `text` with `figures` between its two markers, whatever stood there. Throws where a marker is missing. */
export function fillFigures(text: string, figures: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md has lost ${begin} or ${end}.`)
  return `${text.slice(0, from + begin.length)}\n${figures}\n${text.slice(to)}`
}

/** Writes what `npm run bench` found into README.md: a table, the day, the machine, and what else must be said. */
export function writeFigures(table: string, notes: string): void {
  const path = resolve(projectRoot, 'README.md')
  const [processor] = cpus()
  const machine = `${cpus().length} cores${processor ? ` (${processor.model.trim()})` : ''}`
  const day = new Date().toISOString().slice(0, 10)
  const figures = `${table}\n\n${day}, ${machine}. ${notes}`
  writeFileSync(path, fillFigures(readFileSync(path, 'utf8'), figures))
}
