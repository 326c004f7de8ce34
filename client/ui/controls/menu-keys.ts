/**
 * Walks through a menu by the keyboard, as the ARIA practice for menus has it: arrows go round, Home and End to the
 * ends, a letter to the next item that begins with it, and Tab leaves.
 */
export function walkMenu(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
  const at = items.findIndex((item) => item === document.activeElement)
  const next = target(event.key, items, at)
  if (next !== undefined) {
    event.preventDefault()
    next.focus()
  } else if (event.key === 'Tab') {
    event.preventDefault()
    event.currentTarget.hidePopover()
  }
}

function target(key: string, items: HTMLElement[], at: number): HTMLElement | undefined {
  switch (key) {
    case 'ArrowDown':
      return items[(at + 1) % items.length]
    case 'ArrowUp':
      return items[(Math.max(at, 0) - 1 + items.length) % items.length]
    case 'Home':
      return items[0]
    case 'End':
      return items.at(-1)
    default:
      if (key.length !== 1 || key === ' ') return undefined
      return [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) =>
        item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()),
      )
  }
}
