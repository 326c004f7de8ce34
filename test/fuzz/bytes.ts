import { editDraft, openDraft } from '#shared/docs/draft.ts'
import { clientOf, encode, newDocument, writeThread } from '#shared/docs/thread.ts'
import type { Random } from '#test/kit/random.ts'
import { mutateBytes } from './mutate.ts'

/** An update of a thread as the edge writes it, or something that resembles one. */
export function bytesOf(random: Random): Uint8Array {
  const doc = newDocument()
  const note = { kind: 'note', order: 1, at: 1, text: 'Hi', by: 'maya' }
  writeThread(doc, clientOf(1, 1), [{ kind: 'entry', user: '' as never, entry: note as never }])
  return mutateBytes(encode(doc), random)
}

/** An update of a draft as a device writes it, mostly whole. */
export function draftBytesOf(random: Random): Uint8Array {
  const client = 1 + random.int(6)
  const bytes = editDraft(openDraft([]), client, {
    at: 0,
    remove: 0,
    insert: random.pick(['Hi', '👍', 'x'.repeat(900)]),
  })
  return random.next() < 0.4 ? bytes : mutateBytes(bytes, random)
}
