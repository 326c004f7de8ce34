import { expect, test, type Locator } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const phone = { width: 390, height: 844 }

const form = (agent: Agent): Locator => agent.page.getByRole('form', { name: 'Profile' })
const field = (agent: Agent, label: string): Locator => form(agent).getByLabel(label, { exact: true })
const save = (agent: Agent) => form(agent).getByRole('button', { name: 'Update Agent' }).click()
const toast = (agent: Agent, text: string | RegExp) => agent.page.getByRole('status').getByText(text)

/** A picture that is not square, of what is on the screen. */
const photo = (agent: Agent) => agent.page.screenshot({ clip: { x: 0, y: 0, width: 320, height: 200 } })

async function edit(agent: Agent, name: string): Promise<void> {
  await agent.page.getByRole('button', { name: `Me: ${name}` }).click()
  await agent.page.getByRole('menuitem', { name: 'Settings' }).click()
  await expect(agent.page.getByRole('heading', { name: 'User Profile' })).toBeVisible()
  await agent.page.getByRole('main').getByRole('link', { name: 'Edit' }).click()
  await expect(form(agent)).toBeVisible()
}

test('[flow 72] [F28] [F30] [F31] [F36] what an agent saves of their profile is what colleagues see, name and picture, live', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await edit(maya, 'Maya')
  const labels = await form(maya).locator('label, legend, .label, button[type=submit]').allTextContents()
  expect(labels.map((label) => label.trim())).toEqual([
    'First Name',
    'Last Name',
    'Screenname',
    'Email',
    'Current Password',
    'New Password',
    'Confirm Password',
    'Idle Alert Time in Seconds',
    'Email Notifications',
    'Conversation transfer to or from you',
    'Conversation transfer to or from your group',
    'A new message in your conversations',
    "A new message in your group's conversations",
    'Time Zone',
    'Upload Your Avatar',
    'Update Agent',
  ])
  await expect(field(maya, 'Idle Alert Time in Seconds')).toHaveValue('300')
  await expect(field(maya, 'Email')).not.toBeEditable()

  await field(maya, 'Screenname').fill('Maya O.')
  await field(maya, 'Last Name').fill('Okafor')
  await field(maya, 'Idle Alert Time in Seconds').fill('45')
  await field(maya, 'A new message in your conversations').check()
  const choosing = maya.page.waitForEvent('filechooser')
  await form(maya).getByRole('button', { name: 'Pick File' }).click()
  await (await choosing).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: await photo(maya) })
  await expect(form(maya).getByAltText('What colleagues will see')).toBeVisible()
  await save(maya)
  const facts = maya.page.getByRole('main')
  for (const text of ['Maya O.', 'Okafor', '45', 'A new message in your conversations'])
    await expect(facts.getByText(text, { exact: true })).toBeVisible()

  // One's own at the upper right, and a colleague's list, each drawn from the picture itself.
  const drawn = (where: Locator) =>
    expect
      .poll(() => where.locator('.avatar img').evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBe(256)
  await drawn(maya.page.getByRole('button', { name: 'Me: Maya O.' }))
  await maya.page.getByRole('link', { name: 'Message Center' }).click()
  await sam.page.getByRole('button', { name: 'Online', exact: true }).click()
  await drawn(sam.page.getByRole('listitem').filter({ hasText: 'Maya O.' }))
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 73] [F29] [F33] [F35] what cannot be saved is said at its field, and what was typed stays', async ({
  browser,
}) => {
  const sam = await Agent.signIn(browser, server.origin, 'sam', phone)
  await edit(sam, 'Sam')
  await field(sam, 'First Name').fill('Samuel')
  const wrong = async (label: string, value: string, text: string | RegExp) => {
    const before = await field(sam, label).inputValue()
    await field(sam, label).fill(value)
    await save(sam)
    await expect(field(sam, label)).toHaveAccessibleDescription(text)
    await expect(field(sam, label)).toBeFocused()
    await expect(field(sam, label)).toHaveValue(value)
    await field(sam, label).fill(before)
  }
  await wrong('Screenname', 'admin', 'Somebody else has the Screenname admin.')
  await wrong('Screenname', '', 'Colleagues need a Screenname to see.')
  await wrong('Idle Alert Time in Seconds', 'soon', /^Type a number of seconds/)
  await wrong('Idle Alert Time in Seconds', '0', /is a number from 1 to 1,000,000/)
  await field(sam, 'New Password').fill('battery staple')
  await save(sam)
  await expect(field(sam, 'Current Password')).toHaveAccessibleDescription(/^Your current password is needed/)
  await field(sam, 'Current Password').fill('parley-demo')
  await field(sam, 'Confirm Password').fill('battery stable')
  await save(sam)
  await expect(field(sam, 'Confirm Password')).toHaveAccessibleDescription(
    'This is not the same as the new password.',
  )
  const pick = async (name: string, bytes: Buffer, text: string) => {
    const choosing = sam.page.waitForEvent('filechooser')
    await form(sam).getByRole('button', { name: 'Pick File' }).click()
    await (await choosing).setFiles({ name, mimeType: 'image/png', buffer: bytes })
    await expect(form(sam).getByRole('alert').getByText(text)).toBeVisible()
  }
  await pick(
    'notes.png',
    Buffer.from('Not a picture at all'),
    'notes.png: This is not an image that the browser can open. Pick a JPEG, PNG, GIF or WebP.',
  )
  const whole = await photo(sam)
  await pick('half.png', whole.subarray(0, 60), 'half.png: This picture is damaged and cannot be opened.')
  await expect(field(sam, 'First Name')).toHaveValue('Samuel')
  await sam.close()
})

