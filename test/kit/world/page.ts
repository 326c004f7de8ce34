import { makeIds, type CommandId } from '#shared/base/ids.ts'
import { prepare } from '#client/db/meta.ts'
import { readView, type ListedView } from '#client/db/views.ts'
import { Actions } from '#client/sync/actions.ts'
import type { Pressed } from '#client/sync/presses.ts'
import type { Device, Moment, Socket } from '#client/sync/device.ts'
import { Engine } from '#client/sync/engine.ts'
import { Talker } from '#client/sync/talker.ts'
import { Typing } from '#client/sync/typing.ts'
import type { Random } from '#test/kit/random.ts'
import type { Browser } from './browser.ts'
import type { Network } from './network.ts'
import { rest, type Scheduler } from './scheduler.ts'
import { readVanished } from './vanished.ts'
import type { Witness } from './witness.ts'

const listLength = 200

/** The list as it would be drawn now. */
export function listOf({ browser, device }: Page): Promise<ListedView> {
  return browser.store.read((tx) => readView(tx, browser.agent, 'open', listLength, device.now()))
}

/** One page: the real engine on a device that belongs to the world. */
export class Page {
  readonly name: string
  readonly browser: Browser
  readonly device: Device
  engine!: Engine
  actions!: Actions
  typing!: Typing
  visible = true
  alive = true
  /** The list as a live query drew it last: on one page of each browser, for all of them read the same database. */
  listed: ListedView | null = null
  readonly #scheduler: Scheduler
  readonly #watchers = new Set<(moment: Moment) => void>()
  readonly #listeners = new Set<(message: unknown) => void>()
  /** What happened while the page slept, in order; null while it is awake. */
  #asleep: (() => void)[] | null = null
  #unfollow: (() => void) | null = null
  #unwatch: (() => void) | null = null

  private constructor(
    name: string,
    browser: Browser,
    scheduler: Scheduler,
    random: Random,
    network: Network,
  ) {
    this.name = name
    this.browser = browser
    this.#scheduler = scheduler
    this.device = {
      now: () => scheduler.now + browser.skew,
      random: () => random.next(),
      randomBytes: () => random.bytes(16),
      after: (ms, call) => scheduler.after(ms, () => this.wake(call)),
      fetch: (path, init) => network.fetch(this, path, init?.body),
      // What a page that is gone still has begun leads nowhere.
      connect: (on) => (this.alive ? network.connect(this, on) : deadSocket),
      locks: browser.locks.of(this),
      channel: (_name, heard) => {
        this.#listeners.add(heard)
        return {
          post: (message) => this.#post(message),
          close: () => void this.#listeners.delete(heard),
        }
      },
      online: () => browser.online,
      visible: () => this.visible,
      build: 0,
      watch: (on) => {
        this.#watchers.add(on)
        return () => this.#watchers.delete(on)
      },
      // The world's people only press.
      touched: () => () => undefined,
      mirror: browser.mirror,
    }
  }

  static async open(
    name: string,
    browser: Browser,
    scheduler: Scheduler,
    random: Random,
    network: Network,
    witness: Witness,
  ): Promise<Page> {
    const page = new Page(name, browser, scheduler, random, network)
    const { store, account, agent } = browser
    const identity = { account, agent }
    const ids = makeIds(() => random.bytes(16))
    await prepare(store, identity, ids)
    const typing = await Typing.load(page.device, store, identity)
    page.engine = new Engine({ device: page.device, store, identity, ids }, async () => ({ Talker }))
    page.actions = new Actions(page.engine, typing)
    page.typing = typing
    page.engine.onEmptied(() => typing.again())
    browser.pages.add(page)
    page.#draw()
    page.#unwatch = store.live(
      (tx) => readVanished(tx, browser.texts),
      (texts) => {
        for (const id of texts) witness.vanished(id, name)
      },
    )
    typing.follow()
    page.engine.start()
    return page
  }

  /** Runs something in this page, now, when it wakes, or never. */
  wake(call: () => void): void {
    if (!this.alive) return
    if (this.#asleep) this.#asleep.push(call)
    else call()
  }

  get sleeping(): boolean {
    return this.#asleep !== null
  }

  /** The browser stops the page's clock, as phones do with hidden ones. */
  sleep(): void {
    this.#asleep ??= []
  }

  awake(): void {
    const missed = this.#asleep ?? []
    this.#asleep = null
    for (const call of missed) if (this.alive) call()
  }

  tell(moment: Moment): void {
    this.wake(() => {
      for (const on of this.#watchers) on(moment)
    })
  }

  show(visible: boolean): void {
    if (this.visible === visible) return
    this.visible = visible
    this.tell(visible ? 'visible' : 'hidden')
  }

  /** The page is gone without a word: a crash, or a swipe on a phone. */
  kill(): void {
    this.alive = false
    this.browser.pages.delete(this)
    this.#unfollow?.()
    this.#unfollow = null
    this.#unwatch?.()
    this.typing.stop()
    this.browser.locks.gone(this)
    for (const other of this.browser.pages) other.#draw()
  }

  /** Draws the list from now on, if no page of this browser does. */
  #draw(): void {
    const { pages, store, agent } = this.browser
    if ([...pages].some((page) => page.#unfollow)) return
    this.#unfollow = store.live(
      (tx) => readView(tx, agent, 'open', listLength, this.device.now()),
      (view) => {
        this.listed = view
      },
    )
  }

  /**
   * Presses something and answers the id under which it waits, where it was taken. `answered`: a form stands open for
   * the edge's word, which takes time; whatever is answered by the device alone is answered by now.
   */
  async press(
    action: (actions: Actions) => Promise<Pressed>,
  ): Promise<{ pressed: Pressed; id: string | null; answered: Promise<Pressed> }> {
    const newest = () =>
      this.browser.store.read(
        async (tx) => (await tx.range('pending', 'press', { reverse: true, limit: 1 }))[0],
      )
    const before = (await newest())?.press ?? 0
    const answered = action(this.actions)
    const atOnce = await Promise.race([answered, rest()])
    const record = await newest()
    const id = atOnce?.ok !== false && record && record.press > before ? record.id : null
    if (!atOnce && !id) throw new Error('What was pressed is neither answered nor taken.')
    return { pressed: atOnce ?? { ok: true, id: id as CommandId }, id, answered }
  }

  #post(message: unknown): void {
    if (this.browser.pages.size < 2) return
    const copy = structuredClone(message)
    for (const other of this.browser.pages)
      if (other !== this) this.#scheduler.after(1, () => other.wake(() => other.#hear(copy)))
  }

  #hear(message: unknown): void {
    for (const heard of this.#listeners) heard(message)
  }
}

const deadSocket: Socket = { send: () => undefined, close: () => undefined }
