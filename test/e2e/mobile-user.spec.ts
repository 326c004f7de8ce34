import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const info = (agent: Agent): Locator =>
  agent.page.getByRole('complementary', { name: 'Mobile User Info' }).getByRole('form')
const save = (agent: Agent) => info(agent).getByRole('button', { name: 'SAVE' })
const stranger = '(312) 555-0177'

test('[flow 58] [F55] [F56] [F243] [F247] a name that is saved takes the place of the number everywhere, on every screen', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await server.hook('first-contact', 'Are you open today?', { from: '+13125550177' })
  await maya.open(stranger)
  await sam.open(stranger)
  for (const label of ['First Name', 'Last Name', 'Company Name'])
    await expect(info(maya).getByLabel(label)).toHaveValue('')
  await expect(save(maya)).toBeDisabled()
  await maya.page.getByRole('button', { name: 'Conversation & Notes' }).click()
  await expect(info(maya)).toHaveCount(0)
  await expect(maya.thread()).toContainText('Are you open today?')
  await maya.page.getByRole('button', { name: 'Mobile User Info' }).click()
  await info(maya).getByLabel('First Name').fill('Ruth')
  await info(maya).getByLabel('Last Name').fill('Abara')
  await save(maya).click()

  for (const agent of [maya, sam]) {
    await expect(agent.row('Ruth Abara')).toBeVisible()
    await expect(agent.row(stranger)).toHaveCount(0)
    await expect(agent.page.getByRole('log', { name: 'Conversation with Ruth Abara' })).toBeVisible()
  }
  await expect(info(sam).getByLabel('Last Name')).toHaveValue('Abara')

  await info(maya).getByLabel('Opted Out').check()
  await save(maya).click()
  await expect(info(sam).getByLabel('Opted Out')).toBeChecked()
  await expect(sam.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 59] [P6] two agents save one person at once: other fields both stand, the same field is told and keeps what was typed', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await Promise.all([maya.open('Omar Haddad'), sam.open('Omar Haddad')])
  await info(sam).getByLabel('Company Name').fill('Haddad & Sons')
  await info(sam).getByLabel('First Name').fill('Umar')
  await info(maya).getByLabel('First Name').fill('Omar A.')
  await save(maya).click()
  await expect(sam.row('Omar A. Haddad')).toBeVisible()
  await expect(info(sam).getByLabel('First Name')).toHaveValue('Umar')
  await save(sam).click()
  await expect(info(sam).getByRole('alert')).toHaveText(
    'Somebody else saved First Name meanwhile: it is "Omar A." now.',
  )
  await expect(info(sam).getByLabel('First Name')).toHaveValue('Umar')
  await info(sam).getByLabel('First Name').fill('Omar A.')
  await save(sam).click()
  await expect(info(maya).getByLabel('Company Name')).toHaveValue('Haddad & Sons')

  // Saved without a connection, and a colleague was first: it stands in its field again, with the words beside it.
  await sam.context.setOffline(true)
  await expect(sam.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
  await info(sam).getByLabel('Last Name').fill('Hadad')
  await save(sam).click()
  await expect(sam.row('Omar A. Hadad')).toBeVisible()
  await info(maya).getByLabel('Last Name').fill('Haddad-Ruiz')
  await save(maya).click()
  await expect(maya.row('Omar A. Haddad-Ruiz')).toBeVisible()
  await maya.live()
  await sam.context.setOffline(false)
  await expect(info(sam).getByLabel('Last Name')).toHaveAccessibleDescription(
    'Somebody else saved Last Name meanwhile: it is "Haddad-Ruiz" now.',
    { timeout: 40_000 },
  )
  await expect(info(sam).getByLabel('Last Name')).toHaveValue('Hadad')
  await expect(sam.row('Omar A. Haddad-Ruiz')).toBeVisible()
  await save(sam).click()
  await expect(maya.row('Omar A. Hadad')).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 58] what was typed and not saved is there when one comes back to the conversation', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const company = maya.page.getByLabel('Company Name')
  await maya.open('Dana Cruz')
  await company.fill('Cruz and Daughters')
  await maya.open('Marcus Bell')
  await expect(company).not.toHaveValue('Cruz and Daughters')
  await maya.open('Dana Cruz')
  await expect(company).toHaveValue('Cruz and Daughters')
  // Also where the page was loaded anew, which phones do when they want its room.
  await maya.page.reload()
  await expect(company).toHaveValue('Cruz and Daughters')
  await maya.page.getByRole('button', { name: 'SAVE', exact: true }).click()
  await expect(maya.page.getByText('Saved.')).toBeVisible()
  await maya.open('Marcus Bell')
  await maya.open('Dana Cruz')
  await expect(company).toHaveValue('Cruz and Daughters')
  await expect(maya.page.getByRole('button', { name: 'SAVE', exact: true })).toBeDisabled()
  await maya.close()
})

test('[flow 58] [F100] on a phone a reload comes back to Mobile User Info, and to what was typed into New', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya', { width: 390, height: 844 }, false)
  const { page } = maya
  await maya.open('Dana Cruz')
  await page.getByRole('tab', { name: 'Mobile User Info' }).click()
  await page.getByLabel('Last Name').fill('Cruz-Lee')
  await page.reload()
  await expect(page.getByRole('tab', { name: 'Mobile User Info' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByLabel('Last Name')).toHaveValue('Cruz-Lee')

  await page.goto(`${server.origin}/inbox/open/new`)
  const to = page.getByRole('combobox', { name: 'To', exact: true })
  await to.fill('marcus')
  await page.getByRole('option', { name: /Marcus Bell/ }).click()
  await page.reload()
  await expect(to).toHaveValue(/^Marcus Bell, /)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Marcus Bell' })).toBeVisible()
  // Who begins another one begins with an empty field.
  await page.goto(`${server.origin}/inbox/open/new`)
  await expect(to).toHaveValue('')
  await maya.close()
})
