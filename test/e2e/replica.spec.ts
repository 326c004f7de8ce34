import { expect, test, type BrowserContext, type Page } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
let wire: Wire
let context: BrowserContext
let maya: Agent
test.beforeAll(async () => {
  server = await Server.start()
})
test.beforeEach(async ({ browser }) => {
  wire = await Wire.to(server.port)
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
})
test.afterEach(async () => {
  await context.close()
  await wire.close()
})
test.afterAll(() => server.stop())

const timesSent = async (text: string) => (await server.sent()).filter((sent) => sent.text === text).length

/** A conversation of her own, open in front of Maya, with a reply and a typed line that wait for the connection. */
async function leaveWork(from: string, title: string, reply: string): Promise<void> {
  await server.hook(`replica-${from}`, `Hello from ${from}`, { from })
  maya = await Agent.in(context, wire.origin, 'maya')
  await maya.open(title)
  await expect(maya.bubble(`Hello from ${from}`)).toBeVisible()
  await goOffline()
  await maya.reply(reply)
  await maya.write('Half a sentence')
}

async function goOffline(): Promise<void> {
  wire.cut()
  await context.setOffline(true)
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
}

async function comeBack(): Promise<void> {
  wire.mend()
  await context.setOffline(false)
}

/** What was left waiting arrives once, and what was typed still stands there. */
async function nothingIsLost(title: string, reply: string): Promise<void> {
  await expect.poll(() => timesSent(reply), { timeout: 40_000 }).toBe(1)
  await expect(maya.row(title).first()).toBeVisible()
  await expect(maya.bubble(reply)).toBeVisible({ timeout: 30_000 })
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
  expect(await timesSent(reply)).toBe(1)
}

/** Changes records of the replica behind Parley's back: puts them, or clears whole tables. */
function tamper(page: Page, tables: Record<string, unknown[] | 'clear'>, name = 'parley:northwind:maya') {
  return page.evaluate(
    async ({ tables, name }) => {
      const done = <Result>(request: IDBRequest<Result>) =>
        new Promise<Result>((resolve, reject) => {
          request.addEventListener('success', () => resolve(request.result))
          request.addEventListener('error', () => reject(request.error))
        })
      const db = await done(indexedDB.open(name))
      const transaction = db.transaction(Object.keys(tables), 'readwrite')
      for (const [table, records] of Object.entries(tables)) {
        const store = transaction.objectStore(table)
        if (records === 'clear') store.clear()
        else for (const record of records) store.put(record)
      }
      await new Promise((resolve) => transaction.addEventListener('complete', resolve))
      db.close()
    },
    { tables, name },
  )
}

/** Whether the browser refuses a write of this origin for want of room. */
function isFull(page: Page): Promise<boolean> {
  return page.evaluate(async () => {
    const request = indexedDB.open('probe', 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('probe'))
    const opened = await new Promise((resolve) => {
      request.addEventListener('success', () => resolve(true))
      request.addEventListener('error', () => resolve(false))
    })
    if (!opened) return true
    const transaction = request.result.transaction('probe', 'readwrite')
    transaction.objectStore('probe').put('x'.repeat(1_000_000), 'x')
    const refused = await new Promise<boolean>((resolve) => {
      transaction.addEventListener('complete', () => resolve(false))
      transaction.addEventListener('abort', () => resolve(transaction.error?.name === 'QuotaExceededError'))
    })
    request.result.close()
    return refused
  })
}

test('[P5] [P6] [fault C5] a damaged row: the account is fetched anew, what waits is sent and what is typed stays', async () => {
  await leaveWork('+13095550201', '(309) 555-0201', 'Over a damaged row')
  await tamper(maya.page, {
    conversations: [{ id: 'damaged', seq: 1, row: { id: 'damaged', user: {} }, openAt: 9e12 }],
  })
  await maya.page.reload()
  await comeBack()
  await maya.live()
  await nothingIsLost('(309) 555-0201', 'Over a damaged row')
})

test('[P5] [P6] [fault C4] a database emptied behind the page is filled again while the page is in use', async () => {
  await server.hook('emptied-1', 'Still there?', { from: '+13095550202' })
  maya = await Agent.in(context, wire.origin, 'maya')
  await maya.open('(309) 555-0202')
  await maya.write('Half a sentence')
  const everything = await maya.page.evaluate(async () => {
    const request = indexedDB.open('parley:northwind:maya')
    await new Promise((resolve) => request.addEventListener('success', resolve))
    const names = [...request.result.objectStoreNames]
    request.result.close()
    return names
  })
  await tamper(maya.page, Object.fromEntries(everything.map((name) => [name, 'clear' as const])))
  await server.hook('emptied-2', 'Hello again', { from: '+13095550202' })
  await expect(maya.bubble('Hello again')).toBeVisible({ timeout: 30_000 })
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
  await maya.live()
  await maya.page.reload()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
  await maya.reply('After the emptying')
  await expect.poll(() => timesSent('After the emptying')).toBe(1)
})

