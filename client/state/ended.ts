import { nameOf, type Identity } from '#client/db/meta.ts'
import type { Store } from '#client/db/store.ts'
import type { Mirror } from '#client/sync/device.ts'

/**
 * Empties a device whose session was ended from another one: the copy of the account, what waited and what was typed,
 * in the database and beside it [E12]. Answers the texts that were not sent, for their author to see once more.
 */
export async function emptyDevice(
  store: Store,
  mirror: Mirror | null,
  identity: Identity,
): Promise<string[]> {
  const unsent = await store.read(async (tx) =>
    (await tx.range('pending', 'press', {})).flatMap(({ acked, command }) =>
      acked === null && 'text' in command && typeof command.text === 'string' ? [command.text] : [],
    ),
  )
  await store.destroy()
  const prefix = `${nameOf(identity)}:`
  for (const key of mirror?.keys() ?? []) if (key.startsWith(prefix)) mirror?.remove(key)
  return unsent
}

/** What the sign-in page says on such a device. */
export function wordsOfEnd(unsent: readonly string[]): string {
  const words = 'You were signed out of this browser from another device, and nothing is kept here.'
  if (unsent.length === 0) return words
  return `${words} Not sent: ${unsent.map((text) => `"${text}"`).join(', ')}`
}
