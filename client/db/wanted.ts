import type { MobileUserId } from '#shared/base/ids.ts'
import { readCompany, viewerOf } from './company.ts'
import type { Identity } from './meta.ts'
import type { Store } from './store.ts'
import { readWanted } from './views.ts'

/** The most threads that a device brings by itself: well under 20 MB of usual ones [E6]. */
const most = 500

/** Threads that this device holds without being asked, or has acknowledgements waiting for, and lacks bytes of. */
export async function readThreadsToPull(store: Store, { agent }: Identity): Promise<MobileUserId[]> {
  return store.read(async (tx) => {
    const company = await readCompany(tx)
    const wanted = new Set<MobileUserId>()
    for (const { acked } of await tx.all('pending')) if (acked) wanted.add(acked.thread.id)
    for (const stale of await tx.range('threads', 'stale', { from: 1, to: 1 })) wanted.add(stale.id)
    for (const user of await readWanted(tx, agent, viewerOf(company, agent), most)) wanted.add(user)
    const users = [...wanted]
    const heads = await tx.many('heads', users)
    const lacking: MobileUserId[] = []
    for (const [index, user] of users.entries()) {
      const head = heads[index]?.row
      if (!head) continue
      // One by one: a thread is up to half a megabyte, and most are as they should be.
      const held = await tx.get('threads', user)
      if (held?.epoch !== head.epoch || held.clock < head.clock || held.stale === 1) lacking.push(user)
    }
    return lacking
  })
}
