import { createRoot, createSignal, type Accessor } from 'solid-js'
import * as z from 'zod/mini'
import { makeIds } from '#shared/base/ids.ts'
import { hour } from '#shared/base/time.ts'
import { nameOf } from '#client/db/meta.ts'
import { leaveOwnWork, openInMemory, openReplica, type Opened } from '#client/db/open.ts'
import type { Store } from '#client/db/store.ts'
import type { Device } from '#client/sync/device.ts'
import { Engine, type LoadTalker } from '#client/sync/engine.ts'
import { askSession, session, type Session, type SessionAnswer } from '#client/sync/session-check.ts'
import { Typing } from '#client/sync/typing.ts'
import { createParley } from './create-parley.ts'
import { emptyDevice, wordsOfEnd } from './ended.ts'
import type { Parley, SignInAnswer } from './parley.ts'
import { Upgrade } from './upgrade.ts'

/** What stands on the page. */
export type Standing =
  | { at: 'loading' }
  | { at: 'door'; notice: string | null }
  | { at: 'desk'; parley: Parley }

/** The names under which a page remembers who was here, and that a sign-out still has to reach the edge. */
export const rememberedKey = 'parley:session'
const farewellKey = 'parley:sign-out due'
/** What the screen looked like when it was last left (`ui/shell/last-picture.ts`). It goes with who is remembered. */
export const pictureKey = 'parley.picture'
/** That this computer is shared. It says nothing of who was here, and stays for the next person. */
const sharedKey = 'parley:shared computer'

/** How long what a device keeps is shown without asking first whether its session still holds: a working day. */
const trusted = 12 * hour

/** Who was here, with the device's time at which the edge last said so. */
const remembered = z.extend(session, { confirmed: z._default(z.number(), 0) })
type Remembered = z.infer<typeof remembered>

interface Desk {
  shared: boolean
  /** The edge is talked to from when it was asked who is here. */
  talks: boolean
  session: Session
  engine: Engine
  typing: Typing
  parley: Parley
  close(): void
}

/**
 * Decides between the sign-in page and the desk. Without a connection the desk of the person who was here last
 * opens; when a session ends, the replica stays as it is and goes on after the same person's next sign-in [E12].
 */
export class Gate {
  readonly standing: Accessor<Standing>
  readonly #device: Device
  readonly #stand: (standing: Standing) => void
  readonly #reload: () => void
  readonly #loadTalker: LoadTalker
  readonly #settled: Accessor<boolean>
  readonly #upgrade: Upgrade
  #desk: Desk | null = null
  #early: { session: Session; opened: Promise<Opened> } | null = null

  /** `settled`: what nobody needs for the first rows may be read. */
  constructor(
    device: Device,
    reload: () => void,
    loadTalker: LoadTalker,
    settled: Accessor<boolean> = () => true,
  ) {
    const [standing, stand] = createSignal<Standing>({ at: 'loading' })
    this.standing = standing
    this.#stand = stand
    this.#device = device
    this.#reload = reload
    this.#loadTalker = loadTalker
    this.#settled = settled
    this.#upgrade = new Upgrade(device, () => void this.#stored().finally(reload))
  }

  /** Another page of this browser has let a newer build in. */
  overtaken(): void {
    this.#upgrade.overtaken()
  }

