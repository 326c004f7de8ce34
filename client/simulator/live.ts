import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import { follow } from './carrier.ts'

/** Counts the changes of every channel that somebody on the page looks at, over one socket a channel. */
export type Revisions = (channel: string) => number

export function createRevisions(): Revisions {
  const open = new Map<string, Accessor<number>>()
  const stops: (() => void)[] = []
  onCleanup(() => stops.forEach((stop) => stop()))
  return (channel) => {
    const known = open.get(channel)
    if (known) return known()
    const [revision, setRevision] = createSignal(0)
    open.set(channel, revision)
    stops.push(follow(channel, () => setRevision((count) => count + 1)))
    return revision()
  }
}

/**
 * What `read` answers, read again after each change of what `watch` tracks. Reads never overlap: changes during
 * one cause one more after it. A failed read keeps what was there; the next change tries again.
 */
export function createLatest<Watched, Value>(
  watch: Accessor<Watched>,
  read: (watched: Watched) => Promise<Value>,
  first: Value,
): Accessor<Value> {
  const [value, setValue] = createSignal<Value>(first)
  let reading = false
  let again = false
  const run = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    do {
      again = false
      try {
        const answer = await read(watch())
        if (!again) setValue(() => answer)
      } catch {
        // The socket comes back before anything else does, and that is a change.
      }
    } while (again)
    reading = false
  }
  createEffect(on(watch, () => void run()))
  return value
}
