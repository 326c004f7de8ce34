import type { Ids, MobileUserId } from '#shared/base/ids.ts'
import { minute } from '#shared/base/time.ts'
import {
  closeCodes,
  type CaretsMoved,
  type Down,
  type Frame,
  type Presence,
  type Welcome,
} from '#shared/wire/down.ts'
import type { CaretReport, Cursor, Up } from '#shared/wire/up.ts'
import { applyFrame, applyPulled, forget, wipe, type Writer } from '#client/db/frames.ts'
import { forgetDone } from '#client/db/done.ts'
import { applyRights } from '#client/db/rights.ts'
import { NotTalking, readReplica, type Identity } from '#client/db/meta.ts'
import { isFull } from '#client/db/faults.ts'
import type { Store } from '#client/db/store.ts'
import { CatchUp } from './catch-up.ts'
import { Copying } from './copying.ts'
import type { Device } from './device.ts'
import { DraftSync } from './draft-sync.ts'
import { Echo } from './echo.ts'
import { helloOf, pullOf } from './held.ts'
import { Hearing } from './hearing.ts'
import { InTurn } from './in-turn.ts'
import { Link } from './link.ts'
import { Outbox } from './outbox.ts'
import { PresenceReporter } from './presence.ts'
import { Puller } from './puller.ts'
import { Uploads } from './uploads.ts'
import { Shelf } from './shelf.ts'
import type { Status } from './status.ts'
import { WhoSpeaks } from './who-speaks.ts'

export interface TalkerEvents {
  status(status: Status): void
  presence(agents: Presence['agents']): void
  carets(moved: CaretsMoved): void
  /** Another page has taken over: nothing may be written any more [E16]. */
  deposed(): void
}

export interface TalkerParts {
  device: Device
  store: Store
  identity: Identity
  ids: Ids
  /** The number that this page raised `meta.talker` to. */
  talker: number
}

/** A damaged replica is fetched anew at most this often. */
const startOverAgain = 10 * minute

/**
 * The page that talks to the edge: one socket, one replica.
 *
 * 1. What comes is worked off one by one, in the order it came, each in its own transaction.
 * 2. A write that finds another page at work ends this one's talking [E16].
 * 3. A fault of the database breaks the socket: what was not stored comes again from the cursor.
 */
export class Talker {
  readonly presence: PresenceReporter
  readonly #parts: TalkerParts
  readonly #on: TalkerEvents
  readonly #writer: Writer
  readonly #link: Link
  readonly #outbox: Outbox
  readonly #uploads: Uploads
  readonly #puller: Puller
  readonly #echo: Echo
  readonly #drafts: DraftSync
  readonly #catchUp: CatchUp
  readonly #shelf: Shelf
  readonly #who: WhoSpeaks
  readonly #copying: Copying
  readonly #inTurn = new InTurn((fault) => this.#failed(fault))
  readonly #hearing = new Hearing(this.#inTurn, (message, size) => this.#handle(message, size))
  #status: Status
  /** Counts sockets, so that work begun on one never speaks on the next. */
  #socket = 0
  #welcomed = false
  #unopened = 0
  #startedOver: number | null = null
  #stopped = false

