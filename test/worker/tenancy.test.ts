import { exports } from 'cloudflare:workers'
import { agentId, conversationId, entryId, mobileUserId } from '#shared/base/ids.ts'
import { command, type Command } from '#shared/core/command.ts'
import { up, type Up } from '#shared/wire/up.ts'
import { wireVersion } from '#shared/wire/version.ts'
import { expect, it } from 'vitest'
import { makeApp } from '#worker/app.ts'
import { rowsFingerprint } from '#shared/wire/version.ts'
import { newCookie } from '#worker/http/cookie.ts'
import { accountId } from '#shared/base/ids.ts'
import { Company, customer, freshId, maya, origin, sam } from './company.ts'

/** Ids as they stand on the other company's screens, and ids of the same form that never existed. */
interface Ids {
  account: string
  agent: string
  channel: string
  conversation: string
  user: string
  entry: string
}

async function twoCompanies(
  name: string,
): Promise<{ ours: Company; theirs: Ids; nobodys: Ids; cookie: string }> {
  const northwind = await Company.found(`${name}-north`)
  await northwind.inbound('m1', 'A secret', { from: customer })
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
      conversation: String(row?.id),
      user: 'up13125550142',
      entry: String(entry),
    },
    nobodys: {
      account: `${name}-none`,
      agent: 'nobody',
      channel: `${name}-none`,
      conversation: freshId('c'),
      user: 'up19995550142',
      entry: freshId('e'),
    },
  }
}

it('[P7] [fault T1] every route answers for ids of another company as for ids that never existed', async () => {
  const { theirs, nobodys, cookie } = await twoCompanies('routes')
  const carriers = { find: () => never(), named: () => null }
  const routes = makeApp(carriers, () => Promise.resolve(true)).routes.filter(
    ({ method, path }) => method !== 'ALL' && path !== '/*',
  )
  expect(routes.length).toBeGreaterThanOrEqual(7)
  for (const { method, path } of routes) {
    // These two only begin and end sessions of one's own, and name no id.
    if (path === '/api/sign-in' || path === '/api/sign-out') continue
    const [real, made] = await Promise.all([theirs, nobodys].map((ids) => ask(method, path, ids, cookie)))
    expect(real, `${method} ${path}`).toEqual(made)
    expect(JSON.stringify(real)).not.toContain('A secret')
  }
})

async function ask(method: string, path: string, ids: Ids, cookie: string): Promise<unknown> {
  const filled = path
    .replace(':carrier', 'simulator')
    .replace(':channel', ids.channel)
    .replace(/:event\{[^}]*\}/, 'inbound')
    .replace(/:[a-z]+/g, ids.conversation)
  const query =
    method === 'GET'
      ? `?account=${ids.account}&agent=${ids.agent}&after=conversations:${ids.conversation}&user=${ids.user}&before=1000`
      : ''
  const answer = await exports.default.fetch(`${origin}${filled}${query}`, {
    method,
    headers: { cookie, origin, 'x-simulator-secret': 'guess' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  // An unknown channel and a known one with a wrong secret differ, as they must for a carrier: both are refused.
  const status =
    filled.startsWith('/hooks/') && [401, 404].includes(answer.status) ? 'refused' : answer.status
  const body = await answer.text()
  return { status, body: body.replace(/"id":"[^"]*"/, '') }
}

it('[P7] [fault T1] every frame and every command answers for ids of another company as for ids that never existed', async () => {
  const { ours, theirs, nobodys } = await twoCompanies('frames')
  const covered = new Set<string>()
  const answers = []
  for (const ids of [theirs, nobodys]) {
    const heard: unknown[] = []
    for (const message of messages(ids)) {
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
  const frames = up.options.map((option) => option.shape.t.value).filter((t) => t !== 'command')
  const commands = command.options.map((option) => `command ${option.shape.name.value}`)
  expect([...covered].sort()).toEqual([...frames, ...commands].sort())
})

/** What was heard, without what is different for every command anyway. */
function blur(message: unknown, ids: Ids): string {
  let text = JSON.stringify(message)
  for (const id of Object.values(ids)) text = text.replaceAll(id, '*')
  return text.replace(/"id":"x[a-z2-7]{26}"/g, '').replace(/"(seq|n|from|to|tag)":("?)[0-9a-f]+\2/g, '')
}

function messages(ids: Ids): Up[] {
  const conversation = conversationId.parse(ids.conversation)
  const entry = entryId.parse(ids.entry)
  const user = mobileUserId.parse(ids.user)
  const owner = { agent: agentId.parse(ids.agent), group: null }
  const commands: Command[] = [
    { name: 'SendReply', conversation, text: 'Hi' },
    {
      name: 'StartConversation',
      conversation,
      number: 'n13095559999' as never,
      to: '+13125550142',
      text: 'Hi',
    },
    { name: 'AddNote', conversation, text: 'Hi' },
    { name: 'ClaimConversation', conversation, expect: owner },
    { name: 'TransferConversation', conversation, expect: owner, to: owner },
    { name: 'EndConversation', conversation },
    { name: 'MarkRead', conversation, order: 1 },
    { name: 'SetFollowUp', conversation, on: true },
    { name: 'SetConsent', user, optedOut: true, expect: null },
    { name: 'SetRole', agent: sam, role: 'admin' },
    { name: 'SendHeld', conversation, entry },
    { name: 'DiscardHeld', conversation, entry },
  ]
  const client = freshId('d') as never
  return [
    {
      t: 'hello',
      version: wireVersion,
      fingerprint: rowsFingerprint(),
      account: ids.account as never,
      agent: maya,
      client,
      epoch: 1,
      cursors: {},
    },
    { t: 'pull', thread: user, epoch: 1, clock: 0 },
    { t: 'catch up', cursor: { seq: 3, tag: 'guess' } },
    { t: 'echo', n: 0 },
    { t: 'presence', messageCenter: true, idle: false, viewing: conversation, writing: conversation },
    { t: 'open draft', conversation, kind: 'reply', epoch: 0, clients: [1], clocks: {} },
    { t: 'close draft', conversation, kind: 'reply' },
    { t: 'update', doc: `thread:${ids.user}:1`, update: 'AAA=' },
    { t: 'update', doc: `draft:${ids.conversation}:reply:0`, update: 'AAA=' },
    { t: 'bye' },
    ...commands.map((command): Up => ({
      t: 'command',
      n: 1,
      id: freshId('x') as never,
      command,
      seen: 0,
      synced: true,
      waited: 0,
    })),
  ]
}

function never(): never {
  throw new Error('No carrier is asked here.')
}
