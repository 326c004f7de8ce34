import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium, expect as patient, type Browser, type Page } from '@playwright/test'
import playwright from '../../playwright.config.ts'
import { Agent } from '../e2e/people.ts'
import { Server } from '../e2e/server.ts'

const expect = patient.configure({ timeout: 30_000 })

/**
 * Makes docs/screens/<screen>-<theme>-<size>.png. What is pressed offline stays on a device that never comes
 * back, so every picture shows the same account. Names given as arguments choose screens.
 */
const folder = resolve(import.meta.dirname, '../../docs/screens')
const sizes = {
  wide: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1, isMobile: false, hasTouch: false },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
} as const
const themes = ['light', 'dark'] as const
type Size = keyof typeof sizes

interface Screen {
  name: string
  /** In a browser that nothing else was done in; the others share one for each theme and size. */
  alone?: true
  /** Everything a picture shows of a person's work is reached as that person would. */
  reach(page: Page, size: Size): Promise<Page | void>
}

const screens: Screen[] = [
  {
    name: 'sign-in',
    alone: true,
    async reach(page) {
      await page.goto(server.origin)
      await page.getByLabel('Email').fill('maya@demo.test')
    },
  },
  {
    name: 'message-center',
    async reach(page) {
      const maya = await signIn(page)
      await maya.open('Omar Haddad')
      await expect(
        maya.bubble('We need three vans for the catering business. Can someone call me?'),
      ).toBeVisible()
    },
  },
  {
    name: 'offline',
    alone: true,
    async reach(page, size) {
      const maya = await signIn(page)
      for (const title of ['Liam Murphy', 'Grace Okafor']) {
        await maya.open(title)
        await back(page, size)
      }
      await maya.open('Liam Murphy')
      await expect(maya.bubble('Yes please, any day next week')).toBeVisible()
      await page.context().setOffline(true)
      await maya.reply('Thursday at 8:30, Liam. See you then!')
      await maya.note('Order the filter for a 2019 model.')
      await back(page, size)
      await maya.open('Grace Okafor')
      await maya.claim()
      await expect(page.getByText(/Maya claimed/).first()).toBeVisible()
      await back(page, size)
      if (size === 'wide') await maya.open('Liam Murphy')
      await expect(maya.dot('Working offline, 3 changes waiting')).toBeVisible({ timeout: 60_000 })
      await maya.dot('Working offline, 3 changes waiting').click()
      await expect(page.getByRole('dialog', { name: 'Changes on this device' })).toBeVisible()
    },
  },
  {
    name: 'closed',
    async reach(page) {
      const maya = await signIn(page, '/inbox/closed')
      await maya.open('Peter Novak')
      await expect(page.getByText('Come and see the new wagon.').first()).toBeVisible()
    },
  },
  {
    name: 'opted-out',
    async reach(page) {
      const maya = await signIn(page)
      await maya.open('Chloe Martin')
      await expect(maya.bubble('STOP')).toBeVisible()
    },
  },
  {
    name: 'new-conversation',
    async reach(page) {
      await signIn(page, '/inbox/open/new')
      await page.getByLabel('To', { exact: true }).fill('(217) 555-0163')
    },
  },
  {
    name: 'edit-profile',
    async reach(page) {
      await openSettings(page, '/settings/profile/maya/edit')
      await page.getByLabel('Screenname').fill('Sam')
      await page.getByRole('button', { name: 'Update Agent' }).click()
      await expect(page.getByText('Somebody else has the Screenname Sam.')).toBeVisible()
    },
  },
  {
    name: 'devices',
    async reach(page) {
      await openSettings(page, '/settings/devices')
      await expect(page.getByRole('main').getByText('This device')).toBeVisible()
    },
  },
  {
    name: 'storage',
    async reach(page) {
      await openSettings(page, '/settings/storage')
      await expect(page.getByText('Space used')).toBeVisible()
    },
  },
  {
    name: 'waiting',
    async reach(page) {
      await signIn(page, '/inbox/waiting')
      await expect(page.getByRole('img', { name: 'Waiting for Reply' }).first()).toBeVisible()
    },
  },
  {
    name: 'edit-view',
    async reach(page) {
      await signIn(page)
      await page.getByRole('button', { name: 'EDIT VIEW' }).click()
      await page.getByLabel('Mobile User(s)').fill('Haddad, Farms')
      await expect(page.getByText('2 conversations', { exact: true })).toBeVisible()
    },
  },
  {
    name: 'select',
    async reach(page, size) {
      await signIn(page)
      for (const title of ['Dana Cruz', 'Theo Lindqvist', 'Priya Raman']) {
        const box = page.getByRole('checkbox', { name: `Select ${title}` })
        if (size === 'wide') await box.check()
        else await box.tap({ force: true })
      }
      await expect(page.getByText('3 selected')).toBeVisible()
    },
  },
  {
    name: 'list-edit',
    async reach(page) {
      await openSettings(page, '/settings/lists/new')
      await page.getByLabel('Friendly Name').fill('Spring inspection')
      await page.getByLabel('Dana Cruz').check()
      await page.getByLabel('Add New Phone Numbers').fill('(217) 555-0190, 5550191\nSpringfield')
      await page.getByLabel('Add All New Phone Numbers to List').check()
    },
  },
  {
    name: 'list-message',
    async reach(page) {
      await defineList(page)
      await page.getByRole('button', { name: 'NEW MESSAGE' }).click()
      await page
        .getByRole('textbox', { name: 'Message' })
        .fill('Hi {{First Name}}, your inspection is due in May.')
      await expect(page.getByText(/3 recipients/).first()).toBeVisible()
    },
  },
  {
    name: 'list-sent',
    async reach(page) {
      await defineList(page)
      await page.getByRole('button', { name: 'NEW MESSAGE' }).click()
      await page
        .getByRole('textbox', { name: 'Message' })
        .fill('Hi {{First Name}}, your inspection is due in May.')
      await page.getByRole('button', { name: 'SUBMIT' }).click()
      await expect(page.getByLabel('What became of it')).toContainText('Delivered2', { timeout: 30_000 })
    },
  },
  {
    name: 'simulator',
    async reach(page) {
      await page.goto(`${server.origin}/simulator`)
      await expect(page.getByText('Could somebody pick me up from the station?')).toBeVisible()
      await expect(page.getByText('Sure, Robin. A shuttle leaves every hour.').first()).toBeVisible()
    },
  },
  {
    name: 'settings-profile',
    reach: (page) => openSettings(page, '/settings/profile'),
  },
  {
    name: 'settings-people',
    async reach(page) {
      await openSettings(page, '/settings/people')
      await expect(page.getByRole('link', { name: /Ahmed Farouk/ })).toBeVisible()
    },
  },
  {
    name: 'settings-preferences',
    reach: (page) => openSettings(page, '/settings/preferences'),
  },
  {
    name: 'settings-help',
    reach: (page) => openSettings(page, '/settings/help'),
  },
  {
    name: 'settings-notifications',
    reach: (page) => openSettings(page, '/settings/notifications'),
  },
  {
    name: 'palette',
    async reach(page) {
      const maya = await signIn(page)
      await expect(maya.row('Omar Haddad')).toBeVisible()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox', { name: 'What to do' }).fill('go to')
      await expect(page.getByRole('option', { name: /Go to Waiting/ })).toBeVisible()
    },
  },
  {
    name: 'keys',
    async reach(page) {
      const maya = await signIn(page)
      await expect(maya.row('Omar Haddad')).toBeVisible()
      await page.getByRole('button', { name: 'Me: Maya' }).click()
      await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    },
  },
  {
    name: 'search',
    async reach(page, size) {
      await signIn(page)
      if (size === 'phone') await page.getByRole('button', { name: 'Search', exact: true }).click()
      else
        await page
          .getByRole('button', { name: /^Search/ })
          .first()
          .click()
      await page.getByRole('searchbox').fill('hatchback')
      await expect(page.getByText(/From the full history|Nothing more in the full history/)).toBeVisible()
    },
  },
  {
    name: 'mentions',
    async reach(page, size) {
      await signIn(page)
      if (size === 'phone') await page.getByRole('button', { name: 'Choose a view' }).click()
      await page
        .getByRole('button', { name: /^Mentions/ })
        .first()
        .click()
      await expect(page.getByRole('list', { name: 'Notes that name you' })).toBeVisible()
    },
  },
  {
    name: 'quick-replies',
    async reach(page) {
      const maya = await signIn(page)
      await maya.open('Omar Haddad')
      await page.getByRole('button', { name: 'Quick Replies', exact: true }).click()
      await expect(
        page.getByRole('dialog', { name: 'Quick Replies' }).getByRole('button').nth(3),
      ).toBeVisible()
    },
  },
  {
    name: 'scheduled',
    async reach(page) {
      const maya = await signIn(page)
      await maya.open('Omar Haddad')
      await maya.write('We can bring the first van on Thursday.')
      await page.getByRole('button', { name: 'Send later' }).click()
      await expect(page.getByLabel('Day and time')).toBeVisible()
    },
  },
  {
    name: 'together',
    async reach(page) {
      const maya = await signIn(page)
      await maya.open('Marcus Bell')
      const sam = await Agent.signIn(browser, server.origin, 'sam')
      await sam.open('Marcus Bell')
      await page.getByRole('textbox', { name: 'Compose a Message' }).fill('We have two in stock. ')
      const box = sam.page.getByRole('textbox', { name: 'Compose a Message' })
      await expect(box).toHaveValue('We have two in stock. ')
      await box.press('End')
      await box.pressSequentially('Both are here today.')
      await expect(page.locator('.caret[data-agent="Sam"]')).toBeVisible()
    },
  },
]

