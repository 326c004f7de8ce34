import { expect, test, type Page } from '@playwright/test'
import { findBarriers, findFaint } from './axe.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }
const list = (page: Page) => page.getByRole('list', { name: 'Conversations' })
const selected = (agent: Agent) => agent.page.getByRole('toolbar', { name: 'Selected conversations' })

async function expectNoBarriers(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  expect(await findBarriers(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await findFaint(page)).toEqual([])
}

test('[flow 17] [F79] [F86] [DC16] [F70] a text nobody answers turns red on both screens, without a touch, and stands in Waiting', async ({
  browser,
}) => {
  // What the seed left unanswered grows older while other tests run.
  const talk = '(309) 555-3201'
  await server.hook('just-now', 'Is it still there?', { from: '+13095553201' })
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam', phone),
  ]
  for (const agent of [maya, sam]) {
    await expect(agent.item(talk).getByRole('img', { name: 'Customer Replied' })).toBeVisible()
    await expect(agent.item('Priya Raman').getByRole('img', { name: 'Waiting for Reply' })).toBeVisible()
    await expect(agent.item('Priya Raman')).toContainText(/\d+ min/)
  }
  await server.simulator('/api/clock', { account: 'northwind', ms: 16 * 60_000 })
  for (const agent of [maya, sam]) {
    await expect(agent.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toBeVisible()
    const red = await agent
      .item(talk)
      .locator('.row')
      .evaluate((row) => getComputedStyle(row).backgroundColor)
    expect(red).not.toBe(
      await agent
        .item('Omar Haddad')
        .locator('.row')
        .evaluate((row) => getComputedStyle(row).backgroundColor),
    )
  }
  await maya.view('Waiting').click()
  await expect(maya.page.getByRole('heading', { name: 'Waiting', level: 2 })).toBeVisible()
  // Answered, it is gone from Waiting, on both screens.
  await maya.open(talk)
  await maya.reply('It is. Shall I keep it for you?')
  await expect(maya.row(talk)).toHaveCount(0)
  await expect(sam.item(talk).getByRole('img', { name: 'Waiting for Reply' })).toHaveCount(0)
  await expect(sam.item(talk).getByRole('img', { name: 'An agent spoke last' })).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 19] [F71] [F89] [F92] [F93] the gray flag turns red and lists the conversation under Follow-Up for everybody; z takes it back', async ({
  browser,
}) => {
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam'),
  ]
  const flag = (agent: Agent) =>
    agent.item('Marcus Bell').getByRole('button', { name: 'Follow-Up: Marcus Bell' })
  await sam.view('Follow-Up').click()
  await expect(sam.row('Omar Haddad')).toBeVisible()
  await flag(maya).click()
  await expect(flag(maya)).toHaveAttribute('aria-pressed', 'true')
  await expect(sam.row('Marcus Bell')).toBeVisible()
  await maya.page.locator('body').press('z')
  await expect(flag(maya)).toHaveAttribute('aria-pressed', 'false')
  await expect(sam.row('Marcus Bell')).toHaveCount(0)
  // From the list, and back by the red flag.
  await flag(maya).click()
  await expect(sam.row('Marcus Bell')).toBeVisible()
  await flag(maya).click()
  await expect(sam.row('Marcus Bell')).toHaveCount(0)
  // On a phone, where a conversation covers the list, by the flag above it.
  await maya.open('Marcus Bell')
  await maya.page.setViewportSize(phone)
  await maya.page.getByRole('button', { name: 'Follow-Up', exact: true }).click()
  await expect(sam.row('Marcus Bell')).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 20] [F72] [F74] [F75] [F76] an edited view shows its result below the fields, and DONE changes it for the other agent', async ({
  browser,
}) => {
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam', phone),
  ]
  await expect(sam.row('Marcus Bell')).toBeVisible()
  await maya.page.getByRole('button', { name: 'EDIT VIEW' }).click()
  const form = maya.page.getByRole('form', { name: 'Edit view' })
  await expectNoBarriers(maya.page)
  await form.getByLabel('Mobile User(s)').fill('haddad, (309) 555-0120')
  await expect(maya.row('Omar Haddad')).toBeVisible()
  await expect(list(maya.page).getByRole('listitem')).toHaveCount(2)
  await form.getByLabel('Message Content').fill('CATERING business')
  await expect(list(maya.page).getByRole('listitem')).toHaveCount(1)
  await form.getByLabel('Message Content').fill('')
  await form.getByRole('button', { name: 'Company Number: Any' }).click()
  await maya.page.getByRole('checkbox', { name: 'Service' }).check()
  await expect(maya.page.getByText('No conversation is in this view.')).toBeVisible()
  await maya.page.getByRole('checkbox', { name: 'Sales' }).check()
  await maya.page.keyboard.press('Escape')
  await expect(list(maya.page).getByRole('listitem')).toHaveCount(2)
  // Nobody else sees it before DONE.
  await expect(sam.row('Marcus Bell')).toBeVisible()
  await maya.page.getByRole('button', { name: 'DONE' }).click()
  await expect(form).toHaveCount(0)
  for (const agent of [maya, sam]) {
    await expect(agent.row('Marcus Bell')).toHaveCount(0)
    await expect(agent.row('Omar Haddad')).toBeVisible()
  }
  // The other agent puts it back to what it was, and takes that back, and again.
  await sam.page.getByRole('button', { name: 'EDIT VIEW' }).click()
  await sam.page.getByRole('button', { name: 'Put back to default' }).click()
  for (const agent of [maya, sam]) await expect(agent.row('Marcus Bell')).toBeVisible()
  await sam.page.getByRole('button', { name: 'Undo' }).click()
  await expect(maya.row('Marcus Bell')).toHaveCount(0)
  await sam.page.getByRole('button', { name: 'EDIT VIEW' }).click()
  await sam.page.getByRole('button', { name: 'Put back to default' }).click()
  await expect(maya.row('Marcus Bell')).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 21] [DC5] an added view is everybody’s or its author’s; one that was removed says so', async ({
  browser,
}) => {
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam'),
  ]
  await expect(
    maya.page.getByRole('link', { name: /^My fleet customers, \d+ unread, only yours$/ }),
  ).toBeVisible()
  await expect(sam.page.getByRole('link', { name: /^My fleet customers/ })).toHaveCount(0)
  await maya.page.getByRole('button', { name: 'Add a view' }).click()
  await maya.page.getByRole('button', { name: 'DONE' }).click()
  await expect(maya.page.getByRole('alert').getByText('Give the view a name.')).toBeVisible()
  await maya.page.getByLabel('Name').fill('Ended by anybody')
  await maya.page.getByLabel('Conversation Status').selectOption('Closed')
  await maya.page.getByRole('button', { name: 'DONE' }).click()
  await expect(maya.page.getByRole('heading', { name: 'Ended by anybody', level: 2 })).toBeVisible()
  await expect(maya.row('Peter Novak').first()).toBeVisible()
  await sam.view('Ended by anybody').click()
  await expect(sam.row('Peter Novak').first()).toBeVisible()
  await maya.page.getByRole('button', { name: 'EDIT VIEW' }).click()
  await maya.page.getByRole('button', { name: 'Remove view' }).click()
  await expect(sam.page.getByText('This view was removed.')).toBeVisible()
  await expect(sam.view('Ended by anybody')).toHaveCount(0)
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 16] [F66] [F68] [F69] bubbles count what is unread; the current view is white on dark in both themes, the others gray', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('bubble-1', 'Anybody there?', { from: '+13125550120' })
  for (const name of ['Open', 'Unassigned', 'Sales'])
    await expect(maya.view(name)).toHaveAccessibleName(new RegExp(`^${name}, [1-9]\\d* unread`))
  for (const colorScheme of ['light', 'dark'] as const) {
    await maya.page.emulateMedia({ colorScheme })
    const style = (name: string) =>
      maya.view(name).evaluate((link) => {
        const bubble = link.querySelector('.bubble-count')
        const { color, backgroundColor } = getComputedStyle(link)
        return { color, backgroundColor, bubble: bubble ? getComputedStyle(bubble).backgroundColor : '' }
      })
    const [current, other] = [await style('Open'), await style('Unassigned')]
    expect(current.color).toBe('rgb(255, 255, 255)')
    expect(other.color).not.toBe(current.color)
    for (const ground of [current.backgroundColor, current.bubble]) expect(lightness(ground)).toBeLessThan(60)
    expect(other.backgroundColor).not.toBe(current.backgroundColor)
  }
  await maya.close()
})

