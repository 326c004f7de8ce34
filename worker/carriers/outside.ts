import { z } from 'zod'
import { mediaId } from '#shared/base/ids.ts'
import type { AccountParts } from '../account/object.ts'
import { durableHistory } from '../history/store.ts'
import type { Carrier, ChannelConfig } from './carrier.ts'
import { postPush } from '../push/post.ts'
import { fetchMedia } from '../media/fetch.ts'
import { sealLink } from '../media/link.ts'
import { keepMedia } from '../media/store.ts'
import { bringInAll } from '../queues/kept.ts'
import { open } from './credentials.ts'
import type { Waiting } from '../account/outbox.ts'
import type { Env } from '../env.ts'

/** Every carrier that a build knows. The deployed one and the development one differ here only. */
export interface Carriers {
  find(config: ChannelConfig): Carrier
  named(carrier: string): Carrier | null
}

/** What an account object needs of the world outside: its carriers and the durable history. */
export function outsideOf(carriers: Carriers): AccountParts {
  return {
    async bringInKept(env, channel, admit) {
      await bringInAll(env, carriers, channel, admit)
    },
    async send(env, credentials, text, signal) {
      const config = await open(credentials, env.CHANNEL_KEY)
      const callback = `${env.PUBLIC_ADDRESS}/hooks/${config.carrier}/${text.channel}/status`
      const { message: ref, sender: from, recipient: to, body, textOnly } = text
      const media = await linksOf(env, text)
      const texting = { ref, from, to, text: body, textOnly: textOnly === 1, media, callback }
      return carriers.find(config).send(texting, config, signal)
    },
    async probe(env, credentials, signal) {
      const config = await open(credentials, env.CHANNEL_KEY)
      return carriers.find(config).probe(config, signal)
    },
    async list(env, credentials, query, signal) {
      const config = await open(credentials, env.CHANNEL_KEY)
      return (await carriers.find(config).list?.(query, config, signal)) ?? null
    },
    async copy(env, credentials, account, { id, url, contentType }, signal) {
      const config = await open(credentials, env.CHANNEL_KEY)
      const fetched = await fetchMedia(carriers.find(config), config, url, signal)
      if (!(fetched instanceof Uint8Array)) return fetched
      const kept = await keepMedia(env, account, id, fetched, contentType)
      return { kind: 'kept', ...kept }
    },
    history: ({ HISTORY }) => durableHistory(HISTORY),
    async push({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_CONTACT }, message, signal) {
      if (!VAPID_PUBLIC_KEY || !VAPID_PRIVATE_KEY) return { kind: 'gone' }
      const keys = { publicKey: VAPID_PUBLIC_KEY, privateKey: VAPID_PRIVATE_KEY }
      return postPush(message, VAPID_CONTACT, keys, Date.now(), signal)
    },
    async nudgeBulk({ BULK }, account, count) {
      await BULK.sendBatch(Array.from({ length: count }, () => ({ body: { account } })))
    },
  }
}

/** Where a carrier fetches the pictures of a text: addresses that are good for this text, for a day [E29]. */
async function linksOf(env: Env, { message, media, account }: Waiting): Promise<string[]> {
  const ids = z.array(mediaId).parse(JSON.parse(media ?? '[]'))
  if (account === undefined) return []
  const now = Date.now()
  return Promise.all(
    ids.map(
      async (id) =>
        env.PUBLIC_ADDRESS + (await sealLink({ account, media: id, message }, env.CHANNEL_KEY, now)),
    ),
  )
}
