import * as z from 'zod/mini'

/** What a person is in an account. It is set when the person is added and may change at any time [F39, F40]. */
export const role = z.enum(['agent', 'admin'])
export type Role = z.infer<typeof role>
