import { createSignal } from 'solid-js'
import type { EntryId } from '#shared/base/ids.ts'
import type { Millis } from '#shared/base/time.ts'

const [asked, setAsked] = createSignal<ReadonlyMap<EntryId, Millis>>(new Map())

/** When the carrier was last asked about a text by *Check*, as long as the page is open; null where it was not. */
export function lastAsked(entry: EntryId): Millis | null {
  return asked().get(entry) ?? null
}

export function nowAsked(entry: EntryId, at: Millis): void {
  setAsked((all) => new Map(all).set(entry, at))
}
