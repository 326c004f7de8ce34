import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }
const sales = '+13095550100'

const main = (agent: Agent): Locator => agent.page.getByRole('main')
const button = (agent: Agent, name: string | RegExp): Locator => main(agent).getByRole('button', { name })
const field = (agent: Agent, name: string | RegExp): Locator => main(agent).getByLabel(name)

async function toAutoReplies(agent: Agent): Promise<void> {
  await agent.page.goto(`${server.origin}/settings/auto-replies`)
  await expect(agent.page.getByRole('heading', { level: 2, name: 'Auto-Replies' })).toBeVisible()
}

let arrivals = 0
/** A customer's text, as its carrier brings it. */
async function writes(from: string, text: string, to = sales): Promise<void> {
  expect((await server.hook(`auto-${arrivals++}`, text, { from, to })).ok).toBe(true)
}

/** What the customer's handset got, the newest last. */
async function got(from: string): Promise<string[]> {
  const sent = await server.sent()
  return sent.flatMap(({ to, text }) => (to === from ? [text] : []))
}

test('[flow 90] [F200] [F201] [F209] [F210] an agent has texts answered while they are closed, for everybody, and changes what is said', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  await toAutoReplies(maya)
  await expect(main(maya).getByText('No auto-replies yet.')).toBeVisible()
  const [title, add] = await Promise.all([
    main(maya).getByRole('heading', { name: 'Auto-Replies' }).boundingBox(),
    button(maya, 'NEW AUTO-REPLY').boundingBox(),
  ])
  expect(add?.x).toBe(title?.x)
  await button(maya, 'NEW AUTO-REPLY').click()
  // Words and patterns are for admins.
  await expect(field(maya, 'The text')).toHaveCount(0)

  // What is missing is said at its field, and what was chosen stays.
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) await field(maya, day).uncheck()
  await button(maya, 'ADD AUTO-REPLY').click()
  await expect(main(maya).getByText('Choose at least one day.')).toBeVisible()
  for (const day of ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'])
    await field(maya, day).check()
  await field(maya, 'From').fill('00:00')
  await main(maya).getByLabel('to', { exact: true }).fill('00:00')
  await expect(main(maya).getByText('A whole day, from 12:00 AM on.')).toBeVisible()
  await expect(main(maya).getByText(/there: a text would be answered now\./)).toBeVisible()
  await button(maya, 'ADD AUTO-REPLY').click()
  await expect(main(maya).getByText('Type what is to be answered.')).toBeVisible()
  await expect(field(maya, 'Message Text')).toBeFocused()
  await field(maya, 'Message Text').fill('We are closed and answer at 8.')
  await button(maya, 'ADD AUTO-REPLY').click()
  const rule = main(maya).getByRole('listitem').filter({ hasText: 'We are closed' })
  await expect(rule).toContainText('Global · Every day, all day · Chicago time · once in a conversation')

  await writes('+12175550171', 'Are you open?')
  await expect.poll(() => got('+12175550171')).toEqual(['We are closed and answer at 8.'])
  // The colleague sees it come and go, and that the customer still waits for a person.
  await sam.open('(217) 555-0171')
  await expect(sam.bubble('We are closed and answer at 8.')).toBeVisible()
  await expect(sam.thread().getByText('Automatic reply')).toBeVisible()
  await writes('+12175550171', 'Hello?')
  await expect(sam.bubble('Hello?')).toBeVisible()
  expect(await got('+12175550171')).toHaveLength(1)

  await rule.getByRole('button', { name: /^EDIT/ }).click()
  await field(maya, /^Limit how many times/).uncheck()
  await field(maya, 'Message Text').fill('We are back at 8.')
  await button(maya, 'UPDATE AUTO-REPLY').click()
  await expect(main(maya).getByText('We are back at 8.')).toBeVisible()
  await writes('+12175550171', 'Anybody?')
  await expect(sam.bubble('We are back at 8.')).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 91] [F83] [F202] [F208] an admin has words answered on one number, tries a text first, and turns it off', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin', phone, false)
  await toAutoReplies(admin)
  await button(admin, 'NEW AUTO-REPLY').click()
  await field(admin, 'The text').check()
  await field(admin, 'Code').selectOption('Sales, (309) 555-0100')
  await field(admin, 'Words or Number Patterns').fill('stop\norder ####')
  await field(admin, 'Message Text').fill('We look it up and tell you.')
  await button(admin, 'ADD AUTO-REPLY').click()
  await expect(main(admin).getByText('"stop" is kept for opting out and for help.')).toBeVisible()
  await field(admin, 'Words or Number Patterns').fill('order ####')
  await field(admin, 'Try a text').fill('Where is order 1234?')
  await expect(main(admin).getByText('This would not be answered.')).toBeVisible()
  await field(admin, /^Also where it is only a part/).check()
  await expect(main(admin).getByText('This would be answered.')).toBeVisible()
  await button(admin, 'ADD AUTO-REPLY').click()
  const kind = main(admin).getByRole('region', { name: 'Text-Based' })
  await expect(kind.getByRole('listitem')).toContainText('Sales · "order ####", anywhere in a text')

  await writes('+12175550172', 'Order 1234?', '+13095550101')
  await writes('+12175550173', 'And order 77?')
  await writes('+12175550174', 'Order 1234?')
  await expect.poll(() => got('+12175550174')).toEqual(['We look it up and tell you.'])
  const answered = async () => [...(await got('+12175550172')), ...(await got('+12175550173'))]
  expect((await answered()).filter((text) => text.startsWith('We look'))).toEqual([])

  await kind.getByRole('button', { name: /^EDIT/ }).click()
  await field(admin, 'Disabled').check()
  await button(admin, 'UPDATE AUTO-REPLY').click()
  await expect(kind.getByRole('listitem')).toContainText('Disabled')
  await writes('+12175550175', 'Order 1234?')
  // An agent has no button for it, and is told where a colleague removed what they are looking at.
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await toAutoReplies(maya)
  await expect(main(maya).getByText('We look it up and tell you.')).toBeVisible()
  await expect(main(maya).getByRole('region', { name: 'Text-Based' }).getByRole('button')).toHaveCount(0)
  await kind.getByRole('button', { name: /^EDIT/ }).click()
  await button(admin, 'Remove').click()
  await admin.page.getByRole('alertdialog').getByRole('button', { name: 'OK' }).click()
  await expect(kind).toHaveCount(0)
  await expect(main(maya).getByText('We look it up and tell you.')).toHaveCount(0)
  expect((await got('+12175550175')).filter((text) => text.startsWith('We look'))).toEqual([])
  await Promise.all([admin.close(), maya.close()])
})
