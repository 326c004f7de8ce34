/**
 * `npm run restore -- <account> <time>`: puts an account's object back to a moment [E24]. The only way back in time; what
 * it does and what follows stands in `docs/operations.md`.
 */

export interface Restore {
  account: string
  /** ms since 1970. */
  time: number
}

/** Reads the arguments; a text where they say nothing that could be done. Times carry their zone, or are `90m`, `2h`, `3d` ago. */
export function readRestore([account, when, ...more]: readonly string[], now: number): Restore | string {
  const usage =
    'npm run restore -- <account> <time>, where the time is 2026-11-25T14:00:00Z, or 90m, 2h or 3d ago'
  if (!account || !when || more.length > 0) return usage
  const ago = /^(\d{1,4})([mhd])$/.exec(when)
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(when)
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[ago?.[2] ?? ''] ?? 0
  const time = ago ? now - Number(ago[1]) * unit : zoned ? Date.parse(when) : NaN
  if (Number.isNaN(time)) return `${when} is no time with a zone. ${usage}`
  if (time >= now) return `${when} is not over yet.`
  return { account, time }
}

/** Asks the deployment. Answers what to print, and throws where it refused, with its reason. */
export async function restore(
  { account, time }: Restore,
  { address, secret }: { address: string; secret: string },
  request: typeof fetch = fetch,
): Promise<string> {
  const answer = await request(new URL('/operator/restore', address), {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ account, time }),
  })
  const said = (await answer.json().catch(() => ({}))) as { text?: string; epoch?: number; undo?: string }
  if (answer.status === 404 && said.text === undefined) throw new Error(`${address} knows no such operator.`)
  if (!answer.ok) throw new Error(said.text ?? `${address} answered ${answer.status}.`)
  return [
    `${account} goes back to ${new Date(time).toISOString()} and on from there in epoch ${said.epoch} or later.`,
    `The moment before is bookmark ${said.undo}.`,
  ].join('\n')
}

if (import.meta.main) {
  const asked = readRestore(process.argv.slice(2), Date.now())
  const { PARLEY_ADDRESS: address, OPERATOR_SECRET: secret } = process.env
  try {
    if (typeof asked === 'string') throw new Error(asked)
    if (!address || !secret) throw new Error('PARLEY_ADDRESS and OPERATOR_SECRET have to be set.')
    console.log(await restore(asked, { address, secret }))
  } catch (fault) {
    console.error(fault instanceof Error ? fault.message : fault)
    process.exitCode = 1
  }
}
