import { createMemo, createSignal, onCleanup, onMount, type Accessor, type JSX } from 'solid-js'
import { afterPaint } from './after-paint.ts'
import { Keyed } from './keyed.tsx'

/** What the owner of a list can ask of it. */
export interface VirtualListHandle {
  /** Scrolls the row with this index into sight, at once. */
  reveal(index: number): void
}

/**
 * A list of rows of one height, of which only those near the window are in the document. Rows belong to their
 * keys: one that moves keeps its element. Does not handle rows of differing heights.
 */
export function VirtualList<Item>(props: {
  items: readonly Item[]
  by: (item: Item) => string
  rowHeight: number
  label: string
  handle?: (handle: VirtualListHandle) => void
  /** Called when the last rows come near. */
  nearEnd?: () => void
  /** Rows that stay in the document wherever they are: the one that holds the focus. */
  keep?: string | null
  /** So many rows are drawn in the first task; all that can be seen, where it is not said. */
  atOnce?: number | undefined
  children: (item: Accessor<Item>, key: string) => JSX.Element
}) {
  let box: HTMLDivElement | undefined
  const [top, setTop] = createSignal(0)
  // No list is higher than its window.
  const [height, setHeight] = createSignal(innerHeight)
  // A page that opens draws half of what can be seen in one task and the rest in the next, so that neither is long.
  const [most, setMost] = createSignal(props.atOnce ?? Number.POSITIVE_INFINITY)
  setTimeout(() => setMost(Number.POSITIVE_INFINITY))
  // The first frame draws what can be seen, and the next one what scrolling brings.
  const [beyond, setBeyond] = createSignal(0)
  afterPaint(() => setBeyond(overscan))

  // Steps of a row: scrolling inside of one computes nothing.
  const from = createMemo(() => Math.max(0, Math.floor(top() / props.rowHeight) - beyond()))
  const to = createMemo(() => Math.ceil((top() + height()) / props.rowHeight) + beyond())
  const indexes = createMemo(() => new Map(props.items.map((item, index) => [props.by(item), index])))
  const drawn = createMemo(() => {
    const near = props.items.slice(from(), Math.min(to(), from() + most()))
    const kept = props.keep == null ? undefined : indexes().get(props.keep)
    const keptItem = kept === undefined || (kept >= from() && kept < to()) ? undefined : props.items[kept]
    return keptItem === undefined ? near : [...near, keptItem]
  })

  const onScroll = () => {
    if (!box) return
    setTop(box.scrollTop)
    if (box.scrollHeight - box.scrollTop - box.clientHeight < 10 * props.rowHeight) props.nearEnd?.()
  }
  onMount(() => {
    if (!box) return
    const observer = new ResizeObserver(() => box && setHeight(box.clientHeight))
    observer.observe(box)
    onCleanup(() => observer.disconnect())
    props.handle?.({
      reveal(index) {
        if (!box) return
        const start = index * props.rowHeight
        const end = start + props.rowHeight
        if (start < box.scrollTop) box.scrollTop = start
        else if (end > box.scrollTop + box.clientHeight) box.scrollTop = end - box.clientHeight
        setTop(box.scrollTop)
      },
    })
  })

  return (
    <div class="virtual" ref={(element) => (box = element)} onScroll={onScroll}>
      <ul
        class="virtual-rows"
        aria-label={props.label}
        role="list"
        style={{ height: `${props.items.length * props.rowHeight}px` }}
      >
        <Keyed each={drawn()} by={props.by}>
          {(item, key) => (
            <li
              class="virtual-row"
              aria-setsize={props.items.length}
              aria-posinset={(indexes().get(key) ?? 0) + 1}
              style={{ transform: `translateY(${(indexes().get(key) ?? 0) * props.rowHeight}px)` }}
            >
              {props.children(item, key)}
            </li>
          )}
        </Keyed>
      </ul>
    </div>
  )
}

const overscan = 6
