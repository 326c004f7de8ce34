import { Hono } from 'hono'
import { z } from 'zod'
import { accountId, agentId, listId, mobileUserId } from '#shared/base/ids.ts'
import type { SessionOf } from '../account/object.ts'
import type { Env } from '../env.ts'
import { indexTexts, searchTexts } from '../history/search.ts'
import { historyPage } from '../history/store.ts'
import { readCookie } from './cookie.ts'
import { media } from './media.ts'
import { passwords } from './password.ts'
import { push } from './push.ts'
import { hasOurOrigin } from './security.ts'
import { accountOf } from './sign-in.ts'

interface SignedIn {
  Bindings: Env
  Variables: { session: SessionOf; hash: string; isShared: boolean }
}

/** What a signed-in browser asks for. The account and the agent come from the session, never from the request. */
export const api = new Hono<SignedIn>()

api.use('/api/*', async (context, next) => {
  const cookie = await readCookie(context.req.raw)
  const account = cookie && accountOf(context.env, cookie.account)
  const session = account && (await account.session(cookie.hash))
  if (!session)
    return (await account?.wasEnded(cookie?.hash ?? ''))
      ? context.json({ text: 'This browser was signed out from another device.', ended: true }, 401)
      : context.json({ text: 'Sign in first.' }, 401)
  context.set('session', session)
  context.set('hash', cookie.hash)
  context.set('isShared', cookie.isShared)
  return next()
})

api.route('/', push)
api.route('/', passwords)
api.route('/', media)

api.get('/api/session', (context) => context.json(context.var.session))

/** Where the agent is signed in: `[{id, device, created, seen, current}]`, the one used last first. */
api.get('/api/sessions', async (context) =>
  context.json(await accountOf(context.env, context.var.session.account).sessionsOf(context.var.hash)),
)

/** Ends another session of the same agent. Its browser empties its copy when it next asks [fault C8]. */
api.delete('/api/sessions/:session', async (context) => {
  const account = accountOf(context.env, context.var.session.account)
  const ended = await account.endSession(context.var.hash, context.req.param('session'))
  return ended ? context.body(null, 204) : context.json({ text: 'You are not signed in there.' }, 404)
})

api.get('/api/socket', async (context) => {
  const request = context.req.raw
  if (request.headers.get('upgrade') !== 'websocket') return context.json({ text: 'This is a socket.' }, 426)
  if (!hasOurOrigin(request)) return context.body(null, 403)
  const headers = new Headers(request.headers)
  headers.set('x-session', context.var.hash)
  return accountOf(context.env, context.var.session.account).fetch(new Request(request, { headers }))
})

const page = z.object({
  account: accountId,
  agent: agentId,
  after: z.string().max(200).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  /** Only rows for these, of what the agent may see [E7]. */
  audiences: z
    .string()
    .max(400)
    .transform((list) => list.split(','))
    .optional(),
})

api.get('/api/rows', async (context) => {
  const asked = replicaOf(context.req.query(), context.var.session)
  if ('status' in asked) return context.json({ text: asked.text }, asked.status)
  const { account, agent, after, limit, audiences } = asked
  return context.json(await accountOf(context.env, account).rows(agent, after, limit, audiences))
})

api.get('/api/rows/first', async (context) => {
  const asked = replicaOf(context.req.query(), context.var.session)
  if ('status' in asked) return context.json({ text: asked.text }, asked.status)
  return context.json(await accountOf(context.env, asked.account).first(asked.agent))
})

const historyQuery = z.object({
  user: mobileUserId,
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})

/** A page of a thread's durable history: what the document on the device does not hold any more [E1]. */
api.get('/api/history', async (context) => {
  const asked = replicaOf(context.req.query(), context.var.session)
  if ('status' in asked) return context.json({ text: asked.text }, asked.status)
  const query = historyQuery.safeParse(context.req.query())
  if (!query.success) return context.json({ text: 'This is not a page of history.' }, 400)
  const { user, before, limit } = query.data
  const entries = await historyPage(context.env.HISTORY, asked.account, user, before, limit)
  return context.json({ entries, more: entries.length === limit })
})

const searchQuery = z.object({
  words: z.string().max(200),
  before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

/** Texts of the whole history that hold the words, newest first; `indexed` says whether the newest are among them. */
api.get('/api/search', async (context) => {
  const asked = replicaOf(context.req.query(), context.var.session)
  if ('status' in asked) return context.json({ text: asked.text }, asked.status)
  const query = searchQuery.safeParse(context.req.query())
  if (!query.success) return context.json({ text: 'This is not a search.' }, 400)
  const { HISTORY, SEARCH } = context.env
  const { words, before, limit } = query.data
  const indexed = await indexTexts(HISTORY, SEARCH, 4)
  return context.json({
    ...(await searchTexts(HISTORY, SEARCH, asked.account, words, before, limit)),
    indexed,
  })
})

const membersQuery = z.object({ list: listId, after: z.string().max(40).default('') })
const membersPerPage = 1000

/** A page of the people on a distribution list, which no replica holds: their ids, in order. */
api.get('/api/lists/members', async (context) => {
  const asked = replicaOf(context.req.query(), context.var.session)
  if ('status' in asked) return context.json({ text: asked.text }, asked.status)
  const query = membersQuery.safeParse(context.req.query())
  if (!query.success) return context.json({ text: 'This is not a list.' }, 400)
  const { list, after } = query.data
  const users = await accountOf(context.env, asked.account).listMembers(
    asked.agent,
    list,
    after,
    membersPerPage,
  )
  if (users === null) return context.json({ text: 'You may not see to lists.' }, 403)
  return context.json({ users, next: users.length < membersPerPage ? null : users.at(-1) })
})

/** A request made for a replica names whose it is; another's is a conflict, before anything else is read [E12]. */
function replicaOf(
  query: Record<string, string>,
  session: SessionOf,
): z.infer<typeof page> | { status: 400 | 409; text: string } {
  const parsed = page.safeParse(query)
  if (!parsed.success) return { status: 400, text: 'This is not a page of rows.' }
  if (parsed.data.account !== session.account || parsed.data.agent !== session.agent)
    return { status: 409, text: 'Another agent is signed in here.' }
  return parsed.data
}
