import type {
  AgentId,
  CommandId,
  ConversationId,
  EntryId,
  MediaId,
  MobileUserId,
  NumberId,
  QuickReplyId,
  ViewId,
} from '#shared/base/ids.ts'
import { mobileUserOf, showPlainly, type Address } from '#shared/base/address.ts'
import {
  mediaIn,
  type Command,
  type CommandNamed,
  type MobileUserInfo,
  type Owner,
  type ViewSaid,
} from '#shared/core/command.ts'
import { textsOfReply } from '#shared/model/entry.ts'
import { wholeOf } from '#shared/rules/content.ts'
import type { QuickReply } from '#shared/rows/quick-reply.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { Role } from '#shared/model/role.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import { bringBack } from '#client/db/acks.ts'
import { restoreText, type ComposerKind } from '#client/db/composer.ts'
import { closeBox, draftOf } from '#client/db/drafts.ts'
import { findLocal, resolve } from '#client/db/locals.ts'
import { attachAgain, detach, keepFor, readAttached, takeAttached, type Picture } from '#client/db/media.ts'
import { Overlay } from '#client/db/overlay.ts'
import { addPending, cancelPending, isStarted, readMarkOf } from '#client/db/pending.ts'
import type { ComposerRecord } from '#client/db/records.ts'
import type { WriteTx } from '#client/db/store.ts'
import { readHeldThread } from '#client/db/threads.ts'
import type { Engine } from './engine.ts'
import { Presses, type Pressed } from './presses.ts'
import type { Typing } from './typing.ts'

/** What a reply brings besides its text and what is attached in its box. */
export interface SendingMore {
  media?: readonly MediaId[] | undefined
  at?: number | undefined
}

/** What a person typed as a number. The number plans of the world are fetched where they are needed. */
async function readTyped(to: string): Promise<Address | null> {
  if (to.startsWith('+') && showPlainly(to) !== null) return { kind: 'phone', text: to }
  return (await import('#shared/base/phone.ts')).parseAddress(to)
}

/**
 * Everything a person can do, each answered from this device alone. What is answered "ok" is in the database
 * before the answer; the talking page hands it over when it can.
 */
export class Actions {
  readonly #engine: Engine
  readonly #typing: Typing
  readonly #presses: Presses

  constructor(engine: Engine, typing: Typing) {
    this.#engine = engine
    this.#presses = new Presses(engine)
    this.#typing = typing
  }

  /** The screen shows a thread up to this entry; null when it shows it no more. */
  shows(thread: MobileUserId, order: number | null): void {
    this.#presses.shows(thread, order)
  }

