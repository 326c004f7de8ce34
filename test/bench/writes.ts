import { makeIds } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { CarrierEvent } from '#worker/carriers/carrier.ts'
import type { Writes } from './account.ts'
import { round } from './figures.ts'
import { channel, InProcess } from './in-process.ts'

const texts = 300

/** Counts the rows written by `texts` inbound texts of known people, as many replies, and their receipts. */
export async function measureWrites(): Promise<Writes> {
  const here = new InProcess()
  const ids = makeIds(() => crypto.getRandomValues(new Uint8Array(16)))
  let flushed = 0
  here.onFlush = (batch) => {
    for (const rows of Object.values(batch)) if (Array.isArray(rows)) flushed += rows.length
  }
  here.join(2)
  for (let index = 0; index < texts; index++) here.text(texts)

  const inbound = await here.rowsWrittenBy(() => {
    for (let index = 0; index < texts; index++) here.text(texts)
  })
  const [socket] = here.sockets()
  if (!socket) throw new Error('Nobody is there to answer.')
  const outbound = await here.rowsWrittenBy(async () => {
    let n = 0
    for (const conversation of here.conversations()) {
      const command = { name: 'SendReply', conversation, text: 'It is twelve dollars.' }
      const press = { seen: 1e6, synced: true, waited: 0 }
      here.account.message(
        socket,
        JSON.stringify({ t: 'command', n: ++n, id: ids.command(), command, ...press }),
      )
      // Slower than the limits on one agent, and long enough for the lane's call to be answered.
      here.clock += 2 * second
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
  })
  const receipts = await here.rowsWrittenBy(() => {
    for (let index = 1; index <= texts; index++)
      for (const state of ['sent', 'delivered'] as const) {
        const event: CarrierEvent = {
          kind: 'receipt',
          carrierId: `out-${index}`,
          message: null,
          receipt: { state },
        }
        here.account.arrive(channel, event)
      }
  })
  for (let turn = 0; turn < 50; turn++) {
    here.account.alarm()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const each = (rows: number) => round(rows / texts)
  return {
    inbound: each(inbound),
    outbound: each(outbound),
    receipts: each(receipts),
    history: round(flushed / (3 * texts)),
  }
}
