import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

test('[flow 68] the palette finds what can be done by a few letters, does it, and gives the focus back when it is left', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page } = maya
  // What would do nothing is not offered.
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'What to do' }).fill('conversation')
  await expect(page.getByRole('option', { name: /^New conversation/ })).toBeVisible()
  await expect(page.getByRole('option', { name: /^End conversation/ })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await maya.open('Omar Haddad')
  const box = page.getByRole('textbox', { name: 'Compose a Message' })
  await box.fill('Half a sentence')
  // Ctrl+K works while somebody types, and leaving it takes nothing away.
  await box.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Command palette' })
  const input = palette.getByRole('combobox', { name: 'What to do' })
  await expect(input).toBeFocused()
  await input.fill('zzz')
  await expect(palette.getByText('Nothing is called that.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
  await expect(box).toBeFocused()
  await expect(box).toHaveValue('Half a sentence')

  // What stands in the composer is found as well, also for a reply while a note is in front.
  await box.press('Control+k')
  await input.fill('quick rep')
  await input.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Quick Replies' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Note', exact: true }).click()
  await page.keyboard.press('Control+k')
  await input.fill('send later')
  await input.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Send later' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(box).toHaveValue('Half a sentence')

  await box.press('Control+k')
  await input.fill('follup')
  const first = palette.getByRole('option').first()
  await expect(first).toHaveAttribute('aria-selected', 'true')
  // Each row shows its key, so that the palette teaches them.
  await expect(palette.getByRole('option', { name: 'Go to Follow-Up' })).toContainText('gf')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowUp')
  await palette.getByRole('option', { name: 'Go to Follow-Up' }).click()
  await expect(page.getByRole('heading', { name: 'Follow-Up', level: 2 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await input.fill('settings')
  await expect(palette.getByRole('option', { name: 'Go to Settings' })).toContainText('gs')
  for (const [letters, words] of [
    ['away', /^You are away\./],
    ['be back', /^You are back\./],
  ] as const) {
    await input.fill(letters)
    await input.press('Enter')
    await expect(page.getByText(words)).toBeVisible()
    await page.keyboard.press('Control+k')
  }
  await input.fill('theme dark')
  await input.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await maya.close()
})

test('[flow 69] the sheet names every key, opens with "?" and from the menu, and gives the focus back', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sheet = maya.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await maya.row('Omar Haddad').focus()
  await maya.page.keyboard.press('?')
  for (const words of [
    'Next conversation',
    'Reply',
    'End conversation',
    'Undo',
    'Go to Waiting',
    'Command palette',
  ])
    await expect(sheet.getByText(words, { exact: true })).toBeVisible()
  await maya.page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await expect(maya.row('Omar Haddad')).toBeFocused()
  await maya.page.keyboard.press('[')
  await expect(maya.page.locator('.center')).toHaveClass(/narrow/)
  await maya.close()

  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  const me = sam.page.getByRole('button', { name: 'Me: Sam' })
  await me.click()
  await sam.page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
  const onPhone = sam.page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(onPhone).toBeVisible()
  await onPhone.getByRole('button', { name: 'Close' }).click()
  await expect(me).toBeFocused()
  await sam.close()
})

test('[flow 78] [F22] [F23] help stands where trouble is met: behind the banner, and in the menu at one’s name', async ({
  browser,
}) => {
  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  await sam.page.getByRole('button', { name: 'Me: Sam' }).click()
  await sam.page.getByRole('menuitem', { name: 'Help' }).click()
  const page = sam.page.getByRole('main')
  await expect(
    page.getByText(/Disable the ad blocker for this site, or add this address to the trusted sites/),
  ).toBeVisible()
  await expect(page.getByText(server.origin)).toBeVisible()
  await expect(page.getByText(/Extensions and plug-ins of other makers are your own choice/)).toBeVisible()
  await sam.close()
})

test.describe(() => {
  test.use({ serviceWorkers: 'allow' })

  test('[flow 85] the first steps are ticked by doing them, also without a connection, and leave when they are put away', async ({
    browser,
  }) => {
    const wire = await Wire.to(server.port)
    const maya = await Agent.signIn(browser, wire.origin, 'maya')
    const { page } = maya
    const steps = page.getByRole('region', { name: 'First steps' })
    const done = (words: string) => steps.getByRole('listitem').filter({ hasText: `Done: ${words}` })
    const closeTabs = async () => {
      const tabs = page.getByRole('tablist', { name: 'Open conversations' }).getByRole('tab')
      while ((await tabs.count()) > 0) await tabs.first().press('Delete')
    }
    await expect(steps).toContainText('0 of 5 done')
    await page.keyboard.press('w')
    const box = page.getByRole('textbox', { name: 'Compose a Message' })
    await box.fill('We are looking into it.')
    await box.press('Enter')
    await page.getByRole('button', { name: 'Note', exact: true }).click()
    await page.getByRole('textbox', { name: 'Note', exact: true }).fill('Called them')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('log').getByText('Called them')).toBeVisible()
    await closeTabs()
    await expect(done('Answer a waiting customer')).toBeVisible()
    await expect(done('Add a note')).toBeVisible()

    await maya.open('Omar Haddad')
    await expect(page.getByRole('log').getByText('We need three vans', { exact: false })).toBeVisible()
    wire.cut()
    await expect(maya.dot(/offline|cannot be reached/)).toBeVisible({ timeout: 40_000 })
    await maya.end()
    await closeTabs()
    await expect(done('Go offline and end one')).toBeVisible()
    await expect(done('Come back')).toHaveCount(0)
    wire.mend()
    await expect(done('Come back')).toBeVisible({ timeout: 40_000 })
    await steps.getByRole('button', { name: 'Put the first steps away' }).click()
    await expect(steps).toHaveCount(0)
    await page.reload()
    await maya.live()
    await expect(steps).toHaveCount(0)
    await page.goto(`${wire.origin}/settings/help`)
    await expect(steps).toContainText('of 5 done')
    await maya.close()
    await wire.close()
  })
})