  async arrive(): Promise<void> {
    if (this.#device.mirror?.get(farewellKey)) await this.#farewell()
    // The browser knows that there is no network: nobody waits for a request that cannot succeed.
    const remembered = this.#remembered()
    const asked: Promise<SessionAnswer> =
      remembered && !this.#device.online()
        ? Promise.resolve({ kind: 'unreachable' })
        : askSession(this.#device)
    // The database takes its time as the question does.
    if (remembered) this.#early = { session: remembered, opened: this.#openReplica(remembered) }
    const early = remembered && this.#isTrusted(remembered) ? await this.#sit(remembered) : null
    const answer = await asked
    // Whoever signed out meanwhile is gone, whatever the answer.
    if (this.#desk !== early) return
    if (answer.kind === 'signed in') return this.#open(answer.session)
    if (answer.kind === 'unreachable' && remembered) return this.#open(remembered, remembered.confirmed)
    if (answer.kind === 'ended' && early) return this.#leave(early)
    if (answer.kind === 'ended' && remembered) return this.#empty(remembered, this.#takeReplica(remembered))
    if (answer.kind === 'ended') return this.#stand({ at: 'door', notice: wordsOfEnd([]) })
    this.#desk = null
    const notice =
      answer.kind === 'unreachable'
        ? 'The service cannot be reached. Signing in needs a connection.'
        : remembered &&
          `${remembered.name}, your session has ended. What was not sent yet is kept on this device.`
    this.#stand({ at: 'door', notice })
    await early?.typing.settled()
    early?.close()
  }

  /** Whether somebody said at the last sign-in that this computer is shared: then nothing is kept on it. */
  get isShared(): boolean {
    return this.#device.mirror?.get(sharedKey) === '1'
  }

  /** Whether this browser keeps who was here last, for them to go on. */
  get remembers(): boolean {
    return this.#remembered() !== null
  }

  async signIn(email: string, password: string, shared: boolean): Promise<SignInAnswer> {
    const reply = await this.#device.fetch('/api/sign-in', {
      method: 'POST',
      body: JSON.stringify({ email, password, shared }),
    })
    if (reply.status === 429) {
      const retryAfter = Number(reply.header('retry-after') ?? '') || undefined
      const when = retryAfter ? `in ${retryAfter} seconds` : 'later'
      return { ok: false, text: `Too many attempts. Try again ${when}.`, retryAfter }
    }
    if (reply.status === 401) return { ok: false, text: 'This email and password do not match.' }
    if (reply.status !== 204) return { ok: false, text: 'Signing in did not work. Try again in a moment.' }
    const answer = await askSession(this.#device)
    if (answer.kind !== 'signed in')
      return { ok: false, text: 'The service cannot be reached. Try again in a moment.' }
    if (shared) this.#device.mirror?.set(sharedKey, '1')
    else this.#device.mirror?.remove(sharedKey)
    await this.#open(answer.session)
    return { ok: true }
  }

  /** Sits down whom the edge, or where it cannot be reached this device, says is here, and talks from then on. */
  async #open(session: Session, confirmed = this.#device.now()): Promise<void> {
    if (this.isShared) this.#forget()
    else this.#device.mirror?.set(rememberedKey, JSON.stringify({ ...session, confirmed }))
    const { account, agent } = session
    let desk = this.#desk
    if (desk) {
      const isSame = desk.session.account === account && desk.session.agent === agent
      if (isSame && desk.shared === this.isShared) {
        if (desk.talks) desk.engine.resume()
        this.#stand({ at: 'desk', parley: desk.parley })
      } else {
        // Nobody sees what another person's desk shows.
        this.#stand({ at: 'loading' })
        desk.close()
        this.#desk = desk = null
      }
    }
    desk ??= await this.#sit(session)
    if (desk.talks) return
    desk.talks = true
    desk.engine.start()
  }

  /** Shows what this device keeps of a person. */
  async #sit(session: Session): Promise<Desk> {
    const desk = await this.#furnish(session)
    this.#desk = desk
    this.#stand({ at: 'desk', parley: desk.parley })
    return desk
  }

