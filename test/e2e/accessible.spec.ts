import { expect, test, type Browser, type Locator } from '@playwright/test'
import { screens, textFromHandsets } from '../screens/screens.ts'
import { Stage, Stages } from '../screens/stage.ts'
import { findBarriers, findCutOff, findFaint } from './axe.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'

// Some screens are reached without a connection.
test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

let texted: Promise<void> | null = null
const textOnce = (browser: Browser) => (texted ??= textFromHandsets({ browser, server }))

/** A GIF of one pixel. */
const dot = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

// A phone shows the same in the same colours, so its contrast is asked only where it has parts of its own; the tests have
// to end in time.
const phonesOwn = ['inbox', 'message-center', 'views', 'info', 'select']
for (const [size, themes] of [
  ['wide', ['light', 'dark']],
  ['phone', ['dark']],
] as const)
  test(`[flow 79] [F1] every screen can be used by everybody, also when it is magnified, ${size}, ${themes.join(' and ')}`, async ({
    browser,
  }) => {
    test.setTimeout(600_000)
    await textOnce(browser)
    const [first, ...others] = themes
    const stages = new Stages(async (who) => {
      const stage = await Stage.open(browser, server, size, who, first)
      stage.page.on('console', (message) => {
        if (/content security policy/i.test(message.text())) wrong.push(message.text())
      })
      return stage
    })
    const wrong: string[] = []
    for (const screen of screens) {
      const stage = await stages.for(screen)
      await test.step(screen.name, () => screen.reach(stage))
      await stage.settle()
      const contrast = size === 'wide' || phonesOwn.includes(screen.name)
      for (const barrier of await findBarriers(stage.page, { contrast }))
        wrong.push(`${screen.name}: ${barrier}`)
      // A theme changes colours and nothing else.
      for (const theme of others) {
        await stage.theme(theme)
        for (const faint of await findFaint(stage.page)) wrong.push(`${screen.name}, ${theme}: ${faint}`)
        await stage.theme(first)
      }
      // A phone's width at 400 %, a laptop's at 200 %.
      for (const cut of await findCutOff(stage.page, size === 'phone' ? 320 : 720))
        wrong.push(`${screen.name}: ${cut}`)
    }
    expect(wrong).toEqual([])
    await stages.close()
  })

