import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const narrow = { width: 1100, height: 800 }
const phone = { width: 390, height: 844 }
const addressOf = (last: number) => `+1309555${last}`
const titleOf = (last: number) => `(309) 555-${last}`
let texts = 0
const write = (last: number, text: string) =>
  server.hook(`reading-${++texts}`, text, { from: addressOf(last) })

test('[flow 28] [F95] [F96] [F229] [F230] a past conversation folds on top under its dates, with owners, notes and its end', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await write(3401, 'First question')
  await maya.open(titleOf(3401))
  await maya.claim()
  await maya.note('Asked before, in spring.')
  await maya.page.getByRole('button', { name: 'SET OWNER' }).click()
  await maya.page.getByRole('radio', { name: /^Service/ }).check()
  await maya.page.getByRole('button', { name: 'TRANSFER', exact: true }).click()
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await expect(sam.row(titleOf(3401))).toBeVisible()
  await maya.end()
  // Elsewhere too, and so at the edge: what comes from now on begins the next conversation.
  await expect(sam.row(titleOf(3401))).toHaveCount(0)
  await sam.close()
  await write(3401, 'Second question')
  await maya.view('Open').click()
  await maya.open(titleOf(3401))
  const history = maya.page.getByRole('region', { name: 'History' })
  const stamp = /\d{1,2} \w{3} \d{4}, \d{1,2}:\d{2}/
  const fold = history.getByRole('button').first()
  await expect(fold).toHaveAttribute('aria-expanded', 'false')
  await expect(fold).toContainText(stamp)
  await expect(maya.bubble('Second question')).toBeVisible()
  await expect(maya.bubble('First question')).toHaveCount(0)
  await fold.click()
  const past = history.getByRole('button', { name: stamp }).nth(1)
  await expect(past).toHaveAttribute('aria-expanded', 'false')
  await past.click()
  await expect(history.getByText('First question')).toBeVisible()
  await expect(history.getByText('Asked before, in spring.')).toBeVisible()
  await expect(history.getByText(/^Maya transferred this conversation to Service/)).toBeVisible()
  await expect(history.getByText(/^Maya claimed this conversation/)).toBeVisible()
  await expect(history.getByText(/^Maya ended this conversation/)).toContainText(stamp)
  const closed = history.locator('.closed-note')
  await expect(closed).toContainText('Service')
  await expect(closed).toContainText('(309) 555-0100')
  await past.click()
  await expect(history.getByText('First question')).toHaveCount(0)
  await maya.close()
})

test('[flow 30] [flow 67] [F97] [F98] [F179] [F180] conversations stand open as tabs, by name or number, one out of sight blinks for its message, and they are back after a reload', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await write(3402, 'One')
  await write(3403, 'Two')
  const tab = (name: string | RegExp) => maya.page.getByRole('tab', { name })
  await maya.open(titleOf(3402))
  await maya.open(titleOf(3403))
  await expect(tab(titleOf(3403))).toHaveAttribute('aria-selected', 'true')
  const info = maya.page.getByRole('form', { name: 'Mobile User' })
  await info.getByLabel('First Name').fill('Ines')
  await info.getByRole('button', { name: 'SAVE' }).click()
  await expect(tab('Ines')).toBeVisible()
  // Nobody is idle, and the tab that is not in front blinks at once, until it is looked at.
  await write(3402, 'Are you there?')
  await expect(tab(`${titleOf(3402)}, new message`)).toHaveClass(/news/)
  await tab('Ines').focus()
  await maya.page.keyboard.press('ArrowLeft')
  await expect(tab(titleOf(3402))).toHaveAttribute('aria-selected', 'true')
  await expect(tab(titleOf(3402))).not.toHaveClass(/news/)
  await expect(maya.bubble('Are you there?')).toBeVisible()
  await maya.page.keyboard.press('Delete')
  await expect(tab(titleOf(3402))).toHaveCount(0)
  await expect(tab('Ines')).toBeFocused()
  // They come back after a reload, in their order and with the same one in front; not in a browser tab beside this one.
  await maya.open(titleOf(3402))
  await tab('Ines').click()
  await maya.page.reload()
  const titles = maya.page.getByRole('tablist', { name: 'Open conversations' }).getByRole('tab')
  await expect(titles).toHaveText(['Ines', titleOf(3402)])
  await expect(tab('Ines')).toHaveAttribute('aria-selected', 'true')
  // A phone has no room for tabs: there the way back to the inbox tells of it.
  await maya.page.setViewportSize({ width: 390, height: 844 })
  const back = maya.page.getByRole('button', { name: 'Back to the inbox' })
  await expect(back).not.toHaveClass(/news/)
  await write(3402, 'Hello?')
  await expect(back).toHaveAccessibleName('Back to the inbox, new message in another conversation')
  await back.click()
  await maya.open(titleOf(3402))
  await expect(back).toHaveAccessibleName('Back to the inbox')
  const beside = await maya.context.newPage()
  await beside.goto(`${server.origin}/inbox/open`)
  await expect(beside.getByText('Choose a conversation.')).toBeVisible()
  await expect(beside.getByRole('tab')).toHaveCount(0)
  await maya.close()
})

