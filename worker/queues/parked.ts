import { fromBase64 } from 'lib0/buffer'
import type { AccountId } from '#shared/base/ids.ts'
import type { Parked } from '#shared/wire/parked.ts'
import type { Carriers } from '../carriers/outside.ts'
import { channelOf, channelsOf, type ChannelOf } from '../directory.ts'
import type { Env } from '../env.ts'
import { admit, parkedFolderOf, storedArrival, type StoredArrival } from './arrivals.ts'

/** What is shown of each channel at most; with what was brought in, the next ones come. */
const shownAtMost = 100

/**
 * What an account's carriers brought and five tries could not take in: set aside with its bytes, until a person has
 * it brought in [E18, fault S7].
 */
export async function listParked(env: Env, carriers: Carriers, account: AccountId): Promise<Parked[]> {
  const found: Parked[] = []
  for (const id of await channelsOf(env, account)) {
    const channel = await channelOf(env, id, Date.now())
    if (!channel) continue
    const { objects } = await env.MEDIA.list({ prefix: parkedFolderOf(id), limit: shownAtMost })
    for (const { key, uploaded } of objects) {
      const arrival = await readParked(env, key)
      const name = key.slice(parkedFolderOf(id).length)
      if (arrival)
        found.push({ id: name, channel: id, at: uploaded.getTime(), ...wordsOf(carriers, channel, arrival) })
    }
  }
  return found.sort((left, right) => right.at - left.at)
}

/**
 * Brings one in by hand. It leaves its place only once it is in, and the door knows a repeated one, so that two
 * people who press at once bring it once [P2]. `unknown`: there is none of that name in this account.
 */
export async function retryParked(
  env: Env,
  carriers: Carriers,
  account: AccountId,
  { channel, id }: { channel: string; id: string },
): Promise<'taken' | 'later' | 'failed' | 'unknown'> {
  const owner = await channelOf(env, channel, Date.now())
  if (owner?.account !== account) return 'unknown'
  const key = parkedFolderOf(channel) + id
  const arrival = await readParked(env, key)
  if (!arrival) return 'unknown'
  try {
    if ((await admit(env, carriers, arrival)) === 'later') return 'later'
  } catch (fault) {
    console.error('parked', key, fault instanceof Error ? fault.message : 'fault')
    return 'failed'
  }
  await env.MEDIA.delete(key)
  return 'taken'
}

async function readParked(env: Env, key: string): Promise<StoredArrival | null> {
  const object = await env.MEDIA.get(key)
  return object ? storedArrival.parse(JSON.parse(await object.text())) : null
}

/** What a person can recognise of it: a text with both numbers, or that it is a receipt. */
function wordsOf(
  carriers: Carriers,
  { config }: ChannelOf,
  arrival: StoredArrival,
): Pick<Parked, 'from' | 'to' | 'text'> {
  const event = carriers.find(config).parse({ ...arrival, body: fromBase64(arrival.body) })
  if (event?.kind !== 'inbound') return { from: null, to: null, text: null }
  return { from: event.from, to: event.to, text: event.text }
}
