import { z } from 'zod'
import {
  accountId,
  agentId,
  channelId,
  type AccountId,
  type AgentId,
  type ChannelId,
} from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import type { ChannelConfig } from './carriers/carrier.ts'
import { open } from './carriers/credentials.ts'
import type { Env } from './env.ts'

/** A channel with the account that it belongs to: never taken from a payload, always from the address. */
export interface ChannelOf {
  id: ChannelId
  account: AccountId
  config: ChannelConfig
}

interface Known {
  channel: ChannelOf | null
  at: number
}

const channels = new Map<string, Known>()
const row = z.object({ id: channelId, account: accountId, credentials: z.string() })

/**
 * The channel of a webhook's address, or null where there is none. Kept for 60 s, and as long as D1 does not
 * answer [E23]; throws when D1 does not answer and the channel was never seen.
 */
export async function channelOf(env: Env, id: string, now: number): Promise<ChannelOf | null> {
  const known = channels.get(id)
  if (known && now - known.at < minute) return known.channel
  try {
    const found = await env.HISTORY.prepare(`SELECT id, account, credentials FROM channels WHERE id = ?`)
      .bind(id)
      .first()
    const parsed = found === null ? null : row.parse(found)
    const channel = parsed && {
      id: parsed.id,
      account: parsed.account,
      config: await open(parsed.credentials, env.CHANNEL_KEY),
    }
    // Addresses that do not exist are not remembered: anybody can make them up.
    if (channel) channels.set(id, { channel, at: now })
    else channels.delete(id)
    return channel
  } catch (fault) {
    if (known) return known.channel
    throw fault
  }
}

const channelRow = z.object({ id: channelId })

/** The channels of an account. */
export async function channelsOf(env: Env, account: AccountId): Promise<ChannelId[]> {
  const { results } = await env.HISTORY.prepare(`SELECT id FROM channels WHERE account = ? ORDER BY id`)
    .bind(account)
    .all()
  return z
    .array(channelRow)
    .parse(results)
    .map(({ id }) => id)
}

export interface Membership {
  account: AccountId
  agent: AgentId
}

const person = z.object({ id: z.string(), password: z.string() })
const membership = z.object({ account: accountId, agent: agentId })

/** A person by email, with the memberships they hold, the one used last first. */
export async function personOf(
  env: Env,
  email: string,
): Promise<{ id: string; password: string; memberships: Membership[] } | null> {
  const found = await env.HISTORY.prepare(`SELECT id, password FROM people WHERE email = ?`)
    .bind(email)
    .first()
  if (found === null) return null
  const { id, password } = person.parse(found)
  return { id, password, memberships: await membershipsOf(env, id) }
}

/** A person as their password is changed. */
export interface PersonBehind {
  id: string
  email: string
  password: string
  memberships: Membership[]
}

const named = z.object({ id: z.string(), email: z.string(), password: z.string() })

/** The person who signs in as an agent, or null where nobody does. */
export async function personBehind(env: Env, { account, agent }: Membership): Promise<PersonBehind | null> {
  const found = await env.HISTORY.prepare(
    `SELECT people.id, people.email, people.password FROM memberships
     JOIN people ON people.id = memberships.person
     WHERE memberships.agent = ? AND memberships.account = ?`,
  )
    .bind(agent, account)
    .first()
  if (found === null) return null
  const person = named.parse(found)
  return { ...person, memberships: await membershipsOf(env, person.id) }
}

/** Writes a person's new hash over the one that was checked; false where another one stands there by now. */
export async function changePassword(
  env: Env,
  { id, password }: PersonBehind,
  next: string,
): Promise<boolean> {
  const { meta } = await env.HISTORY.prepare(`UPDATE people SET password = ? WHERE id = ? AND password = ?`)
    .bind(next, id, password)
    .run()
  return meta.changes === 1
}

async function membershipsOf(env: Env, person: string): Promise<Membership[]> {
  const { results } = await env.HISTORY.prepare(
    `SELECT account, agent FROM memberships WHERE person = ? ORDER BY used_at DESC, account`,
  )
    .bind(person)
    .all()
  return z.array(membership).parse(results)
}

export async function markUsed(env: Env, personId: string, account: AccountId, now: number): Promise<void> {
  await env.HISTORY.prepare(`UPDATE memberships SET used_at = ? WHERE person = ? AND account = ?`)
    .bind(now, personId, account)
    .run()
}
