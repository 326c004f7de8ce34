import type { Page } from '@playwright/test'
import type { Dexie } from 'dexie'
import { day } from '../../shared/base/time.ts'
import { down, type RowChange } from '../../shared/wire/down.ts'
import {
  bareSchema,
  inBrowser,
  openBare,
  readCopy,
  renameClient,
  tables,
  withProfile,
  type Copy,
  type Stored,
  type Table,
} from './client-device.ts'
import { round, timeFigure, type Figure } from './figures.ts'
import { historyIsWhole, type Machines } from './machines.ts'

/** Texts that came in while the device was away. Each changes its conversation's row and its thread's head. */
const changes = 5_000

/**
 * A device that was away for a day, with 5,000 texts meanwhile: from its hello to the moment when its replica
 * stands at the head that the edge named; floor: a socket that sends the same bytes in as many frames, parsed and
 * stored by Dexie alone under the same indexes, over the same older rows. Each round begins from a copy of `device`.
 */
export async function catchUp(
  { parley, floor }: Machines,
  device: string,
  rounds: number,
): Promise<Record<string, Figure>> {
  await parley.simulator('/api/clock', { account: 'contoso', ms: day })
  for (let from = 0; from < changes; from += 400)
    await parley.simulator('/api/crowd/texts', {
      account: 'contoso',
      from,
      count: Math.min(400, changes - from),
      round: 'away',
    })
  await historyIsWhole(parley, 'contoso')
  const times: number[] = []
  const floorTimes: number[] = []
  const bytes: number[] = []
  const rowBytes: number[] = []
  const round = async (folder: string) =>
    inBrowser(folder, async (context) => {
      const page = await context.newPage()
      const before = await copyOf(page, parley.origin)
      await renameClient(page)
      const { took, messages } = await comeBack(page, parley.origin)
      const after = await copyOf(page, parley.origin)
      const frames = messages.filter((text) => text.startsWith('{"t":"frame"'))
      const told = frames.flatMap(rowsOf)
      const heard = told.filter(({ row }) => JSON.stringify(row).includes('Still waiting')).length
      if (heard !== changes) throw new Error(`The device was told of ${heard} texts.`)
      const bare = await context.newPage()
      times.push(took)
      floorTimes.push(await storeFrames(bare, floor.port, before, changedIn(before, after), frames))
      bytes.push(sizeOf(messages))
      rowBytes.push(sizeOf(told.map(({ row }) => JSON.stringify(row))))
    })
  for (let index = 0; index < rounds; index++) await withProfile(round, device)
  return {
    'catch-up after a day, 5,000 texts': timeFigure(times, floorTimes),
    'catch-up after a day, 5,000 texts: received': { ...timeFigure(bytes, rowBytes), unit: 'kB' },
  }
}

/** Opens Parley and answers what its socket heard, and how long it took from its hello until it stood at the head. */
async function comeBack(page: Page, origin: string): Promise<{ took: number; messages: string[] }> {
  const messages: string[] = []
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => messages.push(String(payload))),
  )
  await page.addInitScript(markCatchUp)
  await page.goto(origin)
  const took = await page.waitForFunction(
    () => {
      const [said] = performance.getEntriesByName('hello said')
      const [live] = performance.getEntriesByName('live')
      return said && live ? { took: live.startTime - said.startTime } : undefined
    },
    undefined,
    { polling: 50, timeout: 120_000 },
  )
  const heard = messages.slice()
  const answer = await took.jsonValue()
  await page.goto('about:blank')
  if (!answer) throw new Error('The device did not come back.')
  return { took: answer.took, messages: heard }
}

/** Runs in the page: marks the hello, and the moment from which the screen says that the device is up to date. */
function markCatchUp(): void {
  const send = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'send')?.value as WebSocket['send']
  WebSocket.prototype.send = function (this: WebSocket, data) {
    if (String(data).startsWith('{"t":"hello"')) performance.mark('hello said')
    send.call(this, data)
  }
  const seen = new MutationObserver(() => {
    if (!document.querySelector('.connection[aria-label="Connected"]')) return
    seen.disconnect()
    performance.mark('live')
  })
  seen.observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['aria-label'],
  })
}

/** The replica's rows, read while no Parley runs. */
async function copyOf(page: Page, origin: string): Promise<Copy> {
  await page.goto(`${origin}/healthz`)
  return readCopy(page)
}

function rowsOf(frame: string): RowChange[] {
  const message = down.parse(JSON.parse(frame))
  return message.t === 'frame' ? message.parts.flatMap(({ rows }) => rows) : []
}

/** Thousands of bytes. */
function sizeOf(texts: readonly string[]): number {
  return round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1000)
}

/** The records that are new or newer. */
function changedIn(before: Copy, after: Copy): Copy {
  const newer = (table: Table): Stored[] => {
    const known = new Map(before[table].map(({ id, seq }) => [id, seq]))
    return after[table].filter(({ id, seq }) => seq > (known.get(id) ?? -1))
  }
  return { mobileUsers: newer('mobileUsers'), conversations: newer('conversations'), heads: newer('heads') }
}

/** Takes the frames from the floor's socket and stores the records that their rows stand for, a frame at a time. */
async function storeFrames(
  page: Page,
  port: number,
  before: Copy,
  changed: Copy,
  frames: string[],
): Promise<number> {
  await openBare(page, `http://127.0.0.1:${port}/`)
  return page.evaluate(
    async ({ port, text, schema, tables }) => {
      const { before, changed, frames } = JSON.parse(text) as {
        before: Copy
        changed: Copy
        frames: string[]
      }
      const { Dexie: Bare } = globalThis as unknown as { Dexie: typeof Dexie }
      const db = new Bare('bare')
      db.version(1).stores(schema)
      await db.open()
      for (const name of tables) await db.table(name).bulkPut(before[name])
      // A row says `threads` where the replica says `heads`.
      const known = { mobileUsers: 'mobileUsers', conversations: 'conversations', threads: 'heads' } as const
      const records = new Map(
        tables.flatMap((name) => changed[name].map((record) => [`${name} ${record.id}`, record] as const)),
      )
      const store = (text: string) =>
        db.transaction('rw', [...tables], async () => {
          const frame = JSON.parse(text) as { parts: { rows: { table: string; id: string }[] }[] }
          const rows = frame.parts.flatMap((part) => part.rows)
          for (const [table, name] of Object.entries(known))
            await db.table(name).bulkPut(
              rows.flatMap((row) => {
                const record = row.table === table ? records.get(`${name} ${row.id}`) : undefined
                return record ? [record] : []
              }),
            )
        })
      // Given to the floor last: it forgets them when nothing is asked of it for some seconds.
      const held = await fetch('/', { method: 'PUT', body: JSON.stringify(frames) })
      if (!held.ok) throw new Error(`The floor answered ${held.status}.`)
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve)
        socket.addEventListener('error', reject)
      })
      const started = performance.now()
      const took = await new Promise<number>((resolve, reject) => {
        let heard = 0
        let turn: Promise<unknown> = Promise.resolve()
        socket.addEventListener('message', ({ data }) => {
          const isLast = ++heard === frames.length
          turn = turn.then(() => store(String(data)))
          if (isLast) turn.then(() => resolve(performance.now() - started), reject)
        })
        socket.send('frames')
      })
      socket.close()
      await db.delete()
      return took
    },
    { port, text: JSON.stringify({ before, changed, frames }), schema: bareSchema, tables },
  )
}
