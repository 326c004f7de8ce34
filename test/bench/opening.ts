import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium, type BrowserContext, type Page } from '@playwright/test'
import type { Dexie } from 'dexie'
import { layout } from '../../client/db/store.ts'
import playwright from '../../playwright.config.ts'
import type { Server } from '../e2e/server.ts'
import { timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'

/**
 * What a large replica costs a browser. The database is on disk, as a person's is, so each round has a browser
 * of its own; the floor's page is opened in the same one, in turn.
 */
const crowd = 10_000
/** Rows that are stored in one transaction, as a device stores a page of its first copy. */
const perPage = 500
const tables = ['mobileUsers', 'conversations'] as const
type Copy = Record<(typeof tables)[number], object[]>

export interface Opening {
  /** From the first request for rows to the end of the first copy; floor: Dexie alone storing the same rows. */
  firstCopy: Figure
  /** From the start of the navigation to the frame after the first inbox row; floor: a page that is one row. */
  open: Figure
}

export async function opening({ parley, floor }: Machines, rounds: number, each: number): Promise<Opening> {
  for (let from = 0; from < crowd; from += 400)
    await parley.simulator('/api/crowd', { account: 'contoso', from, count: Math.min(400, crowd - from) })
  const floorAddress = `http://127.0.0.1:${floor.port}/`
  const copies: number[] = []
  const floorCopies: number[] = []
  const opens: number[] = []
  const floorOpens: number[] = []
  for (let round = 0; round < rounds; round++)
    await inBrowser(async (context) => {
      const page = await context.newPage()
      const bare = await context.newPage()
      copies.push(await copyFirst(page, parley))
      floorCopies.push(await storeBare(bare, floorAddress, await readCopy(page)))
      // The first time warms both up.
      for (let index = 0; index <= each; index++) {
        const took = await openUntilPainted(page, parley.origin)
        const floorTook = await openUntilPainted(bare, floorAddress)
        if (index === 0) continue
        opens.push(took)
        floorOpens.push(floorTook)
      }
    })
  return { firstCopy: timeFigure(copies, floorCopies), open: timeFigure(opens, floorOpens) }
}

async function inBrowser(work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-browser-'))
  const context = await chromium.launchPersistentContext(folder, {
    ...playwright.use?.launchOptions,
    viewport: { width: 1440, height: 900 },
  })
  try {
    await context.addInitScript(markWhenPainted)
    await work(context)
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs in the page: marks the end of the frame in which the first row stands. */
function markWhenPainted(): void {
  const seen = new MutationObserver(() => {
    if (!document.querySelector('.row')) return
    seen.disconnect()
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () => performance.mark('row painted'))
      port1.start()
      port2.postMessage(null)
    })
  })
  seen.observe(document, { childList: true, subtree: true })
}

async function openUntilPainted(page: Page, address: string): Promise<number> {
  await page.bringToFront()
  await page.goto(address)
  const painted = await page.waitForFunction(
    () => performance.getEntriesByName('row painted')[0]?.startTime,
    undefined,
    { polling: 50 },
  )
  const took = Number(await painted.jsonValue())
  // What the page does later is not in the next one's time.
  await page.goto('about:blank')
  return took
}

/** Signs in on an empty device and waits until the whole account is copied. */
async function copyFirst(page: Page, parley: Server): Promise<number> {
  await page.goto(parley.origin)
  await page.getByLabel('Email').fill('rita@demo.test')
  await page.getByLabel('Password').fill('parley-demo')
  await page.evaluate(() => {
    let begun = false
    const seen = new MutationObserver(() => {
      const shown = document.querySelector('.first-sync') !== null
      if (begun && !shown) {
        seen.disconnect()
        performance.mark('copied')
      }
      begun ||= shown
    })
    seen.observe(document, { childList: true, subtree: true })
  })
  await page.getByRole('button', { name: 'Log In' }).click()
  const took = await page.waitForFunction(
    () => {
      const asked = performance
        .getEntriesByType('resource')
        .find(({ name }) => name.includes('/api/rows/first'))
      const [copied] = performance.getEntriesByName('copied')
      return asked && copied ? copied.startTime - asked.startTime : undefined
    },
    undefined,
    { polling: 100, timeout: 120_000 },
  )
  // The shell is kept from now on, as on every later visit.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  return Number(await took.jsonValue())
}

/** The rows as they stand in the replica. */
async function readCopy(page: Page): Promise<Copy> {
  const copy = await page.evaluate(async (names) => {
    const done = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    const db = await done(indexedDB.open('parley:contoso:rita'))
    const read = (name: string) =>
      done(db.transaction(name).objectStore(name).getAll() as IDBRequest<object[]>)
    const [mobileUsers, conversations] = [await read(names[0]), await read(names[1])]
    db.close()
    return { mobileUsers, conversations }
  }, tables)
  if (copy.conversations.length < crowd)
    throw new Error(`The replica holds ${copy.conversations.length} conversations.`)
  return copy
}

/** Stores the same rows under the same indexes with nothing but Dexie. */
async function storeBare(page: Page, address: string, copy: Copy): Promise<number> {
  await page.bringToFront()
  await page.goto(address)
  await page.addScriptTag({
    path: resolve(createRequire(import.meta.url).resolve('dexie/package.json'), '../dist/dexie.min.js'),
  })
  const schema = Object.fromEntries(
    tables.map((name) => [name, [layout[name].key, ...layout[name].indexes].join(', ')]),
  )
  const took = await page.evaluate(
    async ({ copy, schema, perPage, tables }) => {
      const { Dexie: Bare } = globalThis as unknown as { Dexie: typeof Dexie }
      const db = new Bare('bare')
      db.version(1).stores(schema)
      await db.open()
      const started = performance.now()
      for (const name of tables)
        for (let from = 0; from < copy[name].length; from += perPage)
          await db.table(name).bulkPut(copy[name].slice(from, from + perPage))
      const took = performance.now() - started
      await db.delete()
      return took
    },
    { copy, schema, perPage, tables },
  )
  await page.goto('about:blank')
  return took
}
