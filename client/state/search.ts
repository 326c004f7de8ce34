import { createComputed, createMemo, createSignal, onCleanup, type Accessor } from 'solid-js'
import * as z from 'zod/mini'
import { mobileUserId, type ConversationId, type EntryId, type MobileUserId } from '#shared/base/ids.ts'
import { entry, type Entry } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { PeopleIndex } from '#client/db/people.ts'
import { TextIndex } from '#client/db/texts.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { titleOf } from './names.ts'
import { showAddress } from './show-address.ts'

/** One line of what a search found. */
export interface Hit {
  key: string
  conversation: ConversationId
  title: string
  /** What was found: the text, or where a person is reached. */
  text: string
  at: number | null
  entry: EntryId | null
}

/** What stands below what the device found: the durable history at the edge. */
export type HistorySearch =
  | { kind: 'none' }
  | { kind: 'searching' }
  | { kind: 'found'; hits: Hit[]; more: (() => void) | null; behind: boolean }
  | { kind: 'failed'; text: string }

export interface Search {
  /** False while the index is read for the first time. */
  ready: Accessor<boolean>
  people: Accessor<Hit[]>
  messages: Accessor<Hit[]>
  history: Accessor<HistorySearch>
}

const mostPeople = 8
const mostMessages = 50
/** People brought up to date at a time: a few milliseconds, between which the page answers. */
const atATime = 20
/** How long after something came the index is brought up to it, in milliseconds. */
const settle = 1000
/** How long a question rests before the edge is asked, in milliseconds. */
const rest = 250

const answer = z.object({
  found: z.array(z.object({ user: mobileUserId, entry })),
  next: z.nullable(z.number()),
  indexed: z.boolean(),
})

/**
 * One question asked of people, numbers, ID#s and texts: at once of what this device holds, and below it of the whole
 * history at the edge [F77]. Needs a reactive owner.
 */
export function createSearch(parts: EngineParts, question: Accessor<string>): Search {
  const { store, device, identity } = parts
  const [people, texts] = [new PeopleIndex(), new TextIndex()]
  const [version, setVersion] = createSignal(0)
  const titleFor = (user: MobileUserId) => titleOf(people.user(user), user)
  let stopped = false
  onCleanup(() => (stopped = true))

  const follow = async (first: boolean) => {
    await Promise.all([people.load(store), first ? texts.load(store) : null])
    setVersion((count) => count + 1)
    for (let isAll = false; !isAll && !stopped;) {
      isAll = await texts.refresh(store, atATime)
      setVersion((count) => count + 1)
      await new Promise<void>((resolve) => void device.after(0, resolve))
    }
  }
  let running = false
  const run = (first: boolean) => {
    if (running) return
    running = true
    follow(first)
      .catch((fault: unknown) => {
        if (!stopped) console.error('The search index could not be read.', fault)
      })
      .finally(() => (running = false))
  }
  run(true)
  // What comes while a search is open is found as well, a moment later.
  let cancel: (() => void) | null = null
  const unfollow = store.live(
    // One record, and a look over the whole table: asked again after every write to a thread.
    (tx) => tx.range('threads', 'stale', { limit: 1 }),
    () => {
      cancel?.()
      cancel = device.after(settle, () => run(version() === 0))
    },
  )
  onCleanup(() => {
    unfollow()
    cancel?.()
  })

  const asked = createMemo(() => (version() > 0 ? question().trim() : ''))
  const found = createMemo<Hit[]>(() => {
    version()
    const numbered = people.numbered(asked())
    const hits = people
      .find(asked(), mostPeople)
      .flatMap(({ user, conversation }): Hit[] =>
        conversation
          ? [hitOf(conversation, titleOf(user, user.id), user.companyName || showAddress(user.address), null)]
          : [],
      )
    return numbered
      ? [{ ...hitOf(numbered, `Conversation #${numbered.no}`, numbered.preview, null) }, ...hits]
      : hits
  })
  const messages = createMemo<Hit[]>(() => {
    version()
    return texts.find(asked(), mostMessages).map(({ id, user, conversation, at, text }) => ({
      key: id,
      conversation,
      title: titleFor(user),
      text,
      at,
      entry: id,
    }))
  })

  const [answered, setAnswered] = createSignal<HistorySearch>({ kind: 'none' })
  const ask = async (words: string, before: number | null, so: Hit[]): Promise<void> => {
    const query = new URLSearchParams({
      ...identity,
      words,
      ...(before === null ? {} : { before: String(before) }),
    })
    let next: HistorySearch
    try {
      const reply = await device.fetch(`/api/search?${query.toString()}`)
      const page = reply.status === 200 ? answer.safeParse(await reply.json()) : null
      if (page?.success) {
        const hits = [...so, ...page.data.found.flatMap(({ user, entry }) => hitsOf(entry, titleFor(user)))]
        const following = page.data.next
        next = {
          kind: 'found',
          hits,
          more: following === null ? null : () => void ask(words, following, hits),
          behind: !page.data.indexed,
        }
      } else next = { kind: 'failed', text: 'The history could not be searched. Try again in a moment.' }
    } catch {
      next = { kind: 'failed', text: 'The full history is searched when the connection is back.' }
    }
    if (!stopped && words === asked()) setAnswered(next)
  }
  // What stands on the device as well is shown once, above.
  const history = createMemo<HistorySearch>(() => {
    const page = answered()
    if (page.kind !== 'found') return page
    const here = new Set(messages().map(({ key }) => key))
    return { ...page, hits: page.hits.filter(({ key }) => !here.has(key)) }
  })
  createComputed(() => {
    const words = asked()
    if (words.length < 2) return void setAnswered({ kind: 'none' })
    setAnswered({ kind: 'searching' })
    onCleanup(device.after(rest, () => void ask(words, null, [])))
  })

  return { ready: () => version() > 0, people: found, messages, history }
}

function hitsOf(entry: Entry, title: string): Hit[] {
  if (entry.kind === 'system') return []
  const { id, conversation, at, text } = entry
  return [{ key: id, conversation, title, text, at, entry: id }]
}

function hitOf(conversation: Conversation, title: string, text: string, at: number | null): Hit {
  return { key: conversation.id, conversation: conversation.id, title, text, at, entry: null }
}
