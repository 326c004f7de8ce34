import { createEffect, createSignal, createUniqueId, onCleanup, Show, untrack, type JSX } from 'solid-js'
import { keepPlaced, type Placement } from './placement.ts'

/**
 * A button and the panel that it opens: the platform's own popover, which lies above everything, leaves with Escape
 * or a press beside it and gives the focus back. What is in it is made when it opens. Controlled where `open` is
 * given. Not for what has to be answered: see `Question`.
 */
export function Popover(props: {
  /** What the panel is called. */
  name: string
  role?: 'dialog' | 'menu'
  class?: string
  placement: Placement
  trigger: {
    class: string
    label?: string | undefined
    title?: string | undefined
    keys?: string | undefined
    children: JSX.Element
  }
  open?: boolean | undefined
  setOpen?: ((open: boolean) => void) | undefined
  onKeyDown?: (event: KeyboardEvent & { currentTarget: HTMLElement }) => void
  children: JSX.Element
}) {
  const id = createUniqueId()
  const [own, setOwn] = createSignal(false)
  const open = () => props.open ?? own()
  const setOpen = (next: boolean) => (props.setOpen ? props.setOpen(next) : setOwn(next))
  // What is in the panel outlasts its closing by a moment, so that the platform finds the focus in it.
  const [drawn, setDrawn] = createSignal(false)
  let button!: HTMLButtonElement
  let panel!: HTMLDivElement

  // The platform says first that it opens, then shows it, then says that it did; only the second of these has a size,
  // which `keepPlaced` hears of before anything is painted.
  createEffect(() => {
    const wanted = open()
    if (wanted && !untrack(drawn)) panel.showPopover()
    if (!wanted && panel.matches(':popover-open')) panel.hidePopover()
  })
  createEffect(() => {
    if (drawn()) onCleanup(keepPlaced(panel, button, props.placement))
  })

  return (
    <>
      <button
        type="button"
        ref={(element) => {
          button = element
          queueMicrotask(() => (element.popoverTargetElement = panel))
        }}
        class={props.trigger.class}
        aria-label={props.trigger.label}
        aria-keyshortcuts={props.trigger.keys}
        aria-haspopup={props.role ?? 'dialog'}
        aria-expanded={open()}
        aria-controls={open() ? id : undefined}
        title={props.trigger.title}
      >
        {props.trigger.children}
      </button>
      <div
        ref={(element) => {
          panel = element
          element.addEventListener('beforetoggle', ({ newState }) => {
            if (newState !== 'open') return
            setDrawn(true)
            setOpen(true)
          })
          element.addEventListener('toggle', ({ newState }) => {
            if (newState === 'open') return (element.querySelector<HTMLElement>(focusable) ?? element).focus()
            setDrawn(false)
            setOpen(false)
          })
        }}
        id={id}
        popover="auto"
        class={props.class ?? 'popover'}
        role={props.role ?? 'dialog'}
        aria-label={props.name}
        tabindex={-1}
        onKeyDown={(event) => props.onKeyDown?.(event)}
      >
        <Show when={drawn()}>{props.children}</Show>
      </div>
    </>
  )
}

const focusable = 'button:not([disabled]), input:not([disabled]), select, textarea, a[href]'
