import { expect, test } from '@playwright/test'
import { deflateSync } from 'node:zlib'
import { Agent } from './people.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

const northwind = '+13095550100'

/** A picture of noise, which no encoder makes much smaller. */
function noise(width: number, height: number): Buffer {
  const lines = Buffer.alloc(height * (width * 3 + 1))
  let value = 12_345
  for (let at = 0; at < lines.length; at++) {
    value ^= value << 13
    value ^= value >>> 17
    value ^= value << 5
    lines[at] = at % (width * 3 + 1) === 0 ? 0 : value >>> 24
  }
  const chunk = (name: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), body])
    const out = Buffer.alloc(named.length + 8)
    out.writeUInt32BE(body.length, 0)
    named.copy(out, 4)
    out.writeUInt32BE(crc(named), named.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes: Buffer): number {
  let sum = -1
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1))
  }
  return (sum ^ -1) >>> 0
}

const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
const attach = (agent: Agent, ...files: ReturnType<typeof file>[]) =>
  agent.page.locator('.composer input[type=file]').setInputFiles(files)
const attached = (agent: Agent) =>
  agent.page.getByRole('list', { name: 'Attached pictures' }).getByRole('img')
const thumbnails = (agent: Agent) =>
  agent.thread().getByRole('img', { name: 'MMS Image, opens in a new tab' })
const send = (agent: Agent) => agent.page.getByRole('button', { name: 'SEND', exact: true }).click()

interface Sent {
  text: string
  to: string
  media: { url: string; contentType: string }[]
}

test('[flow 42] [F119] [F121] [E29] pictures are attached without a connection, outlast a reload, and leave once with their text', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('pic-1', 'Which part is it?', { from: '+13125550191' })
  await maya.open('(312) 555-0191')
  await expect(maya.page.getByRole('button', { name: 'Attach a picture' })).toBeVisible()
  await maya.context.setOffline(true)
  // 3 MB of noise: made smaller on the device, to what the number sends.
  await attach(maya, file('part.png', noise(1100, 900)), file('small.png', noise(60, 40)))
  await expect(attached(maya)).toHaveCount(2)
  await maya.page.reload()
  await expect(attached(maya)).toHaveCount(2)
  await maya.write('This one')
  await send(maya)
  await expect(thumbnails(maya)).toHaveCount(2)
  await expect(maya.sign(/Waiting for connection/).first()).toBeVisible()
  expect(await server.sent()).not.toContainEqual(expect.objectContaining({ text: 'This one' }))
  await maya.context.setOffline(false)
  await expect(maya.sign(/Delivered/).last()).toBeVisible({ timeout: 40_000 })
  const sent = ((await server.sent()) as unknown as Sent[]).filter(({ text }) => text === 'This one')
  expect(sent).toHaveLength(1)
  expect(sent[0]?.media.map(({ contentType }) => contentType)).toEqual(['image/jpeg', 'image/png'])
  // A colleague has them too, on a phone.
  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  await sam.open('(312) 555-0191')
  await expect(thumbnails(sam)).toHaveCount(2)
  for (const picture of await thumbnails(sam).all())
    expect(
      await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBeGreaterThan(0)
  await Promise.all([maya.close(), sam.close()])
})

test('[flow 43] [F120] [F122] [F124] [F130] what is no picture is refused at the box with its reason, and the text stays', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('pic-2', 'Hello?', { from: '+13125550192' })
  await maya.open('(312) 555-0192')
  await maya.write('Here you are')
  const files = [
    file('offer.pdf', Buffer.from('%PDF-1.7')),
    file('clip.jpg', Buffer.from('\0\0\0\x18ftypmp42', 'latin1')),
    file('voice.mp3', Buffer.from('ID3\x03')),
    file('broken.png', noise(40, 40).subarray(0, 400)),
  ]
  await attach(maya, ...files)
  const trouble = maya.page.locator('.composer').getByRole('alert')
  await expect(trouble.filter({ hasText: 'offer.pdf' })).toContainText('A PDF cannot be sent by MMS')
  await expect(trouble.filter({ hasText: 'clip.jpg' })).toContainText('Video cannot be sent')
  await expect(trouble.filter({ hasText: 'voice.mp3' })).toContainText('Audio cannot be sent yet')
  await expect(trouble.filter({ hasText: 'broken.png' })).toContainText('damaged')
  await expect(maya.page.getByText('CIF (352x288)')).toBeVisible()
  await expect(maya.page.getByRole('textbox', { name: 'Compose a Message' })).toHaveValue('Here you are')
  await attach(maya, file('ok.png', noise(40, 40)))
  await maya.page.getByRole('button', { name: 'Remove picture 1' }).click()
  await expect(attached(maya)).toHaveCount(0)
  await maya.close()
})

