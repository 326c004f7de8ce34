import { createSignal } from 'solid-js'
import type { Parley, Unsent } from '#client/state/parley.ts'

const [asked, setAsked] = createSignal<Unsent | null>(null)

/** What a sign-out would take with it, while its person is asked about it. */
export const unsentWork = asked
export const staySignedIn = () => setAsked(null)

/** Signs out, or asks first where work would be lost by it [P5]. */
export async function signOut(parley: Parley): Promise<void> {
  const unsent = await parley.readUnsent()
  if (unsent.changes + unsent.drafts > 0) setAsked(unsent)
  else await leaveDevice(parley, 'nothing')
}

export async function leaveDevice(parley: Parley, keep: 'nothing' | 'own work'): Promise<void> {
  setAsked(null)
  await parley.signOut(keep)
}
