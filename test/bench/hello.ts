import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import type { Cursor } from '#shared/wire/up.ts'

/** What a device of Northwind says first. A replica that holds nothing has epoch 0 and no cursor. */
export function hello(name: string, held?: { epoch: number; cursor: Cursor }, device = 0): string {
  return JSON.stringify({
    t: 'hello',
    version: wireVersion,
    fingerprint: rowsFingerprint,
    account: 'northwind',
    agent: name,
    client: clientOf(name, device),
    epoch: held?.epoch ?? 0,
    cursors: held ? { main: held.cursor } : {},
  })
}

/** A client id of its own for each device of an agent. */
function clientOf(name: string, device: number): string {
  const letters = (name + device.toString(36)).replace(
    /[^a-z2-7]/g,
    (other) => 'qrstuvwx'[other.charCodeAt(0) % 8] ?? 'z',
  )
  return `d${letters.padEnd(26, 'a')}`
}
