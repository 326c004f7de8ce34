import { Agent } from '../e2e/people.ts'
import { expect, type Screen, type Stage } from './stage.ts'

/**
 * Every screen, menu, dialog and panel, and the states between: what docs/screens shows and axe looks at. `npm run
 * check` fails where a screen of the client stands in none of them (docs/flows.md). What is pressed offline stays on a
 * device that never comes back, so that every screen shows the same account.
 */
export const screens: readonly Screen[] = [
  {
    name: 'sign-in',
    apart: 'signed out',
    async reach({ page, server }) {
      await page.goto(server.origin)
      await page.getByLabel('Email').fill('maya@demo.test')
    },
  },
  {
    name: 'message-center',
    async reach(stage) {
      const maya = await stage.conversation('Omar Haddad')
      await expect(
        maya.bubble('We need three vans for the catering business. Can someone call me?'),
      ).toBeVisible()
    },
  },
  {
    name: 'inbox',
    async reach(stage) {
      const maya = await stage.inbox()
      await expect(maya.row('Omar Haddad')).toBeVisible()
    },
  },
  {
    name: 'closed',
    async reach(stage) {
      const maya = await stage.inbox('/inbox/closed')
      await maya.open('Peter Novak')
      await expect(maya.thread().getByText('Come and see the new wagon.').first()).toBeVisible()
    },
  },
  {
    name: 'opted-out',
    async reach(stage) {
      const maya = await stage.conversation('Chloe Martin')
      await expect(maya.bubble('STOP')).toBeVisible()
    },
  },
  {
    name: 'odd-texts',
    async reach(stage) {
      const maya = await stage.conversation(oddTitle)
      await expect(maya.bubble(oddTexts.at(-1) ?? '')).toBeVisible()
    },
  },
  {
    name: 'media',
    async reach(stage) {
      const maya = await stage.conversation('(312) 555-0193')
      await expect(maya.thread().getByRole('img', { name: /^MMS Image/ })).toBeVisible()
    },
  },
  {
    name: 'waiting',
    async reach(stage) {
      await stage.inbox('/inbox/waiting')
      await expect(stage.page.getByRole('img', { name: 'Waiting for Reply' }).first()).toBeVisible()
    },
  },
  {
    name: 'empty',
    as: 'admin',
    async reach(stage) {
      await stage.inbox('/inbox/mine')
      await expect(stage.page.getByText('Nothing assigned to you.')).toBeVisible()
    },
  },
  {
    name: 'edit-view',
    async reach(stage) {
      await stage.inbox()
      await stage.button('EDIT VIEW').click()
      await stage.page.getByLabel('Mobile User(s)').fill('Haddad, Farms')
      await expect(stage.page.getByText('2 conversations', { exact: true })).toBeVisible()
    },
  },
  {
    name: 'select',
    async reach(stage) {
      await stage.inbox()
      for (const title of ['Dana Cruz', 'Theo Lindqvist', 'Priya Raman']) {
        const box = stage.page.getByRole('checkbox', { name: `Select ${title}` })
        if (stage.isPhone) await box.tap({ force: true })
        else await box.check()
      }
      await expect(stage.page.getByText('3 selected')).toBeVisible()
    },
  },
  {
    name: 'views',
    async reach(stage) {
      await stage.inbox()
      if (!stage.isPhone) return stage.page.keyboard.press('[')
      await stage.button('Choose a view').click()
      await expect(stage.page.getByRole('dialog', { name: 'Views' })).toBeVisible()
    },
  },
  {
    name: 'search',
    async reach(stage) {
      await stage.inbox()
      if (!stage.isPhone && (await stage.button('Widen the sidebar').isVisible()))
        await stage.button('Widen the sidebar').click()
      await stage.button('Search').click()
      await stage.page.getByRole('searchbox').fill('hatchback')
      await expect(
        stage.page.getByText(/From the full history|Nothing more in the full history/),
      ).toBeVisible()
    },
  },
  {
    name: 'mentions',
    async reach(stage) {
      await stage.inbox()
      if (stage.isPhone) await stage.button('Choose a view').click()
      await stage.page
        .getByRole('button', { name: /^Mentions/ })
        .first()
        .click()
      await expect(stage.page.getByRole('list', { name: 'Notes that name you' })).toBeVisible()
    },
  },
  {
    name: 'new-conversation',
    async reach(stage) {
      await stage.inbox('/inbox/open/new')
      await stage.page.getByLabel('To', { exact: true }).fill('an')
      await expect(stage.page.getByRole('listbox').getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'info',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      const save = stage.page.getByRole('button', { name: 'SAVE', exact: true })
      if (stage.isPhone) await stage.page.getByRole('tab', { name: 'Mobile User Info' }).click()
      await save.scrollIntoViewIfNeeded()
      await expect(save).toBeVisible()
      if (stage.isPhone)
        await stage.page.getByRole('tab', { name: 'Conversation & Notes' }).press('ArrowLeft')
    },
  },
  {
    name: 'quick-replies',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      await stage.button('Quick Replies').click()
      await expect(
        stage.page.getByRole('dialog', { name: 'Quick Replies' }).getByRole('button').nth(3),
      ).toBeVisible()
    },
  },
  {
    name: 'keep-quick-reply',
    reach: (stage) => panel(stage, 'Add a Quick Reply'),
  },
  {
    name: 'emoji',
    reach: (stage) => panel(stage, 'Emoji'),
  },
  {
    name: 'texting-help',
    reach: (stage) => panel(stage, 'Help with texting'),
  },
  {
    name: 'owner',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      await stage.button('SET OWNER').click()
      await expect(stage.page.getByRole('dialog', { name: 'Owner' })).toBeVisible()
    },
  },
  {
    name: 'offers',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      const box = stage.page.getByRole('textbox', { name: 'Compose a Message' })
      await box.fill('')
      await box.pressSequentially('Hi 👍 /')
      await expect(stage.page.getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'scheduled',
    async reach(stage) {
      const maya = await stage.conversation('Omar Haddad')
      await maya.write('We can bring the first van on Thursday.')
      await stage.button('Send later').click()
      await expect(stage.page.getByLabel('Day and time')).toBeVisible()
    },
  },
  {
    name: 'attached',
    async reach(stage) {
      const maya = await stage.conversation('Omar Haddad')
      await maya.write('Here are the three vans.')
      await stage.page.locator('.composer input[type=file]').setInputFiles([
        { name: 'van.svg.png', mimeType: 'image/png', buffer: await picture(stage) },
        { name: 'offer.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
      ])
      await expect(stage.button('Remove picture 1')).toBeVisible()
      await expect(stage.page.getByText(/offer\.pdf/)).toBeVisible()
    },
  },
  {
    name: 'note',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      await stage.button('Note').click()
      const box = stage.page.getByRole('textbox', { name: 'Note', exact: true })
      await box.fill('')
      await box.pressSequentially('Please call him, @')
      await expect(stage.page.getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'end',
    async reach(stage) {
      await stage.conversation('Omar Haddad')
      await stage.button('END CONVERSATION').click()
      await expect(stage.page.getByRole('alertdialog')).toBeVisible()
    },
  },
  {
    name: 'tabs',
    async reach(stage) {
      const titles = ['Dana Cruz', 'Theo Lindqvist', 'Priya Raman', 'Marcus Bell', oddTitle, 'Hannah Weiss']
      const maya = await stage.inbox()
      for (const title of titles) {
        await maya.open(title)
        if (title !== titles.at(-1)) await stage.back()
      }
      // The last one holds a text of which nobody knows whether it arrived.
      await expect(stage.button('Check')).toBeVisible()
    },
  },
  {
    name: 'palette',
    async reach(stage) {
      const maya = await stage.inbox()
      await expect(maya.row('Omar Haddad')).toBeVisible()
      await stage.page.keyboard.press('Control+k')
      await stage.page.getByRole('combobox', { name: 'What to do' }).fill('go to')
      await expect(stage.page.getByRole('option', { name: /Go to Waiting/ })).toBeVisible()
    },
  },
  {
    name: 'me',
    async reach(stage) {
      await stage.inbox()
      await stage.button('Me: Maya').click()
      await expect(stage.page.getByRole('menu')).toBeVisible()
    },
  },
  {
    name: 'online',
    async reach(stage) {
      await stage.inbox()
      await stage.page
        .getByRole('button', { name: /^Online/ })
        .first()
        .click()
      await expect(stage.page.getByRole('dialog', { name: 'Online agents' })).toBeVisible()
    },
  },
  {
    name: 'keys',
    async reach(stage) {
      await stage.inbox()
      await stage.button('Me: Maya').click()
      await stage.page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click()
      await expect(stage.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    },
  },
  {
    name: 'strays',
    as: 'admin',
    async reach(stage) {
      await stage.inbox()
      if (stage.isPhone) await stage.button('Choose a view').click()
      await stage.page
        .getByRole('button', { name: 'Texts to unknown numbers' })
        .filter({ visible: true })
        .click()
      await expect(stage.page.getByText('Is this the pizza place?')).toBeVisible()
    },
  },
  {
    name: 'settings-profile',
    reach: async (stage) => void (await stage.settings('profile')),
  },
  {
    name: 'edit-profile',
    async reach(stage) {
      await stage.settings('profile/maya/edit')
      await stage.page.getByLabel('Screenname').fill('Sam')
      await stage.page.getByRole('button', { name: 'Update Agent' }).click()
      await expect(stage.page.getByText('Somebody else has the Screenname Sam.')).toBeVisible()
    },
  },
  {
    name: 'devices',
    async reach(stage) {
      await stage.settings('devices')
      await expect(stage.page.getByRole('main').getByText('This device')).toBeVisible()
    },
  },
  {
    name: 'numbers',
    as: 'admin',
    async reach(stage) {
      await stage.settings('numbers')
      await expect(stage.page.getByRole('form', { name: 'Messages' })).toBeVisible()
    },
  },
  {
    name: 'auto-replies',
    as: 'admin',
    async reach(stage) {
      await stage.settings('auto-replies')
      const { page } = stage
      const none = page.getByText('No auto-replies yet.')
      await expect(none.or(stage.button(/^EDIT /))).toBeVisible()
      const rules = [
        ['time', 'We are closed and answer at 8. For a tow call (309) 555-0101.'],
        ['text', 'Monday to Friday 8 to 6, Saturday 9 to 1.'],
        ['time', 'Thank you! We are at lunch and back at one.'],
      ] as const
      for (const [kind, text] of rules) {
        if (await page.getByText(text).isVisible()) continue
        await stage.button('NEW AUTO-REPLY').click()
        if (kind === 'text') {
          await page.getByRole('radio', { name: 'The text' }).check()
          await page.getByLabel('Words or Number Patterns').fill('hours\nopen today')
          await page.getByLabel('Also where it is only a part').check()
        }
        if (text.includes('lunch')) {
          await page.getByLabel('Code').selectOption({ index: 2 })
          await page.getByLabel('From').fill('12:00')
          await page.getByLabel('to', { exact: true }).fill('13:00')
          await page.getByLabel('Disabled').check()
        }
        await page.getByLabel('Message Text').fill(text)
        await stage.button('ADD AUTO-REPLY').click()
        await expect(page.getByText(text)).toBeVisible()
      }
      // Without the words that the last of them was added with.
      await page.reload()
      await expect(page.getByText('lunch')).toBeVisible()
    },
  },
  {
    name: 'auto-reply-edit',
    as: 'admin',
    async reach(stage) {
      await stage.settings('auto-replies/new')
      const { page } = stage
      await page.getByLabel('Message Text').fill('We are closed and answer at 8. 🙂')
      await stage.button('ADD AUTO-REPLY').click()
      await expect(page.getByText(/^Emoji cannot be sent/)).toBeVisible()
    },
  },
  {
    name: 'auto-reply-text',
    as: 'admin',
    async reach(stage) {
      await stage.settings('auto-replies/new')
      const { page } = stage
      await page.getByRole('radio', { name: 'The text' }).check()
      await page.getByLabel('Words or Number Patterns').fill('order ####')
      await page.getByLabel('Try a text').fill('order 1234')
      await expect(page.getByText('A pattern fits this.')).toBeVisible()
    },
  },
  {
    name: 'set-aside',
    as: 'admin',
    async reach(stage) {
      // No carrier of a test brings what fails five times; what the edge would answer does.
      await stage.page.route('**/api/parked', (route) =>
        route.fulfill({
          json: [
            {
              id: 'one',
              channel: 'northwind',
              at: Date.UTC(2026, 10, 25, 12),
              from: '+13125550142',
              to: '+13095550100',
              text: 'Is the car ready?',
            },
            {
              id: 'two',
              channel: 'northwind',
              at: Date.UTC(2026, 10, 25, 12),
              from: null,
              to: null,
              text: null,
            },
          ],
        }),
      )
      await stage.settings('set-aside')
      await expect(stage.page.getByText('Is the car ready?')).toBeVisible()
    },
  },
  {
    name: 'settings-people',
    async reach(stage) {
      await stage.settings('people')
      await expect(stage.page.getByRole('link', { name: /Ahmed Farouk/ })).toBeVisible()
    },
  },
  {
    name: 'lists',
    async reach(stage) {
      await stage.settings('lists')
      await expect(stage.page.getByText('No lists yet.').or(stage.button(/^EDIT /))).toBeVisible()
    },
  },
  {
    name: 'list-edit',
    async reach(stage) {
      await stage.settings('lists/new')
      const { page } = stage
      await page.getByLabel('Friendly Name').fill('Spring inspection')
      await page.getByLabel('Dana Cruz').check()
      await page.getByLabel('Add New Phone Numbers').fill('(217) 555-0190, 5550191\nSpringfield')
      await page.getByLabel('Add All New Phone Numbers to List').check()
      await expect(page.getByText('The area code is missing.')).toBeVisible()
    },
  },
  {
    name: 'list-message',
    async reach(stage) {
      await writeToList(stage)
      await expect(stage.page.getByText(/3 recipients/).first()).toBeVisible()
    },
  },
  {
    name: 'list-sent',
    async reach(stage) {
      if (!(await stage.page.getByRole('button', { name: 'SUBMIT' }).isVisible())) await writeToList(stage)
      await stage.button('SUBMIT').click()
      await expect(stage.page.getByLabel('What became of it')).toContainText('Delivered2')
    },
  },
  {
    name: 'settings-preferences',
    reach: async (stage) => void (await stage.settings('preferences')),
  },
  {
    name: 'settings-notifications',
    reach: async (stage) => void (await stage.settings('notifications')),
  },
  {
    name: 'storage',
    async reach(stage) {
      await stage.settings('storage')
      await expect(stage.page.getByText('Space used')).toBeVisible()
    },
  },
  {
    name: 'settings-help',
    reach: async (stage) => void (await stage.settings('help')),
  },
  {
    name: 'simulator',
    async reach({ page, server }) {
      await page.goto(`${server.origin}/simulator`)
      await expect(page.getByText('Could somebody pick me up from the station?')).toBeVisible()
      await expect(page.getByText('Sure, Robin. A shuttle leaves every hour.').first()).toBeVisible()
    },
  },
  {
    name: 'together',
    async reach(stage) {
      await stage.conversation('Marcus Bell')
      const sam = await Agent.signIn(stage.browser, stage.server.origin, 'sam')
      await sam.open('Marcus Bell')
      await stage.page.getByRole('textbox', { name: 'Compose a Message' }).fill('We have two in stock. ')
      const box = sam.page.getByRole('textbox', { name: 'Compose a Message' })
      await expect(box).toHaveValue('We have two in stock. ')
      await box.press('End')
      await box.pressSequentially('Both are here today.')
      await expect(stage.page.locator('.caret[data-agent="Sam"]')).toBeVisible()
    },
  },
  {
    name: 'offline',
    apart: 'offline',
    reach: workOffline,
  },
  {
    name: 'sign-out',
    apart: 'offline',
    async reach(stage) {
      if (!(await stage.page.getByRole('dialog', { name: 'Changes on this device' }).isVisible()))
        await workOffline(stage)
      await stage.page.keyboard.press('Escape')
      if (await stage.button('Back to the inbox').isVisible()) await stage.back()
      await stage.button('Me: Maya').click()
      await stage.page.getByRole('menuitem', { name: 'Sign out' }).click()
      await expect(stage.page.getByRole('alertdialog')).toContainText('on this device only')
    },
  },
]

/** Handsets text and Sam answers, so that there is something to show: once for a server. */
export async function textFromHandsets({
  browser,
  server,
}: Pick<Stage, 'browser' | 'server'>): Promise<void> {
  const send = (from: string, to: string, text: string, media?: unknown[]) =>
    server.simulator('/api/inbound', { channel: 'northwind', from, to, text, ...(media && { media }) })
  const at = (name: string, contentType: string) => ({
    url: `https://media.simulator.example/${name}`,
    contentType,
  })
  await send('+12175550171', '+13095550101', 'Could somebody pick me up from the station?')
  await send('+13095550110', '+13095550100', 'And does it have a tow bar?')
  await send('+13125550193', '+13095550100', 'Look and listen', [
    at('front-left-tyre.png', 'image/png'),
    at('voice.amr', 'audio/amr'),
    at('clip.3gp', 'video/3gpp'),
  ])
  for (const text of oddTexts) await send('+13125550194', '+13095550100', text)
  await server.hook('screens-stray', 'Is this the pizza place?', {
    from: '+13095550176',
    to: '+13095559999',
  })
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await sam.open('Omar Haddad')
  await sam.note('@Maya he asked for you. Three vans, by the end of the month.')
  await sam.page.getByRole('link', { name: /^Open, / }).click()
  await sam.open('(312) 555-0194')
  await sam.page.getByLabel('First Name').fill('Wolfeschlegelsteinhausen')
  await sam.page.getByLabel('Last Name').fill('Bergerdorff-Montgomery-Smythe')
  await sam.page.getByRole('button', { name: 'SAVE', exact: true }).click()
  await sam.open('(217) 555-0171')
  await sam.reply('Sure, Robin. A shuttle leaves every hour.')
  await expect(sam.sign(/^Delivered/).first()).toBeVisible()
  await sam.close()
}

const oddTitle = 'Wolfeschlegelsteinhausen Bergerdorff-Montgomery-Smythe'

/** From the right, long without a space, long with them, and nothing but pictures. */
const oddTexts = [
  'שלום, האם הרכב מוכן? אני בדרך',
  'https://example.com/inventory/used/wagons/2019/details?stock=0017422&ref=newsletter-november-second-edition&campaign=winter',
  `The car makes a noise when it is cold. ${'It starts, it stops, and then it starts once more, as if it could not make up its mind about the day. '.repeat(4)}Can you look at it?`,
  '👨‍👩‍👧‍👦🎉🚗💨',
]

/** A panel over the composer that its button of the same name opens. */
async function panel(stage: Stage, name: string): Promise<void> {
  await stage.conversation('Omar Haddad')
  await stage.button(name).click()
  await expect(stage.page.getByRole('dialog', { name }).getByRole('button').last()).toBeVisible()
}

/** Two people who may be written to, and Chloe, who opted out. */
async function writeToList(stage: Stage): Promise<void> {
  const { page } = stage
  await stage.settings('lists/new')
  await page.getByLabel('Friendly Name').fill('Spring inspection')
  for (const name of ['Dana Cruz', 'Marcus Bell', 'Chloe Martin']) await page.getByLabel(name).check()
  await page.getByRole('button', { name: 'SAVE' }).click()
  await expect(page.getByText('3 numbers', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'NEW MESSAGE' }).click()
  await page
    .getByRole('textbox', { name: 'Message' })
    .fill('Hi {{First Name}}, your inspection is due in May.')
}

async function workOffline(stage: Stage): Promise<void> {
  const { page } = stage
  const maya = await stage.inbox()
  for (const title of ['Liam Murphy', 'Grace Okafor']) {
    await maya.open(title)
    await stage.back()
  }
  await maya.open('Liam Murphy')
  await expect(maya.bubble('Yes please, any day next week')).toBeVisible()
  await stage.context.setOffline(true)
  await maya.reply('Thursday at 8:30, Liam. See you then!')
  await maya.note('Order the filter for a 2019 model.')
  await stage.back()
  await maya.open('Grace Okafor')
  await maya.claim()
  await expect(page.getByText(/Maya claimed/).first()).toBeVisible()
  await stage.back()
  if (!stage.isPhone) await maya.open('Liam Murphy')
  await expect(maya.dot('Working offline, 3 changes waiting')).toBeVisible({ timeout: 60_000 })
  await maya.dot('Working offline, 3 changes waiting').click()
  await expect(page.getByRole('dialog', { name: 'Changes on this device' })).toBeVisible()
}

/** A picture as a camera would give it, drawn by the browser: no file of the project is one. */
async function picture({ page }: Stage): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 })
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    const sky = pen.createLinearGradient(0, 0, 0, 480)
    sky.addColorStop(0, '#9ec5e8')
    sky.addColorStop(1, '#e9d8c0')
    pen.fillStyle = sky
    pen.fillRect(0, 0, 640, 480)
    pen.fillStyle = '#f5f5f0'
    pen.fillRect(120, 180, 380, 160)
    pen.fillStyle = '#223'
    for (const x of [190, 420]) {
      pen.beginPath()
      pen.arc(x, 345, 38, 0, 7)
      pen.fill()
    }
    return canvas.toDataURL('image/png')
  })
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}
