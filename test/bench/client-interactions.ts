import type { Page } from '@playwright/test'
import { inBrowser } from './client-device.ts'
import { press, reportedTimes, watchEvents, type Press } from './client-presses.ts'
import { timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'

/** Milliseconds in which 95 of 100 presses are to be answered: three frames. */
const goal = 50
const views = [
  { path: 'mine', name: 'Just Mine' },
  { path: 'unassigned', name: 'Unassigned' },
  { path: 'closed', name: 'Closed' },
  { path: 'open', name: 'Open' },
] as const

/** Presses on the floor for each block of ours: its times hardly differ, and ours are what the minutes are for. */
const floorEach = 5

/** A kind of press: on which page, what to do before a block of them, and the `index`-th of all. */
interface Kind {
  page: Page
  begin?(): Promise<void>
  make(index: number): Promise<Press>
}

/**
 * From a real input to the frame that shows what was asked for, and to the next paint by Event Timing, over
 * `blocks` blocks of `each` presses of a kind, in turn with a few on the floor: a bare page whose handler changes
 * one text node. Every thread is opened for the first time.
 */
export async function interactions(
  { parley }: Machines,
  folder: string,
  blocks: number,
  each: number,
): Promise<Record<string, Figure>> {
  return inBrowser(folder, async (context) => {
    const page = await context.newPage()
    const bare = await context.newPage()
    await page.goto(`${parley.origin}/inbox/open`)
    await page.locator('.connection[aria-label="Connected"]').first().waitFor({ timeout: 60_000 })
    await bare.setContent(barePage)
    await watchEvents(page)
    await watchEvents(bare)
    const next = async (where: string) => Number(await bare.locator(where).textContent()) + 1
    const click: Kind = { page: bare, make: async () => pressBare(bare, await next('p')) }
    const key: Kind = {
      page: bare,
      begin: () => bare.locator('textarea').focus(),
      make: async () => typeBare(bare, await next('output')),
    }
    const figures: Record<string, Figure> = {}
    const take = async (name: string, ours: Kind, floor: Kind) => {
      console.error(`${new Date().toISOString().slice(11, 19)} client: ${name}`)
      const { shown, reported } = await inTurn(ours, floor, blocks, each)
      figures[`${name}, to what was asked for`] = withGoal(shown)
      figures[`${name}, to the next paint (Event Timing)`] = withGoal(reported)
    }
    await take('switching the view', { page, make: (index) => switchView(page, index) }, click)
    await take('opening a thread', { page, make: (index) => openThread(page, index) }, click)
    const box: Kind = {
      page,
      begin: () => page.locator('.text-box').focus(),
      make: (index) => typeKey(page, '.text-box', index),
    }
    await take('a keystroke in the composer', box, key)
    const end: Kind = { page, make: () => endOne(page) }
    await take('ending a conversation', end, click)
    const search: Kind = {
      page,
      begin: () => openSearch(page),
      make: (index) => searchFor(page, 10 + (index % 190)),
    }
    await take('a keystroke in the search', search, key)
    return figures
  })
}

/** Blocks of presses here and there in turn. The first block warms both up. */
async function inTurn(
  ours: Kind,
  floor: Kind,
  blocks: number,
  each: number,
): Promise<{ shown: Figure; reported: Figure }> {
  const times = [
    { kind: ours, most: each, shown: [] as number[], reported: [] as number[] },
    { kind: floor, most: floorEach, shown: [] as number[], reported: [] as number[] },
  ]
  for (let block = 0; block <= blocks; block++)
    for (const { kind, most, shown, reported } of times) {
      await kind.page.bringToFront()
      await kind.begin?.()
      const presses: Press[] = []
      for (let index = 0; index < most; index++) presses.push(await kind.make(block * most + index))
      const next = await reportedTimes(kind.page, presses)
      if (block === 0) continue
      shown.push(...presses.map((press) => press.shown))
      reported.push(...next)
    }
  const [mine, bare] = times
  if (!mine || !bare) throw new Error('There are two kinds.')
  return {
    shown: timeFigure(mine.shown, bare.shown),
    reported: timeFigure(mine.reported, bare.reported),
  }
}

function withGoal(figure: Figure): Figure {
  return { ...figure, goal: { words: `p95 within ${goal} ms`, reached: figure.p95 <= goal } }
}

/** Clicks one view after the other; the last is the one that is open at first. */
async function switchView(page: Page, index: number): Promise<Press> {
  const view = views[index % views.length] ?? views[0]
  const { x, y } = await middleOf(page, `a.view[href="/inbox/${view.path}"]`)
  const shows = [
    { where: '.inbox-title', text: view.name },
    { where: '.virtual .row', text: null },
  ]
  return press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
}

/** Clicks the `index`-th row of the list, which is scrolled where that row is not in sight. */
async function openThread(page: Page, index: number): Promise<Press> {
  const { title, x, y } = await page.evaluate(
    async ({ row, top }) => {
      for (let tries = 0; tries < 300; tries++) {
        const box = document.querySelector('.virtual')
        const seen = box?.getBoundingClientRect()
        const found = document.querySelector(row)
        const place = found?.getBoundingClientRect()
        if (seen && place && place.top >= seen.top - 1 && place.bottom <= seen.bottom) {
          const title = found?.querySelector('.row-link')?.textContent ?? ''
          return { title, x: place.left + place.width / 2, y: place.top + place.height / 2 }
        }
        // The list asks for more rows when it is scrolled near its end: one that stands there is moved a little.
        const end = (box?.scrollHeight ?? 0) - (box?.clientHeight ?? 0)
        box?.scrollTo({ top: Math.max(0, Math.min(top, end) - (tries % 2)) })
        // The list brings its rows in some frames after it was scrolled.
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      }
      throw new Error('The list ends too early.')
    },
    { row: `.virtual-row[aria-posinset="${index + 1}"]`, top: index * rowHeight },
  )
  const shows = [
    {
      where: `.reading-body:not([inert]) .thread-scroll[aria-label="Conversation with ${title}"] .bubble`,
      text: null,
    },
  ]
  return press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
}

const rowHeight = 72

/** Types a letter; words end after six, so that lines break as they do in a text. */
async function typeKey(page: Page, where: string, index: number): Promise<Press> {
  const before = await page.locator(where).inputValue()
  const key = index % 7 === 6 ? ' ' : 'n'
  const shows = [{ where, text: before + key }]
  return press(page, { event: 'keydown', shows }, () => page.keyboard.press(key))
}

/** Ends an open conversation: what is measured is the press on the question's "OK". */
async function endOne(page: Page): Promise<Press> {
  await openThread(page, 4)
  await page.keyboard.press('e')
  const ok = '.question .primary'
  await page.waitForFunction((ok) => document.querySelector(ok)?.checkVisibility(), ok)
  const { x, y } = await middleOf(page, ok)
  const shows = [{ where: '.reading-body:not([inert]) .closed-note', text: null }]
  const made = await press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
  // The rows below move up: none is clicked before they stand.
  await page.waitForFunction(() => document.querySelector('.virtual .row.current') === null)
  return made
}

async function openSearch(page: Page): Promise<void> {
  if ((await page.locator('.search-input').count()) === 0)
    await page.getByRole('button', { name: 'Search' }).click()
  await page.locator('.search-input').fill('Onlooker')
  await page.locator('.search-list .hit').first().waitFor()
}

/** The last digit of somebody's name, out of ten thousand of them and a hundred thousand texts. */
async function searchFor(page: Page, who: number): Promise<Press> {
  await page.locator('.search-input').fill(`Onlooker ${who}`)
  // Letters come one by one: the answer to those before stands when the next is pressed.
  await page.waitForFunction(
    (title) => document.querySelector('.search-list .hit-title')?.textContent === title,
    `Onlooker ${who}`,
  )
  const shows = [{ where: '.search-list .hit-title', text: `Onlooker ${who}7` }]
  return press(page, { event: 'keydown', shows }, () => page.keyboard.press('7'))
}

async function pressBare(page: Page, count: number): Promise<Press> {
  const { x, y } = await middleOf(page, 'button')
  const shows = [{ where: 'p', text: String(count) }]
  return press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
}

async function typeBare(page: Page, count: number): Promise<Press> {
  const shows = [{ where: 'output', text: String(count) }]
  return press(page, { event: 'keydown', shows }, () => page.keyboard.press('n'))
}

async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`${selector} is not on the screen.`)
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

const barePage = `<!doctype html><title>Floor</title>
<button>Press</button><p>0</p><textarea></textarea><output>0</output>
<script>
  const count = (where) => () => (where.firstChild.data = String(Number(where.firstChild.data) + 1))
  document.querySelector('button').onclick = count(document.querySelector('p'))
  document.querySelector('textarea').oninput = count(document.querySelector('output'))
</script>`