test('[P5] [E8] a replica that is too old is replaced, and what waited on it is sent', async () => {
  await leaveWork('+13095550203', '(309) 555-0203', 'From an old replica')
  // Rows that meant something else, at a commit whose tag the edge has forgotten.
  const cursor = { seq: 3, tag: 'long ago' }
  await tamper(maya.page, {
    meta: [{ key: 'replica', fingerprint: 'of another year', epoch: 1, cursor, boot: null, rights: null }],
    conversations: 'clear',
  })
  await maya.page.reload()
  await comeBack()
  await maya.live()
  await nothingIsLost('(309) 555-0203', 'From an old replica')
})

test('[P5] [E17] a replica of a newer build is read as far as it is understood, and what is not waits in sight', async () => {
  await leaveWork('+13095550204', '(309) 555-0204', 'Beside a newer build')
  // Parley's own page lets go of the database and loads itself anew when a newer build comes.
  const itself = maya.page.waitForEvent('load')
  const other = await context.newPage()
  await other.goto(`${wire.origin}/icon.svg`)
  await other.evaluate(async () => {
    // As a newer build would: a higher version, a table more, and a command that this one does not know.
    const request = indexedDB.open('parley:northwind:maya', 900)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore('telepathy'))
    await new Promise((resolve, reject) => {
      request.addEventListener('success', resolve)
      request.addEventListener('error', reject)
    })
    request.result.close()
  })
  await tamper(other, {
    pending: [
      {
        id: `x${'a'.repeat(26)}`,
        press: 900,
        n: null,
        command: { name: 'Telepathy' },
        conversation: null,
        at: Date.now(),
        after: 0,
        seen: 0,
        synced: false,
        version: 99,
        acked: null,
      },
    ],
  })
  await other.close()
  await itself
  await maya.page.reload()
  await comeBack()
  await nothingIsLost('(309) 555-0204', 'Beside a newer build')
  await maya.dot(/Syncing 1|1 change/).click()
  await expect(maya.page.getByText('A change that this version of Parley does not know')).toBeVisible()
})

test("[E12] a replica that says it is another agent's shows nothing of theirs and sends nothing of theirs", async () => {
  await leaveWork('+13095550205', '(309) 555-0205', 'Words of somebody else')
  await tamper(maya.page, { meta: [{ key: 'owner', account: 'contoso', agent: 'rita' }] })
  await maya.page.reload()
  await comeBack()
  await maya.live()
  await expect(maya.page.getByText('This browser keeps nothing for Parley.')).toBeVisible()
  await maya.page.waitForTimeout(3_000)
  expect(await timesSent('Words of somebody else')).toBe(0)
  // Put right, it goes on where it stood.
  await tamper(maya.page, { meta: [{ key: 'owner', account: 'northwind', agent: 'maya' }] })
  await maya.page.reload()
  await nothingIsLost('(309) 555-0205', 'Words of somebody else')
})

test('[flow 6] [E12] [P5] [fault C8] a session that was ended from another device while this one was offline: nothing stays, and what was not sent is shown once more', async ({
  browser,
}) => {
  await leaveWork('+13095550208', '(309) 555-0208', 'Never to leave this device')
  const laptop = await Agent.signIn(browser, server.origin, 'maya')
  const ended = await laptop.page.evaluate(async () => {
    const sessions: { id: string; current: boolean }[] = await (await fetch('/api/sessions')).json()
    const others = sessions.filter(({ current }) => !current)
    const answers = others.map(({ id }) => fetch(`/api/sessions/${id}`, { method: 'DELETE' }))
    return (await Promise.all(answers)).map(({ status }) => status)
  })
  // Tests before this one left sessions behind as well.
  expect(new Set(ended)).toEqual(new Set([204]))
  await comeBack()
  const words = /You were signed out of this browser from another device, and nothing is kept here/
  await expect(maya.page.getByText(words)).toBeVisible({ timeout: 40_000 })
  await expect(maya.page.getByText('"Never to leave this device"')).toBeVisible()
  const kept = await maya.page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    typed: Object.keys(localStorage).filter((key) => key.includes('typed')),
  }))
  expect(kept).toEqual({ databases: [], typed: [] })
  // The one who ended it goes on, and a colleague sees nothing of the reply.
  await laptop.open('(309) 555-0208')
  await expect(laptop.bubble('Hello from +13095550208')).toBeVisible()
  await expect(laptop.bubble('Never to leave this device')).toHaveCount(0)
  expect(await timesSent('Never to leave this device')).toBe(0)
  await laptop.close()
})

