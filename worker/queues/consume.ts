import { z } from 'zod'
import type { Carriers } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { bringIn } from './arrivals.ts'

const nudge = z.object({ key: z.string().startsWith('arrivals/') })

/**
 * Consumes queue messages, each acknowledged on its own. A message is only a nudge: what it is about is durable
 * elsewhere, so one that cannot be read, or whose retries ran out, loses nothing and is only reported.
 */
export async function consume(batch: MessageBatch, env: Env, carriers: Carriers): Promise<void> {
  for (const message of batch.messages) {
    const parsed = nudge.safeParse(message.body)
    if (batch.queue !== 'arrivals' || !parsed.success) {
      console.error('queue', batch.queue, 'dropped a nudge after its retries')
      message.ack()
      continue
    }
    try {
      await bringIn(env, carriers, parsed.data)
      message.ack()
    } catch (fault) {
      console.error('queue', batch.queue, fault instanceof Error ? fault.message : 'fault')
      message.retry({ delaySeconds: Math.min(60, 5 * 2 ** message.attempts) })
    }
  }
}
