import type { ConversationId, Ids, MobileUserId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { defaultIdleSeconds } from '#shared/rules/profile.ts'
import type { CaretsMoved, Presence } from '#shared/wire/down.ts'
import type { CaretReport } from '#shared/wire/up.ts'
import { nameOf, prepare, raiseTalker, type Identity } from '#client/db/meta.ts'
import { noteOpened } from '#client/db/shelf.ts'
import type { Store } from '#client/db/store.ts'
import { betweenPages, type BetweenPages } from './between-pages.ts'
import type { Channel, Device } from './device.ts'
import { isSynced, type Status } from './status.ts'
import type { Talker } from './talker.ts'
import { Carets } from './carets.ts'
import { Turns } from './turns.ts'

export interface EngineParts {
  device: Device
  store: Store
  identity: Identity
  ids: Ids
}

/** Brings what it takes to talk to the edge, which is a tenth of the client's code and needed by no first row. */
export type LoadTalker = () => Promise<{ Talker: typeof Talker }>

/**
 * The sync engine of one page: talks to the edge when it is this page's turn, and follows the page that does
 * otherwise. Screens read the store; this only brings the store and the edge together.
 */
export class Engine {
  readonly parts: EngineParts
  readonly #page: string
  readonly #loadTalker: LoadTalker
  readonly #turns: Turns
  readonly #channel: Channel | null
  readonly #listeners = new Set<() => void>()
  /** Colleagues' cursors in the drafts that are on screens. */
  readonly carets = new Carets()
  #status: Status
  #online: Presence['agents'] = []
  #talker: Talker | null = null
  #looking: { viewing: ConversationId | null; writing: ConversationId | null } = {
    viewing: null,
    writing: null,
  }
  #messageCenter = true
  /** How long a page is hidden before its agent is idle [F32, F175]: five minutes before the profile is known. */
  #idleAfter = defaultIdleSeconds * second
  #hiddenSince: number | null = null
  #idle = false
  #cancelIdle: (() => void) | null = null
  #unwatch: (() => void) | null = null
  /** Threads whose opening is to be noted. */
  readonly #opened = new Set<MobileUserId>()
  #cancelNote: (() => void) | null = null
  #full = false
  #emptied: () => void = () => undefined
  #stopped = false

  constructor(parts: EngineParts, loadTalker: LoadTalker) {
    const { device, store, identity, ids } = parts
    this.parts = parts
    this.#loadTalker = loadTalker
    this.#page = ids.entry()
    this.#status = { phase: 'connecting', since: device.now(), tried: false }
    const name = nameOf(identity)
    // A replica in memory is this page's own: there is nobody to share a turn with.
    const alone = store.kind === 'memory'
    this.#channel = alone ? null : device.channel(name, (message) => this.#heard(message))
    this.#turns = new Turns(alone ? { ...device, locks: null } : device, name, this.#page, {
      talk: (holds) => this.#talk(holds),
      follow: () => this.#follow(),
      post: (message) => this.#post(message),
    })
  }

  start(): void {
    this.parts.store.watch({
      damaged: () => {
        if (this.#talker) this.#talker.startOver()
        else this.#post({ t: 'damaged' })
      },
      full: (isFull) => {
        if (this.#full === isFull) return
        this.#full = isFull
        for (const listener of this.#listeners) listener()
      },
    })
    this.#unwatch = this.parts.device.watch((moment) => this.#moment(moment))
    this.#turns.start()
    this.#post({ t: 'how' })
    this.#look()
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#unwatch?.()
    this.#cancelIdle?.()
    this.#cancelNote?.()
    this.#post({ t: 'left', page: this.#page })
    this.#talker?.stop()
    this.#turns.stop()
    this.#channel?.close()
    this.#listeners.clear()
  }

  get status(): Status {
    return this.#status
  }

  /** The browser had no room for the last write: what is pressed is refused, and what comes is not stored. */
  get full(): boolean {
    return this.#full
  }

  /** Agents with a live socket, as the edge told last; none while there is no connection. */
  get online(): Presence['agents'] {
    return this.#online
  }

  /** Calls back when `status`, `online` or `full` changed. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back when the database was found empty, for what is still in memory to be written again. */
  onEmptied(emptied: () => void): void {
    this.#emptied = emptied
  }

  /** Whether a press at this moment is made with the edge's knowledge [E13]. */
  synced(): boolean {
    return isSynced(this.#status, this.parts.device.now())
  }

  /** Something was written to `pending`. */
  nudge(): void {
    if (this.#status.phase === 'connecting') this.parts.device.wakeLater?.()
    if (this.#talker) this.#talker.nudge()
    else this.#post({ t: 'nudge' })
  }

  /** Somebody opened a thread: it stays longer on this device than one that came by itself [E6]. */
  opened(thread: MobileUserId): void {
    this.#opened.add(thread)
    // A moment later, at once for all until then: what somebody waits for on the screen is read first.
    this.#cancelNote ??= this.parts.device.after(second, () => void this.#noteOpened())
  }

  /** A thread is on the screen and lacks something. */
  want(thread: MobileUserId): void {
    if (this.#talker) this.#talker.want(thread)
    else this.#post({ t: 'want', thread })
  }

  /** Which conversation is on this page's screen. */
  look(at: { viewing: ConversationId | null; writing: ConversationId | null }): void {
    this.#looking = at
    this.#look()
  }

  /** Whether this page shows the Message Center, and not Settings [F168, F169]. */
  show(messageCenter: boolean): void {
    this.#messageCenter = messageCenter
    this.#look()
  }

  /** How long this agent may be away before they are idle, by their profile [F33]. */
  setIdleSeconds(seconds: number): void {
    if (this.#idleAfter === seconds * second) return
    this.#idleAfter = seconds * second
    if (this.#hiddenSince !== null) this.#watchIdle()
  }

  /** Where the cursor stands in a box of this page; colleagues in the same draft see it. */
  caret(report: CaretReport): void {
    if (this.#talker) this.#talker.caret(this.#page, report)
    else this.#post({ t: 'caret', page: this.#page, report })
  }

  /** Goes on after a new sign-in. */
  resume(): void {
    if (this.#talker) this.#talker.resume()
    else this.#post({ t: 'resume' })
  }

  /** Everything that came was worked off. For tests. */
  async settled(): Promise<void> {
    await this.#talker?.settled()
  }

  async #talk(holds: () => boolean): Promise<void> {
    const { store, identity, ids } = this.parts
    const { Talker } = await this.#loadTalker()
    // Somebody may have emptied the database behind this page's back.
    const number = await prepare(store, identity, ids)
      .then((isEmpty) => {
        if (isEmpty) this.#emptied()
        return raiseTalker(store)
      })
      .catch((fault: unknown) => {
        if (!this.#stopped) throw fault
      })
    if (number === undefined || this.#stopped || !holds()) return
    const talker: Talker = new Talker(
      { ...this.parts, talker: number },
      {
        status: (status) => this.#talker === talker && this.#setState(status, this.#online),
        presence: (online) => this.#talker === talker && this.#setState(this.#status, online),
        carets: (moved) => {
          if (this.#talker !== talker) return
          this.carets.moved(moved)
          this.#post({ t: 'carets', moved })
        },
        deposed: () => {
          if (this.#talker === talker) this.#turns.deposed()
        },
      },
    )
    this.#talker = talker
    this.#look()
    talker.start()
  }

  #follow(): void {
    this.#talker?.stop()
    this.#talker = null
    this.#setState({ phase: 'connecting', since: this.parts.device.now(), tried: false }, [])
    this.#post({ t: 'how' })
    this.#look()
  }

  #setState(status: Status, online: Presence['agents']): void {
    this.#status = status
    this.#online = online
    // Without a connection nobody knows where anybody's cursor is.
    if (status.phase === 'connecting') this.carets.clear()
    if (this.#talker) this.#tell()
    for (const listener of this.#listeners) listener()
  }

  #look(): void {
    const { device } = this.parts
    const look = {
      page: this.#page,
      at: device.visible() ? device.now() : 0,
      messageCenter: this.#messageCenter,
      idle: this.#idle,
      ...this.#looking,
    }
    if (this.#talker) this.#talker.presence.saw(look)
    else this.#post({ t: 'look', look })
  }

  #moment(moment: 'online' | 'offline' | 'visible' | 'hidden' | 'leaving'): void {
    if (moment === 'leaving') {
      if (this.#talker?.left(this.#page)) this.#talker.bye()
      this.#post({ t: 'left', page: this.#page })
      return
    }
    if (moment === 'online' || moment === 'visible') this.#talker?.wake()
    if (moment === 'offline') this.#talker?.offline()
    if (moment === 'visible') this.#turns.ask()
    if (moment === 'visible') this.#hiddenSince = null
    if (moment === 'hidden') this.#hiddenSince ??= this.parts.device.now()
    if (moment === 'visible' || moment === 'hidden') this.#watchIdle()
    // Whether the browser says it is online is part of what the screen shows.
    for (const listener of this.#listeners) listener()
  }

  #watchIdle(): void {
    const { device } = this.parts
    this.#cancelIdle?.()
    this.#cancelIdle = null
    const left = this.#hiddenSince === null ? null : this.#hiddenSince + this.#idleAfter - device.now()
    this.#idle = left !== null && left <= 0
    if (left !== null && left > 0) this.#cancelIdle = device.after(left, () => this.#watchIdle())
    this.#look()
  }

  async #noteOpened(): Promise<void> {
    const { store, device } = this.parts
    const opened = [...this.#opened]
    this.#opened.clear()
    this.#cancelNote = null
    if (this.#stopped) return
    try {
      await store.write(async (tx) => {
        for (const thread of opened) await noteOpened(tx, thread, device.now())
      })
    } catch (fault) {
      console.error('That a thread was opened could not be noted.', fault)
    }
  }

  #tell(): void {
    const { build } = this.parts.device
    this.#post({ t: 'status', status: this.#status, online: this.#online, build })
  }

  #post(message: BetweenPages): void {
    this.#channel?.post(message)
  }

  #heard(raw: unknown): void {
    const parsed = betweenPages.safeParse(raw)
    if (!parsed.success || this.#stopped) return
    const message = parsed.data
    this.#turns.heard(message)
    switch (message.t) {
      case 'how':
        if (this.#talker) {
          this.#tell()
          for (const moved of this.carets.all()) this.#post({ t: 'carets', moved })
        } else this.#look()
        return
      case 'status':
        if (!this.#talker) this.#setState(message.status, message.online)
        return
      case 'nudge':
        return this.#talker?.nudge()
      case 'want':
        return this.#talker?.want(message.thread)
      case 'look':
        return this.#talker?.presence.saw(message.look)
      case 'left':
        this.#talker?.left(message.page)
        return
      case 'caret':
        return this.#talker?.caret(message.page, message.report)
      case 'carets':
        return this.carets.moved(message.moved as CaretsMoved)
      case 'damaged':
        return this.#talker?.startOver()
      case 'resume':
        return this.#talker?.resume()
      case 'ask':
      case 'kept':
        return
    }
  }
}
