import { expect, test, type Page } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }

const databases = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))
/** Everything that is stored in this browser beside databases, in one text. */
const stored = (page: Page) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))

async function signOut(agent: Agent, name: string): Promise<void> {
  await agent.page.getByRole('button', { name: `Me: ${name}` }).click()
  await agent.page.getByRole('menuitem', { name: 'Sign out' }).click()
}

async function logIn(page: Page, name: string, shared = false): Promise<void> {
  await page.getByLabel('Email').fill(`${name}@demo.test`)
  await page.getByLabel('Password').fill('parley-demo')
  await page.getByRole('checkbox', { name: 'This computer is shared' }).setChecked(shared)
  await page.getByRole('button', { name: 'Log In' }).click()
}

test('[flow 10] [E12] [fault C8] Devices lists where an agent is signed in, and one that is ended there says so and keeps nothing', async ({
  browser,
}) => {
  const here = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  const there = await Agent.signIn(browser, server.origin, 'sam')
  await here.page.goto(`${server.origin}/settings/devices`)
  const sessions = here.page.getByRole('main').getByRole('listitem')
  await expect(sessions).toHaveCount(2)
  await expect(sessions.filter({ hasText: 'This device' })).toHaveCount(1)
  await expect(sessions.first()).toContainText(/Chrome on Linux/)
  await here.page.getByRole('button', { name: /^End: Chrome/ }).click()
  await expect(sessions).toHaveCount(1)
  await expect(sessions).toContainText('This device')
  await expect(there.page.getByText(/^You were signed out of this browser from another device/)).toBeVisible()
  expect(await databases(there.page)).toEqual([])
  await Promise.all([here.close(), there.close()])
})

test('[flow 11] [P5] a sign-out asks about unsent work: kept it goes after the next sign-in, and nothing of a customer waits with it', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page, context } = maya
  await maya.open('Omar Haddad')
  await context.setOffline(true)
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
  await maya.note('Written on the train')
  await signOut(maya, 'Maya')
  const question = page.getByRole('alertdialog', { name: '1 change is on this device only.' })
  await expect(question.getByText('Written on the train')).toBeVisible()
  await question.getByRole('button', { name: 'Stay signed in' }).click()
  await expect(maya.bubble('Written on the train')).toBeVisible()
  await signOut(maya, 'Maya')
  await question.getByRole('button', { name: 'Keep for later' }).click()
  await expect(page.getByRole('button', { name: 'Log In' })).toBeVisible()
  const left = await page.evaluate(async () => {
    const [{ name = '' } = {}] = await indexedDB.databases()
    const open = indexedDB.open(name)
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const tables = [...open.result.objectStoreNames]
    const tx = open.result.transaction(tables)
    const all = await Promise.all(
      tables.map(async (table) => {
        const request = tx.objectStore(table).getAll()
        await new Promise((resolve) => request.addEventListener('success', resolve))
        return JSON.stringify(request.result)
      }),
    )
    open.result.close()
    return all.join()
  })
  expect(left).toContain('Written on the train')
  expect(left).not.toMatch(/Omar|Haddad/)
  await context.setOffline(false)
  await page.reload()
  await logIn(page, 'maya')
  await maya.live()
  await maya.open('Omar Haddad')
  await expect(maya.bubble('Written on the train')).toBeVisible()
  await expect(maya.dot('Connected')).toBeVisible()
  expect(await stored(page)).toContain('tabs')
  await signOut(maya, 'Maya')
  await expect(page.getByRole('button', { name: 'Log In' })).toBeVisible()
  await expect.poll(() => databases(page)).toEqual([])
  expect(await stored(page)).not.toContain('tabs')
  await maya.close()
})

