import { expect, test, type Locator } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

/** A GIF of one pixel. */
const dot = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

for (const scheme of ['light', 'dark'] as const) {
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    test(`[flow 79] [F1] every screen can be used by everybody, ${scheme}, ${size.width} px`, async ({
      browser,
    }) => {
      const context = await browser.newContext({ viewport: size, colorScheme: scheme })
      const page = await context.newPage()
      const refused: string[] = []
      page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) refused.push(message.text())
      })
      await page.goto(server.origin)
      await expect(page.getByRole('button', { name: 'Log In' })).toBeVisible()
      await expectAccessible(page, 'sign-in')
      const maya = await Agent.in(context, server.origin, 'maya', size.width > 1000)
      await expect(maya.row('Omar Haddad')).toBeVisible()
      await expectAccessible(page, 'inbox')
      await maya.open('Omar Haddad')
      await expectAccessible(page, 'conversation')
      await page.getByRole('textbox', { name: 'Compose a Message' }).pressSequentially('Hi 👍 /')
      await expect(page.getByRole('option').first()).toBeVisible()
      await expectAccessible(page, 'offers')
      await page.getByRole('textbox', { name: 'Compose a Message' }).fill('')
      for (const name of ['Quick Replies', 'Add a Quick Reply', 'Emoji', 'Help with texting']) {
        await page.getByRole('button', { name, exact: true }).click()
        const shown = page.getByRole('dialog', { name })
        await expect(shown.getByRole('button').last()).toBeVisible()
        await expectAccessible(page, name)
        await page.keyboard.press('Escape')
        await expect(shown).toBeHidden()
      }
      await page.getByRole('button', { name: 'SET OWNER' }).click()
      await expect(page.getByRole('dialog', { name: 'Owner' })).toBeVisible()
      await expectAccessible(page, 'owner')
      await page.keyboard.press('Escape')
      await page.locator('.composer input[type=file]').setInputFiles([
        { name: 'dot.gif', mimeType: 'image/gif', buffer: Buffer.from(dot, 'base64') },
        { name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
      ])
      await expect(page.getByRole('button', { name: 'Remove picture 1' })).toBeVisible()
      await page.getByRole('button', { name: 'Send later' }).click()
      await expect(page.getByLabel('Day and time')).toBeVisible()
      await expectAccessible(page, 'attached and later')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Remove picture 1' }).click()
      await page.getByRole('button', { name: 'END CONVERSATION' }).click()
      await expect(page.getByRole('alertdialog')).toBeVisible()
      await expectAccessible(page, 'end')
      await page.getByRole('button', { name: 'Cancel' }).click()
      // Nothing scrolls sideways.
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
      await page.goto(`${server.origin}/settings/lists/new`)
      await page.getByLabel('Friendly Name').fill('Reminder')
      await page.getByLabel('Dana Cruz').check()
      await page.getByLabel('Add New Phone Numbers').fill('5550191')
      await expect(page.getByText('The area code is missing.')).toBeVisible()
      await expectAccessible(page, 'edit list')
      await page.getByRole('button', { name: 'SAVE' }).click()
      await page.getByRole('button', { name: 'NEW MESSAGE' }).click()
      await page.getByRole('textbox', { name: 'Message' }).fill('Hi {{First Name}}, it is due.')
      await expectAccessible(page, 'message to a list')
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
      await page.goto(`${server.origin}/simulator`)
      await expect(page.getByRole('heading', { name: 'Handsets' })).toBeVisible()
      await expectAccessible(page, 'simulator')
      expect(refused).toEqual([])
      await context.close()
    })
  }
}

for (const scheme of ['light', 'dark'] as const)
  test(`the pages of Settings can be used by everybody, ${scheme}`, async ({ browser }) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme })
    const page = await context.newPage()
    await Agent.in(context, server.origin, 'admin')
    const pages = [
      ['numbers', page.getByRole('form', { name: 'Messages' })],
      ['devices', page.getByRole('main').getByText('This device')],
      ['storage', page.getByText('Space used')],
      ['profile/admin/edit', page.getByRole('form', { name: 'Profile' })],
    ] as const
    for (const [path, shown] of pages) {
      await page.goto(`${server.origin}/settings/${path}`)
      await expect(shown).toBeVisible()
      await expectAccessible(page, path)
    }
    // On a phone too, with a fault at a field.
    await page.setViewportSize({ width: 390, height: 844 })
    await page.getByLabel('Screenname').fill('Sam')
    await page.getByRole('button', { name: 'Update Agent' }).click()
    await expect(page.getByText('Somebody else has the Screenname Sam.')).toBeVisible()
    await expectAccessible(page, 'a fault in the profile')
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
    await context.close()
  })

// Each theme on one size: both themes have one layout, and both sizes the same colours.
for (const [size, viewport, colorScheme] of [
  ['a laptop', { width: 1440, height: 900 }, 'dark'],
  ['a phone', { width: 390, height: 844 }, 'light'],
] as const)
  test(`[flow 68] [flow 69] what opens over a screen on ${size} can be used by everybody, and gives the focus back`, async ({
    browser,
  }) => {
    test.setTimeout(180_000)
    const isPhone = size === 'a phone'
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
    const admin = await Agent.in(context, server.origin, 'admin', !isPhone)
    const { page } = admin
    const look = (what: string) => expectAccessible(page, what)
    const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
    const over = async (opener: Locator, shown: Locator, what: string, open = () => opener.click()) => {
      await open()
      await expect(shown).toBeVisible()
      await look(what)
      await page.keyboard.press('Escape')
      await expect(shown).toBeHidden()
      await expect(opener).toBeFocused()
    }
    await expect(admin.row('Omar Haddad')).toBeVisible()
    const dialog = (name: string) => page.getByRole('dialog', { name })
    await over(button(/^Me: Admin/), page.getByRole('menu'), 'menu')
    await over(button(/^Connected/), dialog('Changes on this device'), 'changes')
    await over(button(/^Online/), dialog('Online agents'), 'online')
    if (isPhone) await over(button('Choose a view'), dialog('Views'), 'views')
    const row = admin.row('Omar Haddad')
    const by = (keys: string) => async () => {
      await row.focus()
      await page.keyboard.press(keys)
    }
    await over(row, dialog('Keyboard shortcuts'), 'keys', by('?'))
    await over(row, dialog('Command palette'), 'palette', by('Control+k'))
    await over(row, page.getByRole('alertdialog'), 'end', by('e'))
    await by('s')()
    await expect(button('Undo')).toBeVisible()
    await look('undo')
    await button('Undo').click()
    await context.close()
  })
