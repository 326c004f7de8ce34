import type { AgentId } from '#shared/base/ids.ts'
import type { DistributionList } from '#shared/rows/list.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { Overlay } from './overlay.ts'
import { readSmall } from './rows.ts'
import type { Tx } from './store.ts'

/**
 * Distribution lists as confirmed, with what waits on this device folded in: a name that was just saved stands there
 * at once. How many are on a list only the edge can tell, so that count waits for it [E9].
 */
export async function readLists(tx: Tx, me: AgentId, now: number): Promise<DistributionList[]> {
  const overlay = await Overlay.read(tx, me, now)
  const rows = new Map((await readSmall(tx, 'lists')).map((row) => [row.id, row]))
  for (const [id, row] of overlay.lists) rows.set(id, { ...row, count: rows.get(id)?.count ?? row.count })
  return [...rows.values()]
}

/** Everybody who can be texted. Short codes and names are no members of a list: no carrier takes a text to them. */
export async function readTextable(tx: Tx): Promise<MobileUser[]> {
  const records = await tx.all('mobileUsers')
  return records.flatMap(({ row }) => (row?.address.startsWith('+') ? [row] : []))
}
