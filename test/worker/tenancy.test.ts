import { createMessageBatch } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { accountId, listId, quickReplyId, viewId, type ClientId, type CommandId } from '#shared/base/ids.ts'
import { command } from '#shared/core/command.ts'
import type { Entry } from '#shared/model/entry.ts'
import { up } from '#shared/wire/up.ts'
import { expect, it } from 'vitest'
import { defaultCriteria } from '#shared/rules/views.ts'
import { foreignFrames, secretReply, type Ids } from '#test/kit/foreign.ts'
import { makeApp } from '#worker/app.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { simulatorRoutes } from '#worker/dev/carrier/routes.ts'
import { flushHistory, historyPage } from '#worker/history/store.ts'
import { newCookie } from '#worker/http/cookie.ts'
import { keepArrival, sweepArrivals } from '#worker/queues/arrivals.ts'
import { consume } from '#worker/queues/consume.ts'
import { Company, customer, env, freshId, maya, origin, ourNumber, sam } from './company.ts'
import { kindsOf } from '#test/kit/kinds.ts'

async function twoCompanies(
  name: string,
): Promise<{ ours: Company; theirs: Ids; nobodys: Ids; cookie: string }> {
  const northwind = await Company.found(`${name}-north`)
  await northwind.inbound('m1', 'A secret', { from: customer })
  const list = await listOf(northwind)
  const [row] = await northwind.conversations()
  const entry = (await northwind.thread())[0]?.id
  const ours = await Company.found(`${name}-ours`)
  const cookie = await newCookie(accountId.parse(`${name}-ours`))
  await ours.live.openSession(cookie.hash, maya, 'test')
  return {
    ours,
    cookie: cookie.header.split(';')[0] ?? '',
    theirs: {
      account: `${name}-north`,
      agent: sam,
      channel: `${name}-north`,
      // Both test companies have the same number; this one is of neither.
      number: 'n13095559999',
      conversation: String(row?.id),
      user: 'up13125550142',
      entry: String(entry),
      list,
      ...(await sharedOf(northwind)),
    },
    nobodys: {
      account: `${name}-none`,
      agent: 'nobody',
      channel: `${name}-none`,
      number: 'n19995550100',
      conversation: freshId('c'),
      user: 'up19995550142',
      entry: freshId('e'),
      list: freshId('l'),
      quickReply: freshId('q'),
      view: freshId('v'),
    },
  }
}

/** A quick reply and a view that everybody of the company has, and nobody else. */
async function sharedOf(company: Company): Promise<{ quickReply: string; view: string }> {
  const quickReply = quickReplyId.parse(freshId('q'))
  const view = viewId.parse(freshId('v'))
  const client = await company.connect(maya)
  client.command({ name: 'AddQuickReply', quickReply, shared: true, text: secretReply })
  const to = { label: 'A secret view', criteria: defaultCriteria.open }
  const added = client.command({ name: 'AddView', view, shared: true, to })
  expect((await client.ack(added)).refusal).toBeNull()
  return { quickReply, view }
}

/** A list of somebody whom nobody else may learn of. */
async function listOf(company: Company): Promise<string> {
  const list = listId.parse(freshId('l'))
  const client = await company.connect(maya)
  const to = { name: 'A secret list', addToInbox: false }
  client.command({ name: 'SaveList', list, expect: null, to })
  expect(
    (await client.ack(client.command({ name: 'AddToList', list, addresses: [customer] }))).refusal,
  ).toBeNull()
  return list
}

it('[P7] [fault T1] every route answers for ids of another company as for ids that never existed', async () => {
  const { ours, theirs, nobodys, cookie } = await twoCompanies('routes')
  const carriers = { find: () => never(), named: () => null }
  const routes = makeApp(carriers, () => Promise.resolve(true)).routes.filter(
    ({ method, path }) => method !== 'ALL' && path !== '/*',
  )
  expect(routes.length).toBeGreaterThanOrEqual(7)
  for (const { method, path } of routes) {
    // These two only begin and end sessions of one's own, and name no id.
    if (path === '/api/sign-in' || path === '/api/sign-out') continue
    const [real, made] = await Promise.all(
      [theirs, nobodys].map((ids) => ask(method, path, ids, cookie, ours.name)),
    )
    expect(real, `${method} ${path}`).toEqual(made)
    expect(JSON.stringify(real)).not.toContain('A secret')
  }
})

