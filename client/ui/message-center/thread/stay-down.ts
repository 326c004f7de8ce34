import { createSignal, onCleanup } from 'solid-js'

/**
 * Keeps a scrolled box at its end while its reader is there, and leaves it alone while they read further up.
 * `attach` takes the box and the content whose growth counts.
 */
export function createStayDown() {
  let box: HTMLElement | null = null
  const [isDown, setIsDown] = createSignal(true)

  const toEnd = () => {
    if (box) box.scrollTop = box.scrollHeight
    setIsDown(true)
  }
  return {
    isDown,
    toEnd,
    attach(scrolled: HTMLElement, content: HTMLElement) {
      box = scrolled
      const onScroll = () =>
        setIsDown(scrolled.scrollHeight - scrolled.scrollTop - scrolled.clientHeight < near)
      const observer = new ResizeObserver(() => isDown() && toEnd())
      scrolled.addEventListener('scroll', onScroll, { passive: true })
      observer.observe(content)
      observer.observe(scrolled)
      onCleanup(() => {
        scrolled.removeEventListener('scroll', onScroll)
        observer.disconnect()
      })
    },
    /** Puts an element near the top of the box and counts as having scrolled there. */
    showFrom(element: Element | null | undefined) {
      if (!box || !(element instanceof HTMLElement)) return
      box.scrollTop = element.offsetTop - 48
      setIsDown(box.scrollHeight - box.scrollTop - box.clientHeight < near)
    },
  }
}

const near = 48
