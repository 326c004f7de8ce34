import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

// Parts of the screen are asked for without a connection.
test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox()
  if (!box) throw new Error('It is not on the screen.')
  return box
}

test('[flow 63] the list of waiting changes opens at the dot, beside what a toast says, and the keyboard finds its way', async ({
  browser,
}) => {
  await server.hook('popover-1', 'Offline?', { from: '+13095550221' })
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open('(309) 555-0221')
  await maya.context.setOffline(true)
  await maya.claim()
  const dot = maya.dot('Working offline, 1 change waiting')
  await expect(dot).toBeVisible({ timeout: 60_000 })
  await maya.page.keyboard.press('s')
  const toast = maya.page.getByText('Flagged for follow-up.')
  await expect(toast).toBeVisible()
  await maya.page.locator('.connection:visible').click()
  const list = maya.page.getByRole('dialog', { name: 'Changes on this device' })
  await expect(list).toBeVisible()
  const [panel, trigger, words] = [
    await boxOf(list),
    await boxOf(maya.page.locator('.connection:visible')),
    await boxOf(toast),
  ]
  expect(panel.y + panel.height).toBeLessThanOrEqual(trigger.y)
  expect(trigger.y - panel.y - panel.height).toBeLessThan(20)
  expect(Math.abs(panel.x - trigger.x)).toBeLessThan(40)
  expect(words.x >= panel.x + panel.width || words.y >= panel.y + panel.height).toBe(true)
  // The focus is in the list, Escape closes it and gives the focus back, and the conversation stays.
  await expect(list.getByRole('button', { name: /^Cancel/ }).first()).toBeFocused()
  await maya.page.keyboard.press('Escape')
  await expect(list).toBeHidden()
  await expect(maya.page.locator('.connection:visible')).toBeFocused()
  await expect(maya.thread()).toBeVisible()

  await maya.page.getByRole('button', { name: 'Me: Maya' }).click()
  await expect(maya.page.getByRole('menuitemcheckbox', { name: 'Away' })).toBeFocused()
  await maya.page.keyboard.press('End')
  await expect(maya.page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused()
  await maya.page.keyboard.press('k')
  await maya.page.keyboard.press('Enter')
  const sheet = maya.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet).toBeVisible()
  await expect(maya.page.getByRole('menu')).toBeHidden()
  await maya.page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await maya.close()
})

test('[flow 52] on a phone a toast stands above what one writes with, and Undo where the thumb is', async ({
  browser,
}) => {
  await server.hook('popover-2', 'Is that all?', { from: '+13095550222' })
  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  await sam.open('(309) 555-0222')
  const toast = sam.page.locator('.toast')
  const standsAbove = async (name: string) => {
    const [said, pressed] = [await boxOf(toast), await boxOf(sam.page.getByRole('button', { name }))]
    expect(said.y + said.height).toBeLessThan(pressed.y)
  }
  await sam.page.getByRole('button', { name: 'Follow-Up', exact: true }).click()
  await expect(toast).toContainText('Flagged for follow-up.')
  await standsAbove('Quick Replies')
  expect((await boxOf(toast.getByRole('button', { name: 'Undo' }))).x).toBeGreaterThan(390 / 2)
  // It stays for as long as it is pointed at; but what was done to a conversation is not undone once it has ended.
  await toast.hover()
  await sam.end()
  await expect(sam.page.getByRole('button', { name: 'Start a New Conversation' })).toBeVisible()
  await expect(toast).toHaveCount(0)
  await sam.page.getByRole('button', { name: /^Conversation ID#/ }).click()
  await expect(toast).toContainText(/copied|copy/)
  await standsAbove('ADD NOTE')
  await sam.close()
})
