import type { ConversationId } from '#shared/base/ids.ts'
import { crc32 } from '#shared/base/crc32.ts'
import { applyEdit, editBetween, rebaseEdit, type Edit } from '#shared/base/edit.ts'
import { momentOf } from '#shared/base/moment.ts'
import {
  clocksOf,
  editDraft,
  encodeDraft,
  mergeDraft,
  openDraft,
  readDraft,
  type DraftDoc,
} from '#shared/docs/draft.ts'
import type { DraftBox, DraftKind } from '#shared/wire/draft.ts'
import { limits } from '#shared/wire/limits.ts'
import { readReplica, takePress } from './meta.ts'
import type { Beside, BesidePart, ComposerRecord, HeldDraft, LeftDraft, Took } from './records.ts'
import type { Tx, WriteTx } from './store.ts'

export type ComposerKind = DraftKind

export function composerKey(conversation: ConversationId, kind: ComposerKind): string {
  return `${conversation}:${kind}`
}

/** Conversations in whose boxes something is typed and unsent. */
export async function readDrafts(tx: Tx): Promise<Set<ConversationId>> {
  const records = await tx.all('composer')
  return new Set(
    records.flatMap(({ conversation, text, beside }) =>
      text.trim() === '' && beside === null ? [] : [conversation],
    ),
  )
}

/** The box as it is stored, or one in which nothing was ever typed; its document has no name yet. */
export async function readBox(tx: Tx, { conversation, kind }: DraftBox): Promise<ComposerRecord> {
  const key = composerKey(conversation, kind)
  const record = await tx.get('composer', key)
  if (record) return record
  const held = ownDraft(await readMoment(tx))
  return { key, conversation, kind, version: 0, text: '', held, sent: null, beside: null }
}

/** Writes a box as its next version, and names a document that is new here. */
export async function putBox(tx: WriteTx, record: ComposerRecord): Promise<ComposerRecord> {
  const version = await takePress(tx)
  const { held } = record
  const next = { ...record, version, held: held.id === '' ? { ...held, id: `d${version}` } : held }
  await tx.put('composer', [next])
  return next
}

/** A document of this device alone, begun at a moment; it gets its name when it is stored. */
export function ownDraft(since: number): HeldDraft {
  return { id: '', epoch: null, since, updates: [], clients: [], edits: 0, kept: 0 }
}

/** How far this device has seen the account. */
export async function readMoment(tx: Tx): Promise<number> {
  const { epoch, cursor } = await readReplica(tx)
  return momentOf(epoch, cursor.seq)
}

/** One edit as a page made it: its bytes in the document that stood there, and what they did to the text. */
export interface TypedEdit {
  /** Its number among those of its page in this box, which it keeps when it is made again on another document. */
  n: number
  edit: Edit
  bytes: Uint8Array
  /** The clock of its client after it. */
  to: number
  /** The text that it was made in, where somebody else's letters came between it and the one before. */
  base?: string
}

/** What one page typed into a document since it was stored. */
export interface Typed {
  /** The document, as `HeldDraft.id`. */
  held: string
  page: number
  client: number
  /** The clock of that client before the first edit. */
  from: number
  edits: TypedEdit[]
  /** The text before the first of them and after the last. */
  base: string
  after: string
  /** The whole document after the last, where it is an epoch of the edge: for a database that lost the box. */
  whole?: Whole | undefined
}

/** A document as a page has it, with what the edge tells its letters by. */
export type Whole = Pick<HeldDraft, 'since' | 'clients'> & { epoch: number; update: Uint8Array }

/** Pages of one device of whose typing a box keeps how far it has it. */
const pagesKnown = 32

/**
 * Stores what a page typed. Each edit goes in once, whoever brings it: the page that made it, or another one that
 * found it in the mirror. Its bytes go in as they are where they continue what is stored; where another document
 * stands there now, the edit is made again on what is there. `exact` tells which: a page whose bytes were not taken
 * reads the box anew.
 */
