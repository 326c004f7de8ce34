import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }

const sections = (agent: Agent): Locator => agent.page.getByRole('navigation', { name: 'Settings' })
const section = (agent: Agent, name: string): Locator => sections(agent).getByRole('link', { name })
const title = (agent: Agent, name: string): Locator =>
  agent.page.getByRole('heading', { level: 2, name, exact: true })

async function toSettings(agent: Agent, name: string): Promise<void> {
  await agent.page.getByRole('button', { name: `Me: ${name}` }).click()
  await agent.page.getByRole('menuitem', { name: 'Settings' }).click()
  await expect(title(agent, 'User Profile')).toBeVisible()
}

test('[flow 70] [F16] [F27] Settings is a page of its own, and who goes there leaves the online list until they are back', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const online = sam.page.getByRole('dialog', { name: 'Online agents' })
  const openOnline = () => sam.page.getByRole('button', { name: 'Online', exact: true }).click()
  await openOnline()
  await expect(online.getByText('maya@demo.test')).toBeVisible()
  await maya.open('Omar Haddad')
  await toSettings(maya, 'Maya')
  await expect(online.getByText('maya@demo.test')).toHaveCount(0)
  await maya.page.goBack()
  await expect(maya.page.getByRole('log', { name: 'Conversation with Omar Haddad' })).toBeVisible()
  await expect(online.getByText('maya@demo.test')).toBeVisible()

  await Promise.all([maya.close(), sam.close()])
})

test('[flow 50] [F170] [F171] [F172] [F173] the online list names agents with their email, closes beside it, and leads to a profile', async ({
  browser,
}) => {
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const online = sam.page.getByRole('dialog', { name: 'Online agents' })
  const openOnline = () => sam.page.getByRole('button', { name: 'Online', exact: true }).click()
  const [name, control] = await Promise.all([
    sam.page.getByRole('heading', { name: 'Open', exact: true }).boundingBox(),
    sam.page.getByRole('button', { name: 'Online', exact: true }).boundingBox(),
  ])
  expect(control && name && control.x > name.x + name.width && control.y < name.y + name.height).toBe(true)
  await openOnline()
  await expect(online.getByRole('listitem').filter({ hasText: 'Maya' })).toContainText('maya@demo.test')
  await sam.page.getByRole('heading', { name: 'Open', exact: true }).click()
  await expect(online).toBeHidden()
  await openOnline()
  await online.getByRole('link', { name: 'Maya' }).click()
  await expect(title(sam, 'User Profile')).toBeVisible()
  await expect(sam.page.getByRole('main').getByText('maya@demo.test')).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 71] [F41] Settings has the sections that a role may see, and no others', async ({ browser }) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  await toSettings(admin, 'Admin')
  for (const name of ['Distribution Lists', 'Mobile End Users', 'Numbers', 'User Profile']) {
    await section(admin, name).click()
    await expect(title(admin, name)).toBeVisible()
  }
  await section(admin, 'Numbers').click()
  await expect(admin.page.getByRole('main').getByText('(309) 555-0100')).toBeVisible()

  const maya = await Agent.signIn(browser, server.origin, 'maya', phone)
  await toSettings(maya, 'Maya')
  await maya.page.getByRole('link', { name: 'All settings' }).click()
  await expect(section(maya, 'Mobile End Users')).toBeVisible()
  await expect(section(maya, 'Numbers')).toHaveCount(0)
  await maya.page.goto(`${server.origin}/settings/numbers`)
  await expect(section(maya, 'User Profile')).toBeVisible()
  await expect(maya.page.getByText('(309) 555-0100')).toHaveCount(0)

  await section(maya, 'Mobile End Users').click()
  await maya.page.getByRole('searchbox').fill('haddad')
  await maya.page.getByRole('link', { name: /Omar Haddad/ }).click()
  await expect(maya.page.getByRole('form', { name: 'Mobile User' }).getByLabel('Company Name')).toHaveValue(
    'Haddad Catering',
  )
  await maya.page.goBack()
  await expect(maya.page.getByRole('searchbox')).toBeVisible()
  await Promise.all([admin.close(), maya.close()])
})

test('[flow 80] single letters can be turned off, and the theme follows the choice', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page } = maya
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await expect(title(maya, 'User Profile')).toBeVisible()
  await section(maya, 'Preferences').click()
  await page.getByRole('radio', { name: 'Dark' }).check()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('checkbox', { name: /^Single letters/ }).uncheck()
  await page.getByRole('link', { name: 'Message Center' }).click()
  await maya.open('Omar Haddad')
  await page.getByRole('heading', { name: 'Open', exact: true }).click()
  await page.keyboard.press('?')
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toHaveCount(0)
  await expect(maya.thread()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(maya.thread()).toHaveCount(0)
  await maya.close()
})

test('[flow 84] [fault S7] an admin brings in what was set aside; what fails again stays with the reason', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  const { page, context } = admin
  // What the edge does with it is tested where objects can be made to fail: test/worker/border.test.ts.
  const arrival = (id: string, text: string | null) => ({
    id,
    channel: 'northwind',
    at: Date.UTC(2026, 10, 25, 12),
    from: text && '+13125550142',
    to: text && '+13095550100',
    text,
  })
  let kept = [arrival('one', 'Is the car ready?'), arrival('two', null)]
  const tries: string[] = []
  await context.route('**/api/parked', (route) => route.fulfill({ json: kept }))
  await context.route('**/api/parked/retry', (route) => {
    const { id } = route.request().postDataJSON()
    tries.push(id)
    if (tries.length === 1)
      return route.fulfill({
        status: 409,
        json: { text: 'It failed again, and stays here with all that came.' },
      })
    kept = kept.filter((other) => other.id !== id)
    return route.fulfill({ status: 204 })
  })
  await toSettings(admin, 'Admin')
  await section(admin, 'Set Aside').click()
  await expect(title(admin, 'Set Aside')).toBeVisible()
  const cards = page.getByRole('main').getByRole('listitem')
  await expect(cards).toHaveCount(2)
  await expect(cards.first()).toContainText('Is the car ready?')
  const retry = page.getByRole('button', { name: 'Try again: A text from (312) 555-0142' })
  await retry.click()
  await expect(cards.first().getByText('It failed again, and stays here with all that came.')).toBeVisible()
  await retry.click()
  await expect(cards).toHaveCount(1)
  await page.getByRole('button', { name: 'Try again: A delivery receipt' }).click()
  await expect(page.getByText('Nothing is set aside.')).toBeVisible()
  expect(tries).toEqual(['one', 'one', 'two'])
  await context.route('**/api/parked', (route) => route.abort())
  await page.reload()
  await expect(page.getByText('What was set aside can be seen with a connection only.')).toBeVisible()
  await admin.close()
})