test('[flow 7] [E16] [P5] [fault C4] where storage is refused Parley works in memory, says so, and warns before it is closed', async () => {
  await server.hook('refused-1', 'No storage', { from: '+13095550206' })
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError')
    }
  })
  maya = await Agent.in(context, wire.origin, 'maya')
  await expect(maya.page.getByText('What was not sent yet is lost when this page closes.')).toBeVisible()
  await maya.open('(309) 555-0206')
  await maya.reply('From memory')
  await expect.poll(() => timesSent('From memory')).toBe(1)
  await goOffline()
  await maya.reply('Only in memory')
  await maya.write('Half a sentence')
  const asked = maya.page.waitForEvent('dialog')
  const closing = maya.page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await closing
  await comeBack()
  await expect.poll(() => timesSent('Only in memory'), { timeout: 40_000 }).toBe(1)
  await maya.page.reload()
  await maya.open('(309) 555-0206')
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a sentence')
})

test('[flow 8] [P5] [E16] [fault C4] a device without room refuses a press in sight, keeps the text, and goes on when there is room', async () => {
  await server.hook('full-1', 'Full?', { from: '+13095550207' })
  maya = await Agent.in(context, wire.origin, 'maya')
  await maya.open('(309) 555-0207')
  await maya.page.waitForTimeout(3_000)
  const session = await context.newCDPSession(maya.page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: wire.origin, quotaSize: 1 })
  // Chromium remembers for half a minute how much room there was.
  await expect.poll(() => isFull(maya.page), { timeout: 60_000, intervals: [2_000] }).toBe(true)
  await maya.write('No room for this')
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect(maya.page.getByText(/This device has no room left, so nothing was sent/)).toBeVisible()
  await expect(maya.page.getByText('This device has no room left for Parley.')).toBeVisible()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('No room for this')
  expect(await timesSent('No room for this')).toBe(0)
  // Typed into the mirror, where the database has no room: it is there after a reload.
  await maya.page.reload()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('No room for this')
  await session.send('Storage.overrideQuotaForOrigin', { origin: wire.origin })
  await maya.page.reload()
  await maya.live()
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect.poll(() => timesSent('No room for this')).toBe(1)
  await expect(maya.page.getByText('This device has no room left for Parley.')).toHaveCount(0)
})

for (const [words, years] of [
  ['behind', -1],
  ['ahead', 1],
] as const)
  test(`[flow 9] [E5] [E13] [fault C6] a device clock a year ${words}: replies go, nothing is held, order and time are the edge's`, async ({
    browser,
  }) => {
    const from = years < 0 ? '+13095550211' : '+13095550212'
    const title = years < 0 ? '(309) 555-0211' : '(309) 555-0212'
    const offline = `Offline, a year ${words}`
    await context.addInitScript(
      (ms) => {
        const now = Date.now.bind(Date)
        Date.now = () => now() + ms
      },
      years * 365 * 86_400_000,
    )
    await server.hook(`clock-${words}-1`, 'What time is it?', { from })
    maya = await Agent.in(context, wire.origin, 'maya')
    await maya.open(title)
    await maya.reply(`Online, a year ${words}`)
    await expect.poll(() => timesSent(`Online, a year ${words}`)).toBe(1)
    await goOffline()
    await maya.reply(offline)
    await maya.page.reload()
    await expect(maya.bubble(offline)).toBeVisible({ timeout: 30_000 })
    await comeBack()
    await expect.poll(() => timesSent(offline), { timeout: 40_000 }).toBe(1)
    await server.hook(`clock-${words}-2`, 'Thanks', { from })
    await expect(maya.bubble('Thanks')).toBeVisible()
    await expect(maya.thread().getByText(/Not sent/)).toHaveCount(0)
    const order = ['What time is it?', `Online, a year ${words}`, offline, 'Thanks']
    const at = await Promise.all(order.map(async (text) => (await maya.bubble(text).boundingBox())?.y ?? -1))
    expect(at).toEqual(at.toSorted((left, right) => left - right))
    // A colleague sees it where it belongs: on top, with the edge's time.
    const sam = await Agent.signIn(browser, server.origin, 'sam')
    await expect(
      sam.page.getByRole('list', { name: 'Conversations' }).getByRole('link').first(),
    ).toHaveAccessibleName(new RegExp(title.replace(/[()]/g, '\\$&')))
    const time = sam.page.getByRole('list', { name: 'Conversations' }).locator('time').first()
    const shown = Date.parse((await time.getAttribute('datetime')) ?? '')
    expect(Math.abs(Date.now() - shown)).toBeLessThan(10 * 60_000)
    await sam.close()
  })
