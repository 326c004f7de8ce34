import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Wire } from './proxy.ts'
import { Server } from './server.ts'

let server: Server

test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

for (const [size, viewport] of [
  ['a laptop', { width: 1440, height: 900 }],
  ['a phone', { width: 390, height: 844 }],
] as const)
  test(`[flow 25] one box finds people, numbers, ID#s and texts on ${size}, and the full history below`, async ({
    browser,
  }) => {
    const [from, word] = size === 'a phone' ? ['+13125550771', 'periwinkle'] : ['+13125550770', 'chartreuse']
    await server.hook(`search-${word}`, `Do you have it in ${word}?`, { from })
    const maya = await Agent.signIn(browser, server.origin, 'maya', viewport)
    const { page } = maya
    const box = page.getByRole('searchbox')
    if (size === 'a phone') await page.getByRole('button', { name: 'Search', exact: true }).click()
    else await page.keyboard.press('/')
    await expect(box).toBeFocused()

    await box.fill(word.toUpperCase().slice(0, 7))
    const hits = page.getByRole('list', { name: 'Messages on this device' })
    await expect(hits.getByRole('button')).toContainText(word)

    await box.fill(from.slice(-4))
    const people = page.getByRole('list', { name: 'People and conversations' })
    await expect(people.getByRole('button').first()).toContainText(from.slice(-4))
    await people.getByRole('button').first().click()
    await expect(maya.bubble(`Do you have it in ${word}?`)).toBeVisible()
    if (size === 'a phone') await page.goBack()
    await expect(box).toHaveValue(from.slice(-4))
    await box.press('Escape')
    await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible()
    await maya.close()
  })

test('[flow 25] [flow 68] what is typed from the press on is what is looked for, also before the code that looks is here', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const { page } = maya
  await maya.open('Marcus Bell')
  const owner = page.getByRole('button', { name: /^Owner: / })
  const before = await owner.textContent()
  let come = () => {}
  const code = new Promise<void>((resolve) => (come = resolve))
  await page.route(/\/assets\/search-results/, async (route) => {
    await code
    await route.continue()
  })
  // Each of these letters does something to the open conversation where nobody types.
  await page.keyboard.press('/')
  await page.keyboard.type('raise', { delay: 20 })
  await expect(page.getByRole('searchbox')).toHaveValue('raise')
  come()
  await expect(page.getByText('Nothing on this device.')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('transfer', { delay: 20 })
  await expect(page.getByRole('combobox', { name: 'What to do' })).toHaveValue('transfer')
  // By what its button says as well as by its own name.
  await expect(page.getByRole('option').first()).toHaveText(/^Assign/)
  await page.keyboard.press('Escape')
  await expect(owner).toHaveText(before ?? '')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await maya.close()
})

test('[flow 26] the full history is searched at the edge, and said to wait without a connection', async ({
  browser,
}) => {
  const wire = await Wire.to(server.port)
  const sam = await Agent.signIn(browser, wire.origin, 'sam')
  const { page } = sam
  await page.keyboard.press('/')
  await page.getByRole('searchbox').fill('the')
  await expect(page.getByText(/From the full history|Nothing more in the full history/)).toBeVisible()
  const hits = page.getByRole('list', { name: 'Messages on this device' })
  await expect(hits.getByRole('button').first()).toBeVisible()
  wire.cut()
  await page.getByRole('searchbox').fill('hatchback')
  await expect(page.getByText('The full history is searched when the connection is back.')).toBeVisible()
  await expect(hits.getByRole('button').first()).toContainText('hatchback')
  await sam.close()
  await wire.close()
})
