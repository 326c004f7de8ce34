import { createSignal, onCleanup } from 'solid-js'

/**
 * Keeps a scrolled box at its end while its reader is there, and leaves it alone while they read further up.
 * `attach` takes the box and the content whose growth counts.
 */
export function createStayDown() {
  let box: HTMLElement | null = null
  const [isDown, setIsDown] = createSignal(true)

  /** In the next frame, which lays the content out in any case: before it, that would be done twice. */
  const inFrame = (scroll: (box: HTMLElement) => void) =>
    requestAnimationFrame(() => box?.isConnected && scroll(box))
  const place = () => {
    if (box) box.scrollTop = box.scrollHeight
  }
  const toEnd = () => {
    setIsDown(true)
    inFrame(place)
  }
  return {
    isDown,
    toEnd,
    attach(scrolled: HTMLElement, content: HTMLElement) {
      box = scrolled
      // As it was laid out when it scrolled: where the composer has grown since, its reader has not moved.
      let lies = { high: 0, room: 0 }
      const onScroll = () => setIsDown(lies.high - scrolled.scrollTop - lies.room < near)
      const observer = new ResizeObserver(() => {
        lies = { high: scrolled.scrollHeight, room: scrolled.clientHeight }
        if (isDown()) place()
      })
      scrolled.addEventListener('scroll', onScroll, { passive: true })
      observer.observe(content)
      observer.observe(scrolled)
      onCleanup(() => {
        scrolled.removeEventListener('scroll', onScroll)
        observer.disconnect()
      })
    },
    /** Puts an element near the top of the box and counts as having scrolled there. */
    showFrom(find: () => Element | null | undefined) {
      inFrame((box) => {
        const element = find()
        if (!(element instanceof HTMLElement)) return
        box.scrollTop = element.offsetTop - 48
        setIsDown(box.scrollHeight - box.scrollTop - box.clientHeight < near)
      })
    },
  }
}

const near = 48