for (const [size, viewport] of [
  ['a laptop', { width: 1440, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const)
  test(`[flow 68] [flow 69] the focus is never lost on ${size}: what closes gives it back, what goes away hands it on`, async ({
    browser,
  }) => {
    test.setTimeout(180_000)
    const isPhone = size === 'a phone'
    const last = isPhone ? 470 : 480
    const titleOf = (index: number) => `(309) 555-0${last + index}`
    for (const index of [0, 1, 2, 3])
      await server.hook(`focus-${last + index}`, 'Hello', { from: `+13095550${last + index}` })
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' })
    const admin = await Agent.in(context, server.origin, 'admin', !isPhone)
    const { page } = admin
    const button = (name: string | RegExp) => page.getByRole('button', { name }).first()
    const dialog = (name: string) => page.getByRole('dialog', { name })
    /** Somebody who types or listens is somewhere that can be seen. */
    const expectFocus = (after: string) =>
      expect
        .poll(
          () =>
            page.evaluate(() => {
              const at = document.activeElement
              return at !== document.body && at?.checkVisibility() === true
            }),
          { message: `focus after ${after}` },
        )
        .toBe(true)
    const over = async (opener: Locator, shown: Locator, open = () => opener.click()) => {
      await open()
      await expect(shown).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(shown).toBeHidden()
      await expect(opener).toBeFocused()
    }

    const row = admin.row(titleOf(3))
    await expect(row).toBeVisible()
    await over(button(/^Me: Admin/), page.getByRole('menu'))
    await over(button(/^Connected/), dialog('Changes on this device'))
    await over(button(/^Online/), dialog('Online agents'))
    if (isPhone) await over(button('Choose a view'), dialog('Views'))
    const by = (keys: string) => async () => {
      await row.focus()
      await page.keyboard.press(keys)
    }
    await over(row, dialog('Keyboard shortcuts'), by('?'))
    await over(row, dialog('Command palette'), by('Control+k'))
    await over(row, page.getByRole('alertdialog'), by('e'))

    // A row goes away under it: by oneself, by a colleague, and what was pressed goes with its toast.
    await by('s')()
    await button('Undo').press('Enter')
    await expect(button('Undo')).toBeHidden()
    await expectFocus('Undo')
    await by('e')()
    await page.getByRole('button', { name: 'OK', exact: true }).press('Enter')
    await expect(row).toHaveCount(0)
    await expectFocus('an end')
    // The row that took its place, and not a part of it.
    await expect(page.locator('.row-link:focus')).toHaveCount(1)
    const sam = await Agent.signIn(browser, server.origin, 'sam')
    await admin.row(titleOf(2)).focus()
    await sam.open(titleOf(2))
    await sam.end()
    await expect(admin.row(titleOf(2))).toHaveCount(0)
    await expectFocus('an end by a colleague')
    await sam.close()

    // A form over the list, and a search in its place.
    await button('EDIT VIEW').press('Enter')
    await expect(page.getByLabel('Conversation Status')).toBeFocused()
    for (const name of ['Last Replied By', 'Default Sort By'])
      await expect(page.getByLabel(name, { exact: true })).toBeVisible()
    await button('Cancel').press('Enter')
    await expect(page.getByLabel('Mobile User(s)')).toBeHidden()
    await expect(button('EDIT VIEW')).toBeFocused()
    await button('Search').press('Enter')
    await page.getByRole('searchbox').press('Escape')
    await expect(page.getByRole('searchbox')).toBeHidden()
    await expectFocus('a search')

    await admin.open(titleOf(1))
    for (const name of ['Quick Replies', 'Add a Quick Reply', 'Emoji', 'Help with texting'])
      await over(page.getByRole('button', { name, exact: true }), dialog(name))
    await over(button('SET OWNER'), dialog('Owner'))
    await page
      .locator('.composer input[type=file]')
      .setInputFiles({ name: 'dot.gif', mimeType: 'image/gif', buffer: Buffer.from(dot, 'base64') })
    await over(button('Send later'), page.getByLabel('Day and time'))
    await button('Remove picture 1').press('Enter')
    await expect(button('Remove picture 1')).toHaveCount(0)
    await expectFocus('a removed picture')
    // What sent, added or saved has nothing more to do and cannot keep the focus.
    const box = page.getByRole('textbox', { name: 'Compose a Message' })
    await box.fill('Yes')
    await button(/^SEND$/).press('Enter')
    await expect(box).toHaveValue('')
    await expect(box).toBeFocused()
    await button(/^Note$/).click()
    const note = page.getByRole('textbox', { name: 'Note', exact: true })
    await note.fill('Called')
    await button('ADD NOTE').press('Enter')
    await expect(note).toHaveValue('')
    await expect(note).toBeFocused()
    await button(/^Reply$/).click()
    if (isPhone) await page.getByRole('tab', { name: 'Mobile User Info' }).click()
    await page.getByLabel('Company Name').fill('Of one')
    await button('SAVE').press('Enter')
    const saved = page.locator('.toast', { hasText: 'Saved.' })
    await expect(saved).toBeVisible()
    await expectFocus('a saved person')
    if (isPhone) {
      await button('SAVE').scrollIntoViewIfNeeded()
      await page.locator('.details').evaluate((details) => (details.scrollTop = details.scrollHeight))
      const [words, save] = [await saved.boundingBox(), await button('SAVE').boundingBox()]
      expect((save?.y ?? 0) + (save?.height ?? 0)).toBeLessThan(words?.y ?? 0)
      await page.getByRole('tab', { name: 'Conversation & Notes' }).click()
    }
    await button('END CONVERSATION').press('Enter')
    await page.getByRole('button', { name: 'OK', exact: true }).press('Enter')
    await expect(button('END CONVERSATION')).toHaveCount(0)
    await expectFocus('an end beside the reply')
    if (isPhone) {
      await button('Start a New Conversation').click()
      await expect(box).toBeFocused()
    }
    if (!isPhone) {
      await admin.open(titleOf(0))
      await page.getByRole('tab', { name: titleOf(0) }).press('Delete')
      await expect(page.getByRole('tab', { name: titleOf(0) })).toHaveCount(0)
      await expectFocus('a closed tab')
    }
    await context.close()
  })
