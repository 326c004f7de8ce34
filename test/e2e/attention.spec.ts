import { expect, test, type Browser, type Page } from '@playwright/test'
import { browserArgs, chromium } from '../../scripts/chromium.ts'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }

/** What a test moves in a page that cannot be left or waited for: where somebody looks, and the hour. */
interface Away {
  away: boolean
  later: number
  tones: number
}

/** An agent whose page can be left, and whose clock can go on; every tone that is played is counted. */
async function watched(
  browser: Browser,
  origin: string,
  name: string,
  viewport = { width: 1440, height: 900 },
): Promise<Agent> {
  const context = await browser.newContext({ viewport })
  await context.addInitScript(() => {
    const now = Date.now.bind(Date)
    const state = Object.assign(globalThis, { away: false, later: 0, tones: 0 })
    Date.now = () => now() + state.later
    document.hasFocus = () => !state.away
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (when) {
      state.tones++
      return start.call(this, when)
    }
  })
  return Agent.in(context, origin, name, viewport.width > 600)
}

async function leave(page: Page, seconds: number): Promise<void> {
  await page.evaluate((ms) => {
    const state = globalThis as unknown as Away
    state.away = true
    dispatchEvent(new Event('blur'))
    state.later += ms
  }, seconds * 1000)
}

async function comeBack(page: Page): Promise<void> {
  await page.evaluate(() => {
    ;(globalThis as unknown as Away).away = false
    dispatchEvent(new Event('focus'))
  })
}

const tones = (page: Page) => page.evaluate(() => (globalThis as unknown as Away).tones)

/** How many changes wait in a device's database. */
function waitingOn(page: Page, database: string): Promise<number> {
  return page.evaluate(
    (database) =>
      new Promise<number>((resolve, reject) => {
        const open = indexedDB.open(database)
        open.addEventListener('error', () => reject(open.error))
        open.addEventListener('success', () => {
          const count = open.result.transaction('pending').objectStore('pending').count()
          count.addEventListener('error', () => reject(count.error))
          count.addEventListener('success', () => {
            open.result.close()
            resolve(count.result)
          })
        })
      }),
    database,
  )
}

for (const [size, viewport] of [
  ['a laptop', { width: 1440, height: 900 }],
  ['a phone', phone],
] as const)
  test(`[flow 64] [F175] [F176] [F177] [F178] who is away for longer than the idle time is called back by sound and sight, on ${size}`, async ({
    browser,
  }) => {
    const [from, title] =
      size === 'a phone' ? ['+13095550411', '(309) 555-0411'] : ['+13095550410', '(309) 555-0410']
    await server.hook(`idle-1-${from}`, 'Hello', { from })
    const maya = await watched(browser, server.origin, 'maya', viewport)
    const { page } = maya
    await maya.open(title)
    if (size === 'a phone') await page.getByRole('button', { name: 'Back to the inbox' }).click()
    const header = page.locator('.calling-sign')
    // Five minutes is the idle time [F32]: a text just before it says nothing.
    await leave(page, 299)
    await server.hook(`idle-2-${from}`, 'Anybody?', { from })
    await expect(page.getByText('Anybody?', { exact: true }).first()).toBeVisible()
    await expect(header).toHaveCount(0)
    expect(await tones(page)).toBe(0)
    await leave(page, 10)
    await server.hook(`idle-3-${from}`, 'Anybody at all?', { from })
    await expect(header).toHaveText('New message')
    expect(await tones(page)).toBe(2)
    // The browser tab flashes: it says the alert, then what it said before, and again.
    for (const words of [/^New message/, /^(?!New message)/, /^New message/])
      await expect(page).toHaveTitle(words)
    if (size === 'a laptop')
      await expect(page.getByRole('tab', { name: `${title}, new message` })).toHaveClass(/news/)
    await comeBack(page)
    await expect(header).toHaveCount(0)
    await expect(page).toHaveTitle(/^(?!New message)/)
    await expect(page.getByRole('tab', { name: `${title}, new message` })).toHaveCount(0)
    await maya.close()
  })

