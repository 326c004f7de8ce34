import * as z from 'zod/mini'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import { plain } from '#shared/rules/criteria.ts'
import type { EngineParts } from '#client/sync/engine.ts'

const page = z.object({
  found: z.array(
    z.object({
      entry: z.object({ kind: z.string(), conversation: conversationId, text: z.optional(z.string()) }),
    }),
  ),
  next: z.nullable(z.number()),
})

/** Texts that are looked through for one view, newest first: pages of the edge's search, and how many of them. */
const perPage = 100
const mostPages = 5
/** Characters that the edge takes as a question. */
const mostWords = 200

/**
 * The conversations in whose whole history a message holds these words, which the device may not hold itself [F73,
 * F77]. The edge's index finds whole words, the last one by its beginning; what it finds is compared as on a device.
 * Throws where the edge does not answer.
 */
export async function askSaidBefore(
  { device, identity }: Pick<EngineParts, 'device' | 'identity'>,
  words: string,
): Promise<ReadonlySet<ConversationId>> {
  const wanted = plain(words)
  const found = new Set<ConversationId>()
  let before: number | null = null
  for (let pages = 0; pages < mostPages; pages++) {
    const query: URLSearchParams = new URLSearchParams({
      ...identity,
      words: words.slice(0, mostWords),
      limit: String(perPage),
      ...(before === null ? {} : { before: String(before) }),
    })
    const reply = await device.fetch(`/api/search?${query.toString()}`)
    if (reply.status !== 200) throw new Error(`The search answered ${reply.status}.`)
    const answer = page.parse(await reply.json())
    for (const { entry } of answer.found)
      if ((entry.kind === 'inbound' || entry.kind === 'outbound') && plain(entry.text ?? '').includes(wanted))
        found.add(entry.conversation)
    if (answer.next === null) break
    before = answer.next
  }
  return found
}
