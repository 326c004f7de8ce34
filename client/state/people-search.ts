import { createMemo, createSignal, type Accessor } from 'solid-js'
import { PeopleIndex } from '#client/db/people.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { titleOf } from './names.ts'
import type { Reachable } from './reachable.ts'
import { showAddress } from './show-address.ts'

/** Saved people by name or number, from this device alone, read once when it is made: for the length of a form. */
export function createPeopleSearch(
  { store }: EngineParts,
  question: Accessor<string>,
  most: number,
): Accessor<Reachable[]> {
  const index = new PeopleIndex()
  const [ready, setReady] = createSignal(false)
  index.load(store).then(
    () => setReady(true),
    (fault: unknown) => console.error('People could not be read.', fault),
  )
  return createMemo(() => {
    if (!ready()) return []
    return index.find(question(), most).map(({ user }) => ({
      id: user.id,
      name: titleOf(user, user.id),
      address: user.address,
      shown: showAddress(user.address),
      company: user.companyName,
      optedOut: user.optedOut !== null,
    }))
  })
}
