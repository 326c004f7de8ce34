/** Above or below the trigger, along its start or its end. */
export type Placement = 'top-start' | 'top-end' | 'bottom-start' | 'bottom-end'

/** Pixels between trigger and panel, and between panel and the edge of the window. */
const gutter = 8

/**
 * Keeps a panel beside its trigger while it is open: on the other side where there is no room, and never beyond the
 * edge of the window. Ends with the call of the answer.
 */
export function keepPlaced(panel: HTMLElement, trigger: HTMLElement, placement: Placement): () => void {
  const put = () => {
    const at = place(trigger.getBoundingClientRect(), panel.getBoundingClientRect(), placement, {
      width: document.documentElement.clientWidth,
      height: document.documentElement.clientHeight,
    })
    panel.style.left = `${at.left}px`
    panel.style.top = `${at.top}px`
  }
  const stop = new AbortController()
  const { signal } = stop
  addEventListener('resize', put, { signal })
  addEventListener('scroll', put, { signal, capture: true, passive: true })
  const grows = new ResizeObserver(put)
  grows.observe(panel)
  put()
  return () => {
    stop.abort()
    grows.disconnect()
  }
}

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** Where the left upper corner of a panel belongs, in pixels of the window. For text from left to right. */
export function place(
  trigger: Box,
  panel: { width: number; height: number },
  placement: Placement,
  room: { width: number; height: number },
): { left: number; top: number } {
  const above = trigger.top - gutter - panel.height
  const below = trigger.bottom + gutter
  const isAbove = placement.startsWith('top') ? above >= gutter : below + panel.height > room.height - gutter
  const top = isAbove ? above : below
  const left = placement.endsWith('end') ? trigger.right - panel.width : trigger.left
  return {
    left: within(left, room.width - gutter - panel.width),
    top: within(top, room.height - gutter - panel.height),
  }
}

function within(at: number, most: number): number {
  return Math.max(gutter, Math.min(at, most))
}
