import type * as z from 'zod/mini'

/** The kinds that a union on one tag knows, so that a test which covers all of them meets a new one. */
export function kindsOf(union: z.core.$ZodDiscriminatedUnion, tag: string): string[] {
  return [...(union._zod.propValues[tag] ?? [])].map(String)
}
