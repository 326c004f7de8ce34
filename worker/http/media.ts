import { Hono } from 'hono'
import { z } from 'zod'
import { accountId, agentId, mediaId } from '#shared/base/ids.ts'
import { sizeWords } from '#shared/rules/media.ts'
import { refuseFile, sniff, withoutMetadata } from '#shared/rules/sniff.ts'
import { limits } from '#shared/wire/limits.ts'
import type { SessionOf } from '../account/object.ts'
import type { Env } from '../env.ts'
import { readWithin } from '../media/fetch.ts'
import { openLink } from '../media/link.ts'
import { mediaAnswer, mediaKey } from '../media/store.ts'
import { accountOf } from './sign-in.ts'

/** Pictures as carriers fetch them: whoever has a sealed link may, for a day, and nobody else [E29]. */
export const mediaLinks = new Hono<{ Bindings: Env }>()

mediaLinks.get('/m/:token', async (context) => {
  const { env, req } = context
  const link = await openLink(req.param('token'), env.CHANNEL_KEY, Date.now())
  const answer = link && (await mediaAnswer(env, link.account, link.media, req.method))
  if (!answer) return context.json({ text: 'There is nothing here.' }, 404)
  // The link is one carrier's, for a day: nothing between may keep what it brings.
  answer.headers.set('cache-control', 'private, no-store')
  return answer
})

/** Media as agents bring and see them. The account is the session's, so another's id is as unknown as any [P7]. */
export const media = new Hono<{
  Bindings: Env
  Variables: { session: SessionOf; hash: string; isShared: boolean }
}>()

media.get('/api/media/:id', async (context) => {
  const { env, req } = context
  const id = mediaId.safeParse(req.param('id'))
  const answer = id.success ? await mediaAnswer(env, context.var.session.account, id.data, req.method) : null
  if (!answer) return context.json({ text: 'There is nothing here.' }, 404)
  if (context.var.isShared) answer.headers.set('cache-control', 'private, no-store')
  return answer
})

const replica = z.object({ account: accountId, agent: agentId })

/**
 * Takes a picture under an id that its device made; the same again is the same [E29]. Bytes decide what it is, and
 * what a camera wrote beside the pixels is removed here too, should a device not have done so.
 */
media.put('/api/media/:id', async (context) => {
  const { env, req } = context
  const { session } = context.var
  const id = mediaId.safeParse(req.param('id'))
  const theirs = replica.safeParse(req.query())
  if (!id.success || !theirs.success)
    return context.json({ text: 'This is not a picture of a replica.' }, 400)
  // Made for a replica, so it names whose it is, before anything else is read [E12].
  if (theirs.data.account !== session.account || theirs.data.agent !== session.agent)
    return context.json({ text: 'Another agent is signed in here.' }, 409)
  const account = accountOf(env, session.account)
  const admitted = await account.admitUpload(session.agent, id.data)
  if (admitted === 'too many')
    return context.json({ text: 'Too many pictures in an hour.' }, 429, { 'retry-after': '60' })
  if (Number(req.header('content-length') ?? 0) > limits.media) return context.json(tooLarge, 413)
  const raw = await readWithin(req.raw.body, limits.media)
  if (raw === null) return context.json(tooLarge, 413)
  const sniffed = sniff(raw)
  const refusal = refuseFile(sniffed)
  if (refusal !== null || sniffed.kind !== 'picture') return context.json({ text: refusal }, 415)
  const { contentType } = sniffed
  const bytes = withoutMetadata(raw, contentType)
  const hash = await sha256(bytes)
  const key = mediaKey(session.account, id.data)
  // The store is the judge of who was first: what stands there is never replaced.
  const put = await env.MEDIA.put(key, bytes, {
    onlyIf: new Headers({ 'if-none-match': '*' }),
    httpMetadata: { contentType },
    customMetadata: { hash },
  })
  if (put === null && (await env.MEDIA.head(key))?.customMetadata?.['hash'] !== hash)
    return context.json({ text: 'This name is taken by another picture.' }, 422)
  await account.keepUpload(session.agent, id.data, { hash, contentType, bytes: bytes.length })
  return context.body(null, 204)
})

const tooLarge = { text: `A picture can have at most ${sizeWords(limits.media)}.` }

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes.slice())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
