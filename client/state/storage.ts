import { createSignal, type Accessor } from 'solid-js'
import { readKept, type Kept } from '#client/db/kept.ts'
import type { Behind } from './parley.ts'

/** Where this browser's storage stands. `safe`: the browser deletes none of it by itself, however full the disk is. */
export interface StorageState {
  kept: Kept
  safe: boolean
  /** Bytes that this site uses and may use; null where the browser does not say. */
  used: number | null
  most: number | null
}

export interface StorageHere {
  state: Accessor<StorageState | null>
  look(): Promise<void>
  /** Asks the browser to keep it, which may ask the person: call it from a press. Answers whether it does. */
  keep(): Promise<boolean>
}

/** For `parley.open`: what this device keeps, and how safe it is there. */
export function createStorage({ engine }: Behind): StorageHere {
  const [state, setState] = createSignal<StorageState | null>(null)
  // A browser without a storage manager keeps what it keeps, and says nothing of it.
  const manager = navigator.storage as StorageManager | undefined
  const look = async () => {
    const [kept, safe, estimate] = await Promise.all([
      engine.parts.store.read(readKept),
      manager?.persisted?.() ?? false,
      manager?.estimate?.() ?? ({} as StorageEstimate),
    ])
    setState({ kept, safe, used: estimate.usage ?? null, most: estimate.quota ?? null })
  }
  return {
    state,
    look,
    async keep() {
      const kept = (await manager?.persist?.()) ?? false
      await look()
      return kept
    },
  }
}