test('[flow 33] [F131] [F132] [F133] [Q3] media of a customer: thumbnail, links with their titles, seen again without a connection', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const at = (name: string, contentType: string) => ({
    url: `https://media.simulator.example/${name}`,
    contentType,
  })
  await server.simulator('/api/inbound', {
    channel: 'northwind',
    from: '+13125550193',
    to: northwind,
    text: 'Look and listen',
    media: [
      at('front-left-tyre.png', 'image/png'),
      at('voice.amr', 'audio/amr'),
      at('clip.3gp', 'video/3gpp'),
    ],
  })
  await maya.open('(312) 555-0193')
  const picture = thumbnails(maya)
  await expect(picture).toBeVisible()
  expect(
    await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
  ).toBe(480)
  const [tab] = await Promise.all([maya.context.waitForEvent('page'), picture.click()])
  await expect(tab.locator('img')).toBeVisible()
  expect(tab.url()).toContain('/api/media/')
  await tab.close()
  for (const title of ['MMS Audio', 'MMS Video']) {
    const link = maya.thread().getByRole('link', { name: `${title}, opens in a new tab` })
    await expect(link).toHaveAttribute('target', '_blank')
    const answer = await maya.context.request.get(server.origin + String(await link.getAttribute('href')))
    expect(answer.headers()['content-disposition']).toMatch(/^attachment/)
  }
  await maya.context.setOffline(true)
  await maya.page.reload()
  await expect(thumbnails(maya)).toBeVisible()
  expect(
    await thumbnails(maya).evaluate((image: HTMLImageElement) =>
      image.decode().then(() => image.naturalWidth),
    ),
  ).toBe(480)
  await maya.close()
})

test('[flow 44] [DC22] a reply is scheduled in the zone of the profile, and cancelled and offered again when they write first', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  await server.hook('later-1', 'When?', { from: '+13125550194' })
  await maya.open('(312) 555-0194')
  const sam = await Agent.signIn(browser, server.origin, 'sam', { width: 390, height: 844 }, false)
  await sam.open('(312) 555-0194')
  await maya.write('Tomorrow at nine')
  await maya.page.getByRole('button', { name: 'Send later' }).click()
  const panel = maya.page.getByRole('dialog', { name: 'Send later' })
  await expect(panel.getByText('Time zone of your profile: America/Chicago')).toBeVisible()
  await panel.getByRole('button', { name: /^Tomorrow at 9:00/ }).click()
  await expect(maya.sign(/^\w{3} 9:00$/).first()).toBeVisible()
  // A colleague sees on a phone that it waits, and for when.
  await expect(sam.bubble('Tomorrow at nine')).toBeVisible()
  await expect(sam.sign(/^\w{3} 9:00$/).first()).toBeVisible()
  for (const choice of ['Edit', 'Send now', 'Cancel'])
    await expect(maya.thread().getByRole('button', { name: choice })).toBeVisible()
  await server.hook('later-2', 'Could it be ten?', { from: '+13125550194' })
  await expect(maya.sign(/wrote before it was due/).first()).toBeVisible()
  await expect(sam.thread().getByRole('img', { name: 'Maya has an unsent reply' })).toBeVisible()
  expect(await server.sent()).not.toContainEqual(expect.objectContaining({ text: 'Tomorrow at nine' }))
  await maya.thread().getByRole('button', { name: 'Send', exact: true }).click()
  for (const agent of [maya, sam]) await expect(agent.sign(/Delivered/).last()).toBeVisible()
  await Promise.all([maya.close(), sam.close()])
})
