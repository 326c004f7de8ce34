import { z } from 'zod'
import { entryId, type EntryId } from '#shared/base/ids.ts'
import type { Handover, Receipt } from '#shared/core/input.ts'
import { media } from '#shared/model/entry.ts'
import { call, reaches } from './answer.ts'
import { callbackWith, messageIn } from './callback.ts'
import type { Carrier, CarrierEvent, ChannelConfig, Listing, RawRequest, Verification } from './carrier.ts'
import { secretsMatch } from './constant-time.ts'

type SimulatorConfig = Extract<ChannelConfig, { carrier: 'simulator' }>

/** The header that carries the channel's secret, both ways. */
export const secretHeader = 'x-simulator-secret'

/** The host that the simulated carrier's media have. It is no real one (RFC 2606). */
export const simulatedMediaHost = 'media.simulator.example'

/** The simulated carrier's JSON, as design 9 fixes it. */
export const simulator: Carrier<SimulatorConfig> = {
  async verify(request, config): Promise<Verification> {
    const given = request.headers[secretHeader]
    if (given === undefined) return { ok: false, reason: 'no secret' }
    return (await secretsMatch(given, config.secret)) ? { ok: true } : { ok: false, reason: 'bad secret' }
  },

  parse(request): CarrierEvent | null {
    const json = readJson(request)
    return request.event === 'status' ? parseStatus(json, request.url) : parseInbound(json)
  },

  acknowledge: () => new Response(null, { status: 204 }),

  async send(text, config, signal): Promise<Handover> {
    const answer = await call(`${config.api}/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [secretHeader]: config.secret },
      body: JSON.stringify({
        ref: text.ref,
        from: text.from,
        to: text.to,
        text: text.text,
        ...(text.textOnly ? { mms: true } : {}),
        ...(text.media?.length ? { media: text.media.map((url) => ({ url, contentType: '' })) } : {}),
        callback: callbackWith(text.callback, text.ref),
      }),
      signal,
    })
    if ('kind' in answer) return answer
    if (answer.status < 300) {
      const message = accepted.safeParse(answer.json)
      if (message.success) return { kind: 'accepted', carrierId: message.data.id }
      return { kind: 'silent', text: 'The carrier sent an answer that names no message.' }
    }
    const refusal = refused.safeParse(answer.json)
    if (!refusal.success)
      return { kind: 'silent', text: `The carrier answered ${answer.status} without a reason.` }
    const { code, text: words } = refusal.data
    if (answer.status === 429) return { kind: 'busy', code, text: words, retryAfter: answer.retryAfter }
    return { kind: 'rejected', code, text: words, optedOut: code === 'opted out' }
  },

  probe: (config, signal) =>
    reaches(`${config.api}/health`, { headers: { [secretHeader]: config.secret }, signal }),

  /** Its media have an https address like any carrier's; behind that name is the carrier's own API. */
  media(address, config) {
    if (address.host !== simulatedMediaHost) return null
    return { url: `${config.api}/media${address.pathname}`, headers: { [secretHeader]: config.secret } }
  },

  async list({ from, to, since, until }, config, signal): Promise<Listing> {
    const query = new URLSearchParams({ from, to, since: String(since), until: String(until) })
    const headers = { [secretHeader]: config.secret }
    const answer = await call(`${config.api}/list?${query.toString()}`, { headers, signal })
    if ('kind' in answer) return answer
    if (answer.status === 429) return { kind: 'busy', retryAfter: answer.retryAfter }
    const texts = listed.safeParse(answer.json)
    if (!texts.success) return { kind: 'silent', text: 'The carrier sent something that is no list.' }
    return {
      kind: 'listed',
      texts: texts.data.map(({ id: carrierId, state, ...text }) => ({
        ...text,
        carrierId,
        receipt: receiptOf(state) ?? { state: 'sent' },
      })),
    }
  },
}

const id = z.string().min(1).max(100)
const accepted = z.object({ id })
const refused = z.object({ code: z.string(), text: z.string() })

const listed = z.array(
  z.object({ id, from: z.string(), to: z.string(), text: z.string(), at: z.number(), state: z.string() }),
)

const inbound = z.object({
  id,
  from: z.string().trim().min(1),
  to: z.string(),
  text: z.string().default(''),
  media: z.array(media).default([]),
})

const status = z.object({
  id,
  state: z.string(),
  error: z.object({ code: z.string(), text: z.string() }).optional(),
})

function parseInbound(json: unknown): CarrierEvent | null {
  const parsed = inbound.safeParse(json)
  if (!parsed.success) return null
  const { id: carrierId, from, to, text, media } = parsed.data
  return {
    kind: 'inbound',
    carrierId,
    from,
    to,
    text,
    media: media.filter(({ url }) => url.startsWith('https://')),
  }
}

function parseStatus(json: unknown, address: string): CarrierEvent | null {
  const parsed = status.safeParse(json)
  if (!parsed.success) return null
  const { id: carrierId, state, error } = parsed.data
  const message = messageIn(address) ?? messageOf(carrierId)
  const receipt = receiptOf(state, error)
  return receipt === null ? { kind: 'ignored' } : { kind: 'receipt', carrierId, message, receipt }
}

function receiptOf(state: string, error?: { code: string; text: string }): Receipt | null {
  switch (state) {
    case 'sent':
    case 'delivered':
      return { state }
    case 'undelivered':
    case 'failed':
      return { state, ...(error ?? { code: state, text: 'The carrier could not deliver this text' }) }
    default:
      return null
  }
}

/** The simulated carrier's own ids end in our message id behind a dot, so that a receipt by hand names it too. */
function messageOf(carrierId: string): EntryId | null {
  const parsed = entryId.safeParse(carrierId.slice(carrierId.indexOf('.') + 1))
  return parsed.success ? parsed.data : null
}

function readJson(request: RawRequest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(request.body))
  } catch {
    return null
  }
}
