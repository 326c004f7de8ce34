import { strict as assert } from 'node:assert'
import { existsSync } from 'node:fs'
import { Wire } from '../e2e/proxy.ts'
import { Server } from '../e2e/server.ts'
import { Firefox } from './marionette.ts'

/**
 * `npm run firefox`: sign in, read, reply, go offline, reload, reply, come back, in a Firefox that is installed
 * (Debian: firefox-esr; FIREFOX names another). No part of `npm test`. The client must be built. A path as argument
 * takes a picture at the end.
 */
const program = process.env.FIREFOX ?? '/usr/bin/firefox-esr'
if (!existsSync(program)) {
  console.error(
    `There is no Firefox at ${program}. Install it (Debian: apt-get install firefox-esr) or set FIREFOX.`,
  )
  process.exit(1)
}
const server = await Server.start()
const wire = await Wire.to(server.port)
const firefox = await Firefox.start(program)
const step = (words: string) => console.log(`ok   ${words}`)
const dot = (words: string) => `//button[contains(@class, 'connection')][contains(@aria-label, '${words}')]`
const box = `//textarea[@aria-label='Compose a Message']`
const send = `//button[normalize-space()='SEND']`
const bubble = (text: string) => `//*[@role='log']//*[text()='${text}']`
const timesSent = async (text: string) => (await server.sent()).filter((sent) => sent.text === text).length
try {
  await firefox.go(wire.origin)
  await firefox.type(`//input[@type='email']`, 'maya@demo.test')
  await firefox.type(`//input[@type='password']`, 'parley-demo')
  await firefox.click(`//button[normalize-space()='Log In']`)
  await firefox.find(dot('Connected'))
  step('signs in, and is connected')
  await firefox.click(`//a[contains(@class, 'row-link')][normalize-space()='Omar Haddad']`)
  await firefox.find(bubble('We need three vans for the catering business. Can someone call me?'))
  step('reads a conversation')
  await firefox.type(box, 'Hello from Firefox')
  await firefox.click(send)
  await firefox.find(`//*[@role='log']//*[starts-with(@aria-label, 'Delivered')]`)
  await sentOnce('Hello from Firefox')
  step('replies, and the signs turn')
  await firefox.click(`//button[normalize-space()='SET OWNER']`)
  await firefox.find(`//*[@role='dialog'][@aria-label='Owner']//input[@type='radio']`)
  await firefox.click(`//button[normalize-space()='END CONVERSATION']`)
  await firefox.click(`//dialog//button[normalize-space()='Cancel']`)
  step('opens a popover and a dialog, and leaves both')
  await firefox.run(`const { active } = await navigator.serviceWorker.ready
    while (active.state !== 'activated') await new Promise((resolve) => setTimeout(resolve, 50))`)
  wire.cut()
  await firefox.find(`${dot('offline')} | ${dot('cannot be reached')}`, 60_000)
  await firefox.type(box, 'Written without a connection')
  await firefox.click(send)
  await firefox.find(bubble('Written without a connection'))
  // A navigation: what Marionette calls a refresh goes past the service worker.
  await firefox.go(String(await firefox.run('return location.href')))
  await firefox.find(bubble('Written without a connection'))
  assert.equal(await timesSent('Written without a connection'), 0)
  step('works offline, and the shell and the change outlast a reload')
  wire.mend()
  await firefox.find(dot('Connected'), 90_000)

  await sentOnce('Written without a connection')
  step('comes back, and what waited is sent once')
  const agent = await firefox.run('return navigator.userAgent')
  const missing = await firefox.run(`return ${JSON.stringify(interfaces())}.filter((name) => {
    try { return !eval(name) } catch { return true } })`)
  console.log(`${String(agent)}\nwithout: ${JSON.stringify(missing)}`)
  const [picture] = process.argv.slice(2)
  if (picture) await firefox.screenshot(picture)
} catch (fault) {
  // What stood on the screen says more than what was missed.
  const [picture] = process.argv.slice(2)
  if (picture) await firefox.screenshot(picture)
  console.error(await firefox.run('return location.href + "\\n" + document.body.innerText'))
  throw fault
} finally {
  await firefox.stop()
  await wire.close()
  await server.stop()
}

async function sentOnce(text: string): Promise<void> {
  for (let second = 0; second < 30 && (await timesSent(text)) === 0; second++)
    await new Promise((resolve) => setTimeout(resolve, 1000))
  assert.equal(await timesSent(text), 1)
}

/** What Parley uses of a browser where it is there; docs/browsers.md says what happens where it is not. */
function interfaces(): string[] {
  return [
    `'showPopover' in HTMLElement.prototype`,
    `'showModal' in HTMLDialogElement.prototype`,
    `CSS.supports('selector(:has(a))')`,
    `'locks' in navigator`,
    `'BroadcastChannel' in window`,
    `'serviceWorker' in navigator`,
    `'PushManager' in window`,
    `'SyncManager' in window`,
    `'setAppBadge' in navigator`,
    `navigator.storage && 'persist' in navigator.storage`,
    `'createImageBitmap' in window`,
    `'OffscreenCanvas' in window`,
    `CSS.supports('field-sizing: content')`,
    `CSS.supports('color: light-dark(red, blue)')`,
  ]
}
