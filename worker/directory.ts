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
  const { results } = await env.HISTORY.prepare(
    `SELECT account, agent FROM memberships WHERE person = ? ORDER BY used_at DESC, account`,
  )
    .bind(id)
    .all()
  return { id, password, memberships: z.array(membership).parse(results) }
}

export async function markUsed(env: Env, personId: string, account: AccountId, now: number): Promise<void> {
  await env.HISTORY.prepare(`UPDATE memberships SET used_at = ? WHERE person = ? AND account = ?`)
    .bind(now, personId, account)
    .run()
}
