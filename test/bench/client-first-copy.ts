import type { Page } from '@playwright/test'
import type { Dexie } from 'dexie'
import {
  bareSchema,
  copyFirst,
  fillThreads,
  inBrowser,
  openBare,
  readCopy,
  tables,
  withProfile,
  type Copy,
} from './client-device.ts'
import { timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'

/** Rows that are stored in one transaction, as a device stores a page of its first copy. */
const perPage = 500

/**
 * From a device's first request for rows to the end of its first copy; floor: Dexie alone storing the same rows
 * under the same indexes. The last round is made in `device`, an empty folder, which holds all threads afterwards.
 */
export async function firstCopy(
  { parley, floor }: Machines,
  device: string,
  rounds: number,
): Promise<Record<string, Figure>> {
  const times: number[] = []
  const floorTimes: number[] = []
  const round = async (folder: string) =>
    inBrowser(folder, async (context) => {
      const page = await context.newPage()
      times.push(await copyFirst(page, parley))
      await page.goto(`${parley.origin}/healthz`)
      const copy = await readCopy(page)
      floorTimes.push(await storeBare(await context.newPage(), `http://127.0.0.1:${floor.port}/`, copy))
      if (folder === device) await fillThreads(page, copy)
    })
  for (let index = 1; index < rounds; index++) await withProfile(round)
  await round(device)
  return { 'first copy of 10,000 conversations': timeFigure(times, floorTimes) }
}

/** Stores the same rows under the same indexes with nothing but Dexie. */
async function storeBare(page: Page, address: string, copy: Copy): Promise<number> {
  await openBare(page, address)
  const took = await page.evaluate(
    async ({ text, schema, perPage, tables }) => {
      const copy = JSON.parse(text) as Copy
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
    { text: JSON.stringify(copy), schema: bareSchema, perPage, tables },
  )
  await page.goto('about:blank')
  return took
}
