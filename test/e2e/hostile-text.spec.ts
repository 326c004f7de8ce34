import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

/** Each would leave its mark in `window.struck` if anything of it ran. */
const payloads = [
  '<img src=x onerror="window.struck=1">',
  '<script>window.struck=2</script>',
  '<svg/onload=window.struck=3>',
  '"><iframe srcdoc="<script>parent.struck=4</script>">',
  "'-(window.struck=5)-'",
  'javascript:window.struck=6//',
  '{{constructor.constructor("window.struck=7")()}}',
  '${window.struck=8}',
  '<style>@import "//evil.example/x.css";</style>',
  '<a href="javascript:window.struck=9">tap</a>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=window.struck=10>',
  '\u202Egnp.exe\u202C <b onmouseover=window.struck=11>here</b>',
  '<template shadowrootmode=open><script>window.struck=12</script></template>',
  '</title></textarea></style><script>window.struck=13</script>',
  // Emoji that a carrier has mangled.
  '&#55357;&#56397; \uFFFD\uFFFD &lt;3 <U+1F44D>',
]

test('[F138] [fault A3] what people write is text wherever it stands: nothing of it runs, loads or is reported', async ({
  browser,
}) => {
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const reported: string[] = []
  const loaded: string[] = []
  maya.page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) reported.push(message.text())
  })
  maya.page.on('dialog', (dialog) => {
    reported.push(dialog.message())
    void dialog.dismiss()
  })
  maya.page.on('request', (request) => {
    if (new URL(request.url()).origin !== server.origin) loaded.push(request.url())
  })
  const from = '+13095550177'
  for (const [index, payload] of payloads.entries())
    expect((await server.hook(`xss-${index}`, payload, { from })).ok).toBe(true)
  await maya.open('(309) 555-0177')
  for (const payload of payloads) await expect(maya.bubble(payload).first()).toBeVisible()
  // The same as a note, as a reply, in the box, and in the list, where the last line stands.
  const [first = '', second = '', third = ''] = payloads
  await maya.note(first)
  await maya.reply(second)
  await expect(maya.page.getByRole('list', { name: 'Conversations' })).toContainText(second)
  await maya.write(third)
  // A colleague reads it from the edge, and its author from their own replica after a reload.
  await maya.page.reload()
  await expect(maya.bubble(first).first()).toBeVisible()
  const sam = await Agent.signIn(browser, server.origin, 'sam')
  await sam.open('(309) 555-0177')
  await expect(sam.bubble(first).first()).toBeVisible()
  for (const { page } of [maya, sam]) {
    await page.mouse.move(400, 300)
    expect(await page.evaluate(() => (window as unknown as { struck?: number }).struck)).toBeUndefined()
    expect(await page.locator('iframe, img[src="x"], math, svg[onload]').count()).toBe(0)
    // Three scripts of the page itself have no address: those of the first frame and of the picture of the last screen,
    // in which all of this stood, and the one that brings the others.
    expect(await page.locator('script:not([src])').count()).toBe(3)
  }
  expect(reported).toEqual([])
  expect(loaded).toEqual([])
  await sam.close()
  await maya.close()
})
