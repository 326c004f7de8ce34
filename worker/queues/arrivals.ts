import { fromBase64, toBase64 } from 'lib0/buffer'
import { z } from 'zod'
import type { CarrierEvent, ChannelConfig, RawRequest } from '../carriers/carrier.ts'
import type { Carriers } from '../carriers/outside.ts'
import { channelOf } from '../directory.ts'
import type { ArrivalNudge, Env } from '../env.ts'
import { accountOf } from '../http/sign-in.ts'

/** How long R2 may take before the carrier is told to come again [E23]. */
const storePatience = 500
const folder = 'arrivals/'
const parked = 'parked/'
const triesBeforeParking = 5

export const storedArrival = z.object({
  channel: z.string(),
  event: z.string(),
  url: z.string(),
  method: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  verified: z.boolean(),
  tries: z.number(),
})

export type StoredArrival = z.infer<typeof storedArrival>

/**
 * Keeps a raw webhook in R2 because its object, or what is needed to verify it, cannot be reached. Answers
 * whether it is durable there. The queue nudge that follows may get lost: the cron sweep finds it as well.
 */
export async function keepArrival(
  env: Env,
  raw: RawRequest,
  verified: boolean,
  id: string,
): Promise<boolean> {
  const key = `${folderOf(raw.channel)}${id}`
  const text = JSON.stringify({
    ...raw,
    body: toBase64(raw.body),
    verified,
    tries: 0,
  } satisfies StoredArrival)
  const put = env.MEDIA.put(key, text).then(
    () => true,
    () => false,
  )
  const done = await Promise.race([
    put,
    new Promise<false>((resolve) => setTimeout(() => resolve(false), storePatience)),
  ])
  if (done) await env.ARRIVALS.send({ key }).catch(() => undefined)
  return done
}

/**
 * Brings one kept arrival to the door and deletes it after the commit; parks it after five failures. Throws where it
 * is to be brought again, which a busy account may ask for as often as it has to.
 */
export async function bringIn(env: Env, carriers: Carriers, { key }: ArrivalNudge): Promise<void> {
  const object = await env.MEDIA.get(key)
  if (!object) return
  const text = await object.text()
  const arrival = storedArrival.parse(JSON.parse(text))
  let answer: 'taken' | 'later' = 'taken'
  try {
    answer = await admit(env, carriers, arrival)
  } catch (fault) {
    const tries = arrival.tries + 1
    const to = tries >= triesBeforeParking ? parked + key.slice(folder.length) : key
    await env.MEDIA.put(to, JSON.stringify({ ...arrival, tries }))
    if (to === key) throw fault
    console.error('arrival parked', to, fault instanceof Error ? fault.message : 'fault')
  }
  if (answer === 'later') throw new Error('The account has no room for more arrivals in this second.')
  await env.MEDIA.delete(key)
}

/** Takes an arrival to its account. Nothing comes of one that turns out not to be its carrier's. */
export async function admit(
  env: Env,
  carriers: Carriers,
  arrival: StoredArrival,
): Promise<'taken' | 'later'> {
  const channel = await channelOf(env, arrival.channel, Date.now())
  const event = channel && (await eventOf(carriers, arrival, channel.config))
  return event ? accountOf(env, channel.account).arrive(channel.id, event) : 'taken'
}

/** What a kept webhook says; null where it was kept unverified and turns out not to be its carrier's. */
export async function eventOf(
  carriers: Carriers,
  arrival: StoredArrival,
  config: ChannelConfig,
): Promise<CarrierEvent | null> {
  const raw: RawRequest = { ...arrival, body: fromBase64(arrival.body) }
  const carrier = carriers.find(config)
  if (!arrival.verified && !(await carrier.verify(raw, config)).ok) return null
  const event = carrier.parse(raw)
  return event?.kind === 'ignored' ? null : event
}

/** Where the arrivals of a channel are kept. */
export function folderOf(channel: string): string {
  return `${folder}${channel.slice(0, 40)}/`
}

/** Where those of a channel stand that were set aside. */
export function parkedFolderOf(channel: string): string {
  return `${parked}${channel.slice(0, 40)}/`
}

/** Finds arrivals whose nudge was lost. */
export async function sweepArrivals(env: Env, carriers: Carriers): Promise<void> {
  const { objects } = await env.MEDIA.list({ prefix: folder, limit: 100 })
  for (const { key } of objects) {
    await bringIn(env, carriers, { key }).catch((fault: unknown) =>
      console.error('arrival sweep', key, fault instanceof Error ? fault.message : 'fault'),
    )
  }
}
