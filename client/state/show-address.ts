import { createSignal } from 'solid-js'
import { showPlainly } from '#shared/base/address.ts'

type Show = (address: string) => string

const [show, setShow] = createSignal<Show | null>(null)
let asked = false

/**
 * An address as people read it. The number plans of the world come when the first number from outside of North
 * America is shown; until then it stands as it is kept, and whatever shows it follows.
 */
export function showAddress(address: string): string {
  const plain = showPlainly(address)
  if (plain !== null) return plain
  const known = show()
  if (known) return known(address)
  if (!asked) void fetchPlans()
  return address
}

async function fetchPlans(): Promise<void> {
  asked = true
  try {
    const plans = await import('#shared/base/phone.ts')
    setShow(() => plans.showAddress)
  } catch (fault) {
    console.error('Numbers from abroad are shown as they are kept.', fault)
    asked = false
  }
}
