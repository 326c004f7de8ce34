import { expect, test, type Page } from '@playwright/test'
import { accountId, makeIds } from '#shared/base/ids.ts'
import { up } from '#shared/wire/up.ts'
import { command } from '#shared/core/command.ts'
import { foreignFrames, type Ids } from '#test/kit/foreign.ts'
import { makeRandom } from '#test/kit/random.ts'
import { Agent } from './people.ts'
import { Server } from './server.ts'
import { kindsOf } from '#test/kit/kinds.ts'

let server: Server
test.beforeAll(async () => {
  server = await Server.start()
})
test.afterAll(() => server.stop())

/** What only Northwind knows, as its own agent's page reads it over the wire. */
interface Known {
  ids: Ids
  /** Names, texts and ids that must stand nowhere at Contoso. */
  secrets: string[]
}

/** Of the same form, and nobody's: what is asked with these is answered as what is asked with the others. */
const nobodys: Ids = {
  account: 'nobody',
  agent: 'nobody',
  channel: 'nobody',
  number: 'n19995550100',
  conversation: `c${'a'.repeat(26)}`,
  user: 'up19995550142',
  entry: `e${'a'.repeat(26)}`,
  list: `l${'a'.repeat(26)}`,
  quickReply: `q${'a'.repeat(26)}`,
  view: `v${'a'.repeat(26)}`,
}

test('[P7] [fault T1] an agent of one company who asks for everything of another from their own page gets nothing', async ({
  browser,
}) => {
  test.setTimeout(300_000)
  const maya = await Agent.signIn(browser, server.origin, 'maya')
  const known = await knownTo(maya.page)
  expect(known.secrets.length).toBeGreaterThan(100)
  const rita = await Agent.signIn(browser, server.origin, 'rita')

  const routes = (await everyRoute()).filter(
    ({ method, path }) => method !== 'ALL' && !['/*', '/api/sign-in', '/api/sign-out'].includes(path),
  )
  expect(routes.length).toBeGreaterThanOrEqual(6)
  for (const { method, path } of routes) {
    const [theirs, made] = await Promise.all(
      [known.ids, nobodys].map((ids) => ask(rita.page, method, path, ids)),
    )
    expect(theirs, `${method} ${path}`).toEqual(made)
    nothingOf(known, JSON.stringify(theirs))
  }

  const random = makeRandom(1)
  const ids = makeIds(() => random.bytes(16))
  const frames = foreignFrames(known.ids, {
    agent: 'rita' as never,
    client: ids.client(),
    command: () => ids.command(),
  })
  const said = new Set(frames.map((frame) => (frame.t === 'command' ? frame.command.name : frame.t)))
  for (const t of kindsOf(up, 't')) expect([...said, 'command']).toContain(t)
  for (const name of kindsOf(command, 'name')) expect([...said]).toContain(name)
  const hello = {
    ...frames.find(({ t }) => t === 'hello'),
    account: accountId.parse('contoso'),
  }
  const asked = Object.values(known.ids)
  for (const frame of frames) {
    const heard = await say(rita.page, frame.t === 'hello' ? [frame] : [hello, frame])
    // Who asks is told again what they asked for, and nothing else.
    nothingOf({ ...known, secrets: known.secrets.filter((one) => !asked.includes(one)) }, heard)
    if (frame.t === 'hello') expect(heard).toContain('closed 4403')
  }

  // Maya's company changes meanwhile; nothing of it comes to Rita's device, in whatever table.
  await server.hook('tenancy-1', 'For Northwind alone', { from: '+13095550190' })
  await maya.open('(309) 555-0190')
  await expect(maya.bubble('For Northwind alone')).toBeVisible()
  const replica = await stored(rita.page)
  expect(replica.names).toEqual(['parley:contoso:rita'])
  expect(replica.text).toContain('Contoso Dental')
  nothingOf({ ...known, secrets: [...known.secrets, 'For Northwind alone'] }, replica.text)
  await rita.close()
  await maya.close()
})

function nothingOf({ secrets }: Known, text: string): void {
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
}

