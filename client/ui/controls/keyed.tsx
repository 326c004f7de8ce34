import { createMemo, For, type Accessor, type JSX } from 'solid-js'

/**
 * A list whose elements belong to keys, not to objects: a row that was read anew keeps its element, and only the
 * texts in it that differ are written. Keys must be unique.
 */
export function Keyed<Item>(props: {
  each: readonly Item[]
  by: (item: Item) => string
  children: (item: Accessor<Item>, key: string, index: Accessor<number>) => JSX.Element
}) {
  const byKey = createMemo(() => new Map(props.each.map((item) => [props.by(item), item])))
  const keys = createMemo(() => [...byKey().keys()])
  return (
    <For each={keys()}>
      {(key, index) => {
        const first = byKey().get(key)
        if (first === undefined) return null
        // A removed item is read once more before its element goes, so the last one known stands in.
        const item = createMemo<Item>((last) => byKey().get(key) ?? last, first)
        return props.children(item, key, index)
      }}
    </For>
  )
}