export async function storeTyped(
  tx: WriteTx,
  box: DraftBox,
  typed: Typed,
): Promise<{ record: ComposerRecord; exact: boolean }> {
  const before = await readBox(tx, box)
  const record = named(sound(before), typed)
  // A database that lost the box takes all that the page has of it.
  if (before.version === 0 && typed.base !== '') {
    const again = putTogether(record, typed)
    if (again) return { record: await putBox(tx, withTaken(again, typed)), exact: false }
    const copy = { ...record, held: { ...record.held, copy: true } }
    const all = { at: 0, remove: 0, insert: typed.after }
    const next = typed.after === '' ? record : edited(copy, writerOf(typed), [all])
    return { record: await putBox(tx, withTaken(next, typed)), exact: false }
  }
  const known = takenOf(record, typed.page)
  const due = typed.edits.findIndex(({ n }) => n > known)
  if (due === -1) return { record, exact: false }
  const continued = continuedBy(record, typed, due)
  if (continued) return { record: await putBox(tx, withTaken(continued, typed)), exact: true }
  const edits = carry(typed, record.text, known).map(({ edit }) => edit)
  return { record: await putBox(tx, withTaken(edited(record, writerOf(typed), edits), typed)), exact: false }
}

/** The box with the document that the page has, letter by letter, so that none stands twice beside what the edge has. */
function putTogether(record: ComposerRecord, { whole }: Typed): ComposerRecord | null {
  if (!whole) return null
  try {
    const { update, ...known } = whole
    const held = { ...record.held, ...known, updates: [update], edits: 1, kept: 0 }
    return { ...record, text: readDraft(openDraft([update])), held }
  } catch (fault) {
    console.error('What a page left of a draft is damaged.', fault)
    return null
  }
}

/** A box that was never stored takes the name that the page has for its document. */
export function named(record: ComposerRecord, { held }: Pick<Typed, 'held'>): ComposerRecord {
  return record.version === 0 ? { ...record, held: { ...record.held, id: held } } : record
}

/** The number of the last edit of a page that this box has; what else that page has of it goes in behind. */
export function takenOf({ taken = [] }: Pick<ComposerRecord, 'taken'>, page: number): number {
  return taken.find((known) => known.page === page)?.n ?? 0
}

/** The box with the note that it has all of this, so that whoever else brings it adds nothing. */
export function withTaken(record: ComposerRecord, { page, edits }: Typed): ComposerRecord {
  const last = edits.at(-1)
  if (!last) return record
  const n = Math.max(last.n, takenOf(record, page))
  const others = (record.taken ?? []).filter((known) => known.page !== page)
  return { ...record, taken: [...others, { page, n }].slice(-pagesKnown) }
}

/**
 * The edits behind the one numbered `known`, made on another text than they were made in; those of which nothing is
 * left are missing. What that text has of the edits before stays what it is.
 */
export function carry(
  { base, edits }: Pick<Typed, 'base' | 'edits'>,
  text: string,
  known: number,
): { n: number; edit: Edit }[] {
  let mine = base
  let theirs = text
  let change = editBetween(mine, theirs)
  return edits.flatMap(({ n, edit, base: between }) => {
    if (between !== undefined) change = editBetween((mine = between), theirs)
    const made = n > known ? rebaseEdit(edit, change) : null
    mine = applyEdit(mine, edit)
    if (made) theirs = applyEdit(theirs, made)
    // Typed on behind the change, which is where it was. Looked for anew it could be found among equal letters.
    if (!made || !change || edit.at < change.at + change.remove) change = editBetween(mine, theirs)
    return made ? [{ n, edit: made }] : []
  })
}

/** The box with the bytes from the edit at `due` on; null where they do not continue what it holds. */
function continuedBy(record: ComposerRecord, typed: Typed, due: number): ComposerRecord | null {
  const { held } = record
  const { client, edits } = typed
  const hasRoom = held.clients.includes(client) || held.clients.length < limits.draftClients
  if (held.id !== typed.held || !hasRoom) return null
  const doc = openDraft(held.updates)
  const from = edits[due - 1]?.to ?? typed.from
  if ((clocksOf(doc)[client] ?? 0) !== from) return null
  const bytes = edits.slice(due).map((entry) => entry.bytes)
  try {
    mergeDraft(doc, bytes)
  } catch {
    // They stand behind letters of another page that went in otherwise.
    return null
  }
  return written(record, doc, client, bytes)
}

/** Whom carried edits are written by: not the page, whose own document has other letters under its id. */
function writerOf({ page, edits }: Typed): number {
  return writerFor(`${page}:${edits.at(-1)?.n ?? 0}`)
}

