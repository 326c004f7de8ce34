import { createSignal } from 'solid-js'
import { second } from '#shared/base/time.ts'
import { afterPaint } from '../controls/after-paint.ts'

const { promise, resolve } = Promise.withResolvers<void>()

/**
 * Comes when the page shows what its person came for, painted. What nobody needs for that waits for it, so that on a
 * phone it takes neither the line nor the processor from the first row.
 */
export const painted: Promise<void> = promise

const [isPainted, setIsPainted] = createSignal(false)
void painted.then(() => setIsPainted(true))

/** Whether that is so: what is drawn behind or below what they came for asks it, and is drawn in a task of its own. */
export function hasPainted(): boolean {
  return isPainted()
}

// Whatever happens to the first row, the rest does not stay away for good.
setTimeout(resolve, 10 * second)

/** What the person came for is drawn, and painted in the next frame. */
export function nowPainted(): void {
  afterPaint(resolve)
  // A page that was hidden meanwhile has no frames.
  setTimeout(resolve, second)
}
