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
