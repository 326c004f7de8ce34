import * as z from 'zod/mini'
import { whenUsed } from '../base/when-used.ts'

/** What is not as it should be with the account. `history`: D1 has lagged behind the object since then. */
export const health = whenUsed(() =>
  z.object({ id: z.literal('history'), behindSince: z.nullable(z.number()) }),
)
export type Health = z.infer<typeof health>