test('[flow 11] [P5] at a sign-out with unsent work "Send first" waits until it is with the service, and "Discard" takes it away', async ({
  browser,
}) => {
  const wire = await Wire.to(server.port)
  const maya = await Agent.signIn(browser, wire.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  const { page, context } = maya
  const choice = (name: string) => page.getByRole('alertdialog').getByRole('button', { name })
  const out = page.getByRole('button', { name: 'Log In' })
  await maya.open('Grace Okafor')
  await context.setOffline(true)
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
  await maya.note('To be discarded')
  await signOut(maya, 'Maya')
  await expect(page.getByRole('alertdialog', { name: '1 change is on this device only.' })).toBeVisible()
  // Nothing can be sent first where nothing goes out.
  await expect(choice('Send first')).toHaveCount(0)
  await choice('Discard').click()
  await expect(out).toBeVisible()
  await expect.poll(() => databases(page)).toEqual([])

  await context.setOffline(false)
  await page.reload()
  await logIn(page, 'maya')
  await maya.live()
  await maya.open('Grace Okafor')
  // On a slow line the question stands while the connection does.
  wire.latency = 4000
  await maya.note('To be sent first')
  await signOut(maya, 'Maya')
  await choice('Send first').click()
  await expect(choice('Sending…')).toBeVisible()
  wire.latency = 0
  await expect(out).toBeVisible({ timeout: 40_000 })
  await expect.poll(() => databases(page)).toEqual([])
  await sam.open('Grace Okafor')
  await expect(sam.bubble('To be sent first')).toBeVisible()
  await expect(sam.bubble('To be discarded')).toHaveCount(0)
  await Promise.all([maya.close(), sam.close()])
  await wire.close()
})

test('[flow 60] background sync sends what waits in a page that has not noticed that the network is back', async ({
  browser,
}) => {
  const context = await browser.newContext()
  await context.addInitScript(() => {
    // A page that sleeps: it takes itself for offline until the service worker speaks to it.
    const page = Object.assign(globalThis, { asleep: false, listening: false })
    Object.defineProperty(navigator, 'onLine', { get: () => !page.asleep })
    navigator.serviceWorker.addEventListener('message', () => {
      if (page.listening) page.asleep = false
    })
  })
  const maya = await Agent.in(context, server.origin, 'maya')
  const { page } = maya
  const tell = (state: { asleep?: boolean; listening?: boolean }) =>
    page.evaluate((state) => void Object.assign(globalThis, state), state)
  const devtools = await context.newCDPSession(page)
  const registration = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    }),
  )
  await devtools.send('ServiceWorker.enable')
  await maya.open('Ingrid Solberg')
  // It is installed once the first rows are painted, and not at all where the network goes away meanwhile.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
  await tell({ asleep: true })
  await context.setOffline(true)
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
  await maya.reply('From the tunnel')
  await context.setOffline(false)
  await expect(maya.sign(/Waiting for connection/).first()).toBeVisible()
  expect(await server.sent()).not.toContainEqual(expect.objectContaining({ text: 'From the tunnel' }))
  await tell({ listening: true })
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    origin: server.origin,
    registrationId: await registration,
    tag: 'parley',
    lastChance: false,
  })
  await expect
    .poll(async () => (await server.sent()).filter(({ text }) => text === 'From the tunnel').length)
    .toBe(1)
  await context.close()
})

test('[flow 12] [E12] on a computer that is shared nothing is kept: no database, no name, and no session once it closes', async ({
  browser,
}) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(server.origin)
  await logIn(page, 'maya', true)
  const maya = Agent.tabOf(page, context)
  await maya.live()
  await maya.open('Omar Haddad')
  await maya.write('Half a thought')
  expect(await databases(page)).toEqual([])
  expect(await stored(page)).not.toMatch(/maya|demo\.test|Half a thought|tabs/i)
  const session = (await context.cookies()).find(({ name }) => name === '__Host-sid')
  expect(session?.expires).toBe(-1)
  // The page may be loaded again while the browser is open: what was typed is with the service.
  await expect(maya.dot('Connected')).toBeVisible()
  await page.reload()
  await maya.live()
  // Not even a picture of the screen was kept for that.
  expect(await stored(page)).not.toMatch(/Omar|picture/)
  await expect(page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Half a thought')
  await page.goto(`${server.origin}/settings/storage`)
  await expect(page.getByText(/^This computer is shared: nothing is kept in this browser/)).toBeVisible()
  await signOut(maya, 'Maya')
  await expect(page.getByRole('checkbox', { name: 'This computer is shared' })).toBeChecked()
  expect(await stored(page)).not.toMatch(/maya|demo\.test|Half a thought|tabs/i)
  await context.close()
})

