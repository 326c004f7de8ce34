import { expect, test, type BrowserContext, type Locator, type Page } from '@playwright/test'
import { hour } from '#shared/base/time.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

/** A page whose scripts and style sheet do not come before `release` is called. */
interface HeldUp {
  release(): Promise<void>
}

/** Loads the page anew, or another address, and stops it where nothing of the app is there yet. */
async function openHeldUp(page: Page, address = page.url()): Promise<HeldUp> {
  let go = () => {}
  const held = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/assets/**', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(address, { waitUntil: 'commit' })
  await expect(page.locator('.first')).toBeAttached()
  return {
    async release() {
      go()
      await page.unrouteAll({ behavior: 'wait' })
      await expect(page.locator('.first')).not.toBeAttached()
    },
  }
}

/** The picture stands in a closed root, which no test could look into. */
async function letLookIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const attach = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
      return attach.call(this, { ...options, mode: 'open' })
    }
  })
}

const picture = (page: Page): Locator => page.locator('.first > div .center')

test('[flow 89] a page that is opened again paints the screen as it was left before its scripts are here, and the live one takes its place', async ({
  browser,
}) => {
  for (const [person, said, size] of [
    ['Marcus Bell', '10:30 is perfect, thank you', { width: 390, height: 844 }],
    ['Theo Lindqvist', 'It is the front left I think', { width: 1440, height: 900 }],
  ] as const) {
    const maya = await Agent.signIn(browser, server.origin, 'maya', size, false)
    const { page, context } = maya
    const refused: string[] = []
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))
    await letLookIn(context)
    await maya.open(person)
    await expect(maya.bubble(said)).toBeVisible()
    await maya.write(`Half a thought at ${size.width}`)
    const place = await maya.bubble(said).boundingBox()

    const { release } = await openHeldUp(page)
    const words = picture(page).locator('.bubble').getByText(said)
    await expect(words).toBeVisible()
    await expect(picture(page).getByText(`Half a thought at ${size.width}`)).toBeVisible()
    const painted = await words.boundingBox()
    expect(painted).not.toBeNull()
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs((painted?.[side] ?? 0) - (place?.[side] ?? 0)), side).toBeLessThanOrEqual(1)
    // What time has changed by then is left out, and nothing in it can be reached.
    if (size.width > 640) {
      await expect(picture(page).getByText('Dana Cruz')).toBeVisible()
      const times = await picture(page).locator('.row-time').all()
      expect(times).not.toEqual([])
      for (const time of times) await expect(time).toBeHidden()
    }
    await expect(page.getByRole('button', { name: 'SEND', exact: true })).toHaveCount(0)
    expect(await page.locator('.first').evaluate((first) => (first as HTMLElement).inert)).toBe(true)

    await release()
    await expect(maya.bubble(said)).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue(
      `Half a thought at ${size.width}`,
    )
    expect(refused).toEqual([])
    await context.close()
  }
})

test('[flow 89] [E12] the picture of a screen is for its own person, address and day, and goes with them', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page, context } = maya
  await letLookIn(context)
  const inbox = page.url()
  /** Leaves the inbox, changes what the next start will find, and tells whether that shows a picture. */
  const opened = async (changes: Record<string, object> = {}, address = inbox) => {
    await page.goto('about:blank')
    const empty = await context.newPage()
    await empty.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
    await empty.goto(server.origin)
    await empty.evaluate((changes) => {
      for (const [key, change] of Object.entries(changes))
        localStorage.setItem(
          key,
          JSON.stringify({ ...JSON.parse(localStorage.getItem(key) ?? '{}'), ...change }),
        )
    }, changes)
    await empty.close()
    const { release } = await openHeldUp(page, address)
    const shown = await picture(page).count()
    await release()
    return shown
  }
  const yesterday = Date.now() - 12.1 * hour
  expect(await opened()).toBe(1)
  expect(await opened({ 'parley.picture': { whose: 'northwind:somebody' } })).toBe(0)
  expect(await opened({ 'parley.picture': { at: yesterday } })).toBe(0)
  expect(await opened({ 'parley:session': { confirmed: yesterday } })).toBe(0)
  expect(await opened({ 'parley.picture': { width: 900 } })).toBe(0)
  expect(await opened({ 'parley.picture': { tree: 7 } })).toBe(0)
  expect(await opened({}, `${server.origin}/inbox/unassigned`)).toBe(0)

  // What a start does not bring back is not in it, and nothing of before stands in for it.
  await page.goto(inbox)
  await maya.live()
  await page.keyboard.press('x')
  await expect(page.getByText('1 selected')).toBeVisible()
  expect(await opened()).toBe(0)

  // The installed app begins at the list, beside which no conversation is open then.
  await page.goto(inbox)
  await maya.open('Dana Cruz')
  await page.goto('about:blank')
  const app = await openHeldUp(page, server.origin)
  await expect(picture(page).getByText('Marcus Bell')).toBeVisible()
  await expect(picture(page).locator('.reading-title, .row.current')).toHaveCount(0)
  await app.release()

  const kept = () => page.evaluate(() => localStorage.getItem('parley.picture'))
  expect(await kept()).toContain('Marcus Bell')
  await page.getByRole('button', { name: 'Me: Maya' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Email')).toBeVisible()
  expect(await kept()).toBeNull()
  await page.goto('about:blank')
  const { release } = await openHeldUp(page, inbox)
  expect(await picture(page).count()).toBe(0)
  await release()
  expect(await kept()).toBeNull()
  await context.close()
})
