import { applyD1Migrations } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { sha256 } from '#worker/http/cookie.ts'
import { indexTexts, searchTexts } from '#worker/history/search.ts'
import { flushHistory } from '#worker/history/store.ts'
import { FakeCarrier } from './carrier.ts'
import { Company, env, eventually, maya, origin } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(async () => {
  carrier.install()
  await applyD1Migrations(env.SEARCH, env.SEARCH_MIGRATIONS)
})
afterEach(() => carrier.remove())

const flushed = (company: Company) =>
  eventually(async () => {
    await company.live.shiftClock(61_000)
    return (await company.query(`SELECT id FROM unflushed`)).length === 0
  })

const find = async (account: string, words: string, before = Number.MAX_SAFE_INTEGER, limit = 50) => {
  const { found, next } = await searchTexts(env.HISTORY, env.SEARCH, account, words, before, limit)
  return { texts: found.map(({ entry }) => ('text' in entry ? entry.text : '')), next }
}

it('finds texts and notes of the whole history by their words, newest first, however they were written', async () => {
  const company = await Company.found('search-words')
  await company.inbound('m1', 'Die Räder sind da, Frau Muñoz')
  await company.inbound('m2', 'Are the winter tyres in stock?')
  await company.inbound('m3', 'Summer tyres, please')
  const [conversation] = await company.conversations()
  const client = await company.connect(maya)
  await client.ack(
    client.command({
      name: 'AddNote',
      conversation: conversation?.id as never,
      text: 'Tyres are in the back of the shop',
    }),
  )
  await flushed(company)
  expect(await indexTexts(env.HISTORY, env.SEARCH, 10)).toBe(true)
  expect((await find(company.name, 'tyres')).texts).toEqual([
    'Tyres are in the back of the shop',
    'Summer tyres, please',
    'Are the winter tyres in stock?',
  ])
  expect((await find(company.name, 'tyr wint')).texts).toEqual([])
  expect((await find(company.name, 'tyres wint')).texts).toEqual(['Are the winter tyres in stock?'])
  expect((await find(company.name, 'MUNOZ rad')).texts).toEqual(['Die Räder sind da, Frau Muñoz'])
  const first = await find(company.name, 'tyres', undefined, 2)
  expect(first.texts).toHaveLength(2)
  expect((await find(company.name, 'tyres', first.next ?? 0, 2)).texts).toEqual([
    'Are the winter tyres in stock?',
  ])
})

it('nothing in a question is an operator, and an empty one finds nothing', async () => {
  const company = await Company.found('search-hostile')
  await company.inbound('m1', 'plain words')
  await flushed(company)
  await indexTexts(env.HISTORY, env.SEARCH, 10)
  for (const odd of ['"', '*', 'NEAR(', "' OR 1=1 --", 'text:plain', '-', '(', '😀', '   ', 'a'.repeat(200)])
    expect((await find(company.name, odd)).texts, odd).toEqual([])
  expect((await find(company.name, 'plain" OR "words')).texts).toEqual([])
  expect((await find(company.name, 'PLAIN')).texts).toEqual(['plain words'])
})

it('[P7] [fault T1] a search reads the texts of its own company, also where names begin alike', async () => {
  const [acme, west] = [await Company.found('acme'), await Company.found('acme-west')]
  await acme.inbound('m1', 'the blue folder')
  await west.inbound('m1', 'the blue boat')
  await flushed(acme)
  await flushed(west)
  await indexTexts(env.HISTORY, env.SEARCH, 10)
  expect((await find('acme', 'blue')).texts).toEqual(['the blue folder'])
  expect((await find('acme-west', 'blue')).texts).toEqual(['the blue boat'])
})

it('[E28] indexing twice at once changes nothing, and a text that was deleted is not found', async () => {
  const company = await Company.found('search-again')
  for (let index = 0; index < 5; index++) await company.inbound(`m${index}`, `unrepeatable ${index}`)
  await flushed(company)
  await Promise.all([indexTexts(env.HISTORY, env.SEARCH, 10), indexTexts(env.HISTORY, env.SEARCH, 10)])
  await env.SEARCH.prepare(`UPDATE progress SET value = 0`).run()
  await indexTexts(env.HISTORY, env.SEARCH, 10)
  expect((await find(company.name, 'unrepeatable')).texts).toHaveLength(5)
  const entry = (await company.thread()).find((entry) => 'text' in entry && entry.text === 'unrepeatable 3')
  const batch = {
    epoch: 9,
    conversations: [],
    mobileUsers: [],
    entries: [],
    removed: [],
    audit: [],
    at: 0,
    head: null,
  }
  await flushHistory(env.HISTORY, company.name, { ...batch, gone: [{ seq: 1e6, id: entry?.id as never }] })
  expect((await find(company.name, 'unrepeatable')).texts).toHaveLength(4)
})

it('[E12] the route answers for the agent of the session only', async () => {
  const company = await Company.found('search-route')
  await company.inbound('m1', 'find me if you can')
  await flushed(company)
  const secret = 'ab'.repeat(32)
  await company.live.openSession(await sha256(secret), maya, 'test')
  const ask = (query: Record<string, string>, cookie = `__Host-sid=${company.name}.${secret}`) =>
    exports.default.fetch(`${origin}/api/search?${new URLSearchParams(query).toString()}`, {
      headers: { cookie },
    })
  const mine = { account: company.name, agent: maya, words: 'find' }
  const answer = z.object({ found: z.array(z.unknown()), indexed: z.boolean() })
  const good = await ask(mine)
  expect(good.status).toBe(200)
  expect(answer.parse(await good.json()).found).toHaveLength(1)
  expect((await ask({ ...mine, agent: 'sam' })).status).toBe(409)
  expect((await ask({ ...mine, words: 'x'.repeat(201) })).status).toBe(400)
  expect((await ask(mine, '')).status).toBe(401)
})
