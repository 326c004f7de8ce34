import type { CommandId } from '#shared/base/ids.ts'
import type { RefusalRecord } from '#client/db/records.ts'
import type { Store, Tx } from '#client/db/store.ts'
import type { Device } from './device.ts'

/** How long a form on a live connection stands open for the edge's word on what it saved, in milliseconds. */
export const patience = 2_000

/**
 * Waits for the edge's word on commands that a form has just pressed. A refusal is answered to the form, which has
 * kept what was typed and says it at the field, and it stands nowhere else then. Null: all were taken, or the word did
 * not come in time and will stand in the list of changes, as for whatever is saved without a connection.
 */
export async function answerFor(
  store: Store,
  device: Pick<Device, 'after'>,
  commands: readonly CommandId[],
): Promise<RefusalRecord | null> {
  const refused = await new Promise<RefusalRecord[]>((resolve) => {
    const stop = () => {
      unfollow()
      cancel()
    }
    const cancel = device.after(patience, () => {
      stop()
      resolve([])
    })
    const unfollow = store.live(
      (tx) => readAnswers(tx, commands),
      (answers) => {
        if (answers === null) return
        stop()
        resolve(answers)
      },
    )
  })
  if (refused.length === 0) return null
  await store.write((tx) =>
    tx.remove(
      'refusals',
      refused.map(({ id }) => id),
    ),
  )
  return refused[0] ?? null
}

/** The refusals among the answers; null while one of the commands waits. */
async function readAnswers(tx: Tx, commands: readonly CommandId[]): Promise<RefusalRecord[] | null> {
  const refused: RefusalRecord[] = []
  for (const id of commands) {
    const waiting = await tx.get('pending', id)
    if (waiting && waiting.acked === null) return null
    const refusal = await tx.get('refusals', id)
    if (refusal) refused.push(refusal)
  }
  return refused
}
