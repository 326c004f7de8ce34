/** How long a finger rests before it means something else than a tap, in ms: what Android and iOS take. */
const rests = 500

/** Calls `act` where a finger rests on an element; the click that ends the press, and the browser's menu, are left out. */
export function onLongPress(element: HTMLElement, act: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let pressed = false
  const stop = () => clearTimeout(timer)
  element.addEventListener('pointerdown', (event) => {
    pressed = false
    if (event.pointerType !== 'touch') return
    timer = setTimeout(() => {
      pressed = true
      act()
    }, rests)
  })
  for (const kind of ['pointerup', 'pointercancel', 'pointerleave'] as const)
    element.addEventListener(kind, stop)
  element.addEventListener('contextmenu', (event) => {
    if (pressed) event.preventDefault()
  })
  element.addEventListener(
    'click',
    (event) => {
      if (!pressed) return
      pressed = false
      event.preventDefault()
      event.stopPropagation()
    },
    { capture: true },
  )
}
