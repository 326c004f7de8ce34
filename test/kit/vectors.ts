import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { z } from 'zod'

/** Why a test that needs data from outside is skipped: the project ships none of it. */
export const noVectors = 'the folder ../shared/vectors is not here'

/** Reads a file of outside cases (vectors/README.md) through its schema, or null where the folder is missing. */
export function readVectors<Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> | null {
  const path = resolve(root, '../shared/vectors', file)
  return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, 'utf8'))) : null
}

/**
 * Leaves a line "<count> <source>" in `reports/outside-cases.txt`, which `npm test` adds up. To be called when the
 * cases have passed.
 */
export function countOutside(source: string, count: number): void {
  mkdirSync(resolve(root, 'reports'), { recursive: true })
  appendFileSync(resolve(root, 'reports/outside-cases.txt'), `${count} ${source}\n`)
}

const root = resolve(import.meta.dirname, '../..')
