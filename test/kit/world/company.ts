import type { AgentId, MobileUserId } from '#shared/base/ids.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import type { Random } from '#test/kit/random.ts'
import { Bucket } from './bucket.ts'
import { BulkQueue } from './bulk.ts'
import { BrowserLocks, memoryMirror, SharedStore, type Browser } from './browser.ts'
import { Carrier } from './carrier.ts'
import { Edge } from './edge.ts'
import { foundingOf, type Plan } from './founding.ts'
import type { HistoryBase } from './history-base.ts'
import { Network } from './network.ts'
import { Page } from './page.ts'
import { rest, type Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

/** What a company takes from the world it is in. */
export interface Surroundings {
  scheduler: Scheduler
  history: HistoryBase
  /** Randomness of its own for each name, so that what one part draws does not change what another one does. */
  stream(name: string): Random
  /** Companies answer automatically. */
  answers: boolean
  note(line: string): void
  hit(name: string): void
}

/** More entries than any thread of a run has. */
const wholeThread = 10_000

/** All of an object's storage, and where its account stood when it was copied. */
export interface StorageCopy {
  bytes: Uint8Array
  stand: number
  /** The last commit that is in it. */
  seq: number
}

/** One company: its account object, its carrier, its network, and the browsers of its people. */
export class Company {
  readonly plan: Plan
  readonly edge: Edge
  readonly carrier: Carrier
  readonly network: Network
  readonly bulk: BulkQueue
  readonly bucket: Bucket
  readonly witness: Witness
  readonly browsers: Browser[] = []
  /** Older states of the object's storage, and the one of the moment in which a text left last [E24]. */
  readonly copies: StorageCopy[] = []
  inSend: StorageCopy | null = null
  readonly #world: Surroundings
  #opened = 0

  constructor(plan: Plan, world: Surroundings, witness: Witness) {
    const { scheduler, history, hit } = world
    const stream = (name: string) => world.stream(`${plan.account} ${name}`)
    this.plan = plan
    this.witness = witness
    this.#world = world
    this.edge = new Edge({
      scheduler,
      random: stream('edge'),
      channel: plan.channel,
      history,
      nudgeBulk: (count) => this.bulk.nudge(count),
      log: (line) => this.note(line),
      hit,
    })
    this.bucket = new Bucket(this.edge, scheduler, stream('bucket'), hit)
    this.carrier = new Carrier({
      scheduler,
      random: stream('carrier'),
      witness,
      edge: this.edge,
      plan,
      hit,
      bucket: this.bucket,
      leaving: () => {
        this.inSend = this.copy()
      },
    })
    this.bucket.isDown = () => this.carrier.post.storeDown
    this.edge.bringIn = (admit) => this.carrier.post.bringAllIn(stream('keep'), admit)
    this.bulk = new BulkQueue({
      scheduler,
      random: stream('bulk'),
      witness,
      edge: this.edge,
      plan,
      hit,
    })
    this.network = new Network({
      scheduler,
      random: stream('network'),
      edge: this.edge,
      history,
      witness,
      bucket: this.bucket,
      hit,
    })
  }

  async begin(random: Random): Promise<void> {
    const { account, channel, people, tabs } = this.plan
    const puts = foundingOf(this.plan, random, this.#world.scheduler.now, this.#world.answers)
    this.edge.do((object) => {
      this.edge.disk.layOut()
      object.found(account, puts, [{ id: channel, carrier: 'simulator', credentials: account }])
    })
    for (const agent of people) {
      const browser = this.#browser(agent)
      this.browsers.push(browser)
      for (let tab = tabs(agent, random); tab > 0; tab--) await this.open(browser)
    }
  }

  /** An agent signs in somewhere else as well, and stays. */
  async join(agent: AgentId): Promise<void> {
    const browser = { ...this.#browser(agent), name: `${agent}'s other one`, store: new SharedStore() }
    this.browsers.push(browser)
    await this.open(browser)
  }

  /** A browser in which this agent has never been, for what a new device makes of it all. */
  async newcomer(agent: AgentId): Promise<Page> {
    return this.open({ ...this.#browser(agent), name: `${agent}'s new one`, store: new SharedStore() })
  }

  async open(browser: Browser): Promise<Page> {
    const name = `${browser.name} ${++this.#opened}`
    const random = this.#world.stream(`${this.plan.account} page ${this.#opened}`)
    return Page.open(name, browser, this.#world.scheduler, random, this.network, this.witness)
  }

  pages(): Page[] {
    return this.browsers.flatMap(({ pages }) => [...pages])
  }

  /** The person opens what was killed again. */
  reopen(browser: Browser): void {
    this.open(browser).catch((fault: unknown) => {
      // The database did not open: the person tries again.
      this.note(`not opened: ${String(fault)}`)
      this.#world.scheduler.after(1000, () => this.reopen(browser))
    })
  }

  copy(): StorageCopy {
    const { disk } = this.edge
    const head = disk.look(`SELECT MAX(seq) AS seq FROM commits`).get()
    return { bytes: disk.copy(), stand: this.witness.stand(), seq: Number(head?.seq ?? 0) }
  }

  /** Puts the object's storage back behind its back. Its next event begins a start on it. */
  goBack({ bytes, stand }: StorageCopy, unnoticed = false): void {
    const { account } = this.plan
    const { history } = this.#world
    const { texts, out } = history.known(account)
    this.edge.goBack(bytes)
    this.witness.wentBack(stand, {
      durable: (text) => texts.has(text),
      isOut: (address) => out.has(address),
      unnoticed,
      isUnheard: () => !this.edge.hasHeardD1,
      isUnsettled: () => !this.edge.hasSettled,
    })
    // What was kept after this moment is of a life that is lost.
    this.copies.splice(0, this.copies.length, ...this.copies.filter((copy) => copy.stand <= stand))
    this.inSend = null
  }

  /** A thread's document is built anew, under the next epoch, where the history lane could do it [E1]. */
  beginThreadAnew(user: MobileUserId): boolean {
    const { disk } = this.edge
    const waits = (query: string) => disk.look(query).get(user) !== undefined
    if (
      !waits(`SELECT id FROM rows WHERE tbl = 'threads' AND id = ?`) ||
      waits(`SELECT id FROM unflushed WHERE user = ?`) ||
      waits(`SELECT message FROM outbox WHERE user = ?`)
    )
      return false
    this.edge.inSpiteOfAll((object) => object.door.shorten(user, wholeThread))
    return true
  }

  /** Somebody changes a setting. It is no part of what is tested, so it happens in spite of everything. */
  configure(put: RowPut): void {
    this.edge.inSpiteOfAll((object) => object.door.install([put]))
  }

  /** A number for which a text waits that no carrier was called for yet; null where none does. */
  readonly waitedFor = (): string | null => {
    const waiting = this.edge.disk.look(
      `SELECT recipient FROM outbox WHERE state = 'ready' ORDER BY ord, message LIMIT 1`,
    )
    const recipient = waiting.get()?.recipient
    return typeof recipient === 'string' ? recipient : null
  }

  readonly note = (line: string): void => {
    this.#world.note(`${this.plan.account}: ${line}`)
  }

  async end(): Promise<void> {
    for (const page of this.pages()) page.kill()
    await rest()
    this.edge.crash()
    await rest()
    this.edge.disk.close()
  }

  #browser(agent: AgentId): Browser {
    const { account, withoutDatabase } = this.plan
    return {
      name: agent,
      account,
      agent,
      signedIn: agent,
      store: agent === withoutDatabase ? new MemoryStore() : new SharedStore(),
      locks: new BrowserLocks(),
      mirror: memoryMirror(),
      pages: new Set(),
      skew: agent === 'sam' ? -90_000 : agent === 'admin' ? 3_600_000 : 0,
      skewChanged: 0,
      online: true,
      old: false,
      held: false,
      damaged: false,
      texts: new Map(),
    }
  }
}
