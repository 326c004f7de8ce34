import { onCleanup } from 'solid-js'

/** How far above the visible part of a thread the next page is asked for, in pixels. */
const ahead = 240

/**
 * Calls `act` when somebody scrolls up a thread to within reach of this element. What stands on the screen stays
 * where it is when older entries come in above it, also at the very top, where browsers do not hold it by themselves.
 * A thread that stands at its end was not scrolled: nothing happens there.
 */
export function whenReached(element: HTMLElement, act: () => void): void {
  // Refs are called before the element stands in its box.
  queueMicrotask(() => {
    const box = element.closest<HTMLElement>('.thread-scroll')
    const column = box?.firstElementChild
    if (!box || !column) return
    const grown = new ResizeObserver(() => {
      const isNew = box.scrollHeight > height
      if (isNew && box.scrollTop < 2) box.scrollTop += box.scrollHeight - height
      if (isNew) grown.disconnect()
    })
    let height = box.scrollHeight
    const observer = new IntersectionObserver(
      ([entry]) => {
        const below = box.scrollHeight - box.scrollTop - box.clientHeight
        if (!entry?.isIntersecting || below < box.clientHeight / 2) return
        height = box.scrollHeight
        grown.observe(column)
        act()
      },
      { root: box, rootMargin: `${ahead}px 0px 0px` },
    )
    observer.observe(element)
    stops.push(
      () => observer.disconnect(),
      () => grown.disconnect(),
    )
  })
  const stops: (() => void)[] = []
  onCleanup(() => stops.forEach((stop) => stop()))
}
