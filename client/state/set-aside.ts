import * as z from 'zod/mini'
import { parked, type Parked } from '#shared/wire/parked.ts'
import { ask, type Asked } from './ask.ts'
import type { Behind } from './parley.ts'

const all = z.array(parked)
const refusal = z.object({ text: z.string() })

/** For `parley.open`: what carriers brought and could not be taken in, which only the edge has [fault S7]. */
export function createSetAside({ engine }: Behind) {
  const { device } = engine.parts
  return {
    read: (): Promise<Asked<Parked[]>> =>
      ask(device, '/api/parked', all, 'What was set aside can be seen with a connection only.'),
    /** Has one brought in. One that somebody else brought in meanwhile is as good. */
    async retry({ channel, id }: Parked): Promise<{ ok: true } | { ok: false; text: string }> {
      try {
        const reply = await device.fetch('/api/parked/retry', {
          method: 'POST',
          body: JSON.stringify({ channel, id }),
        })
        if (reply.status === 204 || reply.status === 404) return { ok: true }
        const said = z.safeParse(refusal, await reply.json().catch(() => null))
        if (said.success) return { ok: false, text: said.data.text }
      } catch {
        // Said below, as any other failure is.
      }
      return { ok: false, text: 'It was not brought in: the service cannot be reached. Nothing is lost.' }
    },
  }
}
