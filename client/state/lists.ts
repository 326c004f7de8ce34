import type { Accessor } from 'solid-js'
import { createMemo } from 'solid-js'
import * as z from 'zod/mini'
import { mobileUserId, type ListId, type MobileUserId, type NumberId } from '#shared/base/ids.ts'
import type { Command, ListInfo } from '#shared/core/command.ts'
import { listLimit } from '#shared/rules/list-limit.ts'
import type { Broadcast } from '#shared/rows/broadcast.ts'
import type { DistributionList } from '#shared/rows/list.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { limits } from '#shared/wire/limits.ts'
import { readLists, readTextable } from '#client/db/lists.ts'
import { readSmall } from '#client/db/rows.ts'
import { createLive, keepSame } from './live.ts'
import { titleOf } from './names.ts'
import type { Behind, Outcome } from './parley.ts'
import { compareNames } from '#shared/rules/search.ts'

/** A mobile user as a list shows them, with the name they are called by. */
export interface Person {
  user: MobileUser
  title: string
}

/** Distribution lists and what was sent to them. */
export interface Lists {
  /** By name; undefined until they are read. */
  all: Accessor<DistributionList[] | undefined>
  /** Every broadcast of the account, newest first. */
  broadcasts: Accessor<Broadcast[]>
  /** Everybody whom the account knows and could text, by name. */
  people: Accessor<Person[]>
  /** Recipients that a broadcast may have; 0 where sending is restricted [F263, F264]. */
  limit: Accessor<number>
  newId(): ListId
  /** Who is on a list. It is kept at the company's account, so this needs a connection. */
  members(list: ListId): Promise<{ ok: true; users: MobileUserId[] } | { ok: false; text: string }>
  /** Saves what differs from `expect`, which is null for a list that begins with this. */
  save(list: ListId, expect: ListInfo | null, to: ListInfo, change: MemberChange): Promise<Outcome>
  /** `recipients`: how many the author was shown. */
  send(list: ListId, recipients: number, number: NumberId, text: string): Promise<Outcome>
}

/** Who comes to a list, by address in its kept form, and who leaves it. */
export interface MemberChange {
  add: readonly string[]
  remove: readonly MobileUserId[]
}

const page = z.object({ users: z.array(mobileUserId), next: z.nullable(z.string()) })

/** The door to lists, for the screens of Settings. Needs a reactive owner. */
export function createLists({ engine, actions }: Behind): Lists {
  const { store, identity, ids, device } = engine.parts
  const lists = createLive(store, () => (tx) => readLists(tx, identity.agent, device.now()))
  const sent = createLive(store, () => (tx) => readSmall(tx, 'broadcasts'))
  const users = createLive(store, () => readTextable)
  const settings = createLive(store, () => (tx) => readSmall(tx, 'settings'))

  const members: Lists['members'] = async (list) => {
    const found: MobileUserId[] = []
    try {
      for (let after: string | null = ''; after !== null;) {
        const query: URLSearchParams = new URLSearchParams({ ...identity, list, after })
        const reply = await device.fetch(`/api/lists/members?${query.toString()}`)
        const read = reply.status === 200 ? page.safeParse(await reply.json()) : null
        if (!read?.success) return { ok: false, text: 'Who is on this list could not be read.' }
        found.push(...read.data.users)
        after = read.data.next
      }
      return { ok: true, users: found }
    } catch {
      return {
        ok: false,
        text: 'Who is on this list is kept at your company’s account: it needs a connection.',
      }
    }
  }

  return {
    all: createMemo(() => lists()?.toSorted((left, right) => compareNames(left.name, right.name))),
    broadcasts: createMemo<Broadcast[]>(
      (before) =>
        keepSame(
          before,
          (sent() ?? []).toSorted((left, right) => right.at - left.at),
          ({ id }) => id,
        ),
      [],
    ),
    people: createMemo(() =>
      (users() ?? [])
        .map((user) => ({ user, title: titleOf(user, user.id) }))
        .sort((left, right) => compareNames(left.title, right.title)),
    ),
    limit: () => {
      const row = settings()?.[0]
      return row ? listLimit(row) : 0
    },
    newId: () => ids.list(),
    members,
    async save(list, expect, to, { add, remove }) {
      const commands: Command[] = [
        ...(expect && expect.name === to.name && expect.addToInbox === to.addToInbox
          ? []
          : [{ name: 'SaveList' as const, list, expect, to }]),
        ...inPieces(remove).map((users) => ({ name: 'RemoveFromList' as const, list, users })),
        ...inPieces(add).map((addresses) => ({ name: 'AddToList' as const, list, addresses })),
      ]
      const answer = await actions.saveAll(commands)
      return answer && !answer.ok && answer.code !== 'already so' ? answer : { ok: true }
    },
    async send(list, expect, number, text) {
      const answer = await actions.saveAll([{ name: 'SendBroadcast', list, number, text, expect }])
      return answer ?? { ok: true }
    },
  }
}

function inPieces<Item>(items: readonly Item[]): Item[][] {
  const pieces: Item[][] = []
  for (let from = 0; from < items.length; from += limits.listChange)
    pieces.push(items.slice(from, from + limits.listChange))
  return pieces
}