test('[flow 31] [F99] [F100] [F101] Mobile User Info stays in front from one conversation to the next, and its neighbour leads back', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya', narrow)
  const front = (name: string) => maya.page.getByRole('tab', { name, exact: true })
  const pane = maya.page.getByRole('region', { name: 'Reading pane' })
  await maya.open('Omar Haddad')
  await expect(front('Conversation & Notes')).toHaveAttribute('aria-selected', 'true')
  await front('Mobile User Info').click()
  await expect(pane.getByLabel('Company Name')).toHaveValue('Haddad Catering')
  await maya.row('Marcus Bell').click()
  await expect(front('Mobile User Info')).toHaveAttribute('aria-selected', 'true')
  await expect(pane.getByLabel('Last Name')).toHaveValue('Bell')
  await front('Conversation & Notes').click()
  await expect(maya.thread()).toBeVisible()
  await maya.close()
})

for (const [size, viewport, person] of [
  ['a phone', { width: 390, height: 844 }, 'Marcus Bell'],
  ['a narrow window', { width: 900, height: 800 }, 'Dana Cruz'],
] as const)
  test(`[flow 34] nobody types into what Mobile User Info covers, on ${size}`, async ({ browser }) => {
    const maya = await Agent.signIn(browser, server.origin, 'maya', viewport, false)
    const { page } = maya
    await maya.open(person)
    const info = page.getByRole('tab', { name: 'Mobile User Info' })
    const box = page.getByRole('textbox', { name: 'Compose a Message' })
    await info.click()
    await box.focus()
    await expect(box).not.toBeFocused()
    for (const bring of [
      () => page.keyboard.press('r'),
      async () => {
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox', { name: 'What to do' }).fill('reply')
        await page.keyboard.press('Enter')
      },
    ]) {
      await info.click()
      await bring()
      await expect(box).toBeFocused()
      await expect(info).toHaveAttribute('aria-selected', 'false')
      await page.keyboard.type('a')
    }
    await expect(box).toHaveValue('aa')
    await maya.close()
  })

test('[flow 27] a conversation opens at its end on a phone, also after a reload, and stays there when a text comes', async ({
  browser,
}) => {
  for (let text = 1; text <= 9; text++)
    await write(3405, `Text number ${text} of a talk that is longer than a phone`)
  const maya = await Agent.signIn(browser, server.origin, 'maya', phone, false)
  await maya.open(titleOf(3405))
  const gap = () =>
    maya
      .thread()
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)
  for (let visit = 0; visit < 3; visit++) {
    await expect(maya.page.getByRole('button', { name: 'END CONVERSATION' })).toBeVisible()
    await expect.poll(gap).toBeLessThan(2)
    await maya.page.reload()
  }
  await expect(maya.page.getByRole('button', { name: 'END CONVERSATION' })).toBeVisible()
  await write(3405, 'And one more while it is open')
  await expect(maya.bubble('And one more while it is open')).toBeInViewport({ ratio: 1 })
  await maya.close()
})

