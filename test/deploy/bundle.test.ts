import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const dist = resolve(import.meta.dirname, '../../dist')

/** Every file under a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesIn(path) : [path]
  })
}

// `npm test` runs `npm run deploy -- --dry-run` right before: what is looked at here is what would be uploaded.
it.skipIf(!existsSync(join(dist, 'worker')))(
  'the deployed bundle has neither routes nor secrets nor data of development',
  () => {
    const worker = filesIn(join(dist, 'worker')).filter((path) => path.endsWith('.js'))
    expect(worker.length).toBeGreaterThan(0)
    const code = worker.map((path) => readFileSync(path, 'utf8')).join('\n')
    for (const word of [
      '/simulator',
      'SimulatedCarrier',
      'parley-demo',
      'demo.test',
      'x-simulator-secret',
      'shiftClock',
      'northwind',
    ])
      expect(code.includes(word), word).toBe(false)
    // The same build does have what it must have, so that the absence above means something.
    for (const word of ['/hooks/', '/api/sign-in', 'x-twilio-signature'])
      expect(code.includes(word), word).toBe(true)
    const pages = filesIn(join(dist, 'client'))
    expect(pages.some((path) => path.endsWith('index.html'))).toBe(true)
    expect(pages.filter((path) => /simulator/.test(path))).toEqual([])
  },
)
