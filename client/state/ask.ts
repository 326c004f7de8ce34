import * as z from 'zod/mini'
import type { Device } from '#client/sync/device.ts'

export type Asked<Value> = { ok: true; value: Value } | { ok: false; text: string }

/** Asks the edge for what no device keeps. `without` is said where it cannot be reached or does not answer that. */
export async function ask<Value>(
  device: Device,
  path: string,
  schema: z.ZodMiniType<Value>,
  without: string,
): Promise<Asked<Value>> {
  try {
    const reply = await device.fetch(path)
    if (reply.status === 200) return { ok: true, value: schema.parse(await reply.json()) }
  } catch (fault) {
    // No network is no fault; an answer that nobody can read is one.
    if (!(fault instanceof TypeError)) console.error('An answer could not be read.', path, fault)
  }
  return { ok: false, text: without }
}