for (const [where, size] of [
  ['at 200 %', { width: 720, height: 450 }],
  ['on a phone that lies on its side', { width: 844, height: 390 }],
] as const)
  test(`[flow 34] [F1] a long reply is written, and its thread read, ${where}`, async ({ browser }) => {
    const maya = await Agent.signIn(browser, server.origin, 'maya', size, false)
    await maya.open('Marcus Bell')
    await expect.poll(async () => (await maya.thread().boundingBox())?.height ?? 0).toBeGreaterThan(130)
    const said = `${'A line of a reply that is long.\n'.repeat(7)}${where}`
    await maya.write(said)
    await expect.poll(async () => (await maya.thread().boundingBox())?.height ?? 0).toBeGreaterThan(130)
    for (const name of ['END CONVERSATION', 'SEND']) {
      const button = maya.page.getByRole('button', { name, exact: true })
      await button.scrollIntoViewIfNeeded()
      await expect(button).toBeInViewport({ ratio: 1 })
    }
    await maya.write('')
    await maya.close()
  })

test('[flow 45] [F245] [F246] [F228] Opted Out is the last box with SAVE right below it, and locks the reply; closing words are offered while one may write', async ({
  browser,
}) => {
  await write(3404, 'That was all, thank you')
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone, false)
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.open(titleOf(3404))
  const words = 'This conversation has ended, send another message if you need anything else!'
  await sam.open(titleOf(3404))
  const box = sam.page.getByRole('textbox', { name: 'Compose a Message' })
  await box.fill('You are welcome.')
  await sam.page.getByRole('button', { name: 'END CONVERSATION' }).click()
  await expect(sam.page.getByText('Are you sure you want to CLOSE this conversation?')).toBeVisible()
  await expect(sam.page.getByText(words)).toBeVisible()
  await sam.page.getByRole('button', { name: 'Put it into the reply' }).click()
  await expect(box).toHaveValue(`You are welcome. ${words}`)
  await expect(box).toBeFocused()
  await sam.page.getByRole('tab', { name: 'Mobile User Info' }).click()
  const info = sam.page.getByRole('tabpanel', { name: 'Mobile User Info' })
  const middle = async (name: 'Opted Out' | 'Company Name') =>
    (await info.getByLabel(name).boundingBox())?.y ?? Number.NaN
  const save = info.getByRole('button', { name: 'SAVE' })
  const saveAt = (await save.boundingBox())?.y ?? Number.NaN
  expect(await middle('Opted Out')).toBeGreaterThan(await middle('Company Name'))
  expect(saveAt).toBeGreaterThan(await middle('Opted Out'))
  expect(saveAt - (await middle('Opted Out'))).toBeLessThan(90)
  expect(
    await info.evaluate((panel) => panel.querySelector('form:last-child button:last-child')?.textContent),
  ).toBe('SAVE')
  await maya.context.setOffline(true)
  await expect(maya.dot(/Working offline/)).toBeVisible({ timeout: 40_000 })
  await maya.reply('See you tomorrow')
  await info.getByLabel('Opted Out').check()
  await save.click()
  await sam.page.getByRole('tab', { name: 'Conversation & Notes' }).click()
  await expect(box).toHaveCount(0)
  await expect(sam.page.getByText(/were opted out on/)).toBeVisible()
  await sam.page.getByRole('button', { name: 'END CONVERSATION' }).click()
  await expect(sam.page.getByText('Are you sure you want to CLOSE this conversation?')).toBeVisible()
  await expect(sam.page.getByText(words, { exact: true })).toHaveCount(0)
  // A colleague who wrote without knowing finds the reply locked, and nothing of it left.
  await expect(sam.page.getByText(/were opted out on/)).toBeVisible()
  await maya.context.setOffline(false)
  await expect(maya.page.getByText(/were opted out on/).first()).toBeVisible({ timeout: 40_000 })
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveCount(0)
  await maya.dot('1 change was refused').click()
  const changes = maya.page.getByRole('dialog', { name: 'Changes on this device' })
  await expect(changes).toContainText('See you tomorrow')
  await expect(changes).toContainText(/opted out/)
  expect(await server.sent()).not.toContainEqual(expect.objectContaining({ text: 'See you tomorrow' }))
  await Promise.all([sam.close(), maya.close()])
})

test('[flow 32] an address at which there is no conversation says so, and leads back', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await maya.page.goto(`${server.origin}/inbox/open/caaaaaaaaaaaaaaaaaaaaaaaaaa`)
  await expect(maya.page.getByText('There is no conversation at this address.')).toBeVisible()
  await maya.page.getByRole('button', { name: 'Back to the inbox' }).last().click()
  await expect(maya.page.getByText('Choose a conversation.')).toBeVisible()
  await maya.close()
})
