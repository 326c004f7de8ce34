import { readUnsent, type Unsent } from './leave.ts'
import type { Tx } from './store.ts'

/** What a device keeps of the account, for its person to see. */
export interface Kept {
  conversations: number
  threads: number
  people: number
  pictures: { count: number; bytes: number }
  unsent: Unsent
}

export async function readKept(tx: Tx): Promise<Kept> {
  const [conversations, threads, people, media] = await Promise.all([
    tx.all('conversations'),
    tx.all('threads'),
    tx.all('mobileUsers'),
    tx.all('media'),
  ])
  return {
    conversations: conversations.filter(({ row }) => row !== null).length,
    threads: threads.length,
    people: people.filter(({ row }) => row !== null).length,
    pictures: { count: media.length, bytes: media.reduce((sum, { bytes }) => sum + bytes, 0) },
    unsent: await readUnsent(tx),
  }
}