/** The brightest channel of a colour, from 0 to 255. */
function lightness(color: string): number {
  return Math.max(...(color.match(/[\d.]+/gu) ?? []).slice(0, 3).map(Number))
}

test('[flow 22] many at once by keyboard: x and Shift+X choose, the bar flags, assigns and ends them; Undo takes back', async ({
  browser,
}) => {
  const [maya, sam] = [
    await Agent.signIn(browser, server.origin, 'maya'),
    await Agent.signIn(browser, server.origin, 'sam'),
  ]
  await maya.view('Unassigned').click()
  await expect(maya.page.getByRole('heading', { name: 'Unassigned', level: 2 })).toBeVisible()
  const titles = await list(maya.page).getByRole('link').allTextContents()
  const three = titles.slice(0, 3)
  await maya
    .row(three[0] ?? '')
    .first()
    .focus()
  const body = maya.page.locator(':focus')
  await body.press('x')
  await maya.page.keyboard.press('j')
  await maya.page.keyboard.press('j')
  await maya.page.keyboard.press('Shift+X')
  await expect(selected(maya).getByText('3 selected')).toBeVisible()
  await expectNoBarriers(maya.page)
  await maya.page.keyboard.press('s')
  await expect(selected(maya)).toHaveCount(0)
  await sam.view('Follow-Up').click()
  for (const title of three) await expect(sam.row(title)).toBeVisible()
  await maya.page.keyboard.press('z')
  for (const title of three) await expect(sam.row(title)).toHaveCount(0)
  // By pointer: a box, and Shift+click on a row.
  const box = (title: string) => maya.page.getByRole('checkbox', { name: `Select ${title}` })
  await box(three[0] ?? '').check()
  await maya.row(three[2] ?? '').click({ modifiers: ['Shift'] })
  await expect(selected(maya).getByText('3 selected')).toBeVisible()
  await maya.page.keyboard.press('Escape')
  await expect(selected(maya)).toHaveCount(0)
  await box(three[1] ?? '').check()
  await box(three[2] ?? '').check()
  await selected(maya).getByRole('button', { name: 'Assign' }).click()
  await maya.page.getByRole('button', { name: /^Maya \(you\)/ }).click()
  await maya.view('Just Mine').click()
  for (const title of three.slice(1)) await expect(maya.row(title)).toBeVisible()
  // Ending is asked once, with the number. What a colleague ended meanwhile, unseen, is listed with the reason.
  for (const title of three.slice(1)) await box(title).check()
  await maya.context.setOffline(true)
  await sam.view('Open').click()
  await sam.open(three[1] ?? '')
  await sam.end()
  await maya.page.keyboard.press('e')
  const question = maya.page.getByRole('alertdialog')
  await expect(question).toContainText('CLOSE these 2 conversations?')
  await question.getByRole('button', { name: 'OK' }).click()
  for (const title of three.slice(1)) await expect(maya.row(title)).toHaveCount(0)
  await maya.context.setOffline(false)
  const listed = maya.page.getByRole('dialog', { name: '1 of 2 were not ended' })
  await expect(listed).toContainText(`${three[1]} This conversation has ended already.`, { timeout: 30_000 })
  await sam.view('Closed').click()
  for (const title of three.slice(1)) await expect(sam.row(title).first()).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 23] on a phone a finger that rests on a row chooses it, and a tap the next ones', async ({
  browser,
}) => {
  const context = await browser.newContext({ viewport: phone, hasTouch: true, isMobile: true })
  const sam = await Agent.in(context, server.origin, 'sam', false)
  const rows = list(sam.page).getByRole('link')
  await expect(rows.first()).toBeVisible()
  const order = () => rows.evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
  // The first copy draws rows anew under the finger, which ends its rest, and puts others in their place.
  await expect(async () => {
    const before = await order()
    await sam.page.waitForTimeout(1500)
    expect(await order()).toEqual(before)
  }).toPass({ timeout: 60_000 })
  const [, one, two] = await order()
  const row = (href: string | undefined) => list(sam.page).locator(`a[href="${href}"]`)
  const session = await context.newCDPSession(sam.page)
  const touch = (type: 'touchStart' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints })
  const place = await row(one).boundingBox()
  await touch('touchStart', [{ x: (place?.x ?? 0) + 20, y: (place?.y ?? 0) + 10 }])
  await expect(selected(sam).getByText('1 selected')).toBeVisible()
  await touch('touchEnd', [])
  await row(two).tap()
  await expect(selected(sam).getByText('2 selected')).toBeVisible()
  await selected(sam)
    .getByRole('button', { name: /Mark as (un)?read/ })
    .tap()
  await expect(selected(sam)).toHaveCount(0)
  await expect(sam.page.getByText('2 conversations marked.')).toBeVisible()
  await context.close()
})

test('[flow 18] [F57] w opens whoever waits longest, and Shift+U leaves it unread', async ({ browser }) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.page.locator('body').press('g')
  await maya.page.keyboard.press('w')
  await expect(maya.page.getByRole('heading', { name: 'Waiting', level: 2 })).toBeVisible()
  await maya.page.keyboard.press('w')
  await expect(maya.thread()).toBeVisible()
  const title = (await maya.thread().getAttribute('aria-label'))?.replace('Conversation with ', '') ?? ''
  await expect(maya.item(title).locator('.row.unread')).toHaveCount(0)
  await maya.page.keyboard.press('Shift+U')
  await expect(maya.item(title).locator('.row.unread')).toBeVisible()
  await maya.page.keyboard.press('z')
  await expect(maya.item(title).locator('.row.unread')).toHaveCount(0)
  await maya.close()
})
