import * as z from 'zod/mini'
import { accountId, agentId } from '#shared/base/ids.ts'
import { role } from '#shared/model/role.ts'
import type { Device } from './device.ts'

/** Who is signed in in this browser. */
export const session = z.object({
  account: accountId,
  accountName: z.string(),
  agent: agentId,
  name: z.string(),
  email: z.string(),
  role,
})
export type Session = z.infer<typeof session>

const ended = z.object({ ended: z.literal(true) })

export type SessionAnswer =
  | { kind: 'signed in'; session: Session }
  | { kind: 'signed out' }
  /** Ended from another device: what is kept here is to go [E12]. */
  | { kind: 'ended' }
  | { kind: 'unreachable' }

/** Asks the edge who is signed in. "Unreachable" is no answer: the replica is opened for who was here last. */
export async function askSession(device: Device): Promise<SessionAnswer> {
  try {
    const reply = await device.fetch('/api/session')
    if (reply.status === 401) {
      const why = ended.safeParse(await reply.json().catch(() => null))
      return { kind: why.success ? 'ended' : 'signed out' }
    }
    if (reply.status !== 200) return { kind: 'unreachable' }
    const parsed = session.safeParse(await reply.json())
    return parsed.success ? { kind: 'signed in', session: parsed.data } : { kind: 'unreachable' }
  } catch {
    return { kind: 'unreachable' }
  }
}
