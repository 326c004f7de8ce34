import { exports } from 'cloudflare:workers'
import { accountId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newCookie } from '#worker/http/cookie.ts'
import { Company, env, maya, origin, sam } from './company.ts'

const logged: string[] = []
beforeEach(() => {
  logged.length = 0
  for (const kind of ['log', 'info', 'warn', 'error'] as const)
    vi.spyOn(console, kind).mockImplementation(
      (...said: unknown[]) => void logged.push(said.map(String).join(' ')),
    )
})
afterEach(() => vi.restoreAllMocks())

const email = (name: string) => `maya@${name}.test`

/** Maya of a company, who also works in another one, with the password "correct horse". */
async function person(name: string, accounts: readonly string[]): Promise<Company[]> {
  const companies: Company[] = []
  // One after the other: each begins with the migrations, which two cannot make at once.
  for (const account of accounts) companies.push(await Company.found(account))
  const hash = await env.DOOR.get(env.DOOR.idFromName('any')).hash('correct horse')
  await env.HISTORY.batch([
    env.HISTORY.prepare(`INSERT OR REPLACE INTO people (id, email, password) VALUES (?, ?, ?)`).bind(
      email(name),
      email(name),
      hash,
    ),
    ...accounts.map((account) =>
      env.HISTORY.prepare(
        `INSERT OR REPLACE INTO memberships (person, account, agent) VALUES (?, ?, 'maya')`,
      ).bind(email(name), account),
    ),
  ])
  return companies
}

async function open(company: Company, agent = maya): Promise<string> {
  const cookie = await newCookie(accountId.parse(company.name))
  await company.live.openSession(cookie.hash, agent, 'test')
  return cookie.header.split(';')[0] ?? ''
}

const ask = (path: string, method: string, cookie: string, body?: unknown) =>
  exports.default.fetch(`${origin}${path}`, {
    method,
    headers: { 'content-type': 'application/json', origin, cookie },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const change = (cookie: string, current: string, next: string) =>
  ask('/api/password', 'PUT', cookie, { current, next })
const signIn = (name: string, password: string) =>
  ask('/api/sign-in', 'POST', '', { email: email(name), password })
const isOpen = async (cookie: string) => (await ask('/api/session', 'GET', cookie)).status === 200

it('[F37] [E26] a new password takes the place of the old one and ends the person’s other sessions in all accounts, and none is logged', async () => {
  const [company, other] = await person('changing', ['changing', 'changing-too'])
  if (!company || !other) throw new Error('no companies')
  const [here, there, abroad, sams] = await Promise.all([
    open(company),
    open(company),
    open(other),
    open(company, sam),
  ])
  const answer = await change(here, 'correct horse', 'battery staple')
  expect([answer.status, await answer.json()]).toEqual([200, { ended: 2, complete: true }])
  expect(await Promise.all([here, there, abroad, sams].map(isOpen))).toEqual([true, false, false, true])
  expect((await signIn('changing', 'correct horse')).status).toBe(401)
  expect((await signIn('changing', 'battery staple')).status).toBe(204)
  expect(logged.join('\n')).not.toMatch(/correct horse|battery staple/)
})

it('[F37] says at which field the fault is, changes nothing then, and counts wrong guesses as the door does', async () => {
  const [company] = await person('mistaken', ['mistaken'])
  if (!company) throw new Error('no company')
  const here = await open(company)
  const there = await open(company)
  const refusals: [string, string, number, string][] = [
    ['correct horse', 'short', 400, 'next'],
    ['correct horse', 'Password123!', 400, 'next'],
    ['correct horse', 'correct horse', 400, 'next'],
    ['incorrect horse', 'battery staple', 403, 'current'],
  ]
  for (const [current, next, status, field] of refusals) {
    const answer = await change(here, current, next)
    expect([answer.status, await answer.json()]).toMatchObject([status, { field }])
  }
  expect((await change('', 'correct horse', 'battery staple')).status).toBe(401)
  expect(await isOpen(there)).toBe(true)
  expect((await signIn('mistaken', 'correct horse')).status).toBe(204)
  for (let guess = 0; guess < 5; guess++) await change(here, `guess ${guess}`, 'battery staple')
  const late = await change(here, 'correct horse', 'battery staple')
  expect([late.status, await late.json()]).toMatchObject([429, { field: 'current' }])
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
})

it('[F37] of two changes from one password at once only one is made', async () => {
  const [company] = await person('racing', ['racing'])
  if (!company) throw new Error('no company')
  const [one, two] = await Promise.all([open(company), open(company)])
  const answers = await Promise.all([
    change(one, 'correct horse', 'battery staple'),
    change(two, 'correct horse', 'tractor stable'),
  ])
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  const won = statuses[0] === 200 ? 'battery staple' : 'tractor stable'
  expect((await signIn('racing', won)).status).toBe(204)
})

it('[E12] a session on a shared computer is forgotten when its browser closes, and no picture stays in its cache', async () => {
  await person('sharing', ['sharing'])
  const picture = `m${'a'.repeat(26)}`
  await env.MEDIA.put(`accounts/sharing/media/${picture}`, new Uint8Array(9), {
    httpMetadata: { contentType: 'image/jpeg' },
  })
  const cacheOf = async (header: string) => {
    const answer = await ask(`/api/media/${picture}`, 'GET', header.split(';')[0] ?? '')
    await answer.arrayBuffer()
    return [answer.status, answer.headers.get('cache-control')]
  }
  const cookieOf = async (shared: boolean) =>
    (
      await ask('/api/sign-in', 'POST', '', { email: email('sharing'), password: 'correct horse', shared })
    ).headers.get('set-cookie') ?? ''
  const usual = await cookieOf(false)
  expect(usual).toContain('Max-Age=')
  expect(await cacheOf(usual)).toEqual([200, 'private, max-age=31536000, immutable'])
  const header = await cookieOf(true)
  expect(await cacheOf(header)).toEqual([200, 'private, no-store'])
  const out = await ask('/api/sign-out', 'POST', usual.split(';')[0] ?? '', {})
  expect(out.headers.get('clear-site-data')).toBe('"cache"')
  expect(header).not.toMatch(/Max-Age|Expires/i)
  expect(header).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
})