/** Everything that a signed-in agent's replica is filled with, read as the replica reads it. */
async function knownTo(page: Page): Promise<Known> {
  const { rows, entries } = await page.evaluate(async () => {
    const { account, agent } = await (await fetch('/api/session')).json()
    const rows: { table: string; id: string; row: Record<string, unknown> | null }[] = []
    for (let after: string | null = ''; after !== null;) {
      const query = new URLSearchParams({ account, agent, after, limit: '1000' })
      const page: { rows: typeof rows; next: string | null } = await (
        await fetch(`/api/rows?${query}`)
      ).json()
      rows.push(...page.rows)
      after = page.next
    }
    const users = rows.filter(({ table }) => table === 'mobileUsers').slice(0, 40)
    const pages = await Promise.all(
      users.map(async ({ id }) => {
        const query = new URLSearchParams({ account, agent, user: id, before: '100000' })
        return (await fetch(`/api/history?${query}`)).json()
      }),
    )
    return { rows, entries: pages.flatMap(({ entries }) => entries) }
  })
  const conversations = rows.filter(({ table, row }) => table === 'conversations' && row)
  const first = conversations[0]
  const texts = [
    ...conversations.map(({ row }) => String(row?.['preview'] ?? '')),
    ...entries.map(({ text }: { text?: string }) => text ?? ''),
  ].filter((text) => text.length > 12)
  const ids = rows.filter(({ table }) => ['conversations', 'readMarks'].includes(table)).map(({ id }) => id)
  return {
    ids: {
      account: 'northwind',
      agent: 'sam',
      channel: 'northwind',
      number: 'n13095550100',
      conversation: String(first?.id),
      user: String(first?.row?.['user']),
      entry: String(entries.find(({ kind }: { kind: string }) => kind === 'outbound')?.id ?? nobodys.entry),
      list: `l${'b'.repeat(26)}`,
      quickReply: 'closing',
      view: `v${'b'.repeat(26)}`,
    },
    secrets: [...new Set([...ids, ...texts, 'Northwind', 'sam@demo.test', 'maya@demo.test'])],
  }
}

/** Asks a route from within the page, as any script in it could. What the browser keeps to itself is `blocked`. */
async function ask(page: Page, method: string, path: string, ids: Ids): Promise<unknown> {
  // One's own rows begin at the beginning: where another's id stands among them is nobody's secret.
  const whose = [
    `account=${ids.account}&agent=${ids.agent}&after=conversations:${ids.conversation}`,
    'account=contoso&agent=rita',
  ]
  const answers = []
  for (const who of whose) {
    const filled = path
      .replace(':carrier', 'simulator')
      .replace(':channel', ids.channel)
      .replace(/:event\{[^}]*\}/, 'inbound')
      .replace(/:[a-z]+/g, ids.conversation)
    const query = `?${who}&user=${ids.user}&before=1000`
    answers.push(
      await page.evaluate(
        async ({ method, address, body }) => {
          const answer = await fetch(address, {
            method,
            headers: { 'x-simulator-secret': 'guess' },
            ...(method === 'GET' ? {} : { body }),
          })
          const status =
            address.startsWith('/hooks/') && [401, 404].includes(answer.status) ? 'refused' : answer.status
          return { status, body: (await answer.text()).replace(/"id":"[^"]*"/, '') }
        },
        { method, address: filled + (method === 'GET' ? query : ''), body: JSON.stringify(ids) },
      ),
    )
  }
  return answers
}

/** Says frames on a socket of the page's own and answers everything that was heard on it until it is quiet. */
async function say(page: Page, frames: readonly unknown[]): Promise<string> {
  return page.evaluate(async (frames) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/socket`)
    const heard: string[] = []
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('error', () => reject(new Error('no socket')))
      socket.addEventListener('open', () => {
        for (const frame of frames) socket.send(JSON.stringify(frame))
        // Whoever answers this has answered what came before it.
        socket.send('{"t":"bye"}')
      })
      socket.addEventListener('message', ({ data }) => heard.push(String(data)))
      socket.addEventListener('close', ({ code }) => {
        heard.push(`closed ${code}`)
        resolve()
      })
    })
    return heard.join('\n')
  }, frames)
}

/** Every database of the page's origin, every table, every record. */
async function stored(page: Page): Promise<{ names: string[]; text: string }> {
  return page.evaluate(async () => {
    const whenDone = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(request.error))
      })
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? [])
    const found: unknown[] = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)]
    for (const name of names) {
      const database = await whenDone(indexedDB.open(name))
      for (const table of database.objectStoreNames) {
        const records = await whenDone(database.transaction(table).objectStore(table).getAll())
        // Thread bytes hold their texts as they are.
        const read = (_: string, value: unknown) =>
          value instanceof Uint8Array ? new TextDecoder().decode(value) : value
        found.push(JSON.stringify(records, read))
      }
      database.close()
    }
    return { names: names.filter((name) => name.startsWith('parley')), text: found.join('\n') }
  })
}

/** The Worker's own list. Imported by name only: its types are the runtime's, and these tests have the browser's. */
async function everyRoute(): Promise<{ method: string; path: string }[]> {
  const name = '#worker/app.ts'
  const { makeApp } = (await import(name)) as {
    makeApp(carriers: object, ready: () => Promise<boolean>): { routes: { method: string; path: string }[] }
  }
  return makeApp({ named: () => null }, () => Promise.resolve(true)).routes
}
