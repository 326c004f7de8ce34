import { z } from 'zod'
import type { Carriers } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { bringIn } from './arrivals.ts'
import { bulkNudge, sendBulk } from './bulk.ts'

const arrivalNudge = z.object({ key: z.string().startsWith('arrivals/') })

/**
 * Consumes queue messages, each acknowledged on its own. A message is only a nudge: what it is about is durable
 * elsewhere, so one that cannot be read, or whose retries ran out, loses nothing and is only reported.
 */
export async function consume(batch: MessageBatch, env: Env, carriers: Carriers): Promise<void> {
  for (const message of batch.messages) {
    const work = workOf(batch.queue, message.body, env, carriers)
    if (work === null) {
      console.error('queue', batch.queue, 'dropped a nudge after its retries')
      message.ack()
      continue
    }
    try {
      await work()
      message.ack()
    } catch (fault) {
      console.error('queue', batch.queue, fault instanceof Error ? fault.message : 'fault')
      message.retry({ delaySeconds: Math.min(60, 5 * 2 ** message.attempts) })
    }
  }
}

/** What a nudge asks for; null where it cannot be read, or came out of a queue of dead letters. */
function workOf(queue: string, body: unknown, env: Env, carriers: Carriers): (() => Promise<void>) | null {
  if (queue === 'arrivals') {
    const nudge = arrivalNudge.safeParse(body).data
    return nudge ? () => bringIn(env, carriers, nudge) : null
  }
  if (queue === 'bulk') {
    const nudge = bulkNudge.safeParse(body).data
    return nudge ? () => sendBulk(env, carriers, nudge) : null
  }
  return null
}
