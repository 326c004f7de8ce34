import type { Page } from '@playwright/test'
import { shareFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'
import { inBrowser } from './client-device.ts'

/** A frame that took longer than this is seen as a stutter. */
const long = 33
/** Pixels a frame: a quick scroll of 33 rows a second. */
const step = 40
const rowHeight = 72
const emptyRows = 2_000

/**
 * The share of frames over 33 ms while the inbox is scrolled by script, a step in each frame; floor: a page that
 * has only a list of rows of the same height, scrolled alike.
 */
export async function scrolling(
  { parley }: Machines,
  folder: string,
  rounds: number,
  frames: number,
): Promise<Record<string, Figure>> {
  return inBrowser(folder, async (context) => {
    const page = await context.newPage()
    const bare = await context.newPage()
    await page.goto(`${parley.origin}/inbox/open`)
    await page.locator('.virtual-row').first().waitFor()
    await bare.setContent(
      `<!doctype html><title>Floor</title><style>.virtual { block-size: 800px; overflow-y: auto }
       .virtual-row { block-size: ${rowHeight}px }</style><div class="virtual">${Array.from(
         { length: emptyRows },
         (_, index) => `<div class="virtual-row">Row ${index}</div>`,
       ).join('')}</div>`,
    )
    const ours: number[] = []
    const theirs: number[] = []
    // The first round warms both up: the list reads on while it is scrolled, and may end for a moment.
    for (let round = 0; round <= rounds; round++) {
      const [seen, floorSeen] = [await scroll(page, frames), await scroll(bare, frames)]
      if (round === 0) continue
      for (const { moved } of [seen, floorSeen])
        if (moved < (frames * step) / 2) throw new Error(`The list moved by ${moved} pixels only.`)
      ours.push(seen.share)
      theirs.push(floorSeen.share)
    }
    return { [`frames over ${long} ms in a scroll through the inbox`]: shareFigure(ours, theirs) }
  })
}

async function scroll(page: Page, frames: number): Promise<{ share: number; moved: number }> {
  await page.bringToFront()
  const { lengths, moved } = await page.evaluate(
    ({ frames, step }) =>
      new Promise<{ lengths: number[]; moved: number }>((resolve, reject) => {
        const box = document.querySelector('.virtual')
        if (!box) return reject(new Error('There is no list.'))
        const start = box.scrollTop
        const lengths: number[] = []
        let before: number | null = null
        const frame = (at: number) => {
          if (before !== null) lengths.push(at - before)
          before = at
          if (lengths.length === frames) return resolve({ lengths, moved: box.scrollTop - start })
          box.scrollTop += step
          requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      }),
    { frames, step },
  )
  return { share: (lengths.filter((length) => length > long).length / lengths.length) * 100, moved }
}
