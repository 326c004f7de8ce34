import { createEffect } from 'solid-js'
import { createRemembered } from '../controls/remembered.ts'

/** The edge between list and thread, which can be pulled, by keys too, and is remembered. */
export function Splitter() {
  const [width, setWidth] = createRemembered('parley.list-width', (text) =>
    String(within(Number(text) || 352)),
  )
  createEffect(() => document.documentElement.style.setProperty('--list', `${width()}px`))

  const pull = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget
    const start = event.clientX
    const before = Number(width())
    const sign = getComputedStyle(handle).direction === 'rtl' ? -1 : 1
    const move = (event: PointerEvent) => setWidth(String(within(before + sign * (event.clientX - start))))
    handle.setPointerCapture(event.pointerId)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -16 : event.key === 'ArrowRight' ? 16 : 0
    if (step === 0) return
    event.preventDefault()
    setWidth(String(within(Number(width()) + step)))
  }
  return (
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the list"
      aria-valuenow={Number(width())}
      aria-valuemin={least}
      aria-valuemax={most}
      tabindex={0}
      onPointerDown={pull}
      onKeyDown={onKeyDown}
      onDblClick={() => setWidth('352')}
    />
  )
}

const least = 280
const most = 520

function within(width: number): number {
  return Math.min(most, Math.max(least, Math.round(width)))
}
