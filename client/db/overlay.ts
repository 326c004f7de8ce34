import {
  entryOf,
  makeIds,
  type AgentId,
  type CommandId,
  type ConversationId,
  type EntryId,
  type ListId,
  type MobileUserId,
} from '#shared/base/ids.ts'
import { isLooking, userIn, type Command } from '#shared/core/command.ts'
import { decideCommand } from '#shared/core/decide-command.ts'
import { fold } from '#shared/core/fold.ts'
import { undecided } from '#shared/core/needs.ts'
import { isRefusal, isThreadChange, type Change, type Context, type Verdict } from '#shared/core/outcome.ts'
import type { Refusal } from '#shared/core/refusal.ts'
import {
  conversationsIn,
  endedWith,
  held,
  waitingBeside,
  type Known,
  type World,
} from '#shared/core/world.ts'
import type { Delivery } from '#shared/model/delivery.ts'
import type { Entry, Thread } from '#shared/model/entry.ts'
import { measure } from '#shared/rules/content.ts'
import type { Press } from '#shared/rules/guard.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { list, type DistributionList } from '#shared/rows/list.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { Mention } from '#shared/rows/mention.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { quickReply, type QuickReply } from '#shared/rows/quick-reply.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import { boxOf } from './acks.ts'
import { readCompany, type Company } from './company.ts'
import { isKnown } from './known.ts'
import { readKnownUploads } from './media.ts'
import { pairOf } from './conversation-record.ts'
import { rowOf } from './locals.ts'
import { readSmall } from './rows.ts'
import { readReplica } from './meta.ts'
import type { PendingRecord } from './records.ts'
import type { Tx } from './store.ts'
import { readHeldThread, readHeldThreads } from './threads.ts'
import { waitedOf } from './waited.ts'

/**
 * What this device's own waiting commands make of the confirmed state [E9, E10]:
 *
 * 1. It is computed from the replica in the transaction that reads the replica, with the edge's own rules.
 * 2. Nothing of it is ever written into the replica.
 * 3. An entry carries the id that the confirmed one will have, and one that is confirmed already is left out.
 * 4. A text that the rules would refuse by now stays in sight: refusing it is the edge's word [P5].
 */
