import { createSignal, untrack } from 'solid-js'
import { second } from '#shared/base/time.ts'
import { afterPaint } from '../controls/after-paint.ts'

const { promise, resolve } = Promise.withResolvers<void>()

/**
 * Comes when the page shows what its person came for, painted. What nobody needs for that waits for it, so that on a
 * phone it takes neither the line nor the processor from the first row.
 */
export const painted: Promise<void> = promise

const [isPainted, setIsPainted] = createSignal(false)
/** What waited for that is drawn as well. */
const [isBegun, setIsBegun] = createSignal(false)
void painted.then(() => {
  setIsPainted(true)
  setTimeout(() => setIsBegun(true))
})

/** Whether that is so: what is drawn behind or below what they came for asks it, and is drawn in a task of its own. */
export function hasPainted(): boolean {
  return isPainted()
}

/**
 * False now and true in a task of its own: what asks it is drawn apart from what is drawn now, so that no single task
 * of the first seconds is long on a slow phone. True at once where those seconds are over.
 */
export function createSoon(): () => boolean {
  if (untrack(isBegun)) return () => true
  const [isTime, setIsTime] = createSignal(false)
  setTimeout(() => setIsTime(true))
  return isTime
}

// Whatever happens to the first row, the rest does not stay away for good.
setTimeout(resolve, 10 * second)

/**
 * What the person came for is drawn, and painted in the next frame; the frame that the page painted by itself goes in
 * the same. A picture of the whole screen goes when all of that is drawn, so that nothing on it is gone for a moment.
 */
export function nowPainted(): void {
  if (document.documentElement.dataset.first === 'picture') {
    void painted.then(() => setTimeout(() => afterPaint(clearFirst)))
  } else clearFirst()
  afterPaint(resolve)
  // A page that was hidden meanwhile has no frames.
  setTimeout(resolve, second)
}

/** Takes away what the page painted by itself. Whoever has something to show by then is seen. */
export function clearFirst(): void {
  for (const part of document.querySelectorAll('.first, .starting')) part.remove()
  delete document.documentElement.dataset.first
}
