import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { z } from 'zod'

/** What a process that played seeds says at its end. */
export const played = z.object({
  played: z.number(),
  seconds: z.number(),
  broken: z.array(z.object({ seed: z.number(), promise: z.string(), what: z.string() })),
  hits: z.record(z.string(), z.number()),
})
export type Played = z.infer<typeof played>

/**
 * Plays seeds in several processes, each every n-th of them: a seed has nothing to do with another one. `stop`:
 * a process ends at its first broken promise.
 */
export async function playInProcesses(
  {
    from,
    seeds,
    processes,
    stop,
    long = false,
  }: { from: number; seeds: number; processes: number; stop: boolean; long?: boolean },
  folder = resolve(import.meta.dirname, '../..'),
): Promise<Played> {
  const parts = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      play(
        folder,
        ['--json', '--from', String(from + index), '--every', String(processes)].concat(
          '--seeds',
          String(Math.ceil((seeds - index) / processes)),
          stop ? [] : '--all',
          long ? '--long' : [],
        ),
      ),
    ),
  )
  const hits: Record<string, number> = {}
  for (const part of parts)
    for (const [name, times] of Object.entries(part.hits)) hits[name] = (hits[name] ?? 0) + times
  return {
    played: parts.reduce((sum, part) => sum + part.played, 0),
    seconds: Math.max(...parts.map(({ seconds }) => seconds)),
    broken: parts.flatMap(({ broken }) => broken).sort((left, right) => left.seed - right.seed),
    hits,
  }
}

function play(cwd: string, options: string[]): Promise<Played> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, ['--no-warnings', 'test/sim/run.ts', ...options], { cwd })
    let text = ''
    let errors = ''
    child.stdout.on('data', (bytes) => (text += bytes))
    child.stderr.on('data', (bytes) => (errors += bytes))
    child.on('error', failed)
    child.on('close', () => {
      const line = text.trim().split('\n').at(-1)
      if (line?.startsWith('{')) done(played.parse(JSON.parse(line)))
      else failed(new Error(`the world did not run: ${errors.slice(0, 500)}`))
    })
  })
}
