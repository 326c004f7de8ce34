import type { PresenceReport } from '#shared/wire/up.ts'
import * as z from 'zod/mini'
import { conversationId, type ConversationId } from '#shared/base/ids.ts'
import type { Device } from './device.ts'

/** What one page shows. `at` orders pages: the last one that somebody touched speaks for viewing and writing. */
export const look = z.object({
  page: z.string(),
  at: z.number(),
  messageCenter: z.boolean(),
  idle: z.boolean(),
  viewing: z.nullable(conversationId),
  writing: z.nullable(conversationId),
})
export type Look = z.infer<typeof look>

/** One report for all pages of this agent in this browser [E25]. Online while any Message Center is open [F168]. */
export function reportOf(looks: Iterable<Look>): PresenceReport {
  const all = [...looks].sort((left, right) => right.at - left.at)
  const awake = all.filter(({ idle }) => !idle)
  const viewing = awake.find(({ viewing }) => viewing !== null)?.viewing ?? null
  return {
    messageCenter: all.some(({ messageCenter }) => messageCenter),
    idle: awake.length === 0,
    viewing,
    writing: awake.find(({ writing }) => writing !== null)?.writing ?? null,
  }
}

const settle = 300

/** Sends the report of all pages when it changed, after a moment in which nothing more changed. */
export class PresenceReporter {
  readonly #device: Device
  readonly #send: (report: PresenceReport) => void
  readonly #viewed: (conversations: ConversationId[]) => void
  readonly #looks = new Map<string, Look>()
  #said: string | null = null
  #cancel: (() => void) | null = null

  /** `viewed` hears which conversations are on the screens of all pages. */
  constructor(
    device: Device,
    send: (report: PresenceReport) => void,
    viewed: (conversations: ConversationId[]) => void = () => undefined,
  ) {
    this.#device = device
    this.#send = send
    this.#viewed = viewed
  }

  saw(look: Look): void {
    this.#looks.set(look.page, look)
    this.#tell()
    this.#soon()
  }

  /** A page closed. Answers whether it was the last one. */
  left(page: string): boolean {
    this.#looks.delete(page)
    this.#tell()
    this.#soon()
    return this.#looks.size === 0
  }

  /** A new socket knows nothing: the report goes out at once. */
  welcomed(): void {
    this.#said = null
    this.#flush()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  #tell(): void {
    this.#viewed([...new Set([...this.#looks.values()].flatMap(({ viewing }) => viewing ?? []))])
  }

  #soon(): void {
    this.#cancel?.()
    this.#cancel = this.#device.after(settle, () => this.#flush())
  }

  #flush(): void {
    this.stop()
    const report = reportOf(this.#looks.values())
    const said = JSON.stringify(report)
    if (said === this.#said) return
    this.#said = said
    this.#send(report)
  }
}
