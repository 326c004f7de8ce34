import { createMemo, type Accessor } from 'solid-js'
import { firstSteps, readFirstSteps, type FirstStep } from '#client/db/first-steps.ts'
import { createLive } from './live.ts'
import type { Behind } from './parley.ts'

export type { FirstStep }

/** For `parley.open`: which of the first steps were done here; undefined until they are read. Needs a reactive owner. */
export function createFirstSteps({ engine }: Behind): Accessor<ReadonlySet<FirstStep> | undefined> {
  const done = createLive(engine.parts.store, () => readFirstSteps)
  return createMemo(() => done())
}

export { firstSteps }
