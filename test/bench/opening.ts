import type { Page } from '@playwright/test'
import { inBrowser, withProfile } from './client-device.ts'
import { timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'

/** Milliseconds that the first row may stand later than on an empty page. */
const aboveEmptyPage = 150

/**
 * From the start of the navigation to the frame with the inbox rows as the last visit left them, to the frame with the
 * first row that was read from the database, and to the frame that answers a press made as soon as that stands; floor:
 * a page that is one row, opened in the same browser in turn. The database is on disk, as a person's is, and each round
 * has a browser of its own on a copy of `device`.
 */
export async function opening(
  { parley, floor }: Machines,
  device: string,
  rounds: number,
  each: number,
): Promise<Record<string, Figure>> {
  const floorAddress = `http://127.0.0.1:${floor.port}/`
  const opens: Opened[] = []
  const floorOpens: Opened[] = []
  const round = async (folder: string) =>
    inBrowser(folder, async (context) => {
      await context.addInitScript(pressWhenPainted)
      const page = await context.newPage()
      const bare = await context.newPage()
      // The first time warms both up.
      for (let index = 0; index <= each; index++) {
        const took = await open(page, parley.origin)
        const floorTook = await open(bare, floorAddress)
        if (index === 0) continue
        opens.push(took)
        floorOpens.push(floorTook)
      }
    })
  for (let index = 0; index < rounds; index++) await withProfile(round, device)
  const rows = timeFigure(of(opens, 'first'), of(floorOpens, 'first'))
  return {
    'cold open to the first painted row': {
      ...rows,
      goal: {
        words: `within ${aboveEmptyPage} ms of the empty page`,
        reached: rows.value <= rows.floor + aboveEmptyPage,
      },
    },
    'cold open to the first live row': timeFigure(of(opens, 'painted'), of(floorOpens, 'painted')),
    'cold open to the first answered press': timeFigure(of(opens, 'answered'), of(floorOpens, 'answered')),
  }
}

interface Opened {
  /** The first paint with content: of the picture, and of the floor's row. */
  first: number
  painted: number
  answered: number
}

function of(opened: Opened[], what: keyof Opened): number[] {
  return opened.map((times) => times[what])
}

/**
 * Runs in the page: marks the end of the frame in which the first row stands, presses the view beside it (or the
 * row, where there are no views), and marks the end of the frame that shows another row.
 */
function pressWhenPainted(): void {
  const afterFrame = (mark: string, then: () => void) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      performance.mark(mark)
      then()
    })
    port1.start()
    port2.postMessage(null)
  }
  const press = () => {
    const row = document.querySelector<HTMLElement>('.row')
    const words = row?.textContent
    const look = () => {
      const now = document.querySelector('.row')
      if (now === null || (now === row && now.textContent === words)) requestAnimationFrame(look)
      else afterFrame('press answered', () => undefined)
    }
    requestAnimationFrame(look)
    const target =
      document.querySelector<HTMLElement>('a.view:not([aria-current])[href$="/unassigned"]') ?? row
    target?.click()
  }
  const seen = new MutationObserver(() => {
    if (!document.querySelector('.row')) return
    seen.disconnect()
    if (document.documentElement.dataset.first === 'picture') performance.mark('behind a picture')
    requestAnimationFrame(() => afterFrame('row painted', press))
  })
  seen.observe(document, { childList: true, subtree: true })
}

async function open(page: Page, address: string): Promise<Opened> {
  await page.bringToFront()
  await page.goto(address)
  const times = await page.waitForFunction(
    () => {
      const [painted] = performance.getEntriesByName('row painted')
      const [answered] = performance.getEntriesByName('press answered')
      const [content] = performance.getEntriesByName('first-contentful-paint')
      const hasPicture = performance.getEntriesByName('behind a picture').length > 0
      const isFloor = document.querySelector('.first, .center') === null
      if (!painted || !answered || !content) return undefined
      return {
        // Without a picture the first content is a frame without rows.
        first: hasPicture || isFloor ? content.startTime : painted.startTime,
        painted: painted.startTime,
        answered: answered.startTime,
      }
    },
    undefined,
    { polling: 50 },
  )
  const took = await times.jsonValue()
  // The next visit begins where this one is left.
  await page.evaluate(() => document.querySelector<HTMLElement>('a.view[href$="/open"]')?.click())
  await page.waitForTimeout(300)
  // What the page does later is not in the next one's time.
  await page.goto('about:blank')
  if (took === undefined) throw new Error(`${address} painted no row.`)
  return took
}