  constructor(parts: TalkerParts, on: TalkerEvents) {
    const { device, store, identity, ids, talker } = parts
    this.#parts = parts
    this.#on = on
    this.#writer = { store, talker, me: identity.agent, ids, now: () => device.now() }
    this.#status = { phase: 'connecting', since: device.now(), tried: false }
    this.#link = new Link(device, {
      opened: () => this.#opened(),
      heard: (message, size) => this.#hearing.heard(message, size),
      alive: () => this.#alive(),
      lost: (code) => this.#lost(code),
    })
    this.#outbox = new Outbox(device, store, talker, ids, (frame) => this.#say(frame))
    this.#uploads = new Uploads({ device, store, identity, talker }, () => {
      void this.#inTurn.take(() => this.#outbox.flush())
    })
    this.#puller = new Puller(device, (thread, background) => {
      void this.#inTurn.take(() => this.#pull(thread, background))
    })
    this.#echo = new Echo(device, (n) => this.#link.send({ t: 'echo', n }))
    this.#shelf = new Shelf(
      device,
      this.#writer,
      identity,
      (work) => void this.#inTurn.take(work),
      (thread) => this.#puller.want(thread, 'last'),
    )
    this.#catchUp = new CatchUp(
      device,
      (cursor) => this.#say({ t: 'catch up', cursor }),
      () => void this.#inTurn.take(() => this.#pullByCursor()),
    )
    this.#who = new WhoSpeaks(device, identity, {
      status: () => this.#status,
      end: (status) => this.#end(status),
      told: (status) => this.#setStatus(status),
      resume: () => this.resume(),
    })
    this.#copying = new Copying(device, identity, this.#writer, {
      inTurn: (work) => this.#inTurn.take(work),
      progress: (done) => {
        if (this.#status.phase === 'catching up') this.#setStatus({ phase: 'catching up', done })
      },
      stale: (threads) => threads.forEach((thread) => this.#puller.want(thread, 'last')),
      done: async () => {
        this.#arrive((await store.read(readReplica)).cursor)
        this.#shelf.lookAtAll()
      },
      signedOut: () => this.#who.signedOut(),
      otherAgent: () => this.#who.otherAgent(),
    })
    this.#drafts = new DraftSync(device, this.#writer, (message) => this.#say(message))
    this.presence = new PresenceReporter(
      device,
      (report) => {
        if (this.#welcomed) this.#say({ t: 'presence', ...report })
      },
      (conversations) => this.#drafts.view(conversations),
    )
  }

  start(): void {
    this.#on.status(this.#status)
    this.#drafts.start()
    this.#link.start()
  }

  stop(): void {
    this.#stopped = true
    this.#inTurn.stop()
    this.#leave()
    this.presence.stop()
    this.#drafts.stop()
    this.#puller.clear()
    this.#link.stop()
  }

  /** The network or the page woke up. */
  wake(): void {
    if (this.#stopped) return
    if (this.#status.phase === 'other agent') void this.#who.askAgain()
    else this.#link.wake()
  }

  /** The browser says that the network is gone, and of that it is sure: what is pressed now is pressed offline. */
  offline(): void {
    if (!this.#stopped) this.#link.restart()
  }

  /** Tries again after a sign-in. Another page may have said so before: who talks already goes on talking. */
  resume(): void {
    if (this.#stopped) return
    const { phase } = this.#status
    if (phase !== 'signed out' && phase !== 'other agent') return this.#link.wake()
    this.#setStatus({ phase: 'connecting', since: this.#parts.device.now(), tried: false })
    this.#link.start()
  }

  /** Something waits in `pending`. */
  nudge(): void {
    void this.#inTurn.take(() => this.#outbox.flush())
    this.#uploads.flush()
  }

  /** Somebody looks at this thread. */
  want(thread: MobileUserId): void {
    this.#puller.want(thread, 'first')
  }

  /** What is held of the account is damaged: everything is fetched anew, and own work stays. */
  startOver(): void {
    const now = this.#parts.device.now()
    // What is damaged again right after is not mended by fetching it once more.
    if (this.#startedOver !== null && Math.abs(now - this.#startedOver) < startOverAgain) return
    this.#startedOver = now
    void this.#inTurn.take(async () => {
      await forget(this.#writer)
      this.#link.restart()
    })
  }

  /** Where a page's cursor stands. */
  caret(page: string, report: CaretReport): void {
    this.#drafts.caret(page, report)
  }

  /** A page closed. Answers whether it was the last one. */
  left(page: string): boolean {
    this.#drafts.left(page)
    return this.presence.left(page)
  }

  bye(): void {
    this.#say({ t: 'bye' })
  }

  /** Everything that was begun has ended. For closing down and for tests. */
  settled(): Promise<void> {
    return this.#inTurn.settled()
  }

  #say(message: Up): void {
    this.#echo.flush()
    this.#link.send(message)
  }

  #opened(): void {
    this.#unopened = 0
    this.#socket++
    void this.#inTurn.take(() => this.#sayHello())
  }

  async #sayHello(): Promise<void> {
    const socket = this.#socket
    const hello = await helloOf(this.#parts.store, this.#parts.identity)
    if (socket === this.#socket) this.#link.send(hello)
  }

  async #handle(message: Down, size: number): Promise<void> {
    switch (message.t) {
      case 'welcome':
        return this.#welcome(message)
      case 'frame':
        return this.#frame(message, size)
      case 'rights': {
        const boot = await applyRights(this.#writer, message)
        if (boot) this.#copying.begin(boot)
        return
      }
      case 'thread':
        await applyPulled(this.#writer, message)
        return this.#puller.answered(message.thread)
      case 'gap':
        return this.#outbox.gap(message.last)
      case 'fork':
        return this.#fork()
      case 'slow':
        this.#puller.slow(message.ms)
        this.#catchUp.slow(message.ms)
        return this.#outbox.slow(message.ms)
      case 'behind':
        return this.#pullByCursor()
      case 'changed':
        return this.#pullLater(message.seq)
      case 'presence':
        return this.#on.presence(message.agents)
      case 'carets':
        return this.#on.carets(message)
      case 'draft':
      case 'draft update':
      case 'draft kept':
      case 'draft refused':
        return this.#drafts.heard(message)
      case 'upgrade':
        return this.#end({ phase: 'upgrade' })
    }
  }

  async #welcome(welcome: Welcome): Promise<void> {
    const { identity, store, device } = this.#parts
    if (welcome.account !== identity.account || welcome.agent !== identity.agent)
      return this.#who.otherAgent()
    const before = await store.read(readReplica)
    const wiped = welcome.answer === 'wipe' || welcome.epoch !== before.epoch
    const { boot, newLife } = wiped
      ? await wipe(this.#writer, welcome)
      : { boot: await applyRights(this.#writer, rightsIn(welcome)), newLife: false }
    // Another life of the account, in which this device speaks as another client [E24].
    if (newLife) {
      this.#outbox.closed()
      return this.#sayHello()
    }
    if (!(await this.#outbox.welcomed(welcome.last))) return this.#fork()
    await forgetDone(store, this.#parts.talker, device.now())
    this.#welcomed = true
    this.#catchUp.welcomed(welcome.head)
    this.presence.welcomed()
    this.#drafts.welcomed()
    this.#uploads.welcomed()
    this.#setStatus({ phase: 'catching up', done: boot?.done ?? null })
    this.#puller.start()
    if (boot) this.#copying.begin(boot)
    else this.#arrive(wiped ? welcome.head : before.cursor)
  }

  async #fork(): Promise<void> {
    await this.#outbox.fork()
    await this.#sayHello()
  }

  async #frame(frame: Frame, size: number): Promise<void> {
    const result = await applyFrame(this.#writer, frame)
    if (result.kind === 'missed') return this.#catchUp.from(result.cursor)
    // Acknowledgements in what was missed do not come again by themselves: the edge repeats them when asked.
    const caughtUp = this.#catchUp.answered(result.cursor)
    this.#echo.stored(frame.n, size, result.ownInbound)
    for (const thread of result.pulls) this.#puller.lacks(thread)
    if (result.quarantinedFrom) this.#say({ t: 'catch up', cursor: result.quarantinedFrom })
    if (caughtUp) await this.#outbox.again()
    else if (result.acks.length > 0) await this.#outbox.flush()
    if (result.acks.length > 0) this.#drafts.answered()
    this.#arrive(result.cursor)
    const rows = frame.parts.flatMap((part) => part.rows)
    if (rows.length > 0 && !this.#copying.running) this.#shelf.look(rows)
  }

  async #pullByCursor(): Promise<void> {
    this.#catchUp.from((await this.#parts.store.read(readReplica)).cursor)
    // The edge lets go of the drafts of a socket that it tells nothing more.
    return this.#drafts.again()
  }

  /** Something big changed for everybody: until it is here a press is not synced. */
  #pullLater(seq: number): void {
    if (this.#status.phase === 'live') this.#setStatus({ phase: 'catching up', done: null })
    this.#catchUp.later(seq)
  }

  /** At the head that the welcome named, with no page outstanding: from here on a press counts as synced. */
  #arrive(cursor: Cursor): void {
    if (this.#status.phase !== 'catching up' || this.#copying.running || !this.#catchUp.reached(cursor))
      return
    this.#setStatus({ phase: 'live', pong: this.#parts.device.now() })
    this.#shelf.lookAtAll()
  }

  async #pull(thread: MobileUserId, background: boolean): Promise<void> {
    const pull = await pullOf(this.#parts.store, thread, background)
    if (pull) this.#say(pull)
    else this.#puller.answered(thread)
  }

  #alive(): void {
    if (this.#status.phase === 'live') this.#setStatus({ phase: 'live', pong: this.#parts.device.now() })
  }

  #lost(code: number): boolean {
    const opened = this.#welcomed
    this.#leave()
    if (this.#stopped) return false
    if (code === closeCodes.signedOut) {
      this.#who.signedOut()
      return false
    }
    if (code === closeCodes.otherAgent) {
      this.#who.otherAgent()
      return false
    }
    const before = this.#status
    const since = before.phase === 'connecting' ? before.since : this.#parts.device.now()
    this.#setStatus({ phase: 'connecting', since, tried: true })
    // A browser does not tell why an upgrade was refused, so the session is asked when it keeps failing.
    if (!opened && ++this.#unopened >= 2 && this.#parts.device.online()) void this.#who.askWhy()
    return true
  }

  /** Talking is over until something else happens. */
  #end(status: Status): void {
    if (this.#stopped) return
    this.#leave()
    this.#link.stop()
    this.#setStatus(status)
  }

  /** Nothing of this socket goes on. */
  #leave(): void {
    this.#socket++
    this.#welcomed = false
    this.#hearing.leave()
    this.#copying.stop()
    this.#shelf.leave()
    this.#catchUp.leave()
    this.#outbox.closed()
    this.#uploads.closed()
    this.#puller.pause()
    this.#drafts.closed()
    this.#echo.reset()
    this.#on.presence([])
  }

  #setStatus(status: Status): void {
    this.#status = status
    this.#on.status(status)
  }

  #failed(fault: unknown): void {
    if (this.#stopped) return
    if (fault instanceof NotTalking) {
      this.stop()
      this.#on.deposed()
      return
    }
    console.error('Something that came could not be stored; it is asked for again.', fault)
    // Without room the next try fares no better: it waits as after many failures.
    this.#link.restart(isFull(fault))
  }
}

function rightsIn({ audiences, head }: Welcome): { audiences: readonly string[]; at: number } {
  return { audiences, at: head.seq }
}