/** Asks as oneself for the other's things, and under the other's name. */
async function ask(method: string, path: string, ids: Ids, cookie: string, own: string): Promise<unknown> {
  const answers = [`account=${ids.account}&agent=${ids.agent}`, `account=${own}&agent=${maya}`].map(
    async (whose) => {
      const filled = path
        .replace(':carrier', 'simulator')
        .replace(':channel', ids.channel)
        .replace(/:event\{[^}]*\}/, 'inbound')
        .replace(/:[a-z]+/g, ids.conversation)
      const query = `?${whose}&after=conversations:${ids.conversation}&user=${ids.user}&before=1000&list=${ids.list}`
      const answer = await exports.default.fetch(`${origin}${filled}${method === 'GET' ? query : ''}`, {
        method,
        headers: { cookie, origin, 'x-simulator-secret': 'guess' },
        ...(method === 'GET' ? {} : { body: JSON.stringify({ ...ids, id: ids.entry }) }),
      })
      // An unknown channel and a known one with a wrong secret differ, as they must for a carrier: both are refused.
      const status =
        filled.startsWith('/hooks/') && [401, 404].includes(answer.status) ? 'refused' : answer.status
      const body = await answer.text()
      return { status, body: body.replace(/"id":"[^"]*"/, '') }
    },
  )
  return Promise.all(answers)
}

it('[P7] [fault T1] every frame and every command answers for ids of another company as for ids that never existed', async () => {
  const { ours, theirs, nobodys } = await twoCompanies('frames')
  const covered = new Set<string>()
  const answers = []
  for (const ids of [theirs, nobodys]) {
    const heard: unknown[] = []
    for (const message of foreignFrames(ids, asker())) {
      covered.add(message.t === 'command' ? `command ${message.command.name}` : message.t)
      const client = await ours.connect(maya, { greet: message.t !== 'hello' })
      client.say(message)
      // A frame that is answered by nothing is followed by one that is, so that the silence can be told.
      const probe = freshId('x')
      client.say({
        t: 'command',
        n: message.t === 'command' ? 2 : 1,
        id: probe,
        command: { name: 'AddNote', conversation: freshId('c'), text: 'probe' },
        seen: 0,
        synced: true,
        waited: 0,
      })
      await client
        .until((c) => c.closed ?? c.frames().some(({ acks }) => acks.some(({ id }) => id === probe)))
        .catch(() => null)
      // How answers are packed into frames depends on time; what they say does not.
      const others = client.heard.filter(({ t }) => !['presence', 'welcome', 'frame'].includes(t))
      const told = client.frames().flatMap(({ parts, acks }) => [...parts, ...acks])
      heard.push([client.closed?.code, [...others, ...told].map((m) => blur(m, ids))])
      client.socket.close()
    }
    answers.push(heard)
  }
  expect(answers[0]).toEqual(answers[1])
  expect(JSON.stringify(answers)).not.toContain('A secret')
  // A new frame or command cannot escape this test.
  const frames = kindsOf(up, 't').filter((t) => t !== 'command')
  const commands = kindsOf(command, 'name').map((name) => `command ${name}`)
  expect([...covered].sort()).toEqual([...frames, ...commands].sort())
})