test('[flow 13] [E6] Storage shows what this device keeps and how safe it is', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.page.goto(`${server.origin}/settings/storage`)
  const fact = (name: string) =>
    maya.page
      .locator('dl.facts > div')
      .filter({ has: maya.page.getByText(name, { exact: true }) })
      .locator('dd')
  await expect(fact('Conversations')).toHaveText(/^[1-9]\d+$/)
  await expect(fact('Changes not sent yet')).toHaveText('0')
  await expect(fact('Space used')).toHaveText(/ of /)
  // Asked by a press, the browser says no, and then yes.
  await expect(maya.page.getByText(/^The browser may delete this data/)).toBeVisible()
  await maya.page.getByRole('button', { name: 'Keep this data' }).click()
  await expect(maya.page.getByText('The browser did not agree.', { exact: false })).toBeVisible()
  await maya.close()

  const context = await browser.newContext()
  await context.addInitScript(() => {
    let granted = false
    StorageManager.prototype.persisted = async () => granted
    StorageManager.prototype.persist = async () =>
      (granted = granted || location.pathname === '/settings/storage')
  })
  const sam = await Agent.in(context, server.origin, 'sam')
  await sam.page.goto(`${server.origin}/settings/storage`)
  await expect(sam.page.getByText('The browser keeps this data until you sign out.')).toBeVisible()
  await expect(sam.page.getByRole('button', { name: 'Keep this data' })).toHaveCount(0)
  await sam.close()
})

test('[flow 76] [F126] [F134] [F45] an admin sets what messages may bring, how long they are and whether the first carries the name, and it holds on every screen', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('Omar Haddad')
  const paragraph = maya.page.getByRole('button', { name: 'Text-only MMS' })
  await expect(paragraph).toBeVisible()
  await admin.page.goto(`${server.origin}/settings/numbers`)
  const messages = admin.page.getByRole('form', { name: 'Messages' })
  const limit = messages.getByLabel('Characters in a Text-Only MMS')
  const save = messages.getByRole('button', { name: 'SAVE' })
  await expect(save).toBeDisabled()
  await limit.fill('many')
  await save.click()
  await expect(limit).toHaveAccessibleDescription('Type a whole number.')
  await expect(limit).toHaveValue('many')
  await limit.fill('10,001')
  await save.click()
  await expect(limit).toHaveAccessibleDescription(/is a number from 1 to 10,000/)
  await limit.fill('4,000')
  await messages.getByLabel('Allow inbound MMS').uncheck()
  await messages.getByLabel('Texts over 160 Characters').selectOption({ label: 'Disallow them' })
  await messages.getByLabel('Minutes until Waiting for Reply').fill('5')
  await save.click()
  // Until then the form waits for the edge.
  await expect(admin.page.getByText('Saved.', { exact: true }).first()).toBeVisible()
  await admin.page.reload()
  await expect(limit).toHaveValue('4000')
  await expect(messages.getByLabel('Allow inbound MMS')).not.toBeChecked()
  await expect(messages.getByLabel('Minutes until Waiting for Reply')).toHaveValue('5')
  await maya.write('a'.repeat(161))
  await expect(maya.page.getByText('1 character over the limit of 160.')).toBeVisible()
  await messages.getByLabel('Auto-Append Dynamic Text').check()
  await save.click()
  await expect(save).toBeDisabled()
  const sales = admin.page.getByRole('form', { name: 'Settings of Sales' })
  await sales.getByLabel('Sends picture messages (MMS)').uncheck()
  await sales.getByRole('button', { name: 'SAVE' }).click()
  await expect(sales.getByRole('button', { name: 'SAVE' })).toBeDisabled()
  // The row comes over a moment later; a press before that only turns the sign on or off.
  await expect(async () => {
    await paragraph.click()
    const words = 'This number cannot send MMS, so a text leaves as a text message.'
    await expect(maya.page.getByText(words)).toBeVisible({ timeout: 500 })
  }).toPass()
  // The first text of a new conversation carries the name, one that follows does not.
  await maya.page.goto(`${server.origin}/inbox/open/new`)
  const to = maya.page.getByRole('combobox', { name: 'To', exact: true })
  await to.fill('ravi iyer')
  await expect(maya.page.getByRole('option', { name: /Ravi Iyer/ })).toBeVisible()
  await to.press('ArrowDown')
  await to.press('Enter')
  await to.press('Enter')
  await expect(maya.page.getByRole('log', { name: 'Conversation with Ravi Iyer' })).toBeVisible()
  await maya.write('Hello')
  await maya.page.getByRole('button', { name: 'SEND', exact: true }).click()
  await expect(maya.bubble('Hello Ravi Iyer')).toBeVisible()
  await expect.poll(async () => (await server.sent()).map(({ text }) => text)).toContain('Hello Ravi Iyer')
  await Promise.all([admin.close(), maya.close()])
})
