import type { Page } from '@playwright/test'

/** One press: from the browser's time of the input to the end of the frame that shows what was asked for. */
export interface Press {
  /** Time of the input on the page's clock. */
  at: number
  shown: number
}

/** What a press is answered by: the `event` that is its input, and whether the screen shows the answer. */
export interface Expected {
  event: 'click' | 'keydown'
  /** A selector, and the text or value that its first element must have then; null where it need only be there. */
  shows: readonly { where: string; text: string | null }[]
}

/** What Event Timing reports starts at 16 ms, and is rounded to 8. */
const leastReported = 16

/** A press that is not answered by then was lost, which is a fault of the measurement. */
const patience = 20_000

interface Probe {
  press: Promise<Press> | null
  reported: { at: number; took: number }[]
}
type Probed = typeof globalThis & { probe: Probe }

/** Begins to keep what Event Timing says. To be called once the page stands. */
export async function watchEvents(page: Page): Promise<void> {
  await page.evaluate((leastReported) => {
    const reported: Probe['reported'] = []
    ;(globalThis as Probed).probe = { press: null, reported }
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        reported.push({ at: startTime, took: duration })
    }).observe({ type: 'event', durationThreshold: leastReported } as PerformanceObserverInit)
  }, leastReported)
}

/** Makes a press by `act`, a real input, and answers when what it asks for was on the screen. */
export async function press(page: Page, expected: Expected, act: () => Promise<void>): Promise<Press> {
  await page.evaluate(
    ({ event, shows, patience }) => {
      const isShown = () =>
        shows.every(({ where, text }) => {
          const found = document.querySelector(where)
          const has = found instanceof HTMLTextAreaElement ? found.value : found?.textContent
          return found !== null && (text === null || has === text)
        })
      ;(globalThis as Probed).probe.press = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`Nothing answered: ${JSON.stringify(shows)}`)), patience)
        const onInput = ({ timeStamp: at }: Event) => {
          const frame = () => {
            if (!isShown()) return void requestAnimationFrame(frame)
            // A message that is posted in a frame comes after it was painted.
            const { port1, port2 } = new MessageChannel()
            port1.addEventListener('message', () => resolve({ at, shown: performance.now() - at }))
            port1.start()
            port2.postMessage(null)
          }
          requestAnimationFrame(frame)
        }
        addEventListener(event, onInput, { capture: true, once: true })
      })
    },
    { ...expected, patience },
  )
  await act()
  const made = await page.evaluate(() => (globalThis as Probed).probe.press)
  if (made === null) throw new Error('Nothing was pressed.')
  return made
}

/** For each press the time from its input to the next paint, by Event Timing; what it does not report took less. */
export async function reportedTimes(page: Page, presses: readonly Press[]): Promise<number[]> {
  // Entries come some frames after their event.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)))
  const reported = await page.evaluate(() => (globalThis as Probed).probe.reported.splice(0))
  return presses.map(({ at }) =>
    Math.max(
      leastReported,
      ...reported.filter((entry) => Math.abs(entry.at - at) < 0.5).map(({ took }) => took),
    ),
  )
}