const pages = new Map<string, Page>()
const agents = new WeakMap<Page, Agent>()
const server = await Server.start()
const browser = await chromium.launch(playwright.use?.launchOptions)
try {
  mkdirSync(folder, { recursive: true })
  const chosen = process.argv.slice(2)
  await textFromHandsets(browser)
  for (const theme of themes)
    for (const size of Object.keys(sizes) as Size[])
      for (const screen of screens)
        if (chosen.length === 0 || chosen.includes(screen.name)) await take(browser, screen, theme, size)
} finally {
  await browser.close()
  await server.stop()
}

async function take(browser: Browser, screen: Screen, theme: 'light' | 'dark', size: Size): Promise<void> {
  const kept = screen.alone ? undefined : pages.get(`${theme} ${size}`)
  const page = kept ?? (await open(browser, theme, size))
  if (!screen.alone) pages.set(`${theme} ${size}`, page)
  await screen.reach(page, size)
  // Fonts are there, and nothing is under the pointer or on its way.
  await page.mouse.move(0, 0)
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
  await page.waitForTimeout(600)
  const file = `${screen.name}-${theme}-${size}.png`
  await page.screenshot({ path: resolve(folder, file), caret: 'hide' })
  console.log(file)
  if (screen.alone) await page.context().close()
}

