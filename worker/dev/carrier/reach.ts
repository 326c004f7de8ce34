import type { Context } from 'hono'
import { channelId } from '#shared/base/ids.ts'
import type { CarrierFile } from './files.ts'
import type { SimulatedCarrier, SimulatorEnv } from './object.ts'

/** The object of a channel, introduced to where this request found us; null where that is no channel's name. */
export async function carrierFor(
  c: Context<{ Bindings: SimulatorEnv }>,
  channel: string,
): Promise<DurableObjectStub<SimulatedCarrier> | null> {
  if (!channelId.safeParse(channel).success) return null
  const carrier = c.env.SIMULATED_CARRIER.getByName(channel)
  await carrier.introduce(channel, originOf(c.req.url, c.env.PUBLIC_ADDRESS))
  return carrier
}

/** A file as the carrier serves it; 404 where it has none of that name. */
export async function fileAnswer(
  carrier: DurableObjectStub<SimulatedCarrier> | null,
  name: string,
): Promise<Response> {
  const file = await carrier?.file(name)
  if (!file) return Response.json({ error: 'There is no such file.' }, { status: 404 })
  const { bytes, contentType } = file as CarrierFile
  return new Response(bytes.slice(), { headers: { 'content-type': contentType } })
}

/** No answer until the caller has given up; one that waits even longer meets a gateway's. */
export async function answerSilence(): Promise<Response> {
  await pause(30_000)
  return Response.json({ error: 'The simulated carrier did not answer.' }, { status: 504 })
}

export async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/**
 * Where Parley is reached from this machine: the configured address if that is a local one, else where the request
 * came in, with the name that Twilio's signature is computed over (design 9: `http://localhost:<PORT>`).
 */
function originOf(address: string, configured: string | undefined): string {
  const url = new URL(address)
  const settled = configured ? URL.parse(configured) : null
  if (settled?.hostname === 'localhost') return settled.origin
  if (url.hostname === '127.0.0.1' || url.hostname === '[::1]') url.hostname = 'localhost'
  return url.origin
}