test('[flow 64] [F175] [DC6] an idle time that was changed in the profile is the one that counts, by the names that agents know', async ({
  browser,
}) => {
  const from = '+13095550412'
  await server.hook('idle-own-1', 'Hello', { from })
  const sam = await watched(browser, server.origin, 'sam')
  const { page } = sam
  await page.goto(`${server.origin}/settings/profile/sam/edit`)
  await page.getByLabel('Idle Alert Time in Seconds', { exact: true }).fill('45')
  await page.getByRole('button', { name: 'Update Agent' }).click()
  await expect(page.getByRole('heading', { name: 'User Profile' })).toBeVisible()
  await page.goto(server.origin)
  await sam.open('(309) 555-0412')
  await expect(page.getByRole('button', { name: 'SET OWNER', exact: true })).toBeVisible()
  await leave(page, 15)
  await server.hook('idle-own-2', 'Anybody?', { from })
  await expect(sam.bubble('Anybody?')).toBeVisible()
  await expect(page.locator('.calling-sign')).toHaveCount(0)
  // Whatever somebody made of the view Open, every text of the inbox calls back.
  await page.getByRole('button', { name: 'EDIT VIEW' }).click()
  await page.getByLabel('Mobile User(s)').fill('omar')
  await page.getByRole('button', { name: 'DONE' }).click()
  await expect(sam.row('(309) 555-0412')).toHaveCount(0)
  await leave(page, 50)
  await server.hook('idle-own-3', 'Anybody at all?', { from })
  await expect(page.locator('.calling-sign')).toHaveText('New message')
  expect(await tones(page)).toBe(2)
  await page.getByRole('button', { name: 'EDIT VIEW' }).click()
  await page.getByRole('button', { name: 'Put back to default' }).click()
  await expect(sam.row('(309) 555-0412')).toBeVisible()
  // The view is everybody's: it is put back at the edge as well before this device goes.
  await expect.poll(() => waitingOn(page, 'parley:northwind:sam')).toBe(0)
  await sam.close()
})

test('[flow 65] [F174] a note calls back only where its conversation is open in a tab, also after a time without connection', async ({
  browser,
}) => {
  for (const last of [420, 421]) await server.hook(`note-${last}`, 'Hello', { from: `+13095550${last}` })
  const wire = await Wire.to(server.port)
  const maya = await watched(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const { page } = maya
  await maya.open('(309) 555-0420')
  await leave(page, 400)
  await sam.open('(309) 555-0421')
  await sam.note('Nobody here has this open')
  wire.cut()
  await maya.context.setOffline(true)
  await sam.open('(309) 555-0420')
  await sam.note('Maya has this open')
  wire.mend()
  await maya.context.setOffline(false)
  await expect(maya.bubble('Maya has this open')).toBeVisible({ timeout: 40_000 })
  await expect(page.locator('.calling-sign')).toBeVisible()
  expect(await tones(page)).toBe(2)
  await page.keyboard.press('Shift')
  await expect(page.locator('.calling-sign')).toHaveCount(0)
  await Promise.all([maya.close(), sam.close()])
  await wire.close()
})

test('[flow 66] notifications are chosen, turned on and off on this device, and blocked ones say where to allow them', async ({
  playwright,
}) => {
  // Only the whole browser has notifications.
  const browser = await playwright.chromium.launch({ executablePath: chromium, args: browserArgs })
  const context = await browser.newContext({ viewport: phone, serviceWorkers: 'allow' })
  await context.grantPermissions(['notifications'], { origin: server.origin })
  // Without a push service of the browser's maker there is no subscription: this one has the form of theirs.
  await context.addInitScript(() => {
    const code = (bytes: number) => btoa('\u0004'.repeat(bytes)).replaceAll('=', '')
    const subscription = {
      toJSON: () => ({
        endpoint: 'https://fcm.googleapis.com/fcm/send/test',
        keys: { p256dh: code(65), auth: code(16) },
      }),
      unsubscribe: async () => sessionStorage.removeItem('subscribed'),
    }
    PushManager.prototype.getSubscription = async () =>
      (sessionStorage.getItem('subscribed') ? subscription : null) as never
    PushManager.prototype.subscribe = async () => {
      sessionStorage.setItem('subscribed', 'yes')
      return subscription as never
    }
  })
  const maya = await Agent.in(context, server.origin, 'maya', false)
  const { page } = maya
  const told: unknown[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/push') && request.method() !== 'GET')
      told.push(request.method() === 'PUT' ? request.postDataJSON() : request.method())
  })
  await page.goto(`${server.origin}/settings/notifications`)
  await page.getByRole('radio', { name: 'In my conversations' }).check()
  await page.getByRole('button', { name: 'Turn on notifications' }).click()
  await expect(page.getByRole('button', { name: 'Turn off notifications' })).toBeVisible()
  await page.getByRole('checkbox', { name: /also on a locked screen/ }).check()
  await expect
    .poll(() => told)
    .toMatchObject([
      { reach: 'mine', words: false },
      { reach: 'mine', words: true },
    ])
  await page.reload()
  await expect(page.getByRole('radio', { name: 'In my conversations' })).toBeChecked()
  await page.getByRole('button', { name: 'Turn off notifications' }).click()
  await expect(page.getByRole('button', { name: 'Turn on notifications' })).toBeVisible()
  expect(told.at(-1)).toBe('DELETE')
  await context.close()

  const blocked = await browser.newContext({ viewport: phone })
  await blocked.addInitScript(() =>
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' }),
  )
  const sam = await Agent.in(blocked, server.origin, 'sam', false)
  await sam.page.goto(`${server.origin}/settings/notifications`)
  await expect(sam.page.getByText('This browser blocks notifications from Parley.')).toBeVisible()
  await browser.close()
})
