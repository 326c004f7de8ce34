import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium as browsers } from '@playwright/test'
import { chromium, ensureChromium } from './chromium.ts'

/**
 * `npm run icons`: draws the app's PNG icons from `client/public/icon.svg`, for systems that install no SVG. A
 * maskable one fills its square, and its sign stays in the middle 80 % that every mask leaves (W3C manifest, 1.8.3).
 */
const folder = resolve(import.meta.dirname, '../client/public')
const icons = [
  { file: 'icon-192.png', size: 192, maskable: false },
  { file: 'icon-512.png', size: 512, maskable: false },
  { file: 'icon-maskable-512.png', size: 512, maskable: true },
] as const

ensureChromium()
const svg = readFileSync(`${folder}/icon.svg`, 'utf8')
const ground = /<rect[^>]*fill="(#[0-9a-f]{6})"/u.exec(svg)?.[1]
if (!ground) throw new Error('icon.svg has no ground to fill a mask with.')
const browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] })
for (const { file, size, maskable } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const drawn = maskable ? svg.replace(' rx="9"', '') : svg
  const inner = maskable ? Math.round(size * 0.9) : size
  await page.setContent(
    `<style>body{margin:0;display:grid;place-items:center;height:100vh;background:${maskable ? ground : 'transparent'}}
     svg{width:${inner}px;height:${inner}px}</style>${drawn}`,
  )
  writeFileSync(`${folder}/${file}`, await page.screenshot({ omitBackground: !maskable }))
  await page.close()
}
await browser.close()
console.log(icons.map(({ file }) => file).join(', '))
