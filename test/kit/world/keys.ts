import type { ConversationId } from '#shared/base/ids.ts'
import { readUnsent } from '#client/db/open-thread.ts'
import { readView } from '#client/db/views.ts'
import type { DraftKind } from '#shared/wire/draft.ts'
import type { Random } from '#test/kit/random.ts'
import { press } from './acts.ts'
import { SharedStore } from './browser.ts'
import type { Page } from './page.ts'
import type { Press } from './witness.ts'

/** A reply or note box, as everybody names it. */
export interface Box {
  conversation: ConversationId
  kind: DraftKind
}

/** What somebody did in a box. Each key is a character unlike any other in the run, so that it can be counted. */
export interface Keyed extends Box {
  page: Page
  typed: string
  /** What was deleted there, or put away with the text beside the box. */
  removed: string
  /** SEND was pressed on what stood there. */
  press: Press | null
  /** The page died before the database had the last keys: only the mirror has them. */
  died: boolean
}

/** Keys are letters that nothing else in the run is written with: eight for each step. */
const firstKey = 0x4e00
const keysPerStep = 8

/** The n-th key of a step. */
export function keyOf(step: number, n: number): string {
  return String.fromCharCode(firstKey + step * keysPerStep + n)
}

export function isKey(letter: string): boolean {
  return letter >= keyOf(0, 0) && letter < keyOf(1000, 0)
}

/**
 * Somebody opens a conversation and does something in one of its boxes; null where there is none to open. `watched`:
 * they rather open one beside whose box a text waits for them.
 */
export async function useKeys(
  page: Page,
  random: Random,
  step: number,
  watched: boolean,
): Promise<Keyed | null> {
  const { browser, typing } = page
  const kind: DraftKind = random.int(5) === 0 ? 'note' : 'reply'
  const now = page.device.now()
  const found = await browser.store.read(async (tx) => {
    const { rows } = await readView(tx, browser.agent, 'open', 50, now)
    const picked = rows.length > 0 ? random.pick(rows) : null
    const waiting = rows.find((row) => typing.view(row.conversation.id, kind).beside !== null)
    const conversation = ((watched && waiting) || picked)?.conversation ?? null
    return conversation && (await readUnsent(tx, conversation.id)) ? null : conversation
  })
  if (!found) return null
  const { id, user, number } = found
  page.engine.look({ viewing: id, writing: kind === 'reply' ? id : null })
  const keyed: Keyed = { page, conversation: id, kind, typed: '', removed: '', press: null, died: false }
  const { text, beside } = typing.view(id, kind)
  const luck = random.int(100)
  if (beside !== null && luck < 40) {
    const insert = random.int(3) > 0
    await typing.takeBeside(id, kind, insert)
    return insert ? keyed : { ...keyed, removed: beside.text }
  }
  const theirs = [...text].filter(isKey)
  if (luck < 10 && theirs.length > 0) {
    const removed = random.pick(theirs)
    typing.set(id, kind, text.replace(removed, ''), text.indexOf(removed))
    return { ...keyed, removed }
  }
  if (luck < 25 && text.trim() !== '') {
    const about = { text, user, number }
    const pressed =
      kind === 'reply'
        ? await press(page, 'send', { ...about, box: id }, (actions) => actions.send(id, text))
        : await press(page, 'note', about, (actions) => actions.note(id, text))
    // What was refused at once stands in its box as before, and may be sent by the next press.
    return { ...keyed, press: pressed.id === null ? { ...pressed, text: null } : pressed }
  }
  const { store } = browser
  const died = luck >= 90 && store instanceof SharedStore && store.failIn === null && !store.full
  for (let n = 0; n <= random.int(3); n++) {
    const key = keyOf(step, n)
    const before = typing.read(id, kind)
    const at = between(before, random.int(before.length + 1))
    if (died) store.failIn = 0
    typing.set(id, kind, before.slice(0, at) + key + before.slice(at), at + 1)
    keyed.typed += key
    if (died) return { ...keyed, died }
  }
  return keyed
}

/** One more key at the end of what stands in a box, as somebody presses who goes on after the disk was full. */
export function goOn(page: Page, { conversation, kind }: Box, key: string): void {
  page.typing.set(conversation, kind, page.typing.read(conversation, kind) + key)
}

/** What a page shows in a box and beside it. */
export interface SeenBox extends Box {
  page: string
  device: string
  text: string
  beside: string
}

export function boxOf(page: Page, { conversation, kind }: Box): SeenBox {
  const { text, beside } = page.typing.view(conversation, kind)
  const { name: device } = page.browser
  return { conversation, kind, page: page.name, device, text, beside: beside?.text ?? '' }
}

/** No cursor stands between the halves of a letter. */
function between(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code < 0xe000 ? at + 1 : at
}
