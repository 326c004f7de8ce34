import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '#shared/core/decide.ts'
import { fold } from '#shared/core/fold.ts'
import type { Handover, Input, Receipt } from '#shared/core/input.ts'
import { isRefusal } from '#shared/core/outcome.ts'
import type { World } from '#shared/core/world.ts'
import type { DeliveryState } from '#shared/model/delivery.ts'
import { advance, isFinal, isUnsent } from '#shared/rules/delivery.ts'
import { permutations, runs } from '#test/kit/random.ts'
import {
  context,
  decided,
  effectsOf,
  inState,
  inbound,
  maya,
  reply,
  rowOf,
  talking,
  tell,
} from '#test/kit/worlds.ts'

const text = reply(2, maya, 'accepted')

/** The world of news about `text`, gathered anew as the edge does for each. */
function about(world: World): World {
  const found = world.thread !== 'unknown' && world.thread?.entries.find((entry) => entry.id === text.id)
  return { ...world, text: found && found.kind === 'outbound' ? found : null }
}

function stateAfter(news: readonly Input[], start: DeliveryState = 'accepted'): DeliveryState {
  let world = about(talking([inbound(1), { ...text, delivery: inState(start) }]))
  for (const input of news) {
    const verdict = decide(world, input, context())
    if (isRefusal(verdict)) throw new Error(verdict.text)
    world = about(fold(world, verdict.changes))
  }
  if (world.text === null) throw new Error('The text is gone.')
  return world.text.delivery.state
}

const receipts: Record<string, Receipt> = {
  sent: { state: 'sent' },
  delivered: { state: 'delivered' },
  undelivered: { state: 'undelivered', code: '30003', text: 'Unreachable' },
  failed: { state: 'failed', code: '30008', text: 'Unknown error' },
}
const word = (name: string): Input => tell(text.id, receipts[name] as Receipt)
const answer = (outcome: Handover): Input => ({ kind: 'handed', message: text.id, outcome })
const answered = answer({ kind: 'accepted', carrierId: 'SM1' })
const silent = answer({ kind: 'silent', text: 'timed out' })

describe('delivery', () => {
  it.each([
    [['sent', 'delivered'], 'delivered'],
    [['sent', 'sent', 'delivered', 'delivered'], 'delivered'],
    [['sent', 'undelivered'], 'undelivered'],
    [['sent', 'sent', 'failed', 'failed'], 'failed'],
    [['sent', 'undelivered', 'delivered'], 'delivered'],
    [['sent', 'failed', 'delivered', 'delivered'], 'delivered'],
  ])('[fault W2] %j in every order, also before our call returned, ends %s', (names, end) => {
    const news = [...names.map(word), answered]
    const orders = permutations(news)
    expect(orders.length).toBeGreaterThan(2)
    for (const order of orders) expect(stateAfter(order)).toBe(end)
  })

  it('[fault W2] parks the receipt of a text that nobody knows yet', () => {
    const decision = decided({ ...talking(), text: null }, word('delivered'))
    expect(decision.changes).toEqual([])
    expect(decision.effects).toEqual([{ kind: 'park receipt' }])
  })

  it('[E22] a carrier that did not answer leaves the text unconfirmed, out of the outbox, and any receipt settles it', () => {
    const world = about(talking([inbound(1), text]))
    const decision = decided(world, silent)
    expect(effectsOf(decision, 'withdraw')).toContainEqual({ kind: 'withdraw', message: text.id })
    expect(effectsOf(decision, 'retry')).toEqual([])
    expect(effectsOf(decision, 'carrier answered')).toMatchObject([{ answered: false }])
    expect(stateAfter([silent])).toBe('unconfirmed')
    expect(rowOf(decision.changes).trouble).toBe('unconfirmed')
    for (const name of Object.keys(receipts)) expect(stateAfter([silent, word(name)])).toBe(name)
    expect(stateAfter([word('sent'), silent])).toBe('sent')
  })

  it('[E22] only the carrier\'s own "no" is a failure, and its "busy" tries again', () => {
    const no = answer({ kind: 'rejected', code: '21211', text: 'Invalid number', optedOut: false })
    expect(stateAfter([no])).toBe('failed')
    const busy = decided(
      about(talking([inbound(1), text])),
      answer({ kind: 'busy', code: '429', text: 'Slow', retryAfter: 2000 }),
    )
    expect(busy.changes).toEqual([])
    expect(effectsOf(busy, 'retry')).toEqual([{ kind: 'retry', message: text.id, after: 2000 }])
    expect(effectsOf(busy, 'withdraw')).toEqual([])
  })

  it('shows trouble on the row while the newest text failed, and takes it away once it arrived', () => {
    const failed = decided(about(talking([inbound(1), text])), word('failed'))
    expect(rowOf(failed.changes).trouble).toBe('failed')
    const world = about(fold(talking([inbound(1), text]), failed.changes))
    expect(rowOf(decided(world, word('delivered')).changes).trouble).toBeNull()
  })

  it('[fault W2] the same receipt again changes nothing', () => {
    const news = fc.constantFrom(...Object.keys(receipts))
    fc.assert(
      fc.property(fc.array(news, { maxLength: 6 }), news, (before, again) => {
        let world = about(talking([inbound(1), text]))
        for (const name of [...before, again]) world = about(fold(world, decided(world, word(name)).changes))
        const repeated = decided(world, word(again))
        expect(repeated.changes).toEqual([])
        expect(repeated.effects).toEqual([])
      }),
      runs,
    )
  })

  it('[fault W2] never goes back, whatever comes in whatever order', () => {
    // Further along, in the words of the product: what a person may see replaced by what.
    const stage: Record<DeliveryState, number> = {
      scheduled: -1,
      held: 0,
      accepted: 1,
      claimed: 2,
      unconfirmed: 3,
      refused: 4,
      discarded: 4,
      sent: 5,
      undelivered: 6,
      failed: 6,
      delivered: 7,
    }
    const states = Object.keys(stage) as DeliveryState[]
    fc.assert(
      fc.property(
        fc.constantFrom(...states),
        fc.array(fc.constantFrom(...states), { maxLength: 12 }),
        (start, news) => {
          let current = inState(start)
          for (const state of news) {
            const next = advance(current, inState(state)) ?? current
            expect(stage[next.state]).toBeGreaterThanOrEqual(stage[current.state])
            current = next
          }
        },
      ),
      runs,
    )
  })

  it('[E24] [P3] what a carrier says of a text that was refused or discarded is the truth: it left in a lost life', () => {
    for (const settled of ['refused', 'discarded'] as const) {
      for (const name of ['sent', 'delivered', 'undelivered', 'failed'] as const)
        expect(advance(inState(settled), inState(name))).toEqual(inState(name))
      // What was handed over and answered for can be neither refused nor discarded any more.
      for (const name of ['sent', 'delivered'] as const)
        expect(advance(inState(name), inState(settled))).toBeNull()
    }
  })

  it('a text that a carrier has seen is never unsent again, and an unconfirmed one is not final', () => {
    expect((['held', 'accepted'] as const).map(isUnsent)).toEqual([true, true])
    expect(
      (['claimed', 'unconfirmed', 'sent', 'delivered', 'failed', 'refused'] as const).some(isUnsent),
    ).toBe(false)
    expect((['accepted', 'claimed', 'unconfirmed', 'sent'] as const).some(isFinal)).toBe(false)
    expect((['delivered', 'undelivered', 'failed', 'refused', 'discarded'] as const).every(isFinal)).toBe(
      true,
    )
  })
})
