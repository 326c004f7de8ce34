import * as z from 'zod/mini'
import { rowChange, type RowChange } from '#shared/wire/down.ts'
import type { Identity } from '#client/db/meta.ts'
import type { Boot } from '#client/db/records.ts'
import type { Device } from './device.ts'

/** One page of a first copy, or why there is none. */
export type Page =
  | { kind: 'page'; rows: RowChange[]; next: string | null }
  | { kind: 'signed out' }
  | { kind: 'other agent' }
  /** The world failed: try again later. */
  | { kind: 'failed' }

/** Rows per page: some 100 kB, a second on a slow phone. */
const pageSize = 500

const answer = z.object({ rows: z.array(rowChange), next: z.nullable(z.string()) })

/**
 * Fetches a page in primary-key order [E8], of everything or of some audiences only [E7]. The request names whose
 * replica it is for [E12].
 */
export function fetchPage(device: Device, identity: Identity, { after, only }: Boot): Promise<Page> {
  const audiences: Record<string, string> = only === null ? {} : { audiences: only.join(',') }
  return fetchRows(device, '/api/rows', identity, { after, limit: String(pageSize), ...audiences })
}

/** Fetches what paints the screen before the pages come. */
export function fetchFirstRows(device: Device, identity: Identity): Promise<Page> {
  return fetchRows(device, '/api/rows/first', identity, {})
}

async function fetchRows(
  device: Device,
  path: string,
  { account, agent }: Identity,
  more: Record<string, string>,
): Promise<Page> {
  const query = new URLSearchParams({ account, agent, ...more })
  try {
    const reply = await device.fetch(`${path}?${query.toString()}`)
    if (reply.status === 401) return { kind: 'signed out' }
    if (reply.status === 409) return { kind: 'other agent' }
    if (reply.status !== 200) return { kind: 'failed' }
    const parsed = answer.safeParse(await reply.json())
    return parsed.success ? { kind: 'page', ...parsed.data } : { kind: 'failed' }
  } catch {
    return { kind: 'failed' }
  }
}
