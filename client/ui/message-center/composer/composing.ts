import { createMemo, createSignal } from 'solid-js'
import type { ComposerBox, OpenConversation } from '#client/state/parley.ts'
import { personalize, type Insertable } from '#shared/rules/personalize.ts'
import { offerAt, replaced, type Offer } from './offer.ts'

/** What the list of offers does with a key: true where it took it. */
export type OfferKeys = (event: KeyboardEvent) => boolean

export type Composing = ReturnType<typeof createComposing>

const nobody: Insertable = { firstName: '', lastName: '', companyName: '' }

/**
 * What a reply and a note have in common while they are typed: what is offered at the cursor, and putting something
 * into the text there. A note has no inserts of its own: what a quick reply has of them is filled in at once.
 */
export function createComposing(parts: {
  open: () => OpenConversation
  kind: 'reply' | 'note'
  draft: ComposerBox
  input(text: string, caret?: number): void
}) {
  const { draft, kind } = parts
  let box: HTMLTextAreaElement | undefined
  let keys: OfferKeys | null = null
  const [caret, setCaret] = createSignal<number | null>(null)
  const [left, setLeft] = createSignal<number | null>(null)
  const [option, setOption] = createSignal<string | null>(null)
  const person = (): Insertable => parts.open().user ?? nobody
  const offer = createMemo<Offer | null>(() => {
    const at = caret()
    const found = at === null ? null : offerAt(draft.text(), at)
    if (found === null || found.from === left() || (found.kind === 'insert' && kind === 'note')) return null
    return found
  })

  const put = (by: string, place?: { from: number; to: number }) => {
    if (!box) return
    const at = place ?? { from: box.selectionStart, to: box.selectionEnd }
    const next = replaced(draft.text(), at, by)
    parts.input(next.text, next.caret)
    setCaret(null)
    setOption(null)
    // The box says the new text once the draft has taken it.
    queueMicrotask(() => {
      box?.focus()
      box?.setSelectionRange(next.caret, next.caret)
    })
  }
  /** A quick reply as it goes into this box. */
  const filled = (text: string) => (kind === 'note' ? personalize(text, person(), 'single') : text)

  return {
    kind,
    draft,
    person,
    offer,
    /** The option of the list that arrow keys stand on. */
    option,
    setOption,
    put,
    putQuickReply: (text: string, place?: { from: number; to: number }) => put(filled(text), place),
    /** Leaves what is typed alone until another word asks. */
    leaveOffer: () => setLeft(offer()?.from ?? null),
    box: (element: HTMLTextAreaElement) => (box = element),
    /** The cursor stands here after a key or a press in the box; null when it left. */
    caretAt: (at: number | null) => {
      setCaret(at)
      if (at === null || offerAt(draft.text(), at) === null) setLeft(null)
    },
    listenForOffers: (listener: OfferKeys | null) => (keys = listener),
    /** True where a key was for the list of offers. Enter waits for a list that is still on its way. */
    takesKey: (event: KeyboardEvent): boolean => {
      const asked = offer()
      if (asked === null) return false
      if (keys === null && event.key !== 'Escape')
        return event.key === 'Enter' && asked.kind === 'quick reply'
      return keys?.(event) ?? false
    },
  }
}
