import type { PendingRecord } from './records.ts'
import type { Tx } from './store.ts'

/** What somebody new does once, in this order. */
export const firstSteps = ['answer', 'note', 'assign', 'end offline', 'come back'] as const
export type FirstStep = (typeof firstSteps)[number]

/** The steps that were done on this device: seen from what waits, and from what the edge took in the last seven days. */
export async function readFirstSteps(tx: Tx): Promise<ReadonlySet<FirstStep>> {
  const taken = (await tx.all('done')).map(({ record }) => record)
  const waiting = await tx.all('pending')
  const done = new Set<FirstStep>()
  for (const record of [...taken, ...waiting]) {
    const step = stepOf(record)
    if (step) done.add(step)
  }
  if (taken.some((record) => stepOf(record) === 'end offline')) done.add('come back')
  return done
}

function stepOf({ command, synced }: PendingRecord): FirstStep | null {
  switch (command.name) {
    case 'SendReply':
      return 'answer'
    case 'AddNote':
      return 'note'
    case 'ClaimConversation':
    case 'TransferConversation':
      return 'assign'
    case 'EndConversation':
      return synced ? null : 'end offline'
    default:
      return null
  }
}
