import { expect, test, type Page } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

async function openLists(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Me: Maya' }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await page
    .getByRole('navigation', { name: 'Settings' })
    .getByRole('link', { name: 'Distribution Lists' })
    .click()
  await expect(page.getByRole('heading', { name: 'Distribution Lists' })).toBeVisible()
}

test('[flow 81] [F12] [F261] [F269] [F275] an agent ticks and pastes people onto a list, sees what is wrong with an entry, and saves the rest', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page } = maya
  await openLists(page)
  await page.getByRole('button', { name: 'New Distribution List' }).click()
  await page.getByLabel('Friendly Name').fill('Spring check')
  await page.getByLabel('Find by name').fill('Dana')
  await page.getByLabel('Dana Cruz').check()
  await page.getByLabel('Add New Phone Numbers').fill('(312) 555-0171, 5550172\nSpringfield\n+1 312 555 0173')
  const bad = page.getByRole('list', { name: 'Entries that are left out' }).getByRole('listitem')
  await expect(bad).toHaveText([
    /Line 1 5550172 The area code is missing/,
    /Line 2 Springfield There are letters in it/,
  ])
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByRole('form').getByRole('alert').first()).toContainText(
    'Add All New Phone Numbers to List',
  )
  await page.getByLabel('Add All New Phone Numbers to List').check()
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByRole('heading', { name: 'Spring check' })).toBeVisible()
  await expect(page.getByText('3 numbers', { exact: true })).toBeVisible()

  // What was saved is there again, and can be changed.
  await page.getByRole('button', { name: 'All lists' }).click()
  await page.getByRole('button', { name: 'EDIT Spring check' }).click()
  await page.getByLabel('Find by name').fill('555017')
  await expect(page.getByLabel('(312) 555-0171')).toBeChecked()
  await page.getByLabel('(312) 555-0171').uncheck()
  await page.getByLabel('Friendly Name').fill('Spring and summer')
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByRole('heading', { name: 'Spring and summer' })).toBeVisible()
  await expect(page.getByText('2 numbers', { exact: true })).toBeVisible()
  await maya.close()
})

test('[flow 82] [F12] [F277] [F279] [DC13] one message to three people leaves once each, who opted out is skipped and counted, and an answer carries the memo', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page } = maya
  const numbers = ['+13125550181', '+13125550182', '+13125550183', '+13125550184']
  await server.hook('stop-184', 'STOP', { from: '+13125550184' })
  await openLists(page)
  await page.getByRole('button', { name: 'New Distribution List' }).click()
  await page.getByLabel('Friendly Name').fill('Reminder')
  await page.getByLabel('Add New Phone Numbers').fill(numbers.join('\n'))
  await page.getByLabel('Add All New Phone Numbers to List').check()
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByText('4 numbers', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'NEW MESSAGE' }).click()
  await page.getByLabel('From Number').selectOption({ label: 'Sales (309) 555-0100' })
  await page.getByRole('textbox', { name: 'Message' }).fill('Your inspection is due')
  await page.getByRole('button', { name: '{{First Name}}' }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('Your inspection is due, {{First Name}}.')
  await expect(page.getByText('4 recipients · 3 texts · 3 segments · 1 skipped (opted out)')).toBeVisible()
  await page.getByRole('button', { name: 'SUBMIT' }).click()

  const sent = page.getByRole('list', { name: 'Previous Messages' }).getByRole('listitem')
  await expect(sent).toContainText('Maya')
  await expect(sent).toContainText('Your inspection is due, {{First Name}}.')
  await expect(sent).toContainText(/Sent3Delivered3Failed0Skipped1/, { timeout: 20_000 })
  const left = (await server.sent()).filter(({ text }) => text.startsWith('Your inspection'))
  expect(left.map(({ to }) => to).toSorted()).toEqual(numbers.slice(0, 3))
  expect(new Set(left.map(({ text }) => text))).toEqual(new Set(['Your inspection is due.']))

  // Nothing stands in the inbox until somebody answers.
  await page.getByRole('link', { name: 'Message Center' }).click()
  await maya.live()
  await expect(maya.row('(312) 555-0181')).toHaveCount(0)
  await server.hook('answer-181', 'Can I come on Friday?', { from: numbers[0] })
  await maya.open('(312) 555-0181')
  await expect(maya.thread()).toContainText(
    /auto-reply The distribution list Reminder initiated this conversation. Maya had sent:.*Your inspection is due\./s,
  )
  await maya.close()
})
