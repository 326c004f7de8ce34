import { z } from 'zod'
import { hash64 } from '../base/hash64.ts'
import { command } from '../core/command.ts'
import { entry } from '../model/entry.ts'
import { tables } from '../rows/tables.ts'
import { down } from './down.ts'
import { up } from './up.ts'

/**
 * The protocol's version, one line of history each. The edge speaks this one and the one before [E17].
 *
 * 1: the first.
 */
export const wireVersion = 1

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
export function meaningOf(schemas: Record<string, z.ZodType>): string {
  return hash64(
    JSON.stringify(Object.entries(schemas).map(([name, schema]) => [name, required(shape(schema))])),
  )
}

/** A hash of both directions of the wire. A test pins it to the version, so that neither changes alone. */
export function wireFingerprint(): string {
  return hash64(JSON.stringify([shape(up), shape(down), shape(command)]))
}

function shape(schema: z.ZodType): unknown {
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
