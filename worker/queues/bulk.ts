import { accountId } from '#shared/base/ids.ts'
import { z } from 'zod'
import type { Carriers } from '../carriers/outside.ts'
import { outsideOf } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { accountOf } from '../http/sign-in.ts'
import { handOver } from './hand-over.ts'

export const bulkNudge = z.object({ account: accountId })

/** Takes a nudge of the bulk queue: texts of this account's broadcasts wait. */
export async function sendBulk(
  env: Env,
  carriers: Carriers,
  { account }: z.infer<typeof bulkNudge>,
): Promise<void> {
  const { send } = outsideOf(carriers)
  const object = accountOf(env, account)
  await handOver({
    object: {
      claimBulk: () => object.claimBulk(),
      handedBulk: (...handed) => object.handedBulk(...handed),
      giveBackBulk: (...claim) => object.giveBackBulk(...claim),
      restedBulk: () => object.restedBulk(),
    },
    send: (credentials, text, signal) => send(env, credentials, text, signal),
    after,
    now: Date.now,
  })
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}
