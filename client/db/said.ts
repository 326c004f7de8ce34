import type { ConversationId, MobileUserId } from '#shared/base/ids.ts'
import type { Entry } from '#shared/model/entry.ts'
import { plain } from '#shared/rules/criteria.ts'
import type { Tx } from './store.ts'
import { readHeldThread } from './threads.ts'

/** What was said in each conversation of a person, as far as this device holds it, ready to be compared. */
type Said = ReadonlyMap<ConversationId, readonly string[]>

interface Known {
  life: number
  epoch: number
  clock: number
  history: number
  said: Said
}

/** Read once for each state of a thread: decoding is what a filter by words costs. */
const known = new WeakMap<object, Map<MobileUserId, Known>>()

/** The messages of a person's conversations that this device holds: the thread, and pages of history beside it. */
export async function readSaid(tx: Tx, user: MobileUserId): Promise<Said> {
  const cache = known.get(tx.owner) ?? new Map<MobileUserId, Known>()
  known.set(tx.owner, cache)
  const [record, history] = await Promise.all([tx.get('threads', user), tx.get('history', user)])
  const { life, epoch, clock } = record ?? { life: 0, epoch: 0, clock: 0 }
  const pages = history?.entries.length ?? 0
  const before = cache.get(user)
  if (before?.life === life && before.epoch === epoch && before.clock === clock && before.history === pages)
    return before.said
  const said = new Map<ConversationId, string[]>()
  const entries = [...(history?.entries ?? []), ...((await readHeldThread(tx, user))?.entries ?? [])]
  for (const entry of entries) {
    if (!isMessage(entry)) continue
    const texts = said.get(entry.conversation) ?? []
    texts.push(plain(entry.text))
    said.set(entry.conversation, texts)
  }
  cache.set(user, { life, epoch, clock, history: pages, said })
  return said
}

function isMessage(entry: Entry): entry is Extract<Entry, { kind: 'inbound' | 'outbound' }> {
  return entry.kind === 'inbound' || entry.kind === 'outbound'
}
