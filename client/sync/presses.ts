import type { CommandId, ConversationId, MobileUserId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { isFull } from '#client/db/faults.ts'
import { resolve } from '#client/db/locals.ts'
import { addAllPending, addPending, type PressFacts } from '#client/db/pending.ts'
import type { WriteTx } from '#client/db/store.ts'
import type { Engine } from './engine.ts'
import { answerFor } from './form-answer.ts'

/** A press was taken, or a rule said no at once: nothing was kept then. */
export type Pressed = { ok: true; id: CommandId } | { ok: false; code: string; text: string }

const noRoom = { code: 'no room', text: 'This device has no room left, so nothing was sent.' }
const notKept = { code: 'not kept', text: 'This device could not store it, so nothing was sent.' }

/**
 * Keeps what a person presses. What is answered "ok" is in the database before the answer; the talking page hands it
 * over when it can.
 */
export class Presses {
  readonly #engine: Engine
  /** Order of the newest entry that this page shows, by thread [E13]. */
  readonly #shown = new Map<MobileUserId, number>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The screen shows a thread up to this entry; null when it shows it no more. */
  shows(thread: MobileUserId, order: number | null): void {
    if (order === null) this.#shown.delete(thread)
    else this.#shown.set(thread, order)
  }

  /** Keeps a command with what its person had seen of the conversation it is about. */
  press(command: Command): Promise<Pressed> {
    return this.take(async (tx, facts) => {
      if (!('conversation' in command)) return addPending(tx, this.#engine.parts.identity, command, facts)
      const conversation = await resolve(tx, command.conversation)
      const seen = await this.facts(tx, conversation, facts)
      return addPending(tx, this.#engine.parts.identity, { ...command, conversation }, seen)
    })
  }

  /** A press of a form, which stays open for the edge's word on it while there is a connection. */
  form(command: Command): Promise<Pressed> {
    return this.answered(this.press(command))
  }

  /** The press, or the word that the edge refuses it with. */
  async answered(press: Promise<Pressed>): Promise<Pressed> {
    const pressed = await press
    return (pressed.ok ? await this.hear([pressed.id]) : null) ?? pressed
  }

  /** What the edge refuses the first of these with, where it is asked at all; null when it takes them. */
  async hear(commands: readonly CommandId[]): Promise<Pressed | null> {
    if (commands.length === 0 || !this.#engine.synced()) return null
    const { store, device } = this.#engine.parts
    const refusal = await answerFor(store, device, commands)
    return refusal && { ok: false, code: refusal.code, text: refusal.text }
  }

  /** Stores what `write` presses, or answers the refusal of a rule, or that there was no room. */
  async take(
    write: (tx: WriteTx, facts: PressFacts) => ReturnType<typeof addPending>,
    id: CommandId = this.#engine.parts.ids.command(),
  ): Promise<Pressed> {
    const { store, device } = this.#engine.parts
    // The moment of the press is now, not when the transaction gets its turn.
    const facts: PressFacts = {
      id,
      at: device.now(),
      synced: this.#engine.synced(),
      seen: null,
    }
    let refusal: Awaited<ReturnType<typeof addPending>>
    try {
      refusal = await store.write((tx) => write(tx, facts))
    } catch (fault) {
      // Nothing is answered "ok" that is not stored [P5]; the text still stands where it was typed.
      console.error('A press could not be stored.', fault)
      return { ok: false, ...(isFull(fault) ? noRoom : notKept) }
    }
    if (refusal) return { ok: false, code: refusal.code, text: refusal.text }
    this.#engine.nudge()
    return { ok: true, id }
  }

  /**
   * Many presses at once, one command each [E19]. Answers for each what was said to it, in order; what was refused
   * leaves the others as they are.
   */
  async all(commands: readonly Command[]): Promise<Pressed[]> {
    const { store, identity, device, ids } = this.#engine.parts
    const now = { at: device.now(), synced: this.#engine.synced() }
    const named = commands.map(() => ids.command())
    try {
      const refusals = await store.write(async (tx) => {
        const presses = []
        for (const [index, command] of commands.entries()) {
          const facts = { ...now, id: named[index] ?? ids.command(), seen: null }
          const about = 'conversation' in command ? await resolve(tx, command.conversation) : null
          const seen = about === null ? facts : await this.facts(tx, about, facts)
          presses.push({ command, facts: seen })
        }
        return addAllPending(tx, identity, presses)
      })
      this.#engine.nudge()
      return refusals.map((refusal, index) =>
        refusal
          ? { ok: false, code: refusal.code, text: refusal.text }
          : { ok: true, id: named[index] ?? ids.command() },
      )
    } catch (fault) {
      console.error('Presses could not be stored.', fault)
      return commands.map(() => ({ ok: false, ...(isFull(fault) ? noRoom : notKept) }))
    }
  }

  /** With the newest entry that this page shows of a conversation [E13]. */
  async facts(tx: WriteTx, conversation: ConversationId, facts: PressFacts): Promise<PressFacts> {
    const user = (await tx.get('conversations', conversation))?.row?.user
    return { ...facts, seen: (user && this.#shown.get(user)) ?? null }
  }
}
