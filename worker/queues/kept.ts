import type { ChannelId } from '#shared/base/ids.ts'
import type { CarrierEvent } from '../carriers/carrier.ts'
import { open } from '../carriers/credentials.ts'
import type { Carriers } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { eventOf, folderOf, storedArrival } from './arrivals.ts'

/**
 * Brings in all that is kept for a channel, in the account's own object, which needs neither D1 nor the queue for it.
 * The queue may bring the same one at the same time: the door takes it once. One that the door does not take stays
 * where it is, for the queue to try again and to put aside. Throws where R2 does not answer.
 */
export async function bringInAll(
  env: Env,
  carriers: Carriers,
  channel: { id: ChannelId; credentials: string },
  admit: (event: CarrierEvent) => void,
): Promise<void> {
  const prefix = folderOf(channel.id)
  let cursor: string | undefined
  do {
    const page = await env.MEDIA.list({ prefix, ...(cursor && { cursor }) })
    if (page.objects.length === 0) return
    const config = await open(channel.credentials, env.CHANNEL_KEY)
    for (const { key } of page.objects) {
      const object = await env.MEDIA.get(key)
      if (!object) continue
      const arrival = storedArrival.parse(JSON.parse(await object.text()))
      const event = await eventOf(carriers, arrival, config)
      try {
        if (event) admit(event)
      } catch (fault) {
        console.error('arrival', key, fault instanceof Error ? fault.message : 'fault')
        continue
      }
      await env.MEDIA.delete(key)
    }
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor)
}
