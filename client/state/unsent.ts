import type { Accessor } from 'solid-js'
import { readUnsent, type Unsent } from '#client/db/leave.ts'
import { createLive } from './live.ts'
import type { Behind } from './parley.ts'

/** For `parley.open`: what only this device has, as it dwindles; undefined until it was counted. */
export function createUnsent({ engine }: Behind): Accessor<Unsent | undefined> {
  return createLive(engine.parts.store, () => readUnsent)
}
