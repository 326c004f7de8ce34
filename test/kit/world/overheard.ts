import { z } from 'zod'
import { ping, pong } from '#shared/wire/up.ts'

/**
 * What somebody on the line hears: only the few words that the world counts and the model judges by. Both ends
 * parse everything by the protocol's own schemas, so the line does not do it a third time.
 */
const said = z.object({
  t: z.string(),
  client: z.string().optional(),
  id: z.string().optional(),
  command: z.object({ name: z.string() }).optional(),
})
const heard = z.object({
  t: z.string(),
  last: z.number().optional(),
  acks: z
    .array(
      z.object({
        n: z.number(),
        id: z.string(),
        refusal: z.object({ code: z.string() }).nullable(),
      }),
    )
    .optional(),
})
export type Said = z.infer<typeof said>
export type Heard = z.infer<typeof heard>

/** What a page says, or null for a sign of life. */
export function overhearPage(text: string): Said | null {
  return text === ping ? null : said.parse(JSON.parse(text))
}

/** What the edge says, or null for a sign of life. */
export function overhearEdge(text: string): Heard | null {
  return text === pong ? null : heard.parse(JSON.parse(text))
}
