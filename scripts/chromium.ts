import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where Chromium is: CHROMIUM, or Debian's. */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Debian's Chromium without its own windows and menus, which shows pages with a third less work. */
const shell = '/usr/bin/chromium-headless-shell'

/** What the browser tests run in, of which only notifications need the whole browser. */
export const headless = process.env.CHROMIUM ?? (existsSync(shell) ? shell : chromium)

/** How a browser is started: it may be root's, has no screen, and asks nobody for anything. */
export const browserArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Installs both from Debian's packages where one is missing and we may; says how where there is no Chromium at all. */
export function ensureChromium(): void {
  if (existsSync(chromium) && (process.env.CHROMIUM || existsSync(shell))) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from the distribution, once ...')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: 'inherit', env }).status === 0
    apt('update', '-qq')
    const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium']
    if (!apt(...install, 'chromium-headless-shell') && !existsSync(chromium)) apt(...install)
  }
  if (existsSync(chromium)) return
  console.error(
    `There is no Chromium at ${chromium}. Install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path.`,
  )
  process.exit(1)
}