  /**
   * Sends a reply with the pictures that are attached in its box, or others; or has it sent later [DC22]; or sends the
   * first message of an unsent conversation [E14].
   */
  send(
    conversation: ConversationId,
    text: string,
    textOnly = false,
    more: SendingMore = {},
  ): Promise<Pressed> {
    return this.#withBox(conversation, 'reply', text, async (tx) => {
      const media = more.media ?? (await readAttached(tx, conversation)).map(({ id }) => id)
      const mms = { ...(textOnly ? { textOnly } : {}), ...(media.length > 0 ? { media: [...media] } : {}) }
      const local = await tx.get('locals', conversation)
      const start = local && local.joined === null && !(await isStarted(tx, conversation)) ? local : null
      const known = start && (await tx.get('conversations', conversation))
      if (start && !known)
        return { name: 'StartConversation', conversation, number: start.number, to: start.to, text, ...mms }
      const reply = { conversation: await resolve(tx, conversation), text, ...mms }
      return more.at === undefined
        ? { name: 'SendReply', ...reply }
        : { name: 'ScheduleReply', ...reply, at: more.at }
    })
  }

  note(conversation: ConversationId, text: string): Promise<Pressed> {
    return this.#withBox(conversation, 'note', text, async (tx) => ({
      name: 'AddNote',
      conversation: await resolve(tx, conversation),
      text,
    }))
  }

  claim({ id, agent, group }: Conversation): Promise<Pressed> {
    return this.#presses.press({ name: 'ClaimConversation', conversation: id, expect: { agent, group } })
  }

  transfer({ id, agent, group }: Conversation, to: Owner): Promise<Pressed> {
    return this.#presses.press({
      name: 'TransferConversation',
      conversation: id,
      expect: { agent, group },
      to,
    })
  }

  end(conversation: ConversationId): Promise<Pressed> {
    return this.#presses.press({ name: 'EndConversation', conversation })
  }

  followUp(conversation: ConversationId, on: boolean): Promise<Pressed> {
    return this.#presses.press({ name: 'SetFollowUp', conversation, on })
  }

  consent({ id, optedOut }: MobileUser, out: boolean): Promise<Pressed> {
    return this.#presses.press({
      name: 'SetConsent',
      user: id,
      optedOut: out,
      expect: optedOut?.cause ?? null,
    })
  }

  /** The address goes along: with it begins the record of somebody new. */
  saveMobileUser(
    { id: user, address }: MobileUser,
    expect: MobileUserInfo,
    to: MobileUserInfo,
  ): Promise<Pressed> {
    return this.#presses.form({ name: 'SaveMobileUser', user, address, expect, to })
  }

  /** Saves what a form says: of a profile with the picture that it brings, of the settings, of a number, of an auto-reply. */
  save(
    command: CommandNamed<'SaveProfile' | 'SaveSettings' | 'SaveNumber' | 'SaveAutoReply'>,
    picture?: Picture,
  ): Promise<Pressed> {
    const { ids, identity, device } = this.#engine.parts
    const id = ids.command()
    const pressed = this.#presses.take(async (tx, facts) => {
      if (picture) await keepFor(tx, id, picture, device.now())
      const refusal = await addPending(tx, identity, command, facts)
      if (refusal && picture) await detach(tx, picture.id)
      return refusal
    }, id)
    return this.#presses.answered(pressed)
  }

  /** Saves what a form says in several commands, and answers what was said to the first that was refused. */
  async saveAll(commands: readonly Command[]): Promise<Pressed | null> {
    const pressed = await this.#presses.all(commands)
    const refused = pressed.find((one) => !one.ok && one.code !== 'already so')
    if (refused) return refused
    const answer = await this.#presses.hear(pressed.flatMap((one) => (one.ok ? [one.id] : [])))
    return answer ?? pressed[0] ?? null
  }

  addView(view: ViewId, shared: boolean, to: ViewSaid): Promise<Pressed> {
    return this.#presses.form({ name: 'AddView', view, shared, to })
  }

  editView(view: ViewId, expect: ViewSaid, to: ViewSaid): Promise<Pressed> {
    return this.#presses.form({ name: 'EditView', view, expect, to })
  }

  removeView(view: ViewId, expect: ViewSaid): Promise<Pressed> {
    return this.#presses.press({ name: 'RemoveView', view, expect })
  }

  /** Moves the read mark to an order, back as well: "mark unread". Answers where it stood before. */
  async mark(conversation: ConversationId, order: number): Promise<Pressed & { before: number }> {
    const before = await this.#readMark(conversation)
    return { ...(await this.#presses.press({ name: 'MarkRead', conversation, order })), before }
  }

  /** How far this agent has read each of these. */
  marks(conversations: readonly ConversationId[]): Promise<number[]> {
    const { store, identity, device } = this.#engine.parts
    return store.read(async (tx) => {
      const overlay = await Overlay.read(tx, identity.agent, device.now())
      const marks: number[] = []
      for (const id of conversations) marks.push(await readMarkOf(tx, identity, overlay, id))
      return marks
    })
  }

  /** Many presses at once, one command each [E19], and for each what was said to it, in order. */
  all(commands: readonly Command[]): Promise<Pressed[]> {
    return this.#presses.all(commands)
  }

  /**
   * Takes back what was pressed: a command that was not handed over yet is cancelled, else another one takes its
   * effect back, if nothing has come between.
   */
  undo(id: CommandId, back: Command): Promise<Pressed> {
    return this.#presses.take(async (tx, facts) => {
      const cancelled = await cancelPending(tx, id)
      return cancelled.length > 0 ? null : addPending(tx, this.#engine.parts.identity, back, facts)
    })
  }

  addQuickReply(id: QuickReplyId, shared: boolean, text: string, textOnly: boolean): Promise<Pressed> {
    const mms = textOnly ? ({ textOnly: true } as const) : {}
    return this.#presses.form({ name: 'AddQuickReply', quickReply: id, shared, text, ...mms })
  }

  editQuickReply({ id, text: expect }: QuickReply, text: string): Promise<Pressed> {
    return this.#presses.form({ name: 'EditQuickReply', quickReply: id, expect, text })
  }

  removeQuickReply({ id, text: expect }: QuickReply): Promise<Pressed> {
    return this.#presses.press({ name: 'RemoveQuickReply', quickReply: id, expect })
  }

  seeMentions(conversation: ConversationId): Promise<Pressed> {
    return this.#presses.press({ name: 'SeeMentions', conversation })
  }

  away(away: boolean): Promise<Pressed> {
    return this.#presses.press({ name: 'SetAway', away })
  }

  role(agent: AgentId, role: Role): Promise<Pressed> {
    return this.#presses.press({ name: 'SetRole', agent, role })
  }

  sendHeld(conversation: ConversationId, entry: EntryId): Promise<Pressed> {
    return this.#presses.press({ name: 'SendHeld', conversation, entry })
  }

  askCarrier(conversation: ConversationId, entry: EntryId): Promise<Pressed> {
    return this.#presses.press({ name: 'AskCarrier', conversation, entry })
  }

  /** Discards a held reply; `edit` puts its text back into the box in the same transaction. */
  async discardHeld(conversation: ConversationId, entry: EntryId, edit: boolean): Promise<Pressed> {
    return this.#presses.take(async (tx, facts) => {
      const row = (await tx.get('conversations', conversation))?.row
      const thread = row ? await readHeldThread(tx, row.user) : null
      const held = textsOfReply(thread?.entries ?? [], entry)
      const refusal = await addPending(
        tx,
        this.#engine.parts.identity,
        { name: 'DiscardHeld', conversation, entry },
        facts,
      )
      if (refusal === null && edit && held.length > 0) {
        const media = held.flatMap(({ media = [] }) => media.flatMap(({ id }) => id ?? []))
        await attachAgain(tx, conversation, media)
        await restoreText(
          tx,
          { conversation, kind: 'reply' },
          wholeOf(held.map(({ text }) => text)),
          facts.id,
        )
      }
      return refusal
    })
  }

  /** Moves the read mark to what is on the screen, unless it stands there already [DC15]. */
  async markRead(conversation: ConversationId, order: number): Promise<void> {
    const mark = await this.#readMark(conversation)
    if (mark < order) await this.#presses.press({ name: 'MarkRead', conversation, order })
  }

  /** Makes an unsent conversation, or answers the one that this pair has already [DC24, E14]. */
  async start(
    number: NumberId,
    to: string,
  ): Promise<{ ok: true; conversation: ConversationId } | { ok: false; text: string }> {
    const address = await readTyped(to)
    if (address === null || address.kind === 'alphanumeric')
      return { ok: false, text: `"${to}" is not a number that can be texted.` }
    const { store, identity, device, ids } = this.#engine.parts
    const user = mobileUserOf(address)
    return store.write(async (tx) => {
      const overlay = await Overlay.build(tx, identity.agent, device.now())
      const open = await overlay.openOfPair(user, number)
      if (open) return { ok: true, conversation: open.id }
      const made = await findLocal(tx, user, number)
      if (made) return { ok: true, conversation: made.id }
      const id = ids.conversation()
      await tx.put('locals', [{ id, user, number, to: address.text, at: device.now(), joined: null }])
      return { ok: true, conversation: id }
    })
  }

  /** Takes back a command that was not handed over yet, its text into its box, or dismisses a refused one. */
  async cancel(id: CommandId): Promise<void> {
    await this.#engine.parts.store.write(async (tx) => {
      await tx.remove('refusals', [id])
      for (const pending of await cancelPending(tx, id)) await bringBack(tx, pending)
    })
  }

  async #readMark(conversation: ConversationId): Promise<number> {
    return (await this.marks([conversation]))[0] ?? 0
  }

  async #withBox(
    conversation: ConversationId,
    kind: ComposerKind,
    text: string,
    make: (tx: WriteTx) => Promise<Command>,
  ): Promise<Pressed> {
    const id = this.#engine.parts.ids.command()
    const box = { conversation, kind }
    const closing = this.#typing.press(conversation, kind, text, id)
    const closed: ComposerRecord[] = []
    let pressed: Pressed | null = null
    try {
      pressed = await this.#presses.take(async (tx, facts) => {
        const draft = closing ? await draftOf(tx, box, closing) : undefined
        const seen = await this.#presses.facts(tx, conversation, { ...facts, draft })
        const command = await make(tx)
        const refusal = await addPending(tx, this.#engine.parts.identity, command, seen)
        // The box gives up its text in the transaction that keeps the command: a page that dies in between neither
        // loses the text nor shows it twice.
        if (refusal === null) await takeAttached(tx, conversation, id, mediaIn(command))
        if (refusal === null && closing) closed.push(await closeBox(tx, box, closing))
        return refusal
      }, id)
      return pressed
    } finally {
      const record = pressed?.ok ? closed.at(-1) : undefined
      if (record) this.#typing.sent(record)
      else if (closing) this.#typing.kept(conversation, kind)
    }
  }
}
