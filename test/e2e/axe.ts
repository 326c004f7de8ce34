import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * What breaks axe's default rules, or those for WCAG 2.2 that it leaves to be turned on; nothing is switched off. What
 * is shown has to stand still: a dialog that is fading in has colours that nobody reads by.
 */
export async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    // Without frames there is nothing to put together, which would cost a page of its own each time.
    .setLegacyMode(true)
    .options({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
    .analyze()
  return violations.map(wordsOf)
}

/**
 * The same after a change of colours: the rules that read colours. All others were asked by `findBarriers` of the same
 * page, which a theme does not change, and left axe in it. Where something lies over the page, only of that: what is
 * below it is a screen of its own.
 */
export async function findColourBarriers(page: Page): Promise<string[]> {
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(of: Node, options: object): Promise<{ violations: Violation[] }> }
    }
    const options = { runOnly: ['color-contrast', 'link-in-text-block'], resultTypes: ['violations'] }
    const above = [...document.querySelectorAll('dialog[open], :popover-open')].at(-1)
    return (await axe.run(above ?? document, options)).violations
  })
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
  const found = await page.evaluate(async () => {
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
  if (before) await page.setViewportSize(before)
  return found
}
