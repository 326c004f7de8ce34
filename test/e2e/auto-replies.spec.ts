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
  await expect(main(admin).getByText('No pattern fits this.')).toBeVisible()
  await field(admin, /^Also where it is only a part/).check()
  await expect(main(admin).getByText('A pattern fits this.')).toBeVisible()
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

test('[flow 90] what is typed into an auto-reply stays over a reload, a colleague’s change and a colleague’s removal', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const admin = await Agent.signIn(browser, server.origin, 'admin', phone, false)
  await toAutoReplies(maya)
  await button(maya, 'NEW AUTO-REPLY').click()
  await expect(maya.page.getByRole('heading', { name: 'New Auto-Reply' })).toBeFocused()
  await field(maya, 'Message Text').fill('Closed on')
  await field(maya, 'Saturday').check()
  await maya.page.reload()
  await expect(field(maya, 'Message Text')).toHaveValue('Closed on')
  await expect(field(maya, 'Saturday')).toBeChecked()
  await expect(field(maya, 'Time Zone')).toHaveValue('America/Chicago')
  await field(maya, 'Message Text').fill('Closed on Sundays.')
  await button(maya, 'ADD AUTO-REPLY').click()
  const rule = (agent: Agent, text: string) => main(agent).getByRole('listitem').filter({ hasText: text })
  const edit = (agent: Agent, text: string) =>
    rule(agent, text).getByRole('button', { name: /^EDIT/ }).click()
  // Cancel lets go of what is typed.
  await edit(maya, 'Closed on Sundays.')
  await field(maya, 'Message Text').fill('Not this')
  await button(maya, 'Cancel').click()
  await edit(maya, 'Closed on Sundays.')
  await expect(field(maya, 'Message Text')).toHaveValue('Closed on Sundays.')

  // A colleague is first: one reads theirs before one's own takes its place.
  await field(maya, 'Message Text').fill('Shut on Sundays.')
  await toAutoReplies(admin)
  await edit(admin, 'Closed on Sundays.')
  await field(admin, 'Message Text').fill('We rest on Sundays.')
  await button(admin, 'UPDATE AUTO-REPLY').click()
  await expect(rule(admin, 'We rest on Sundays.')).toBeVisible()
  await button(maya, 'UPDATE AUTO-REPLY').click()
  await expect(main(maya).getByRole('alert').filter({ hasText: 'Somebody else changed' })).toContainText(
    'It says now: "We rest on Sundays." (Global',
  )
  await expect(field(maya, 'Message Text')).toHaveValue('Shut on Sundays.')
  await button(maya, 'UPDATE AUTO-REPLY').click()
  await expect(rule(admin, 'Shut on Sundays.')).toBeVisible()

  // Removed under one's hands: what is typed can be added anew.
  await edit(maya, 'Shut on Sundays.')
  await field(maya, 'Message Text').fill('Shut on Sundays and holidays.')
  await edit(admin, 'Shut on Sundays.')
  await button(admin, 'Remove').click()
  await admin.page.getByRole('alertdialog').getByRole('button', { name: 'OK' }).click()
  await expect(main(maya).getByText(/^Somebody removed this auto-reply\./)).toBeVisible()
  await expect(field(maya, 'Message Text')).toHaveValue('Shut on Sundays and holidays.')
  await button(maya, 'ADD AUTO-REPLY').click()
  await expect(rule(admin, 'Shut on Sundays and holidays.')).toBeVisible()
  await Promise.all([maya.close(), admin.close()])
})
