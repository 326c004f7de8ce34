import type { AgentId, ConversationId } from '#shared/base/ids.ts'
import type { Presence } from '#shared/wire/down.ts'
import type { Company } from '#client/db/company.ts'
import type { OnlineAgent } from './parley.ts'
import { compareNames } from '#shared/rules/search.ts'

type Online = Presence['agents']

/** Names of the colleagues who look at a conversation, and of those who write in it. */
export function companyAt(
  online: Online,
  company: Company,
  me: AgentId,
  id: ConversationId,
): { viewers: string[]; writers: string[] } {
  const names = (where: 'viewing' | 'writing') =>
    online.flatMap((agent) =>
      agent.id !== me && agent[where].includes(id) ? (company.agents.get(agent.id)?.name ?? []) : [],
    )
  return { viewers: names('viewing'), writers: names('writing') }
}

/** Who has the Message Center open [F168], by name. */
export function onlineAgents(online: Online, company: Company): OnlineAgent[] {
  return online
    .flatMap(({ id, messageCenter, idle }) => {
      const agent = company.agents.get(id)
      return messageCenter && agent
        ? [
            {
              id,
              name: agent.name,
              email: agent.email,
              idle,
              away: agent.away ?? false,
              avatar: agent.avatar ?? null,
            },
          ]
        : []
    })
    .sort((left, right) => compareNames(left.name, right.name))
}
