import { tables, type RowPut } from '#shared/rows/tables.ts'
import { audienceOf } from '#shared/rules/audience.ts'
import type { Writer } from './frames.ts'
import { readReplica, writeAsTalker } from './meta.ts'
import type { Boot, SmallRecord } from './records.ts'

/**
 * Takes the set of audiences that the edge names [E7]: what belongs to a lost one is dropped at once, what belongs
 * to a gained one is copied in pages like a first copy, beside live frames. Answers that copy, or null where there
 * is nothing to fetch. An older word than the one held, by the commit it names, changes nothing.
 */
export async function applyRights(
  { store, talker }: Writer,
  rights: { audiences: readonly string[]; at: number },
): Promise<Boot | null> {
  return writeAsTalker(store, talker, async (tx) => {
    const replica = await readReplica(tx)
    const before = replica.rights
    if (before !== null && rights.at < before.at) return replica.boot
    const audiences = [...rights.audiences]
    const lost = new Set(before?.audiences.filter((audience) => !audiences.includes(audience)))
    const gained = before === null ? [] : audiences.filter((audience) => !before.audiences.includes(audience))
    if (lost.size > 0) {
      const small = await tx.all('small')
      const gone = small.filter((record) => lost.has(audienceIn(record) ?? ''))
      await tx.remove(
        'small',
        gone.map(({ key }) => key),
      )
    }
    const boot = gained.length === 0 ? replica.boot : copyOf(gained, replica.boot)
    await tx.put('meta', [{ ...replica, rights: { audiences, at: rights.at }, boot }])
    return boot
  })
}

/** A copy of everything that is under way begins again, so that it brings the gained rows as well. */
function copyOf(gained: string[], running: Boot | null): Boot {
  if (running === null) return { after: '', done: 0, only: gained }
  return { after: '', done: 0, only: running.only && [...new Set([...running.only, ...gained])] }
}

/** Whom a held row is for. Only small tables have audiences that an agent can lose. */
function audienceIn({ table, row }: SmallRecord): string | null {
  const parsed = tables[table].safeParse(row)
  return parsed.success ? audienceOf({ table, row: parsed.data } as RowPut) : null
}
