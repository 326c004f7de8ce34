import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium as browsers, type BrowserContext, type Page } from '@playwright/test'
import { agentId, makeIds } from '../../shared/base/ids.ts'
import { clientOf, newDocument, writeThread } from '../../shared/docs/thread.ts'
import type { Conversation } from '../../shared/rows/conversation.ts'
import type { ThreadHead } from '../../shared/rows/thread-head.ts'
import { layout } from '../../client/db/store.ts'
import { browserArgs, chromium } from '../../scripts/chromium.ts'
import { threadOf } from '../../worker/dev/seed/crowd.ts'
import type { Server } from '../e2e/server.ts'
import { historyIsWhole } from './machines.ts'

/**
 * A device with a large replica: a browser whose profile is on disk, as a person's is, and what is read from and
 * written into its database from outside.
 */
export const crowd = 10_000
/** The tables that a crowd fills. */
export const tables = ['mobileUsers', 'conversations', 'heads'] as const
export type Table = (typeof tables)[number]
export interface Stored {
  id: string
  seq: number
  row: unknown
}
export type Copy = Record<Table, Stored[]>
const replica = 'parley:contoso:rita'
const rita = agentId.parse('rita')

/** Has the crowd text the company: 10,000 conversations and 100,000 texts. */
export async function gatherCrowd(parley: Server): Promise<void> {
  for (let from = 0; from < crowd; from += 400)
    await parley.simulator('/api/crowd', { account: 'contoso', from, count: Math.min(400, crowd - from) })
  await historyIsWhole(parley, 'contoso')
}

/** Works in a browser on the profile in `folder`; what it leaves there is there the next time. */
export async function inBrowser<Result>(
  folder: string,
  work: (context: BrowserContext) => Promise<Result>,
): Promise<Result> {
  const context = await browsers.launchPersistentContext(folder, {
    executablePath: chromium,
    args: browserArgs,
    viewport: { width: 1440, height: 900 },
  })
  try {
    return await work(context)
  } finally {
    await context.close()
  }
}

/** A folder for a profile, gone when `work` is done; a copy of another profile where one is named. */
export async function withProfile<Result>(
  work: (folder: string) => Promise<Result>,
  from?: string,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-browser-'))
  try {
    if (from !== undefined) cpSync(from, folder, { recursive: true })
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Signs in on an empty device, waits until the whole account is copied, and answers how long that took. */
export async function copyFirst(page: Page, parley: Server): Promise<number> {
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

/**
 * The rows as they stand in the replica. The page must be one of Parley's origin. Between browser and program they go
 * as one text: as objects they take ten times as long.
 */
export async function readCopy(page: Page): Promise<Copy> {
  const text = await page.evaluate(
    async ({ replica, tables }) => {
      const done = <Result>(request: IDBRequest<Result>) =>
        new Promise<Result>((resolve, reject) => {
          request.addEventListener('success', () => resolve(request.result))
          request.addEventListener('error', () => reject(request.error))
        })
      const db = await done(indexedDB.open(replica))
      const read = (name: string) =>
        done(db.transaction(name).objectStore(name).getAll() as IDBRequest<Stored[]>)
      const [mobileUsers, conversations, heads] = await Promise.all([
        read(tables[0]),
        read(tables[1]),
        read(tables[2]),
      ])
      db.close()
      return JSON.stringify({ mobileUsers, conversations, heads })
    },
    { replica, tables },
  )
  const copy = JSON.parse(text) as Copy
  if (copy.conversations.length < crowd)
    throw new Error(`The replica holds ${copy.conversations.length} conversations.`)
  return copy
}

/**
 * Puts every thread of the crowd into the replica, as a device holds it that has opened each of them. Pulling them
 * takes minutes, and by itself a device brings only what E6 names. The page must be one of Parley's origin in which no Parley runs.
 */
export async function fillThreads(page: Page, copy: Copy): Promise<void> {
  const life = await page.evaluate(readLife, replica)
  const heads = new Map(copy.heads.map(({ id, row }) => [id, row as ThreadHead]))
  const threads = copy.conversations.flatMap(({ row }) => {
    const conversation = row as Conversation
    const head = heads.get(conversation.user)
    return head && (conversation.no ?? 0) >= 100_000 ? [threadRecord(conversation, head, life)] : []
  })
  if (threads.length !== crowd) throw new Error(`The crowd has ${threads.length} threads.`)
  for (let from = 0; from < crowd; from += 2_500)
    await page.evaluate(putThreads, { replica, text: JSON.stringify(threads.slice(from, from + 2_500)) })
}

function threadRecord(conversation: Conversation, { id, epoch, clock }: ThreadHead, life: number) {
  const { update, to } = writeThread(
    newDocument(),
    clientOf(life, epoch),
    threadOf(conversation, rita).map((entry) => ({ kind: 'entry', user: conversation.user, entry })),
  )
  if (to !== clock) throw new Error(`The thread ${id} stands at ${clock}, not at ${to}.`)
  return { id, life, epoch, clock, update: Buffer.from(update).toString('base64'), stale: 0 }
}

/** Runs in the page: the account epoch that the replica copies. */
async function readLife(replica: string): Promise<number> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(replica)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  const meta = await new Promise<{ epoch: number }>((resolve, reject) => {
    const request = db.transaction('meta').objectStore('meta').get('replica')
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  db.close()
  return meta.epoch
}

/** Runs in the page. */
async function putThreads({ replica, text }: { replica: string; text: string }): Promise<void> {
  const threads = JSON.parse(text) as ReturnType<typeof threadRecord>[]
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(replica)
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
  })
  const transaction = db.transaction(['threads', 'shelf'], 'readwrite')
  for (const { update, ...record } of threads) {
    const bytes = Uint8Array.from(atob(update), (letter) => letter.charCodeAt(0))
    transaction.objectStore('threads').put({ ...record, updates: [bytes] })
    const { id: user, epoch, clock, stale } = record
    const thread = { epoch, clock, stale }
    // Without it the device takes the thread for one that it lacks, and asks for it.
    transaction
      .objectStore('shelf')
      .put({ user, thread, bytes: bytes.byteLength, history: 0, openedAt: Date.now() })
  }
  await new Promise((resolve, reject) => {
    transaction.addEventListener('complete', resolve)
    transaction.addEventListener('abort', () => reject(transaction.error))
  })
  db.close()
}

/**
 * Gives a copied device a client id of its own: two that number their commands under one are told apart by the
 * edge, and begin again [E11]. The page must be one of Parley's origin in which no Parley runs.
 */
export async function renameClient(page: Page): Promise<void> {
  const id = makeIds(() => crypto.getRandomValues(new Uint8Array(16))).client()
  await page.evaluate(
    async ({ replica, id }) => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(replica)
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
      const transaction = db.transaction('meta', 'readwrite')
      transaction.objectStore('meta').put({ key: 'client', id, nextN: 1 })
      await new Promise((resolve, reject) => {
        transaction.addEventListener('complete', resolve)
        transaction.addEventListener('abort', () => reject(transaction.error))
      })
      db.close()
    },
    { replica, id },
  )
}

/** Dexie's schema of the same tables under the same indexes. */
export const bareSchema: Record<string, string> = Object.fromEntries(
  tables.map((name) => [name, [layout[name].key, ...layout[name].indexes].join(', ')]),
)

/** Opens the floor's page with nothing but Dexie in it. */
export async function openBare(page: Page, address: string): Promise<void> {
  await page.bringToFront()
  await page.goto(address)
  await page.addScriptTag({
    path: resolve(createRequire(import.meta.url).resolve('dexie/package.json'), '../dist/dexie.min.js'),
  })
}
