import * as z from 'zod/mini'
import { hash64 } from '#shared/base/hash64.ts'
import { command } from '#shared/core/command.ts'
import { down } from '#shared/wire/down.ts'
import { up } from '#shared/wire/up.ts'

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