async function open(browser: Browser, theme: 'light' | 'dark', size: Size): Promise<Page> {
  const context = await browser.newContext({
    ...sizes[size],
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: 'America/Chicago',
  })
  return context.newPage()
}

async function signIn(page: Page, path = ''): Promise<Agent> {
  const signedIn = agents.get(page)
  const maya = signedIn ?? (await Agent.in(page.context(), server.origin, 'maya'))
  agents.set(page, maya)
  if (path || signedIn) {
    await page.goto(server.origin + (path || '/inbox/open'))
    // On a phone the dot stands beside the list only.
    await expect(
      page
        .getByRole('button', { name: /^(Connected|Start|START A NEW)/i })
        .or(page.getByRole('combobox', { name: 'To', exact: true }))
        .or(page.getByRole('list', { name: 'Conversations' }))
        .first(),
    ).toBeVisible()
  }
  return maya
}

async function openSettings(page: Page, path: string): Promise<void> {
  if (!agents.has(page)) agents.set(page, await Agent.in(page.context(), server.origin, 'maya'))
  await page.goto(server.origin + path)
  await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible()
}

/** Two people who may be written to, and Chloe, who opted out. */
async function defineList(page: Page): Promise<void> {
  await openSettings(page, '/settings/lists/new')
  await page.getByLabel('Friendly Name').fill('Spring inspection')
  for (const name of ['Dana Cruz', 'Marcus Bell', 'Chloe Martin']) await page.getByLabel(name).check()
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByText('3 numbers', { exact: true })).toBeVisible()
}

async function back(page: Page, size: Size): Promise<void> {
  if (size === 'phone') await page.getByRole('button', { name: 'Back to the inbox' }).click()
}

/** Robin and Dana text from their handsets and Sam answers one, so that the handsets have something to show. */
async function textFromHandsets(browser: Browser): Promise<void> {
  await send('+12175550171', '+13095550101', 'Could somebody pick me up from the station?')
  await send('+13095550110', '+13095550100', 'And does it have a tow bar?')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await sam.open('Omar Haddad')
  await sam.note('@Maya he asked for you. Three vans, by the end of the month.')
  await sam.page.getByRole('link', { name: /^Open, / }).click()
  await sam.open('(217) 555-0171')
  await sam.reply('Sure, Robin. A shuttle leaves every hour.')
  await expect(sam.sign(/^Delivered/).first()).toBeVisible()
  await sam.close()
}

function send(from: string, to: string, text: string): Promise<unknown> {
  return server.simulator('/api/inbound', { channel: 'northwind', from, to, text })
}
