import * as z from 'zod/mini'
import { agentId, viewId } from '../base/ids.ts'
import { criteria } from '../rules/criteria.ts'
import { whenUsed } from '../base/when-used.ts'

/**
 * A view that somebody edited or added [F76, DC5]. Under the id of a default view it stands in its place; `owner`
 * is null for a view that all agents share, else it is its owner's alone.
 */
export const view = whenUsed(() =>
  z.object({
    id: viewId,
    name: z.string(),
    owner: z.nullable(agentId),
    criteria,
  }),
)
export type ViewRow = z.infer<typeof view>
