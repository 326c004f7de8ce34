import axe from 'axe-core'
import type { Page } from '@playwright/test'

const rules = {
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
} satisfies axe.RunOptions
const contrast = {
  runOnly: ['color-contrast'],
  resultTypes: ['violations'],
} satisfies axe.RunOptions

/**
 * What breaks axe's default rules, or those for WCAG 2.2 that it leaves to be turned on. What is shown has to stand
 * still: a dialog that is fading in has colours that nobody reads by. Contrast, most of axe's work, may be left to a
 * look at the same screen in the same colours.
 */
export function findBarriers(page: Page, { contrast = true } = {}): Promise<string[]> {
  return violationsOf(page, {
    ...rules,
    rules: { ...rules.rules, 'color-contrast': { enabled: contrast } },
  })
}

/** What is too faint to be read by everybody: the one rule that depends on the theme. */
export function findFaint(page: Page): Promise<string[]> {
  return violationsOf(page, contrast)
}

async function violationsOf(page: Page, options: axe.RunOptions): Promise<string[]> {
  // Half a megabyte, so once for each document.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const violations: Violation[] = await page.evaluate(async (options) => {
    // What changes with the theme has arrived a frame later, however short its transition.
    await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') }
    return (await axe.run(document, options)).violations
  }, options)
  return violations.map(wordsOf)
}

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

function wordsOf({ id, nodes: [first] }: Violation): string {
  return `${id} ${first?.html.slice(0, 160)} ${first?.failureSummary}`
}

/** What a person would have to scroll sideways for, or could not reach at all, in a window of this width [WCAG 1.4.10]. */
export async function findCutOff(page: Page, width: number): Promise<string[]> {
  const before = page.viewportSize()
  await page.setViewportSize({ width, height: 640 })
  let found = await cutOffNow(page)
  // What moves with the window, such as a menu that hangs on a button, may be a moment later.
  for (let look = 0; look < 10 && found.length > 0; look++) {
    await page.waitForTimeout(100)
    found = await cutOffNow(page)
  }
  if (before) await page.setViewportSize(before)
  return found
}

function cutOffNow(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
    const wide = document.documentElement.scrollWidth - innerWidth
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
        if (/auto|scroll/u.test(getComputedStyle(at).overflowX) && at.scrollWidth > at.clientWidth)
          return true
      return false
    }
    const cut = [...document.querySelectorAll('button, a[href], input, select, textarea')].filter(
      (element) => {
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false
        const { left, right } = element.getBoundingClientRect()
        return right - left > 1 && (right > innerWidth + 1 || left < -1) && !scrolls(element)
      },
    )
    return [
      ...(wide > 0 ? [`the page scrolls ${wide} px sideways`] : []),
      ...cut.map((element) => `cut off: ${element.outerHTML.slice(0, 120)}`),
    ]
  })
}