test('[flow 74] [F34] the time zone of the profile rules every time on the screen, whatever the device shows', async ({
  browser,
}) => {
  const admin = await Agent.signIn(browser, server.origin, 'admin')
  await admin.open('Omar Haddad')
  const stamps = admin.thread().locator('time.stamp')
  const before = await stamps.first().textContent()
  const moment = Date.parse((await stamps.first().getAttribute('datetime')) ?? '')
  const inZone = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: '2-digit' }).format(moment)
  expect(before).toBe(inZone('America/Chicago'))
  await edit(admin, 'Admin')
  await field(admin, 'Time Zone').selectOption({ label: 'Tokyo' })
  await save(admin)
  await expect(admin.page.getByRole('main').getByText('Asia/Tokyo')).toBeVisible()
  await admin.page.getByRole('link', { name: 'Message Center' }).click()
  await expect(stamps.first()).toHaveText(inZone('Asia/Tokyo'))
  await expect(stamps.first()).toHaveAttribute('data-whole', /GMT\+9/)
  await admin.page.reload()
  await expect(stamps.first()).toHaveText(inZone('Asia/Tokyo'))
  await admin.write('Later')
  await admin.page.getByRole('button', { name: 'Send later' }).click()
  await expect(admin.page.getByText('Time zone of your profile: Asia/Tokyo')).toBeVisible()
  await admin.close()
})

test('[flow 75] [F37] [E12] a new password is taken with the old one, and the other sessions end and say so', async ({
  browser,
}) => {
  const rita = await Agent.signIn(browser, server.origin, 'rita')
  const there = await Agent.signIn(browser, server.origin, 'rita')
  await edit(rita, 'Rita')
  await field(rita, 'Current Password').fill('parley-dem')
  await field(rita, 'New Password').fill('battery staple')
  await field(rita, 'Confirm Password').fill('battery staple')
  await save(rita)
  await expect(field(rita, 'Current Password')).toHaveAccessibleDescription(
    'This is not your current password.',
  )
  await expect(field(rita, 'New Password')).toHaveValue('battery staple')
  await field(rita, 'Current Password').fill('parley-demo')
  await save(rita)
  await expect(toast(rita, 'Password changed. 1 other session was ended.')).toBeVisible()
  await expect(there.page.getByText(/^You were signed out of this browser from another device/)).toBeVisible()
  await expect(there.page.getByRole('button', { name: 'Log In' })).toBeVisible()
  await there.page.getByLabel('Email').fill('rita@demo.test')
  await there.page.getByLabel('Password').fill('battery staple')
  await there.page.getByRole('button', { name: 'Log In' }).click()
  await there.live()
  await Promise.all([rita.close(), there.close()])
})
