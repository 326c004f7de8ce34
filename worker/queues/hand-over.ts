import type { EntryId } from '#shared/base/ids.ts'
import type { Handover } from '#shared/core/input.ts'
import type { BulkClaim } from '../account/broadcasts.ts'
import { textsPerNudge, type BulkAnswer } from '../account/bulk-lane.ts'
import { withPatience, type After } from '../account/chat-lane.ts'
import { claimFreshness } from '../account/outbox.ts'
import type { BulkText } from '../account/wiring.ts'

/** How often a consumer waits for conversation to be through before it leaves the rest to the next nudge. */
const patience = 40

/** What a consumer of the bulk queue works with: an account, its carrier, and time. */
export interface HandOverParts {
  object: {
    claimBulk(): Promise<Exclude<BulkAnswer, { kind: 'text' }> | BulkText>
    handedBulk(message: EntryId, claim: string, outcome: Handover): Promise<void>
    giveBackBulk(message: EntryId, claim: string): Promise<void>
    restedBulk(): Promise<void>
  }
  send(credentials: string, text: BulkClaim, signal: AbortSignal): Promise<Handover>
  after: After
  now(): number
}

/**
 * Hands over texts of an account's broadcasts, one after the other, until none waits or this nudge has done its share.
 * Each is claimed in the account right before its call. Where this dies, or the account does, a claim without an answer
 * turns unconfirmed there, and what was not claimed waits for another nudge [fault S6].
 */
export async function handOver({ object, send, after, now }: HandOverParts): Promise<void> {
  let waits = 0
  for (let sent = 0; sent < textsPerNudge;) {
    const asked = now()
    const answer = await object.claimBulk()
    if (answer.kind === 'nothing') return
    if (answer.kind === 'wait') {
      if (++waits > patience) break
      await new Promise<void>((resolve) => {
        after(answer.ms, resolve)
      })
      continue
    }
    const { text, credentials } = answer
    if (now() - asked > claimFreshness) {
      await object.giveBackBulk(text.message, text.claim)
      continue
    }
    const outcome = await withPatience(after, (signal) => send(credentials, text, signal)).catch(
      (fault: unknown) => ({ kind: 'silent' as const, text: String(fault) }),
    )
    await object.handedBulk(text.message, text.claim, outcome)
    sent++
  }
  await object.restedBulk()
}
