import type { Accessor } from 'solid-js'
import { readFirstSteps, type FirstStep } from '#client/db/first-steps.ts'
import { createLive } from './live.ts'
import type { Behind } from './parley.ts'

export { firstSteps, type FirstStep } from '#client/db/first-steps.ts'

/** For `parley.open`: which of the first steps were done here; undefined until they are read. Needs a reactive owner. */
export function createFirstSteps({ engine }: Behind): Accessor<ReadonlySet<FirstStep> | undefined> {
  return createLive(engine.parts.store, () => readFirstSteps)
}
