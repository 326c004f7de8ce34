import { createMemo, createSignal, type Accessor } from 'solid-js'
import type { MobileUserId } from '#shared/base/ids.ts'
import { PeopleIndex } from '#client/db/people.ts'
import type { EngineParts } from '#client/sync/engine.ts'
import { titleOf } from './names.ts'
import { showAddress } from './show-address.ts'

/** Somebody who can be written to, as they are called and reached. */
export interface Reachable {
  id: MobileUserId
  name: string
  /** In its kept form, as `start` takes it. */
  address: string
  shown: string
  company: string
  optedOut: boolean
}

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
