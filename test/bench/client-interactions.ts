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

const kinds = ['switching the view', 'opening a thread', 'a keystroke in the composer'] as const
type Kind = (typeof kinds)[number]
/** What a bare page's press is like: a click, or a key in a box. */
const floors = {
  'switching the view': 'click',
  'opening a thread': 'click',
  'a keystroke in the composer': 'key',
} as const

/** Times of one kind of press: until what it asks for is on the screen, and until the next paint by Event Timing. */
class Times {
  readonly shown: number[] = []
  readonly reported: number[] = []
}

/**
 * From a real input to the frame that shows what was asked for, over `blocks` blocks of `each` presses of a kind;
 * floor: a bare page whose handler changes one text node. Every thread is opened for the first time.
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
    const ours = { ...emptyTimes() }
    const theirs = { click: new Times(), key: new Times() }
    let thread = 0
    // The first block warms both up.
    for (let block = 0; block <= blocks; block++) {
      const keep = async (on: Page, times: Times, presses: Press[]) => {
        const reported = await reportedTimes(on, presses)
        if (block === 0) return
        times.shown.push(...presses.map(({ shown }) => shown))
        times.reported.push(...reported)
      }
      await page.bringToFront()
      await keep(page, ours['switching the view'], await repeat(each, (index) => switchView(page, index)))
      await keep(page, ours['opening a thread'], await repeat(each, () => openThread(page, thread++)))
      await page.locator('.text-box').focus()
      const typed = await page.locator('.text-box').inputValue()
      await keep(
        page,
        ours['a keystroke in the composer'],
        await repeat(each, (index) => typeKey(page, '.text-box', typed.length + index + 1)),
      )
      await bare.bringToFront()
      await keep(bare, theirs.click, await repeat(each, (index) => pressBare(bare, block * each + index + 1)))
      await bare.locator('textarea').focus()
      await keep(bare, theirs.key, await repeat(each, (index) => typeBare(bare, block * each + index + 1)))
    }
    return Object.fromEntries(
      kinds.flatMap((kind) => {
        const [mine, floor] = [ours[kind], theirs[floors[kind]]]
        return [
          [`${kind}, to what was asked for`, withGoal(timeFigure(mine.shown, floor.shown))],
          [`${kind}, to the next paint (Event Timing)`, withGoal(timeFigure(mine.reported, floor.reported))],
        ]
      }),
    )
  })
}

function emptyTimes(): Record<Kind, Times> {
  return {
    'switching the view': new Times(),
    'opening a thread': new Times(),
    'a keystroke in the composer': new Times(),
  }
}

function withGoal(figure: Figure): Figure {
  return { ...figure, goal: { words: `p95 within ${goal} ms`, reached: figure.p95 <= goal } }
}

async function repeat(times: number, make: (index: number) => Promise<Press>): Promise<Press[]> {
  const presses: Press[] = []
  for (let index = 0; index < times; index++) presses.push(await make(index))
  return presses
}

/** Clicks one view after the other; `each` is a multiple of their number, so a block ends in the last. */
async function switchView(page: Page, index: number): Promise<Press> {
  const view = views[index % views.length] ?? views[0]
  const { x, y } = await middleOf(page, `a.view[href="/inbox/${view.path}"]`)
  const shows = [
    { where: '.inbox-title', text: view.name },
    { where: '.virtual .row', text: null },
  ]
  return press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
}

/** Clicks the `index`-th row of the list, scrolled into the middle of it. */
async function openThread(page: Page, index: number): Promise<Press> {
  const row = `.virtual-row[aria-posinset="${index + 1}"]`
  await page.evaluate(
    async ({ row, top }) => {
      for (let tries = 0; tries < 100; tries++) {
        const box = document.querySelector('.virtual')
        // The list asks for more rows when it is scrolled near its end: one that stands there is moved a little.
        const end = (box?.scrollHeight ?? 0) - (box?.clientHeight ?? 0)
        box?.scrollTo({ top: Math.max(0, Math.min(top, end) - (tries % 2)) })
        // The list brings its rows in some frames after it was scrolled.
        await new Promise((resolve) => setTimeout(resolve, 40))
        if (document.querySelector(row)) return
      }
      throw new Error('The list ends too early.')
    },
    { row, top: (index - 3) * 72 },
  )
  const title = await page.locator(`${row} .row-link`).textContent()
  const { x, y } = await middleOf(page, row)
  const shows = [
    {
      where: `.reading-body:not([inert]) .thread-scroll[aria-label="Conversation with ${title ?? ''}"] .bubble`,
      text: null,
    },
  ]
  return press(page, { event: 'click', shows }, () => page.mouse.click(x, y))
}

/** Types a letter; words end after six, so that lines break as they do in a text. */
async function typeKey(page: Page, where: string, length: number): Promise<Press> {
  const before = await page.locator(where).inputValue()
  const key = length % 7 === 0 ? ' ' : 'n'
  const shows = [{ where, text: before + key }]
  return press(page, { event: 'keydown', shows }, () => page.keyboard.press(key))
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
