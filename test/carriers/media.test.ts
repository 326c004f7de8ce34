import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Carrier, ChannelConfig } from '#worker/carriers/carrier.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { twilio } from '#worker/carriers/twilio.ts'
import { fetchMedia } from '#worker/media/fetch.ts'
import { limits } from '#shared/wire/limits.ts'
import { pngOf } from '#test/kit/pictures.ts'

const twilioConfig: ChannelConfig = {
  carrier: 'twilio',
  accountSid: 'AC1',
  authToken: 'secret',
  publicAddress: 'https://parley.test',
  api: 'https://api.twilio.com',
}
const simulatorConfig: ChannelConfig = {
  carrier: 'simulator',
  secret: 'simulator',
  api: 'http://localhost:8787/simulator/carrier/northwind',
}
const atTwilio = 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1'
const inStore = 'https://mms.twiliocdn.com/AC1/ME1?Expires=1&Signature=x'

interface Asked {
  url: string
  authorization: string | null
}
let asked: Asked[] = []
let answers: Record<string, () => Response | Promise<Response>> = {}
const real = globalThis.fetch
beforeEach(() => {
  asked = []
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    expect(init?.redirect).toBe('manual')
    asked.push({ url: request.url, authorization: request.headers.get('authorization') })
    const answer = answers[request.url]
    if (!answer) throw new TypeError('connection refused')
    return answer()
  }
})
afterEach(() => {
  globalThis.fetch = real
})

const get = (address: string, carrier = twilio as Carrier, config: ChannelConfig = twilioConfig) =>
  fetchMedia(carrier, config, address, AbortSignal.timeout(5000))
const redirect = (to: string) => () => new Response(null, { status: 307, headers: { location: to } })
const picture = pngOf(4, 4)
const bytes = () => new Response(picture.slice())

describe('media of a customer', () => {
  it('[fault W8] are fetched with credentials from the API, and without from the store it redirects to', async () => {
    answers = { [atTwilio]: redirect(inStore), [inStore]: bytes }
    expect(await get(atTwilio)).toEqual(picture)
    expect(asked).toEqual([
      { url: atTwilio, authorization: `Basic ${btoa('AC1:secret')}` },
      { url: inStore, authorization: null },
    ])
  })

  it.each([
    'http://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1',
    'https://api.twilio.com:8443/2010-04-01/Accounts/AC1/x',
    'https://user@api.twilio.com/2010-04-01/Accounts/AC1/x',
    'https://api.twilio.com.evil.test/2010-04-01/Accounts/AC1/x',
    'https://api.twilio.com/2010-04-01/../../secrets',
    'https://s3-external-1.amazonaws.com/somebody-else/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/x',
    'https://localhost/x',
    'https://chat.internal/image.png',
    'ftp://api.twilio.com/x',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '//x',
    '',
  ])('[fault W8] %s is not asked for', async (address) => {
    expect(await get(address)).toEqual({ kind: 'lost', why: 'Its address is not one of the carrier.' })
    expect(asked).toEqual([])
  })

  it.each([
    'http://169.254.169.254/latest',
    'https://10.0.0.8/',
    'https://evil.test/',
    'http://mms.twiliocdn.com/x',
  ])('[fault W8] a redirect to %s is not followed', async (to) => {
    answers = { [atTwilio]: redirect(to) }
    expect(await get(atTwilio)).toMatchObject({ kind: 'lost' })
    expect(asked).toHaveLength(1)
  })

  it('[fault W8] redirects in a circle end, an endless body is cut off, an empty one is none', async () => {
    answers = { [atTwilio]: redirect(atTwilio) }
    expect(await get(atTwilio)).toMatchObject({ kind: 'lost' })
    expect(asked.length).toBeLessThanOrEqual(3)
    let poured = 0
    const endless = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            poured += 65_536
            controller.enqueue(new Uint8Array(65_536))
          },
        }),
        { headers: { 'content-length': '10' } },
      )
    answers = { [atTwilio]: endless }
    expect(await get(atTwilio)).toEqual({ kind: 'lost', why: 'It is larger than 5.2 MB.' })
    expect(poured).toBeLessThan(limits.media + 10 * 65_536)
    answers = { [atTwilio]: () => new Response('') }
    expect(await get(atTwilio)).toEqual({ kind: 'missing' })
  })

  it('[fault W8] what the carrier does not have, does not answer or refuses is told apart, and nothing is thrown', async () => {
    answers = { [atTwilio]: () => new Response('gone', { status: 404 }) }
    expect(await get(atTwilio)).toEqual({ kind: 'missing' })
    answers = { [atTwilio]: () => new Response('oops', { status: 503 }) }
    expect(await get(atTwilio)).toMatchObject({ kind: 'silent' })
    answers = {}
    expect(await get(atTwilio)).toMatchObject({ kind: 'silent' })
  })

  it('[fault W8] the simulated carrier has one host, behind which is its own API', async () => {
    const local = 'http://localhost:8787/simulator/carrier/northwind/media/tyre.png'
    answers = { [local]: bytes }
    expect(
      await get('https://media.simulator.example/tyre.png', simulator as Carrier, simulatorConfig),
    ).toEqual(picture)
    expect(await get(local, simulator as Carrier, simulatorConfig)).toMatchObject({ kind: 'lost' })
  })
})
