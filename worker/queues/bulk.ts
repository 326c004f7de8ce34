import { accountId } from '#shared/base/ids.ts'
import { z } from 'zod'
import { withPatience } from '../account/chat-lane.ts'
import { textsPerNudge } from '../account/bulk-lane.ts'
import { claimFreshness } from '../account/outbox.ts'
import type { Carriers } from '../carriers/outside.ts'
import { outsideOf } from '../carriers/outside.ts'
import type { Env } from '../env.ts'
import { accountOf } from '../http/sign-in.ts'

export const bulkNudge = z.object({ account: accountId })

/** How often a consumer waits for conversation to be through before it leaves the rest to the next nudge. */
const patience = 40

/**
 * Hands over texts of an account's broadcasts, one after the other, until none waits or this nudge has done its share.
 * Each is claimed in the account right before its call. Where this dies, or the account does, a claim without an answer
 * turns unconfirmed there, and what was not claimed waits for another nudge [fault S6].
 */
export async function sendBulk(
  env: Env,
  carriers: Carriers,
  { account }: z.infer<typeof bulkNudge>,
): Promise<void> {
  const { send } = outsideOf(carriers)
  const object = accountOf(env, account)
  let waits = 0
  for (let sent = 0; sent < textsPerNudge;) {
    const asked = Date.now()
    const answer = await object.claimBulk()
    if (answer.kind === 'nothing') return
    if (answer.kind === 'wait') {
      if (++waits > patience) break
      await new Promise((resolve) => setTimeout(resolve, answer.ms))
      continue
    }
    const { text, credentials } = answer
    if (Date.now() - asked > claimFreshness) {
      await object.giveBackBulk(text.message, text.claim)
      continue
    }
    const outcome = await withPatience(after, (signal) => send(env, credentials, text, signal)).catch(
      (fault: unknown) => ({ kind: 'silent' as const, text: String(fault) }),
    )
    await object.handedBulk(text.message, text.claim, outcome)
    sent++
  }
  await object.restedBulk()
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms)
  return () => clearTimeout(timer)
}
