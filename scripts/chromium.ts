import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where the browser tests find Chromium: CHROMIUM, or Debian's. */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Installs Chromium from Debian's packages where it is missing and we may; otherwise says how. */
export function ensureChromium(): void {
  if (existsSync(chromium)) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from the distribution, once ...')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'inherit',
      env,
    })
    if (existsSync(chromium)) return
  }
  console.error(
    `There is no Chromium at ${chromium}. Install it (Debian: sudo apt-get install chromium) or set CHROMIUM to its path.`,
  )
  process.exit(1)
}
