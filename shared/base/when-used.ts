import type * as z from 'zod/mini'

/**
 * A schema that is built when something is parsed by it for the first time. Building all of them is a quarter of what
 * a page evaluates before its first row, and most are for what comes later.
 */
/* @__NO_SIDE_EFFECTS__ */
export function whenUsed<Schema extends z.ZodMiniType>(build: () => Schema): Schema {
  let built: Schema | null = null
  const schema = () => (built ??= build())
  return new Proxy({} as Schema, {
    get: (_, name) => Reflect.get(schema(), name),
    has: (_, name) => Reflect.has(schema(), name),
  })
}
