import { createMemo, type Accessor } from 'solid-js'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { createLive } from './live.ts'
import { titleOf } from './names.ts'
import type { Behind } from './parley.ts'
import { compareNames } from '#shared/rules/search.ts'

/** A mobile user with the name they are called by. */
export interface KnownPerson {
  user: MobileUser
  title: string
}

/**
 * Every mobile user whom this device knows, by name, then those without one by
 * number; undefined until they are read. Needs a reactive owner.
 */
export function createMobileEndUsers({ engine }: Behind): Accessor<KnownPerson[] | undefined> {
  const users = createLive(engine.parts.store, () => (tx) => tx.all('mobileUsers'))
  return createMemo(() =>
    users()
      ?.flatMap(({ row }) => (row ? [{ user: row, title: titleOf(row, row.id) }] : []))
      .sort((left, right) => isName(right) - isName(left) || compareNames(left.title, right.title)),
  )
}

function isName({ title }: KnownPerson): number {
  return /^\p{L}/u.test(title) ? 1 : 0
}
