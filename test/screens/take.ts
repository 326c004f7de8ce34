import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium as browsers } from '@playwright/test'
import { browserArgs, chromium } from '../../scripts/chromium.ts'
import { Server } from '../e2e/server.ts'
import { screens, textFromHandsets } from './screens.ts'
import { sizes, Stage, Stages, type Size } from './stage.ts'

/** Makes docs/screens/<screen>-<theme>-<size>.png. Names given as arguments choose screens. */
const folder = resolve(import.meta.dirname, '../../docs/screens')
const chosen = process.argv.slice(2)
const server = await Server.start()
const browser = await browsers.launch({ executablePath: chromium, args: browserArgs })
const failed: string[] = []
try {
  mkdirSync(folder, { recursive: true })
  await textFromHandsets({ browser, server })
  for (const size of Object.keys(sizes) as Size[]) {
    const stages = new Stages((who) =>
      Stage.open(browser, server, size, who, 'light', size === 'phone' ? 2 : 1),
    )
    for (const screen of screens) {
      if (chosen.length > 0 && !chosen.includes(screen.name)) continue
      const stage = await stages.for(screen)
      try {
        await screen.reach(stage)
        for (const theme of ['light', 'dark'] as const) {
          await stage.theme(theme)
          // Nothing is under the pointer or on its way.
          await stage.page.mouse.move(0, 0)
          await stage.settle()
          await stage.page.waitForTimeout(300)
          const file = `${screen.name}-${theme}-${size}.png`
          await stage.page.screenshot({ path: resolve(folder, file), caret: 'hide' })
          console.log(file)
        }
      } catch (error) {
        failed.push(`${screen.name} ${size}: ${error instanceof Error ? error.message : error}`)
      }
      await stage.theme('light')
    }
    await stages.close()
  }
} finally {
  await browser.close()
  await server.stop()
}
for (const line of failed) console.error(line)
process.exitCode = failed.length > 0 ? 1 : 0
