import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium as browsers, type BrowserContext } from '@playwright/test'
import { Agent } from '../e2e/people.ts'
import { freePort, Server } from '../e2e/server.ts'
import { chromium, ensureChromium } from '../../scripts/chromium.ts'

/**
 * `npm run lighthouse`: the seeded company signed in, on Lighthouse's phone (a slow one on slow 4G), five runs, the
 * median of each score. The client must be built: `PARLEY_DEV=1 npx vite build`. Lighthouse is not installed with the
 * project: npx fetches it, or LIGHTHOUSE names its program. Paths given as arguments take the place of the usual ones.
 *
 * What is measured is the first visit after a release: before each run Lighthouse empties the browser's cache and takes
 * the service worker away, so page, style sheet and scripts come over its slow line, gzipped as a deployment sends them.
 * Sign-in, replica and the picture of the last visit stay, as they do then. Every other visit has its files from the
 * service worker and is faster.
 * Each run has a browser of its own on one profile: one that goes on is busy with what it lets go of from the run before.
 */
const runs = 5
const goal = 95
const categories = ['performance', 'accessibility', 'best-practices'] as const
const measures = {
  'first contentful paint': 'first-contentful-paint',
  'largest contentful paint': 'largest-contentful-paint',
  'speed index': 'speed-index',
  'total blocking time': 'total-blocking-time',
  'layout shift': 'cumulative-layout-shift',
} as const
const [program = 'npx', ...first] = process.env.LIGHTHOUSE
  ? [process.env.LIGHTHOUSE]
  : ['npx', '--yes', 'lighthouse@12.8.2']

interface Report {
  categories: Record<string, { score: number }>
  audits: Record<
    string,
    { score: number | null; title: string; displayValue?: string; scoreDisplayMode: string }
  >
}

ensureChromium()
const folder = mkdtempSync(join(tmpdir(), 'parley-lighthouse-'))
const server = await Server.start()
const port = await freePort()
let well = true
try {
  const conversation = await inBrowser(async (context) => {
    const maya = await Agent.in(context, server.origin, 'maya')
    await maya.open('Omar Haddad')
    return new URL(maya.page.url()).pathname
  })
  const paths = process.argv.slice(2)
  for (const path of paths.length > 0 ? paths : ['/inbox/open', conversation]) {
    const reports: Report[] = []
    await inBrowser((context) => visit(context, `${server.origin}${path}`))
    for (let run = 0; run < runs; run++) reports.push(await inBrowser(() => look(`${server.origin}${path}`)))
    console.log(path === conversation ? 'a conversation' : path)
    for (const name of categories) {
      const scores = reports.map(({ categories }) => Math.round((categories[name]?.score ?? 0) * 100))
      const middle = median(scores)
      well &&= middle >= goal
      console.log(`  ${name.padEnd(26)} ${middle} (${scores.join(', ')})`)
    }
    const [last] = reports
    for (const [name, audit] of Object.entries(measures))
      console.log(
        `  ${name.padEnd(26)} ${reports.map(({ audits }) => audits[audit]?.displayValue).join(', ')}`,
      )
    for (const audit of Object.values(last?.audits ?? {}))
      if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative')
        console.log(`  - ${audit.title} ${audit.displayValue ?? ''}`)
  }
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = well ? 0 : 1

async function inBrowser<Result>(work: (context: BrowserContext) => Promise<Result>): Promise<Result> {
  const context = await browsers.launchPersistentContext(join(folder, 'profile'), {
    executablePath: chromium,
    args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu'],
  })
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

/** The visit before, on the same phone. */
async function visit(context: BrowserContext, url: string): Promise<void> {
  const page = context.pages()[0] ?? (await context.newPage())
  await page.setViewportSize({ width: 412, height: 823 })
  await page.goto(url)
  await page.waitForFunction(() => document.querySelector('.center') && !document.querySelector('.first'))
  await page.goto('about:blank')
}

async function look(url: string): Promise<Report> {
  const file = join(folder, 'report.json')
  const options = [
    '--quiet',
    '--output=json',
    `--port=${port}`,
    `--output-path=${file}`,
    `--only-categories=${categories.join(',')}`,
  ]
  await promisify(execFile)(program, [...first, url, ...options], { maxBuffer: 1e8 })
  return JSON.parse(readFileSync(file, 'utf8')) as Report
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}
