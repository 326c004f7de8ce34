import type { AgentId, GroupId, MediaId } from '#shared/base/ids.ts'
import type { Media } from '#shared/model/entry.ts'

/** Something that happened in the past of a seeded company, so many minutes ago. */
export type Happening = { ago: number; handset: string; number: string } & (
  | { what: 'in'; text: string; media?: Media[] }
  | { what: 'out'; by: AgentId; text: string; fate: Fate; file?: string }
  /** A reply that waits for a time so many minutes after the seed. */
  | { what: 'schedule'; by: AgentId; text: string; in: number }
  | { what: 'note'; by: AgentId; text: string }
  | { what: 'claim'; by: AgentId }
  | { what: 'transfer'; by: AgentId; agent: AgentId | null; group: GroupId | null }
  | { what: 'follow up'; by: AgentId }
  | { what: 'end'; by: AgentId }
  | { what: 'read'; by: AgentId }
)

/** How a seeded text fared. `late`: written offline and overtaken, so that it is held. */
export type Fate = 'delivered' | 'sent' | 'failed' | 'unconfirmed' | 'late'

export type Step = Happening extends infer Kind
  ? Kind extends Happening
    ? Omit<Kind, 'ago' | 'handset' | 'number'> & { after: number }
    : never
  : never

/** A conversation as a list of steps, each so many minutes after the one before, ending `ago` minutes before now. */
export function conversation(handset: string, number: string, ago: number, steps: Step[]): Happening[] {
  const length = steps.reduce((sum, { after }) => sum + after, 0)
  let at = ago + length
  return steps.map(({ after, ...step }) => {
    at -= after
    return { ...step, ago: at, handset, number } as Happening
  })
}

export const incoming = (text: string, after = 3): Step => ({ what: 'in', text, after })
export const picture = (text: string, after = 3): Step => ({
  what: 'in',
  text,
  media: [{ url: 'https://media.simulator.example/brake-light.png', contentType: 'image/png' }],
  after,
})
export const answer = (by: AgentId, text: string, after = 2, fate: Fate = 'delivered'): Step => ({
  what: 'out',
  by,
  text,
  fate,
  after,
})
/** An answer with one of the sample pictures of the simulated carrier. */
export const pictured = (by: AgentId, text: string, file: string, after = 2): Step => ({
  what: 'out',
  by,
  text,
  file,
  fate: 'delivered',
  after,
})
export const scheduled = (by: AgentId, text: string, inMinutes: number, after = 2): Step => ({
  what: 'schedule',
  by,
  text,
  in: inMinutes,
  after,
})
/** The name in own storage of a sample picture that an agent sent. */
export function mediaIdOf(file: string): MediaId {
  return `m${file
    .replace(/\W.*$/, '')
    .replace(/[^a-z]/g, '')
    .padEnd(26, 'a')}` as MediaId
}
export const note = (by: AgentId, text: string, after = 1): Step => ({ what: 'note', by, text, after })
export const claim = (by: AgentId, after = 1): Step => ({ what: 'claim', by, after })
export const handTo = (by: AgentId, to: { agent: AgentId } | { group: GroupId }, after = 1): Step => ({
  what: 'transfer',
  by,
  agent: 'agent' in to ? to.agent : null,
  group: 'group' in to ? to.group : null,
  after,
})
export const end = (by: AgentId, after = 4): Step => ({ what: 'end', by, after })
export const flag = (by: AgentId, after = 1): Step => ({ what: 'follow up', by, after })
export const read = (by: AgentId, after = 1): Step => ({ what: 'read', by, after })
