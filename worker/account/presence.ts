import type { AgentId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import type { Presence } from '#shared/wire/down.ts'
import type { Attachment } from './live-socket.ts'

/** How long an agent stays online after a socket that just ended; a `bye` leaves at once [E25]. */
export const linger = 30 * second

type Seen = Presence['agents'][number]

/**
 * Who is here: the union over each agent's sockets of what the talking tab reports, and those whose socket
 * ended less than `linger` ago. Online means that the Message Center is open [F168].
 */
export function presenceOf(attachments: Iterable<Readonly<Attachment>>, leaving: Iterable<AgentId>): Seen[] {
  const agents = new Map<AgentId, Seen>()
  for (const { agent, presence } of attachments) {
    if (!presence) continue
    const seen = agents.get(agent) ?? {
      id: agent,
      messageCenter: false,
      idle: true,
      viewing: [],
      writing: [],
    }
    agents.set(agent, {
      id: agent,
      messageCenter: seen.messageCenter || presence.messageCenter,
      idle: seen.idle && presence.idle,
      viewing: withOne(seen.viewing, presence.viewing),
      writing: withOne(seen.writing, presence.writing),
    })
  }
  for (const agent of leaving)
    if (!agents.has(agent))
      agents.set(agent, { id: agent, messageCenter: true, idle: true, viewing: [], writing: [] })
  return [...agents.values()].sort((left, right) => (left.id < right.id ? -1 : 1))
}

function withOne<Item>(items: Item[], item: Item | null): Item[] {
  return item === null || items.includes(item) ? items : [...items, item]
}
