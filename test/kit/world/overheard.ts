import { ping, pong } from '#shared/wire/up.ts'

/**
 * What somebody on the line hears: only the few words that the world counts and the model judges by. Both ends
 * parse everything by the protocol's own schemas, so the line does not do it a third time.
 */
export interface Said {
  t: string
  client?: string
  id?: string
  command?: { name: string }
}
export interface Heard {
  t: string
  last?: number
  acks?: { n: number; id: string; refusal: { code: string } | null }[]
}

/** What a page says, or null for a sign of life. */
export function overhearPage(text: string): Said | null {
  return text === ping ? null : JSON.parse(text)
}

/** What the edge says, or null for a sign of life. */
export function overhearEdge(text: string): Heard | null {
  return text === pong ? null : JSON.parse(text)
}
