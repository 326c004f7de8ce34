import { sign } from '#worker/carriers/twilio-signature.ts'
import { secretHeader, simulatedMediaHost } from '#worker/carriers/simulator.ts'
import type { HandsetText, Report, SentText, Webhook } from './model.ts'

/** The seeded Twilio account of the stand-in (design 9): no real one, nothing leaves the machine. */
export const twilioAccount = {
  sid: `AC${'0'.repeat(32)}`,
  authToken: '12345',
  channel: 'northwind-twilio',
} as const

/** The secret of every simulator channel (design 9). */
export const simulatorSecret = 'simulator'

/** A channel is Twilio's stand-in where its name says so. */
export function carrierOf(channel: string): 'simulator' | 'twilio' {
  return channel.endsWith('twilio') ? 'twilio' : 'simulator'
}

/** A handset's text as the channel's carrier reports it to Parley. */
export function inboundWebhook(channel: string, id: string, message: HandsetText): Webhook {
  if (carrierOf(channel) === 'simulator') {
    const { from, to, text, media } = message
    return json(`/hooks/simulator/${channel}/inbound`, { id, from, to, text, media })
  }
  const form = new URLSearchParams({
    ToCountry: 'US',
    FromCountry: 'US',
    MessageSid: id,
    SmsSid: id,
    SmsMessageSid: id,
    AccountSid: twilioAccount.sid,
    From: message.from,
    To: message.to,
    Body: message.text,
    SmsStatus: 'received',
    NumSegments: '1',
    NumMedia: String(message.media.length),
    ApiVersion: '2010-04-01',
  })
  for (const [index, { url, contentType }] of message.media.entries()) {
    form.set(`MediaUrl${index}`, atTwilio(url, id))
    form.set(`MediaContentType${index}`, contentType)
  }
  return { path: `/hooks/twilio/${channel}/inbound`, contentType: formType, body: form.toString() }
}

/** One of the carrier's own files, as Twilio names the media of its messages; any other address as it is. */
function atTwilio(url: string, message: string): string {
  const address = URL.parse(url)
  if (address?.host !== simulatedMediaHost) return url
  const file = address.pathname.slice(1)
  return `https://api.twilio.com/2010-04-01/Accounts/${twilioAccount.sid}/Messages/${message}/Media/${file}`
}

/** A receipt as the channel's carrier reports it, to the address that came with the text. */
export function statusWebhook(
  channel: string,
  text: SentText & { callback: string },
  news: Omit<Report, 'id'>,
): Webhook {
  const path = pathOf(text.callback) ?? `/hooks/${carrierOf(channel)}/${channel}/status`
  if (carrierOf(channel) === 'simulator')
    return json(path, { id: text.id, state: news.state, error: news.error })
  const form = new URLSearchParams({
    MessageSid: text.id,
    SmsSid: text.id,
    MessageStatus: news.state,
    SmsStatus: news.state,
    AccountSid: twilioAccount.sid,
    From: text.from,
    To: text.to,
    ApiVersion: '2010-04-01',
  })
  if (news.error) form.set('ErrorCode', news.error.code)
  return { path, contentType: formType, body: form.toString() }
}

/** Calls a webhook of Parley at `origin` once. Answers its status, or 0 where none came. */
export async function post(origin: string, webhook: Webhook): Promise<number> {
  const request = await signed(origin, webhook)
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(patience) })
    await response.body?.cancel()
    return response.status
  } catch {
    return 0
  }
}

/** A webhook as its carrier sends it to Parley at `origin`, with what proves that it is theirs. */
export async function signed(origin: string, webhook: Webhook): Promise<Request> {
  const address = new URL(webhook.path, origin).href
  const headers: Record<string, string> = { 'content-type': webhook.contentType }
  if (webhook.contentType === formType) {
    const fields = [...new URLSearchParams(webhook.body)]
    headers['x-twilio-signature'] = await sign(address, fields, twilioAccount.authToken)
  } else headers[secretHeader] = simulatorSecret
  return new Request(address, { method: 'POST', headers, body: webhook.body })
}

/** Milliseconds until the next attempt: half a second, doubled up to 10 s. Real carriers wait longer; tests don't. */
export function backOff(attempts: number): number {
  return Math.min(500 * 2 ** attempts, 10_000)
}

/** Milliseconds that a webhook may take: Twilio gives it 15 s in all (spec/interop 1.2). */
export const patience = 15_000

const formType = 'application/x-www-form-urlencoded'

function json(path: string, value: unknown): Webhook {
  return { path, contentType: 'application/json', body: JSON.stringify(value) }
}

/** Path and query of a callback. Its host is left out: whatever it says, nothing leaves the machine. */
function pathOf(callback: string): string | null {
  const parts = /^https?:\/\/[^/?#]+(\/[^#]*)/.exec(callback)
  return parts?.[1] ?? null
}