export class Overlay {
  company: Company
  readonly conversations = new Map<ConversationId, Conversation>()
  readonly users = new Map<MobileUserId, MobileUser>()
  readonly lists = new Map<ListId, DistributionList>()
  /** Quick replies that were added or edited; null where one was removed. */
  readonly quickReplies = new Map<string, QuickReply | null>()
  readonly marks = new Map<ConversationId, number>()
  readonly entries = new Map<MobileUserId, PendingEntry[]>()
  readonly deliveries = new Map<EntryId, Delivery>()
  readonly mentions = new Map<string, Mention>()
  /** Conversations with a waiting change that a person would call one: what was only looked at is not. */
  readonly waiting = new Set<ConversationId>()
  /** Unsent ids whose first message stands in an open conversation by now. */
  readonly joined = new Map<ConversationId, ConversationId>()
  /** How many commands wait in the database, also those of a build that this one cannot read. */
  size = 0
  readonly #threads = new Map<MobileUserId, Known<Thread>>()
  /** What the replica says of what waits, read ahead. It is not written to while an overlay stands on it. */
  readonly #ahead = {
    conversations: new Map<ConversationId, Conversation | null>(),
    users: new Map<MobileUserId, MobileUser | null>(),
    threads: new Map<MobileUserId, Thread | null>(),
  }
  readonly #tx: Tx
  readonly #me: AgentId
  readonly #complete: boolean

  private constructor(tx: Tx, me: AgentId, company: Company, complete: boolean) {
    this.#tx = tx
    this.#me = me
    this.company = company
    this.#complete = complete
  }

  /** The overlay of this moment, which queries that are asked together share. */
  static read(tx: Tx, me: AgentId, now: number): Promise<Overlay> {
    return tx.once('overlay', (tx) => Overlay.build(tx, me, now))
  }

  /** One of the caller's own, who may add to it. */
  static async build(tx: Tx, me: AgentId, now: number): Promise<Overlay> {
    const [{ epoch, boot }, company, waiting] = await Promise.all([
      readReplica(tx),
      readCompany(tx),
      tx.range('pending', 'press', {}),
    ])
    const overlay = new Overlay(tx, me, company, epoch > 0 && (boot === null || boot.only !== null))
    overlay.size = waiting.length
    const known = waiting.filter(isKnown)
    await overlay.#readAhead(known.map(({ command }) => command))
    for (const pending of known) await overlay.add(pending, now)
    return overlay
  }

  /**
   * Reads at once what the waiting commands name. Every screen reads them all after each change: asked for one after
   * the other, the hundred changes of a day without a connection would hold each of them up for a second.
   */
  async #readAhead(commands: readonly Command[]): Promise<void> {
    const named = new Set(
      commands.flatMap((command) => ('conversation' in command ? [command.conversation] : [])),
    )
    const { conversations, users, threads } = this.#ahead
    const asked = [...named]
    for (const [index, record] of (await this.#tx.many('conversations', asked)).entries())
      conversations.set(asked[index] as ConversationId, record?.row ?? null)
    const people = new Set(commands.flatMap((command) => ('user' in command ? [command.user] : [])))
    for (const command of commands) {
      // Who only looked at something changes nobody, and is what waits most often.
      const row = 'conversation' in command && !isLooking(command) && conversations.get(command.conversation)
      if (row) people.add(row.user)
    }
    const them = [...people]
    const [records, helds] = await Promise.all([
      this.#tx.many('mobileUsers', them),
      readHeldThreads(this.#tx, them),
    ])
    for (const [index, user] of them.entries()) {
      users.set(user, records[index]?.row ?? null)
      threads.set(user, helds[index] ?? null)
    }
  }

  /** What the rules say to one more command on top of everything that waits. Refuses for nothing unknown. */
  async judge(pending: PendingRecord, now: number): Promise<Refusal | null> {
    const world = await this.#world(pending.command)
    const verdict = this.#decide(world, pending, now)
    return isRefusal(verdict) ? verdict : null
  }

  /** Lays one more waiting command on top. */
  async add(pending: PendingRecord, now: number): Promise<void> {
    const { command, conversation } = pending
    const world = await this.#world(command)
    const verdict = this.#decide(world, pending, now)
    if (conversation !== null && !isLooking(command) && !pending.acked) this.waiting.add(conversation)
    if (isRefusal(verdict) || verdict === undecided) {
      await this.#keepText(pending, world)
      return
    }
    if (command.name === 'StartConversation') {
      const open = held(world.openOfPair)
      if (open && !held(world.conversation)) this.joined.set(command.conversation, open.id)
    }
    // The rows of an acknowledged command are confirmed; only its entries are still to come [E4].
    const changes = pending.acked ? verdict.changes.filter(isThreadChange) : verdict.changes
    await this.#fold(world, pending, changes)
  }

  async #fold(world: World, pending: PendingRecord, changes: readonly Change[]): Promise<void> {
    const user = changes.find(isThreadChange)?.user
    const thread = user ? await this.#thread(user) : world.thread
    const next = fold({ ...world, thread }, changes)
    const person = held(next.user)
    if (person && person !== world.user) this.users.set(person.id, person)
    if (user && next.thread !== thread) this.#threads.set(user, next.thread)
    const confirmed = new Set(held(thread)?.entries.map(({ id }) => id))
    for (const change of changes) {
      if (change.kind === 'entry' && !confirmed.has(change.entry.id))
        this.#addEntry(change.user, pending, change.entry)
      if (change.kind === 'delivery') this.deliveries.set(change.entry, change.delivery)
      if (change.kind === 'row' && change.table === 'conversations')
        this.conversations.set(change.row.id, change.row)
      if (change.kind === 'row' && change.table === 'readMarks')
        this.marks.set(change.row.conversation, change.row.order)
      if (change.kind === 'row' && change.table === 'mentions') this.mentions.set(change.row.id, change.row)
      if (change.kind === 'row' && change.table === 'agents') this.#putAgent(change.row)
      if (change.kind === 'row' && change.table === 'settings')
        this.company = { ...this.company, settings: change.row }
      if (change.kind === 'row' && change.table === 'numbers') this.#putNumber(change.row)
      if (change.kind === 'row' && change.table === 'lists') this.lists.set(change.row.id, change.row)
      if (change.kind === 'row' && change.table === 'views') this.#putView(change.row.id, change.row)
      if (change.kind === 'row' && change.table === 'quickReplies')
        this.quickReplies.set(change.row.id, change.row)
      if (change.kind === 'gone' && change.table === 'quickReplies') this.quickReplies.set(change.id, null)
      if (change.kind === 'gone' && change.table === 'views') this.#putView(change.id, null)
    }
  }

  #addEntry(user: MobileUserId, pending: PendingRecord, entry: Entry): void {
    const entries = this.entries.get(user) ?? []
    entries.push({ entry, command: pending.id, handed: pending.n !== null })
    this.entries.set(user, entries)
  }

  async #keepText(pending: PendingRecord, world: World): Promise<void> {
    const { command } = pending
    if (boxOf(command) === null || !('text' in command) || !('conversation' in command)) return
    const user = held(world.conversation)?.user ?? userIn(command)
    if (user === null) return
    const id = entryOf(pending.id, 0)
    const thread = held(await this.#thread(user))
    if (thread?.entries.some((entry) => entry.id === id)) return
    const common = { id, order: thread?.next ?? 1, at: pending.at, conversation: command.conversation }
    const { text } = command
    const textOnly = 'textOnly' in command && command.textOnly
    this.#addEntry(
      user,
      pending,
      command.name === 'AddNote'
        ? { ...common, kind: 'note', by: this.#me, text }
        : {
            ...common,
            kind: 'outbound',
            by: this.#me,
            text,
            parts: textOnly ? 1 : measure(text, 'concatenate').parts,
            ...(textOnly ? { textOnly } : {}),
            delivery:
              command.name === 'ScheduleReply'
                ? { state: 'scheduled', at: pending.at, due: command.at }
                : { state: 'accepted', at: pending.at },
          },
    )
  }

  #decide(world: World, pending: PendingRecord, now: number): Verdict {
    const press: Press = {
      seen: pending.seen,
      synced: pending.synced,
      waited: waitedOf(pending.at, now),
      ...(pending.again ? { again: true } : {}),
    }
    const { id, command, wroteAt, at } = pending
    const context: Context = { now: Math.max(at, pending.after + 1), ids: noIds }
    return decideCommand(world, { kind: 'command', actor: this.#me, id, command, press, wroteAt }, context)
  }

  /** Everything that a decision on this command may look at, confirmed state with the overlay on it [E9]. */
  async #world(command: Command): Promise<World> {
    const { settings, agents, groups, numbers } = this.company
    const base = {
      uploads: await readKnownUploads(this.#tx, command),
      whole: this.#complete,
      settings,
      agents,
      groups,
      numbers,
      others: [],
      text: null,
      view: null,
      claimed: noEntries,
      nextNo: null,
    }
    if ('user' in command) {
      const user = await this.user(command.user)
      const thread = await this.#thread(command.user)
      const others = await Promise.all(waitingBeside(thread, null).map((id) => this.conversation(id)))
      return {
        ...base,
        conversation: null,
        openOfPair: null,
        others: others.filter((row) => row !== null),
        user: user ?? this.#unknown(),
        thread,
      }
    }
    if (!('conversation' in command)) {
      const nobody = { ...base, conversation: null, openOfPair: null, user: null, thread: null }
      if ('list' in command) return { ...nobody, list: await this.#list(command.list) }
      if ('quickReply' in command)
        return { ...nobody, quickReply: await this.#quickReply(command.quickReply) }
      if (!('view' in command)) return nobody
      const view = this.company.views.find(({ id }) => id === command.view)
      return { ...nobody, view: view ?? this.#unknown() }
    }
    if (command.name === 'StartConversation') {
      const id = userIn(command)
      const user = id ? await this.user(id) : null
      const openOfPair = id ? await this.openOfPair(id, command.number) : null
      const thread = id ? await this.#thread(id) : null
      const conversation = await this.conversation(command.conversation)
      const rows = await Promise.all(conversationsIn(thread).map((id) => this.conversation(id)))
      return {
        ...base,
        conversation,
        endedOfPair: endedWith(command.number, rows),
        openOfPair: openOfPair ?? this.#unknown(),
        user: user ?? this.#unknown(),
        thread,
      }
    }
    const named = this.joined.get(command.conversation) ?? command.conversation
    const conversation = await this.conversation(named)
    if (!conversation)
      return { ...base, conversation: 'unknown', openOfPair: 'unknown', user: 'unknown', thread: 'unknown' }
    // Whoever looks is asked about the conversation alone.
    const [user, thread] = isLooking(command)
      ? (['unknown', 'unknown'] as const)
      : [await this.user(conversation.user), await this.#thread(conversation.user)]
    const world = {
      ...base,
      conversation,
      openOfPair: 'unknown' as const,
      user: user ?? this.#unknown(),
      thread,
    }
    return command.name === 'SeeMentions' ? { ...world, mentions: await this.mentionsOfMe() } : world
  }

  #putAgent(row: Agent): void {
    this.company = { ...this.company, agents: new Map(this.company.agents).set(row.id, row) }
  }

  #putNumber(row: CompanyNumber): void {
    this.company = { ...this.company, numbers: new Map(this.company.numbers).set(row.id, row) }
  }

  /** What names this agent, with what waits; where a mention of somebody else was folded in, it is not among them. */
  async mentionsOfMe(): Promise<Mention[]> {
    const rows = await readSmall(this.#tx, 'mentions')
    return rows.map((row) => this.mentions.get(row.id) ?? row)
  }

  async #quickReply(id: string): Promise<Known<QuickReply>> {
    const folded = this.quickReplies.get(id)
    if (folded !== undefined) return folded
    const record = await this.#tx.get('small', `quickReplies/${id}`)
    return quickReply.safeParse(record?.row).data ?? this.#unknown()
  }

  /** A view is a row of the company: what reads views reads them with the changes that wait. */
  #putView(id: string, row: ViewRow | null): void {
    const others = this.company.views.filter((view) => view.id !== id)
    this.company = { ...this.company, views: row === null ? others : [...others, row] }
  }

  async conversation(id: ConversationId): Promise<Conversation | null> {
    const ahead = this.conversations.get(id) ?? this.#ahead.conversations.get(id)
    return ahead !== undefined ? ahead : ((await this.#tx.get('conversations', id))?.row ?? null)
  }

  async user(id: MobileUserId): Promise<MobileUser | null> {
    const ahead = this.users.get(id) ?? this.#ahead.users.get(id)
    return ahead !== undefined ? ahead : ((await this.#tx.get('mobileUsers', id))?.row ?? null)
  }

  async #list(id: ListId): Promise<Known<DistributionList>> {
    const row = this.lists.get(id) ?? (await this.#tx.get('small', `lists/${id}`))?.row
    return row ? list.parse(row) : this.#unknown()
  }

  async openOfPair(user: MobileUserId, number: Conversation['number']): Promise<Conversation | null> {
    for (const row of this.conversations.values())
      if (row.status === 'open' && row.user === user && row.number === number) return row
    const pair = pairOf(user, number)
    const [record] = await this.#tx.range('conversations', 'pair', { from: pair, to: pair, limit: 1 })
    const row = record?.row ?? null
    return row && this.conversations.get(row.id)?.status !== 'closed' ? row : null
  }

  async #thread(user: MobileUserId): Promise<Known<Thread>> {
    const folded = this.#threads.get(user)
    if (folded) return folded
    const ahead = this.#ahead.threads.get(user)
    return (ahead !== undefined ? ahead : await readHeldThread(this.#tx, user)) ?? 'unknown'
  }

  /** What a complete replica does not have does not exist; of an unfinished one nobody knows. */
  #unknown(): null | 'unknown' {
    return this.#complete ? null : 'unknown'
  }
}

/** The company with this device's own waiting changes of it: one's name, away, the settings. */
export async function readCompanyHere(tx: Tx, me: AgentId, now: number): Promise<Company> {
  return (await Overlay.read(tx, me, now)).company
}

export interface PendingEntry {
  entry: Entry
  command: CommandId
  /** It has its number, so the edge may have it already. */
  handed: boolean
}

/** Puts an unsent conversation where the screens look for one. */
export async function readConversation(tx: Tx, overlay: Overlay, id: ConversationId) {
  const local = await tx.get('locals', id)
  const named = local?.joined ?? overlay.joined.get(id) ?? id
  const row = await overlay.conversation(named)
  if (row) return { row, unsent: false }
  return local ? { row: rowOf(local), unsent: true } : null
}

const noEntries: ReadonlySet<EntryId> = new Set()

// No command of an agent begins anything that its own id does not name, so nothing random is needed here.
const noIds = makeIds(() => new Uint8Array(16))
