import * as z from 'zod/mini'
import { ask, type Asked } from './ask.ts'
import type { Behind } from './parley.ts'

const sessions = z.array(
  z.object({
    id: z.string(),
    device: z.string(),
    created: z.number(),
    seen: z.number(),
    current: z.boolean(),
  }),
)
/** A browser in which this agent is signed in, as the edge knows it. */
export type SessionHere = z.infer<typeof sessions>[number]

/** For `parley.open`: where this agent is signed in, which only the edge can say. */
export function createSessions({ engine }: Behind) {
  const { device } = engine.parts
  return {
    read: (): Promise<Asked<SessionHere[]>> =>
      ask(device, '/api/sessions', sessions, 'Your sessions can be seen with a connection only.'),
    /** Ends one of them. One that has ended already is as good. */
    async end(id: string): Promise<{ ok: true } | { ok: false; text: string }> {
      try {
        const { status } = await device.fetch(`/api/sessions/${id}`, { method: 'DELETE' })
        if (status === 204 || status === 404) return { ok: true }
      } catch {
        // Said below, as any other failure is.
      }
      return { ok: false, text: 'The session was not ended: the service cannot be reached.' }
    },
  }
}
