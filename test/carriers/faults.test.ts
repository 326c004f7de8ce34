import { describe, expect, it } from 'vitest'
import { faultsOf, isHealthy, meet, noFaults, receiptsOf } from '#worker/dev/carrier/faults.ts'
import { backOff, carrierOf, inboundWebhook, statusWebhook } from '#worker/dev/carrier/webhooks.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { ours } from './carriers.ts'

describe("the simulated carrier's faults", () => {
  it('a setting is for one channel, 3 s, without end, with receipts, unless it says otherwise', () => {
    expect(faultsOf.parse({ channel: 'northwind', mode: 'slow' })).toEqual({
      channel: 'northwind',
      mode: 'slow',
      ms: 3000,
      count: null,
      receipts: 'auto',
    })
    for (const wrong of [
      {},
      { mode: 'none' },
      { channel: 'northwind', mode: 'explode' },
      { channel: 'A b', mode: 'none' },
    ]) {
      expect(faultsOf.safeParse(wrong).success).toBe(false)
    }
  })

  it('a counted fault meets so many texts and no more; its receipts stay', () => {
    let setting = { ...noFaults, mode: 'refuse', count: 2, receipts: 'manual' } as ReturnType<
      typeof meet
    >['next']
    const met = [1, 2, 3].map(() => {
      const { mode, next } = meet(setting)
      setting = next
      return mode
    })
    expect(met).toEqual(['refuse', 'refuse', 'none'])
    expect(setting.receipts).toBe('manual')
  })

  it('an outage without end also fails the harmless GET; a counted fault does not', () => {
    expect(isHealthy({ ...noFaults, mode: 'timeout-after-accept' })).toBe(false)
    expect(isHealthy({ ...noFaults, mode: 'drop-before-accept' })).toBe(false)
    expect(isHealthy({ ...noFaults, mode: 'timeout-after-accept', count: 3 })).toBe(true)
    expect(isHealthy({ ...noFaults, mode: 'refuse' })).toBe(true)
    expect(isHealthy(noFaults)).toBe(true)
  })

  it('receipts come in order, not at all, the wrong way round or three times', () => {
    expect(receiptsOf('auto')).toEqual([
      { state: 'sent', after: 0 },
      { state: 'delivered', after: 500 },
    ])
    expect(receiptsOf('manual')).toEqual([])
    expect(receiptsOf('shuffled').map(({ state }) => state)).toEqual(['delivered', 'sent'])
    expect(receiptsOf('repeated')).toHaveLength(6)
  })

  it('it comes again ever more slowly, at least every 10 s', () => {
    expect([0, 1, 2, 9, 50].map(backOff)).toEqual([500, 1000, 2000, 10_000, 10_000])
  })
})

describe("the simulated carrier's webhooks", () => {
  it('say what the adapter reads, the id of the text and our own in it', () => {
    const text = {
      id: `s1.${ours}`,
      ref: ours,
      from: '+13095550100',
      to: '+13095551234',
      text: 'Hi',
      media: [],
      mms: false,
      at: 0,
    }
    const callback = `http://elsewhere.example/hooks/simulator/northwind/status?message=${encodeURIComponent(ours)}`
    const { path, body } = statusWebhook('northwind', { ...text, callback }, { state: 'delivered' })
    expect(path.startsWith('/hooks/simulator/northwind/status?')).toBe(true)
    const raw = {
      channel: 'northwind',
      event: 'status',
      url: `http://x${path}`,
      method: 'POST',
      headers: {},
      body: new TextEncoder().encode(body),
    }
    expect(simulator.parse(raw)).toEqual({
      kind: 'receipt',
      carrierId: text.id,
      message: ours,
      receipt: { state: 'delivered' },
    })
    expect(simulator.parse({ ...raw, url: 'http://x/hooks/simulator/northwind/status' })).toMatchObject({
      message: ours,
    })
  })

  it('are those of the channel that its name says', () => {
    const text = { from: '+13095551234', to: '+13095550102', text: 'Hi', media: [] }
    expect([carrierOf('northwind'), carrierOf('northwind-twilio')]).toEqual(['simulator', 'twilio'])
    expect(inboundWebhook('northwind-twilio', 'SM1', text).path).toBe(
      '/hooks/twilio/northwind-twilio/inbound',
    )
    expect(inboundWebhook('contoso', 'h1', text).path).toBe('/hooks/simulator/contoso/inbound')
  })
})
