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

/** The messages of these people's conversations that this device holds: threads, and pages of history beside them. */
export async function readSaid(tx: Tx, users: readonly MobileUserId[]): Promise<Map<MobileUserId, Said>> {
  const cache = known.get(tx.owner) ?? new Map<MobileUserId, Known>()
  known.set(tx.owner, cache)
  const all = [...new Set(users)]
  const [threads, pages] = await Promise.all([tx.many('threads', all), tx.many('history', all)])
  const found = new Map<MobileUserId, Said>()
  for (const [index, user] of all.entries()) {
    const { life, epoch, clock } = threads[index] ?? { life: 0, epoch: 0, clock: 0 }
    const history = pages[index]?.entries ?? []
    const before = cache.get(user)
    const isSame =
      before?.life === life &&
      before.epoch === epoch &&
      before.clock === clock &&
      before.history === history.length
    const said = isSame
      ? before.said
      : saidIn([...history, ...(clock > 0 ? ((await readHeldThread(tx, user))?.entries ?? []) : [])])
    if (!isSame) cache.set(user, { life, epoch, clock, history: history.length, said })
    found.set(user, said)
  }
  return found
}

function saidIn(entries: readonly Entry[]): Said {
  const said = new Map<ConversationId, string[]>()
  for (const entry of entries) {
    if (!isMessage(entry)) continue
    const texts = said.get(entry.conversation) ?? []
    texts.push(plain(entry.text))
    said.set(entry.conversation, texts)
  }
  return said
}

function isMessage(entry: Entry): entry is Extract<Entry, { kind: 'inbound' | 'outbound' }> {
  return entry.kind === 'inbound' || entry.kind === 'outbound'
}
