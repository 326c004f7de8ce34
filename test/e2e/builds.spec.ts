import { expect, test, type Page, type WebSocket } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

test.use({ serviceWorkers: 'allow' })

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

/** Makes what this page loads a build of `later` milliseconds afterwards: its number stands in the document. */
async function ofBuild(page: Page, later: number): Promise<void> {
  await page.addInitScript((later) => {
    // The document is read, and no module script ran yet.
    document.addEventListener('readystatechange', () => {
      const build = document.querySelector<HTMLMetaElement>('meta[name="build"]')
      if (document.readyState === 'interactive' && build)
        build.content = String(Number(build.content) + later)
    })
  }, later)
}

function socketsOf(page: Page): WebSocket[] {
  const sockets: WebSocket[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  return sockets
}

test('[E16] [P3] a tab of a newer build takes the talking over from an older one in front of it', async ({
  browser,
}) => {
  await server.hook('build-1', 'Which of you?', { from: '+13095550195' })
  const context = await browser.newContext()
  const older = await Agent.in(context, server.origin, 'maya')
  await older.open('(309) 555-0195')
  const newerPage = await context.newPage()
  const sockets = socketsOf(newerPage)
  await ofBuild(newerPage, 60_000)
  await newerPage.goto(`${server.origin}/`)
  await expect.poll(() => sockets.length).toBe(1)
  await older.live()

  const evenOlder = await context.newPage()
  const none = socketsOf(evenOlder)
  await ofBuild(evenOlder, -60_000)
  await evenOlder.goto(`${server.origin}/`)
  await expect(evenOlder.getByRole('button', { name: 'Connected' })).toBeVisible()

  // Typed on the old page, said by the new one, once, and the old page sees what became of it.
  await older.page.bringToFront()
  await older.reply('From the older tab')
  await expect(older.sign(/^Delivered/).first()).toBeVisible()
  expect((await server.sent()).filter(({ text }) => text === 'From the older tab')).toHaveLength(1)
  expect(sockets.map((socket) => socket.isClosed())).toEqual([false])
  expect(none).toEqual([])
  await context.close()
})

test('[E17] [fault D4] a page that the edge tells to upgrade reloads once nobody touches it, with what was typed', async ({
  browser,
}) => {
  const context = await browser.newContext()
  await server.hook('build-2', 'Old or new?', { from: '+13095550196' })
  const maya = await Agent.in(context, server.origin, 'maya')
  let hellos = 0
  await maya.page.routeWebSocket(/\/api\/socket/, (route) => {
    const edge = route.connectToServer()
    route.onMessage((said) => {
      // The first build that connects from here on is one that the edge does not speak with.
      const isHello = String(said).includes('"t":"hello"') && ++hellos === 1
      edge.send(isHello ? String(said).replace(/"version":\d+/, '"version":99') : said)
    })
  })
  const loads: string[] = []
  await maya.page.reload()
  maya.page.on('load', () => loads.push('load'))
  await expect(maya.dot(/Working offline/)).toBeVisible()
  await maya.open('(309) 555-0196')
  const box = maya.page.getByRole('textbox', { name: 'Compose a Message' })
  await box.fill('Half a sentence')
  expect(loads).toEqual([])
  await maya.live()
  expect(loads).toEqual(['load'])
  await expect(box).toHaveValue('Half a sentence')
  await context.close()
})
