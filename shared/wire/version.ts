import * as z from 'zod/mini'
import { hash64 } from '../base/hash64.ts'
import { command } from '../core/command.ts'
import { entry } from '../model/entry.ts'
import { tables } from '../rows/tables.ts'
import { down, type Down } from './down.ts'
import { up } from './up.ts'

/**
 * The protocol's version, one line of history each. The edge speaks this one and the one before [E17].
 *
 * 1: the first.
 * 2: `changed`, `rights` and drafts; a command names its version and whether it comes again; an opt-in names its
 *    opt-out.
 */
export const wireVersion = 2

/** What rows and entries meant to the version before: its devices read ours, so their replicas are no others [E17]. */
const fingerprintBefore = '9a1ed90bbdd00ec1'

/** Whether the edge speaks a client's version: this one or the one before [E17]. */
export function isSpoken(version: number): boolean {
  return version === wireVersion || version === wireVersion - 1
}

/** Whether a replica of this version and fingerprint may go on from its cursor. */
export function isReadable(version: number, fingerprint: string): boolean {
  return fingerprint === (version === wireVersion ? rowsFingerprint() : fingerprintBefore)
}

/** What the edge says, in the words of the version before where the client speaks that [E17]. */
export function inWordsOf(version: number, message: Down): Down {
  if (version >= wireVersion) return message
  switch (message.t) {
    case 'welcome':
      return { ...message, version }
    case 'changed':
      return { t: 'behind' }
    // It would go on with rows that are not for it any more, or without those that are.
    case 'rights':
      return { t: 'upgrade' }
    default:
      return message
  }
}

let fingerprint: string | null = null
/**
 * A hash of the meaning of rows and entries: a replica of another meaning is wiped and filled again. Taken once:
 * it is the same for the life of a build and costs 2 ms, which every hello would pay.
 */
export function rowsFingerprint(): string {
  fingerprint ??= meaningOf({ ...tables, entry })
  return fingerprint
}

/** A hash of what schemas require. An added optional column changes nothing for who does not know it [E17]. */
export function meaningOf(schemas: Record<string, z.ZodMiniType>): string {
  return hash64(
    JSON.stringify(Object.entries(schemas).map(([name, schema]) => [name, required(shape(schema))])),
  )
}

/** A hash of both directions of the wire. A test pins it to the version, so that neither changes alone. */
export function wireFingerprint(): string {
  return hash64(JSON.stringify([shape(up), shape(down), shape(command)]))
}

function shape(schema: z.ZodMiniType): unknown {
  return z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })
}

/** A JSON schema without its optional properties. */
function required(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(required)
  if (typeof part !== 'object' || part === null) return part
  const names = 'required' in part && Array.isArray(part.required) ? part.required : []
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => {
      const isProperties = key === 'properties' && typeof value === 'object' && value !== null
      const kept = isProperties
        ? Object.fromEntries(Object.entries(value).filter(([name]) => names.includes(name)))
        : value
      return [key, required(kept)]
    }),
  )
}