  /**
   * Whether what is kept here is shown while the question is under way. A device that lay for longer than a day's work
   * shows nothing until it has an answer: its session may have been ended because it is lost [E12].
   */
  #isTrusted({ confirmed }: Remembered): boolean {
    const since = this.#device.now() - confirmed
    return since >= 0 && since < trusted
  }

  #openReplica({ account, agent }: Session): Promise<Opened> {
    const ids = makeIds(() => this.#device.randomBytes())
    const identity = { account, agent }
    if (this.isShared) return openInMemory(identity, ids)
    return openReplica(identity, ids, {
      leaving: () => this.#stored(),
      gone: () => this.#reload(),
    })
  }

  /** The replica that was opened ahead, where it is this person's; anybody else's is closed again, unread. */
  async #takeReplica(session: Session): Promise<Opened> {
    const early = this.#early
    this.#early = null
    if (early?.session.account === session.account && early.session.agent === session.agent)
      return early.opened
    void early?.opened.then(({ store }) => store.close())
    return this.#openReplica(session)
  }

  async #furnish(session: Session): Promise<Desk> {
    const identity = { account: session.account, agent: session.agent }
    // What is typed on a shared computer is mirrored nowhere.
    const shared = this.isShared
    const device = shared ? { ...this.#device, mirror: null } : this.#device
    const ids = makeIds(() => device.randomBytes())
    const { store } = await this.#takeReplica(session)
    if (shared) this.#dropMirror(session)
    const typing = await Typing.load(device, store, identity)
    const engine = new Engine({ device, store, identity, ids }, this.#loadTalker)
    typing.follow()
    engine.onEmptied(() => typing.again())
    engine.onChange(() => this.#changed(engine))
    const desk = createRoot((dispose) => ({
      shared,
      talks: false,
      session,
      engine,
      typing,
      parley: createParley({
        engine,
        typing,
        session,
        shared,
        settled: this.#settled,
        signOut: (keep) => this.#signOut(keep),
      }),
      close() {
        dispose()
        typing.stop()
        engine.stop()
        store.close()
      },
    }))
    // It is drawn in a task of its own.
    await new Promise((resolve) => setTimeout(resolve))
    return desk
  }

  #changed(engine: Engine): void {
    if (this.#desk?.engine !== engine) return
    const { phase } = engine.status
    if (phase === 'signed out' && this.standing().at === 'desk') {
      void this.#leaveIfEnded(this.#desk)
      const waiting = this.#desk.parley.waiting().filter(({ state }) => state !== 'refused').length
      const kept =
        waiting === 0 ? 'Sign in to go on.' : `${count(waiting)} on this device until you sign in again.`
      this.#stand({ at: 'door', notice: `Your session has ended. ${kept}` })
    }
    // Another page of this browser signed in again.
    if (phase === 'live' && this.standing().at === 'door')
      this.#stand({ at: 'desk', parley: this.#desk.parley })
    if (phase === 'upgrade') this.#upgrade.told()
  }

  /** The session may have been ended from another device: then this one keeps nothing [E12]. */
  async #leaveIfEnded(desk: Desk): Promise<void> {
    const answer = await askSession(this.#device)
    if (answer.kind === 'ended' && this.#desk === desk) await this.#leave(desk)
  }

  async #leave(desk: Desk): Promise<void> {
    this.#desk = null
    await desk.typing.settled()
    desk.typing.stop()
    desk.engine.stop()
    await this.#empty(desk.session, Promise.resolve({ store: desk.engine.parts.store }))
    desk.close()
  }

  async #empty({ account, agent }: Session, opened: Promise<{ store: Store }>): Promise<void> {
    this.#forget()
    const unsent = await emptyDevice((await opened).store, this.#device.mirror, { account, agent })
    this.#stand({ at: 'door', notice: wordsOfEnd(unsent) })
  }

  /** What is typed is in the database, or nobody is at a desk. */
  async #stored(): Promise<void> {
    await this.#desk?.typing.settled()
  }

  /** What is kept is the person's own unsent work; the copy of the account goes in any case. */
  async #signOut(keep: 'nothing' | 'own work'): Promise<void> {
    const desk = this.#desk
    const store = desk?.engine.parts.store
    this.#desk = null
    this.#forget()
    this.#device.mirror?.set(farewellKey, '1')
    if (desk && store) {
      await desk.typing.settled()
      desk.close()
    }
    // The session goes first: a page that loses the database reloads, and would fill it again with a live one.
    await this.#farewell()
    if (desk && store) {
      const { account, agent } = desk.session
      const left =
        keep === 'nothing'
          ? store.destroy()
          : leaveOwnWork(
              { account, agent },
              makeIds(() => this.#device.randomBytes()),
            )
      await left.catch((fault: unknown) => console.error('The replica stays.', fault))
      if (keep === 'nothing') this.#dropMirror(desk.session)
    }
    this.#stand({ at: 'door', notice: null })
  }

  /** What was being typed here, beside the database. */
  #dropMirror({ account, agent }: Session): void {
    const { mirror } = this.#device
    const prefix = `${nameOf({ account, agent })}:`
    for (const key of mirror?.keys() ?? []) if (key.startsWith(prefix)) mirror?.remove(key)
  }

  /** Ends the session at the edge; without a connection it is remembered and done on the next visit. */
  async #farewell(): Promise<void> {
    try {
      const { status } = await this.#device.fetch('/api/sign-out', { method: 'POST' })
      if (status < 500) this.#device.mirror?.remove(farewellKey)
    } catch {
      console.error('Signing out has not reached the service yet.')
    }
  }

  /** Nobody is remembered in this browser any more. */
  #forget(): void {
    this.#device.mirror?.remove(rememberedKey)
    this.#device.mirror?.remove(pictureKey)
  }

  #remembered(): Remembered | null {
    try {
      const parsed = remembered.safeParse(JSON.parse(this.#device.mirror?.get(rememberedKey) ?? 'null'))
      return parsed.success ? parsed.data : null
    } catch {
      return null
    }
  }
}

function count(waiting: number): string {
  return waiting === 1 ? '1 change waits' : `${waiting} changes wait`
}
