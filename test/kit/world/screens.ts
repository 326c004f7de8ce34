import type { Entry } from '#shared/model/entry.ts'
import { readOpenThread, readUnsent } from '#client/db/open-thread.ts'
import { readView, type ListedRow } from '#client/db/views.ts'
import { readWaiting } from '#client/db/waiting.ts'
import { readSmall } from '#client/db/rows.ts'
import type { Page } from './page.ts'
import type { Screen, SeenEntry, SeenRow, SeenThread } from './witness.ts'

/** Reads what a page shows, by the functions that its screens read with. */
export async function screenOf(page: Page): Promise<Screen> {
  const { browser, device } = page
  const { agent, account } = browser
  const now = device.now()
  return browser.store.read(async (tx) => {
    const open = await readView(tx, agent, 'open', 500, now)
    const closed = await readView(tx, agent, 'closed', 500, now)
    // What is not sent yet is a draft of this device and no conversation.
    const rows: ListedRow[] = []
    for (const row of [...open.rows, ...closed.rows])
      if (!(await readUnsent(tx, row.conversation.id))) rows.push(row)
    const threads: SeenThread[] = []
    for (const user of new Set(rows.map(({ conversation }) => conversation.user)))
      for (const { conversation } of rows.filter((row) => row.conversation.user === user).slice(0, 1)) {
        const thread = await readOpenThread(tx, { account, agent }, conversation.id, now)
        if (!thread) continue
        threads.push({
          user,
          entries: thread.confirmed.map(seenEntry),
          waiting: thread.waiting.map(({ entry }) => entry.id),
          behind: thread.behind,
        })
      }
    const changes = await readWaiting(tx, agent, now)
    const strays = await readSmall(tx, 'strays')
    const { role } = (await readSmall(tx, 'agents')).find(({ id }) => id === agent) ?? { role: null }
    const pending = await tx.all('pending')
    const broadcasts = await readSmall(tx, 'broadcasts')
    const pictures = await tx.all('media')
    return {
      page: page.name,
      device: browser.name,
      rows: rows.map(seenRow),
      threads: threads.sort((left, right) => (left.user < right.user ? -1 : 1)),
      strays: strays.map(({ text }) => text),
      isAdmin: role === 'admin',
      broadcasts: broadcasts.map(({ id, text, state, counts }) => ({ id, text, state, counts })),
      refused: changes.flatMap((change) =>
        change.kind === 'refused'
          ? [{ id: change.record.id, code: change.record.code, reason: change.record.text }]
          : [],
      ),
      waiting: pending.map(({ id }) => id),
      pictures: pictures.flatMap(({ id, box, command }) => (box || command ? [id] : [])),
      phase: page.engine.status.phase,
    }
  })
}

export function seenRow({ conversation: row, user }: Pick<ListedRow, 'conversation' | 'user'>): SeenRow {
  return {
    id: row.id,
    no: row.no,
    user: row.user,
    number: row.number,
    status: row.status,
    owner: `${row.agent ?? ''}/${row.group ?? ''}`,
    preview: row.preview,
    trouble: row.trouble,
    followUp: row.followUp,
    optedOut: Boolean(user?.optedOut),
    name: user ? `${user.firstName} ${user.lastName}` : '',
  }
}

export function seenEntry(entry: Entry): SeenEntry {
  const delivery = entry.kind === 'outbound' ? entry.delivery : null
  const why =
    delivery && 'code' in delivery ? delivery.code : delivery && 'why' in delivery ? delivery.why : null
  return {
    id: entry.id,
    order: entry.order,
    conversation: entry.conversation,
    kind: entry.kind,
    by: entry.kind === 'outbound' || entry.kind === 'note' ? entry.by : null,
    text: entry.kind === 'system' ? entry.note.what : entry.text,
    pictures: entry.kind === 'outbound' ? (entry.media ?? []).flatMap(({ id }) => id ?? []) : [],
    state: delivery?.state ?? null,
    why,
  }
}
