import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** No violation of axe's default rules, nor of those for WCAG 2.2 that it leaves to be turned on; nothing switched off. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // A dialog that is still fading in has colours that nobody reads by.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    ),
  )
  const { violations } = await new AxeBuilder({ page })
    .options({ rules: { 'target-size': { enabled: true } } })
    .analyze()
  expect(
    violations.map(
      ({ id, nodes }) => `${what}: ${id} ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary}`,
    ),
  ).toEqual([])
}
