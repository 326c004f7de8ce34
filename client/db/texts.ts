import type { ConversationId, EntryId, MobileUserId } from '#shared/base/ids.ts'
import type { Entry } from '#shared/model/entry.ts'
import { foldText, wordsOf } from '#shared/rules/search.ts'
import type { ShelfRecord, TextsRecord } from './records.ts'
import type { Store, Tx, WriteTx } from './store.ts'
import { readHeldThread } from './threads.ts'

/**
 * The search index of the device: what a person's thread says, in one record a person, so that a question is asked
 * of plain text in memory and finds parts of words in every script.
 *
 * 1. It is derived: whatever is wrong with it is made good by writing it again.
 * 2. A record says of which document and history it is (`mark`), and is written in the transaction that reads them.
 */
export interface IndexedText {
  id: EntryId
  conversation: ConversationId
  at: number
  text: string
}

/** A text that was found. */
export interface FoundText extends IndexedText {
  user: MobileUserId
}

/** Texts in memory, as they are compared. */
export class TextIndex {
  readonly #people = new Map<
    MobileUserId,
    { mark: string; texts: IndexedText[]; folded: string[]; all: string }
  >()

  /** Reads what was indexed before. */
  async load(store: Store): Promise<void> {
    for (const record of await store.read((tx) => tx.all('texts'))) this.#take(record)
  }

  /**
   * Brings at most `most` people up to what the device holds now; answers whether all are. Those whose threads left
   * the device leave the index.
   */
  async refresh(store: Store, most: number): Promise<boolean> {
    const shelf = await store.read((tx) => tx.all('shelf'))
    const marks = new Map(shelf.map((record) => [record.user, markOf(record)]))
    const gone = [...this.#people.keys()].filter((user) => !marks.has(user))
    const behind = shelf.filter(({ user }) => (this.#people.get(user)?.mark ?? nothing) !== marks.get(user))
    const now = behind.slice(0, most).map(({ user }) => user)
    if (gone.length === 0 && now.length === 0) return true
    const records = await store.write(async (tx) => {
      await tx.remove('texts', gone)
      return writeTexts(tx, now)
    })
    for (const user of gone) this.#people.delete(user)
    for (const record of records) this.#take(record)
    return behind.length <= most
  }

  /** Texts that hold every word of the question somewhere, newest first. */
  find(question: string, most: number): FoundText[] {
    const words = wordsOf(question)
    if (words.length === 0) return []
    const found: FoundText[] = []
    for (const [user, { texts, folded, all }] of this.#people) {
      if (!words.every((word) => all.includes(word))) continue
      texts.forEach((text, index) => {
        if (words.every((word) => folded[index]?.includes(word))) found.push({ ...text, user })
      })
    }
    return found.sort((left, right) => right.at - left.at).slice(0, most)
  }

  #take({ user, mark, texts }: TextsRecord): void {
    const folded = texts.map(({ text }) => foldText(text))
    this.#people.set(user, { mark, texts, folded, all: folded.join('\n') })
  }
}

/** Indexes people anew, from what stands on the device in this transaction. */
async function writeTexts(tx: WriteTx, users: readonly MobileUserId[]): Promise<TextsRecord[]> {
  const records: TextsRecord[] = []
  for (const user of users) {
    const shelf = await tx.get('shelf', user)
    if (shelf) records.push({ user, mark: markOf(shelf), texts: await textsOf(tx, user) })
  }
  await tx.put('texts', records)
  return records
}

async function textsOf(tx: Tx, user: MobileUserId): Promise<IndexedText[]> {
  const history = (await tx.get('history', user))?.entries ?? []
  const thread = (await readHeldThread(tx, user))?.entries ?? []
  const entries = new Map<EntryId, Entry>([...history, ...thread].map((entry) => [entry.id, entry]))
  return [...entries.values()].flatMap((entry) =>
    entry.kind === 'system' || entry.text.trim() === ''
      ? []
      : [{ id: entry.id, conversation: entry.conversation, at: entry.at, text: entry.text }],
  )
}

/** Says which document and which pages of history a record is of. */
function markOf({ thread, history }: ShelfRecord): string {
  return thread ? `${thread.epoch}.${thread.clock}.${history}` : `-.${history}`
}

/** The mark of who has nothing here: not worth a record. */
const nothing = '-.0'