/** What was heard, without what is different for every command anyway. */
function blur(message: unknown, ids: Ids): string {
  let text = JSON.stringify(message)
  for (const id of Object.values(ids)) text = text.replaceAll(id, '*')
  return text.replace(/"id":"x[a-z2-7]{26}"/g, '').replace(/"(seq|n|from|to|tag)":("?)[0-9a-f]+\2/g, '')
}

it('[P7] [fault T1] what is kept in R2 and nudged by a queue comes in for nobody but the channel that it was signed for', async () => {
  const { ours, theirs } = await twoCompanies('kept')
  const text = (id: string) => JSON.stringify({ id, from: customer, to: ourNumber, text: 'Smuggled' })
  const carriers = { find: () => simulator as never, named: () => simulator as never }
  const raw = (channel: string, secret: string, id: string) => ({
    channel,
    event: 'inbound',
    url: origin,
    method: 'POST',
    headers: { 'x-simulator-secret': secret },
    body: new TextEncoder().encode(text(id)),
  })
  // A channel's name in the address is the sender's word: what was not verified is verified when it comes in.
  const channels = [theirs.channel, `../${theirs.channel}`, `${theirs.channel}/..`, ours.name, '', 'nobody']
  for (const [index, channel] of channels.entries())
    expect(await keepArrival(env as never, raw(channel, 'guess', `s${index}`), false, `k${index}`)).toBe(true)
  const keys = (await env.MEDIA.list()).objects.map(({ key }) => key)
  // Media of accounts, which other tests keep, are asked for by sessions and sealed links alone.
  expect(keys.filter((key) => !key.startsWith('arrivals/') && !key.startsWith('accounts/'))).toEqual([])
  // Nudges for whatever else may stand in R2, and for nothing.
  const others = ['media/secret', 'parked/secret', `${theirs.account}/secret`]
  for (const key of others) await env.MEDIA.put(key, 'A secret')
  const bodies = [...keys, ...others, '', 'arrivals/', 'arrivals/../media/secret', null, { key: 1 }, theirs]
  const messages = bodies.map((key, index) => ({
    id: `q${index}`,
    timestamp: 0,
    attempts: 1,
    body: typeof key === 'string' ? { key } : key,
  }))
  for (const queue of ['arrivals', 'bulk', 'mail', 'arrivals-dead'])
    await consume(createMessageBatch(queue, messages) as never, env as never, carriers)
  await sweepArrivals(env as never, carriers)
  for (const name of [theirs.account, ours.name]) {
    const thread = await env.ACCOUNT.get(env.ACCOUNT.idFromName(name)).threadOf(theirs.user as never)
    expect(JSON.stringify(thread)).not.toContain('Smuggled')
  }
  for (const key of others) expect(await (await env.MEDIA.get(key))?.text()).toBe('A secret')
})

it('[P7] [fault T1] a history batch of one account neither reads nor overwrites the rows of another under the same ids', async () => {
  const { theirs } = await twoCompanies('history')
  const one = (text: string): Entry => ({
    id: theirs.entry as never,
    order: 1,
    at: 1,
    conversation: theirs.conversation as never,
    kind: 'note',
    by: maya,
    text,
  })
  const batch = (text: string, epoch: number) => ({
    epoch,
    conversations: [],
    mobileUsers: [],
    removed: [],
    at: 0,
    audit: [],
    gone: [],
    head: null,
    entries: [{ user: theirs.user as never, entry: one(text), seq: 1 }],
  })
  await flushHistory(env.HISTORY, theirs.account, batch('A secret', 1) as never)
  await flushHistory(env.HISTORY, 'history-ours', batch('Mine', 9) as never)
  const read = async (account: string) =>
    (await historyPage(env.HISTORY, account, theirs.user, 1000, 100)).map(
      (entry) => 'text' in entry && entry.text,
    )
  expect(await read(theirs.account)).toEqual(['A secret'])
  expect(await read('history-ours')).toEqual(['Mine'])
  expect(await read('history-none')).toEqual([])
})

it('[P7] [fault T1] no simulator route of one channel shows what another one carries', async () => {
  const { ours, theirs, nobodys } = await twoCompanies('dev')
  await exports.default.fetch(`${origin}/simulator/api/inbound`, {
    method: 'POST',
    body: JSON.stringify({ channel: theirs.channel, from: customer, to: ourNumber, text: 'A secret' }),
  })
  const paths = simulatorRoutes.routes.filter(({ method }) => method !== 'ALL')
  expect(paths.length).toBeGreaterThanOrEqual(9)
  const dev = ['/api/thread', '/api/clock', '/api/history', '/api/crowd'].map((path) => ({
    method: 'GET',
    path,
  }))
  const shown = `${origin}/simulator/api/conversation?channel=${theirs.channel}&handset=${encodeURIComponent(customer)}`
  expect(await (await exports.default.fetch(shown)).text()).toContain('A secret')
  for (const { method, path } of [...paths, ...dev]) {
    if (path.includes('/follow')) continue
    for (const channel of [ours.name, nobodys.channel]) {
      const filled = path.replace(':channel', channel).replace(/:[a-z]+/gi, 'x')
      const query = `channel=${channel}&account=${channel}&handset=${encodeURIComponent(customer)}&number=${encodeURIComponent(ourNumber)}`
      const answer = await exports.default.fetch(`${origin}/simulator${filled}?${query}`, {
        method,
        headers: { 'x-simulator-secret': 'guess' },
        ...(method === 'GET' ? {} : { body: '{}' }),
      })
      expect(await answer.text(), `${method} ${path}`).not.toContain('A secret')
    }
  }
})

function asker() {
  return { agent: maya, client: freshId('d') as ClientId, command: () => freshId('x') as CommandId }
}

function never(): never {
  throw new Error('No carrier is asked here.')
}
