/**
 * The focus is never lost. Where the focused element goes away (its toast leaves, a colleague ends the conversation of
 * its row), the browser puts the focus on the page itself, and whoever types or listens starts again at the top. It is
 * handed on instead: to the neighbour in the same list, to what had the focus before, or to the nearest thing around.
 * Whoever has a better place gives it the focus afterwards, as a form does with its first field. Where all of `root`
 * gives way to another page, as after signing in, that page begins at its top.
 */
export function keepFocus(root: HTMLElement): void {
  /** What had the focus, the latest first; each with where it lay, since what was taken out knows that no more. */
  let held: { element: HTMLElement; around: HTMLElement[]; index: number }[] = []
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const around: HTMLElement[] = []
    for (let at = target.parentElement; at && at !== root; at = at.parentElement) around.push(at)
    const item = target.closest('li')
    const index = item?.parentElement ? [...item.parentElement.children].indexOf(item) : -1
    held = [{ element: target, around, index }, ...held.filter(({ element }) => element !== target)].slice(
      0,
      8,
    )
  })
  new MutationObserver(() => {
    const lost = held[0]
    // Whoever pressed beside everything wanted the focus nowhere; only what was taken away hands it on.
    if (!lost || lost.element.isConnected || document.activeElement !== document.body) return
    held = held.filter(({ element }) => element.isConnected)
    neighbourOf(lost)?.focus({ preventScroll: true })
    for (const { element } of held) {
      if (document.activeElement !== document.body) return
      element.focus({ preventScroll: true })
    }
    for (const around of lost.around) {
      if (document.activeElement !== document.body) return
      for (const one of around.isConnected ? around.querySelectorAll<HTMLElement>(focusable) : []) {
        // What a narrow or a wide screen hides takes no focus.
        one.focus({ preventScroll: true })
        if (document.activeElement !== document.body) return
      }
    }
  }).observe(root, { childList: true, subtree: true })
}

/** The same part of what took the place of a removed item of a list, or of the last one. */
function neighbourOf(lost: {
  element: HTMLElement
  around: HTMLElement[]
  index: number
}): HTMLElement | null {
  const list = lost.around.find((around) => around.isConnected)
  if (lost.index < 0 || list?.matches('ul, ol') !== true) return null
  const item = list.children[Math.min(lost.index, list.children.length - 1)]
  const [part] = lost.element.classList
  const same = part === undefined ? null : item?.querySelector<HTMLElement>(`.${CSS.escape(part)}`)
  return same ?? item?.querySelector<HTMLElement>(focusable) ?? null
}

const focusable = 'a[href], button:not([disabled]), [tabindex="0"]'
