import { accountId, type AgentId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import { seal } from '../../carriers/credentials.ts'
import { mediaKey } from '../../media/store.ts'
import { sampleFile } from '../carrier/files.ts'
import type { DevEnv } from '../env.ts'
import { mediaIdOf } from './plan.ts'
import { companies, password, type Company } from './companies.ts'

const perCall = 100

let running: Promise<void> | null = null

/** Seeds what is not seeded yet; one run at a time, and one that was cut off goes on where it stopped. */
export function seed(env: DevEnv, origin: string): Promise<void> {
  running ??= seedAll(env, origin).catch((fault: unknown) => {
    running = null
    throw fault
  })
  return running
}

async function seedAll(env: DevEnv, origin: string): Promise<void> {
  for (const company of companies(origin)) await seedCompany(env, company, origin)
}

async function seedCompany(env: DevEnv, company: Company, origin: string): Promise<void> {
  const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(company.id))
  if (await account.isSeeded()) return move(env, company, origin)
  await writeDirectory(env, company)
  await account.found(company.id, company.puts, await sealed(env, company))
  await account.settleAt(origin)
  for (const happening of company.past)
    if (happening.what === 'out' && happening.file) await bring(env, company, happening.by, happening.file)
  const endAt = await account.seedEnd()
  const steps = company.past.map((happening, index) => ({
    at: endAt - happening.ago * minute,
    key: `${company.id}-${index}`,
    happening,
  }))
  for (let from = 0; from < steps.length; from += perCall)
    await account.live(steps.slice(from, from + perCall), from + perCall >= steps.length)
}

/** A sample picture as an agent brought it, before the text that names it. */
async function bring(env: DevEnv, { id }: Company, by: AgentId, name: string): Promise<void> {
  const file = await sampleFile(name)
  if (!file) throw new Error(`There is no sample ${name}.`)
  const { contentType, bytes } = file
  const media = mediaIdOf(name)
  await env.MEDIA.put(mediaKey(accountId.parse(id), media), bytes, { httpMetadata: { contentType } })
  const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(id))
  await account.keepUpload(by, media, { hash: name, contentType, bytes: bytes.length })
}

/** The carriers of a company that was seeded at another port are to be found at this one. */
async function move(env: DevEnv, company: Company, origin: string): Promise<void> {
  const account = env.ACCOUNT.get(env.ACCOUNT.idFromName(company.id))
  if ((await account.settledAt()) === origin) return
  await writeChannels(env, company)
  await account.found(company.id, [], await sealed(env, company))
  await account.settleAt(origin)
}

function sealed(env: DevEnv, company: Company) {
  return Promise.all(
    company.channels.map(async ({ id, config }) => ({
      id,
      carrier: config.carrier,
      credentials: await seal(config, env.CHANNEL_KEY),
    })),
  )
}

async function writeChannels({ HISTORY, CHANNEL_KEY }: DevEnv, company: Company): Promise<void> {
  for (const { id, config } of company.channels)
    await HISTORY.prepare(
      `INSERT OR REPLACE INTO channels (id, account, carrier, credentials) VALUES (?, ?, ?, ?)`,
    )
      .bind(id, company.id, config.carrier, await seal(config, CHANNEL_KEY))
      .run()
}

async function writeDirectory(env: DevEnv, company: Company): Promise<void> {
  const db = env.HISTORY
  await db
    .prepare(`INSERT OR IGNORE INTO accounts (id, name) VALUES (?, ?)`)
    .bind(company.id, company.name)
    .run()
  await writeChannels(env, company)
  for (const { email, agent } of company.members) {
    const hash = await env.DOOR.get(env.DOOR.idFromName(`seed ${email}`)).hash(password)
    await db
      .prepare(`INSERT OR IGNORE INTO people (id, email, password) VALUES (?, ?, ?)`)
      .bind(email, email, hash)
      .run()
    await db
      .prepare(`INSERT OR IGNORE INTO memberships (person, account, agent) VALUES (?, ?, ?)`)
      .bind(email, company.id, agent)
      .run()
  }
}
