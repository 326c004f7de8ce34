import * as z from 'zod/mini'
import { media } from '#shared/model/entry.ts'

/** The simulated carrier's API, as the page calls it. Every answer goes through a schema. */

const entry = z.object({
  id: z.string(),
  by: z.enum(['company', 'customer']),
  text: z.string(),
  media: z.array(media),
  at: z.number(),
  state: z.string(),
})
export type Entry = z.infer<typeof entry>

const sent = z.object({
  id: z.string(),
  ref: z.string(),
  from: z.string(),
  to: z.string(),
  text: z.string(),
  media: z.array(media),
  mms: z.boolean(),
  at: z.number(),
})
export type Sent = z.infer<typeof sent>

export const modes = ['none', 'slow', 'refuse', 'timeout-after-accept', 'drop-before-accept'] as const
export const receipts = ['auto', 'manual', 'shuffled', 'repeated'] as const

const faults = z.object({
  mode: z.enum(modes),
  ms: z.number(),
  count: z.nullable(z.number()),
  receipts: z.enum(receipts),
})
export type Faults = z.infer<typeof faults>

export interface Outgoing {
  channel: string
  from: string
  to: string
  text: string
  media?: { url: string; contentType: string }[]
}

/** Sends from a handset. Answers once the carrier has the text; Parley may still be unreachable. */
export async function send(text: Outgoing): Promise<void> {
  await ask('inbound', { method: 'POST', body: JSON.stringify(text) })
}

/** Gives the carrier a file that a handset attaches. Answers how its text names it. */
export async function addFile(channel: string, file: File): Promise<{ url: string; contentType: string }> {
  const response = await fetch(`/simulator/api/file?${new URLSearchParams({ channel })}`, {
    method: 'POST',
    body: file,
    headers: { 'content-type': file.type || 'application/octet-stream' },
  })
  if (!response.ok) throw new Error(`The simulated carrier answered ${response.status}.`)
  return media.parse(await response.json())
}

/** Where the page finds a file of the carrier. */
export function fileAddress(channel: string, url: string): string {
  const name = URL.parse(url)?.pathname.split('/').at(-1) ?? ''
  return `/simulator/api/file?${new URLSearchParams({ channel, name })}`
}

export async function readConversation(channel: string, handset: string, number: string): Promise<Entry[]> {
  const query = new URLSearchParams({ channel, handset, number })
  return z.array(entry).parse(await ask(`conversation?${query}`))
}

export async function readSent(channel: string): Promise<Sent[]> {
  return z.array(sent).parse(await ask(`sent?${new URLSearchParams({ channel })}`))
}

export async function readFaults(channel: string): Promise<Faults> {
  return faults.parse(await ask(`faults?${new URLSearchParams({ channel })}`))
}

export async function setFaults(channel: string, setting: Faults): Promise<void> {
  const { count, ...rest } = setting
  const body = count === null ? { channel, ...rest } : { channel, ...rest, count }
  await ask('faults', { method: 'POST', body: JSON.stringify(body) })
}

/** Gives a receipt by hand. */
export async function report(
  channel: string,
  id: string,
  state: 'sent' | 'delivered' | 'undelivered',
): Promise<void> {
  const error =
    state === 'undelivered' ? { code: '30003', text: 'The phone is off or unreachable' } : undefined
  await ask('receipt', { method: 'POST', body: JSON.stringify({ channel, id, state, error }) })
}

/**
 * Calls `changed` at once, whenever something of the channel changes, and after every reconnection. Answers what
 * stops it.
 */
export function follow(channel: string, changed: () => void): () => void {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  const connect = () => {
    const address = new URL(`/simulator/api/follow?${new URLSearchParams({ channel })}`, location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    socket = new WebSocket(address)
    socket.addEventListener('open', () => {
      attempts = 0
      changed()
    })
    socket.addEventListener('message', changed)
    socket.addEventListener('close', () => {
      timer = setTimeout(connect, Math.min(500 * 2 ** attempts++, 5000) * (0.5 + Math.random()))
    })
  }
  connect()
  return () => {
    clearTimeout(timer)
    socket?.close()
  }
}

async function ask(path: string, request?: RequestInit): Promise<unknown> {
  const response = await fetch(`/simulator/api/${path}`, {
    ...request,
    headers: { 'content-type': 'application/json' },
  })
  if (!response.ok) throw new Error(`The simulated carrier answered ${response.status}.`)
  return response.json()
}
