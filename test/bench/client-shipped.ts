import { spawnSync } from 'node:child_process'
import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { z } from 'zod'
import { binary, projectRoot } from '../../scripts/dev-config.ts'
import { round, type Figure } from './figures.ts'

/** Kilobytes (1,000 bytes) of compressed script that the Message Center may ship. */
const goal = 160
/** A word of the Message Center that no other page has: what is counted must hold it. */
const proof = 'Reading pane'

const manifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    src: z.string().optional(),
    isEntry: z.boolean().optional(),
    imports: z.array(z.string()).default([]),
    dynamicImports: z.array(z.string()).default([]),
  }),
)
type Manifest = z.infer<typeof manifest>

/**
 * The script of the Message Center, compressed as a server does by default: the entry of the page that is deployed
 * and what it imports; and where the Message Center is a part of its own, that part and what it imports. Pages that
 * are loaded when somebody goes there do not count. The goal stands where others have their floor.
 */
export function shipped(): Record<string, Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-build-'))
  try {
    build(folder)
    const chunks = manifest.parse(JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')))
    const files = [...messageCenter(chunks)].map((name) =>
      readFileSync(join(folder, chunks[name]?.file ?? '')),
    )
    if (!files.some((file) => file.includes(proof)))
      throw new Error('What was counted does not hold the Message Center.')
    const value = round(files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000)
    return {
      'script shipped for the Message Center (gzip)': {
        value,
        unit: 'kB',
        floor: goal,
        ratio: round(value / goal),
        samples: files.length,
        p50: value,
        p95: value,
        goal: { words: `at most ${goal} kB`, reached: value <= goal },
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Names of the chunks that the Message Center needs before it can be drawn. */
function messageCenter(chunks: Manifest): Set<string> {
  const needed = new Set<string>()
  const add = (name: string) => {
    if (needed.has(name)) return
    needed.add(name)
    for (const next of chunks[name]?.imports ?? []) add(next)
  }
  add('index.html')
  const later = [...needed].flatMap((name) => chunks[name]?.dynamicImports ?? [])
  for (const name of later) if (/ui\/(app|message-center\/message-center)\.tsx$/.test(name)) add(name)
  return needed
}

/** The build that is deployed, without the simulator's page, and with the list of its chunks. */
function build(folder: string): void {
  const { PARLEY_DEV: _, ...env } = process.env
  const { status, stderr } = spawnSync(
    process.execPath,
    [binary('vite', 'bin/vite.js'), 'build', '--manifest', '--outDir', folder, '--logLevel', 'error'],
    { cwd: projectRoot, env, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`The build ended with ${status}:\n${stderr}`)
}