/** The box after edits that are made here and now, in the transaction that stores it. */
export function edited(record: ComposerRecord, client: number, edits: readonly Edit[]): ComposerRecord {
  if (edits.length === 0) return record
  const { held } = record
  const known = held.clients.includes(client) || held.clients.length < limits.draftClients
  const writer = known ? client : (held.clients.at(-1) ?? client)
  const doc = openDraft(held.updates)
  const bytes = edits.map((edit) => editDraft(doc, writer, edit))
  return written(record, doc, writer, bytes)
}

/**
 * Puts the text of a command that was not sent into its box again, unless something else was typed there meanwhile.
 * `cause` names what brings it, and so the client id that writes it.
 */
export async function restoreText(tx: WriteTx, box: DraftBox, text: string, cause: string): Promise<void> {
  const record = sound(await readBox(tx, box))
  if (record.text.trim() !== '' && record.text !== text) return
  const edit = editBetween(record.text, text)
  if (edit) await putBox(tx, edited(record, writerFor(cause), [edit]))
}

/** Takes the text beside a box away; `insert` puts it into the box, at the end. */
export async function takeBeside(
  tx: WriteTx,
  box: DraftBox,
  insert: boolean,
  client: number,
): Promise<ComposerRecord> {
  const record = sound(await readBox(tx, box))
  const cleared = { ...record, beside: null }
  if (!insert || record.beside === null) return putBox(tx, cleared)
  return putBox(tx, partsOf(record.beside).reduce(putIn(client), cleared))
}

/** Each part under a client id of its own, by which its letters are told from what is typed among them. */
function putIn(client: number) {
  return (record: ComposerRecord, { text, left }: BesidePart, index: number): ComposerRecord => {
    const as = writerFor(`${client}:${index}`)
    const hasRoom = record.held.clients.length < limits.draftClients
    const next = edited(record, as, [appending(record.text, text)])
    return left ? withTook(next, [{ text, left, ...(hasRoom ? { as } : {}) }]) : next
  }
}

/** The box with the note what of it was put in from beside. */
export function withTook(record: ComposerRecord, took: readonly Took[] = []): ComposerRecord {
  const { held } = record
  return took.length === 0 ? record : { ...record, held: { ...held, took: [...(held.took ?? []), ...took] } }
}

/** Text that joins what stands in a box, on a line of its own. */
export function appending(text: string, more: string): Edit {
  const gap = text === '' || /\s$/u.test(text) || /^\s/u.test(more) ? '' : '\n'
  return { at: text.length, remove: 0, insert: gap + more }
}

/** One more text beside a box; blank ones are none. */
export function besideWith(
  before: Beside | null,
  text: string,
  why: Beside['why'],
  left?: LeftDraft | undefined,
): Beside | null {
  if (text.trim() === '') return before
  return besideOf([...partsOf(before), left ? { text, left } : { text }], before?.why ?? why)
}

export function besideOf(parts: BesidePart[], why: Beside['why']): Beside | null {
  return parts.length === 0 ? null : { text: parts.map(({ text }) => text).join('\n'), why, parts }
}

export function partsOf(beside: Beside | null): BesidePart[] {
  return beside === null ? [] : (beside.parts ?? [{ text: beside.text }])
}

/** A Yjs client id that belongs to one cause, such as a command, so that nobody writes under it a second time. */
export function writerFor(cause: string): number {
  return crc32(new TextEncoder().encode(cause))
}

/** The box itself, or, where its document is damaged, one that begins anew with the text as it was read last. */
export function sound(record: ComposerRecord): ComposerRecord {
  try {
    openDraft(record.held.updates)
    return record
  } catch (fault) {
    console.error('A draft on this device is damaged and begins anew.', fault)
    const anew = { ...record, text: '', held: ownDraft(record.held.epoch ?? record.held.since) }
    return record.text === ''
      ? anew
      : edited(anew, writerFor(`${record.key}:${record.version}`), [appending('', record.text)])
  }
}

/** Updates after which a document is kept as one. */
const pile = 40

function written(
  record: ComposerRecord,
  doc: DraftDoc,
  client: number,
  bytes: readonly Uint8Array[],
): ComposerRecord {
  const { held } = record
  const updates = [...held.updates, ...bytes]
  return {
    ...record,
    text: readDraft(doc),
    held: {
      ...held,
      updates: updates.length > pile ? [encodeDraft(doc)] : updates,
      clients: held.clients.includes(client) ? held.clients : [...held.clients, client],
      edits: held.edits + 1,
    },
  }
}
