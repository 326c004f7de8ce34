import { accountId, type AgentId } from '#shared/base/ids.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import { MemoryStore } from '#client/db/memory-store.ts'
import { morning } from '#test/kit/clock.ts'
import { makeRandom, type Random } from '#test/kit/random.ts'
import { BrowserLocks, memoryMirror, SharedStore, type Browser } from './browser.ts'
import { Carrier, channel } from './carrier.ts'
import { companyOf, people } from './company.ts'
import { Edge } from './edge.ts'
import { HistoryBase } from './history-base.ts'
import { Network } from './network.ts'
import { Page } from './page.ts'
import { rest, Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

const account = accountId.parse('northwind')

/** Parley in one process: the edge, three agents with four pages, a carrier and D1, all from one seed. */
export class World {
  readonly random: Random
  readonly scheduler = new Scheduler(morning)
  readonly edge: Edge
  readonly carrier: Carrier
  readonly network: Network
  readonly history: HistoryBase
  readonly browsers: Browser[] = []
  readonly log: string[] = []
  /** What happened, by its name, for the coverage. */
  readonly hits = new Map<string, number>()

  constructor(seed: number, witness: Witness) {
    this.random = makeRandom(seed)
    // Streams of their own, so that what one part draws does not change what another one does.
    const stream = (salt: number) => makeRandom((seed * 31 + salt) * 2_654_435_761)
    this.history = new HistoryBase(this.scheduler, stream(1))
    this.edge = new Edge({
      scheduler: this.scheduler,
      random: stream(2),
      send: (text, signal) => this.carrier.send(text, signal),
      probe: () => this.carrier.probe(),
      flush: (id, batch) => this.history.flush(id, batch),
      log: (line) => this.note(line),
      crashed: (point) => this.hit(`died ${point}`),
      diskFailed: () => this.hit('disk failed'),
    })
    this.carrier = new Carrier(
      this.scheduler,
      stream(3),
      witness,
      () => this.edge,
      (fault) => this.hit(fault),
    )
    this.network = new Network(this.scheduler, stream(4), this.edge, witness, (name) => this.hit(name))
  }

  async begin(): Promise<void> {
    const puts = companyOf(this.random, this.scheduler.now)
    this.edge.do((object) =>
      object.found(account, puts, [{ id: channel, carrier: 'simulator', credentials: '{}' }]),
    )
    for (const agent of people) {
      const browser: Browser = this.#browser(agent)
      this.browsers.push(browser)
      await this.open(browser)
    }
    const [first] = this.browsers
    if (first) await this.open(first)
    await this.scheduler.pass(2000)
  }

  /** An agent signs in somewhere else as well, and stays. */
  async join(agent: AgentId): Promise<void> {
    const browser = { ...this.#browser(agent), name: `${agent}'s other one`, store: new SharedStore() }
    this.browsers.push(browser)
    await this.open(browser)
  }

  /** A browser in which this agent has never been, for what a new device makes of it all. */
  async newcomer(agent: AgentId): Promise<Page> {
    return this.open({ ...this.#browser(agent), name: `${agent}'s new one` })
  }

  async open(browser: Browser): Promise<Page> {
    const name = `${browser.name} ${++this.#pages}`
    return Page.open(name, browser, this.scheduler, makeRandom(this.random.int(2 ** 31)), this.network)
  }

  pages(): Page[] {
    return this.browsers.flatMap(({ pages }) => [...pages])
  }

  /** The person opens what was killed again. */
  reopen(page: Page): void {
    this.open(page.browser).catch((fault: unknown) => {
      // The database did not open: the person tries again.
      this.note(`not opened: ${String(fault)}`)
      this.scheduler.after(1000, () => this.reopen(page))
    })
  }

  /** The admin changes a setting. It is no part of what is tested, so it happens in spite of everything. */
  configure(put: RowPut): void {
    const { down } = this.edge
    const { crashAt } = this.edge
    const { failIn } = this.edge.disk
    this.edge.down = false
    this.edge.crashAt = null
    this.edge.disk.failIn = null
    this.edge.do((object) => object.door.install([put]))
    this.edge.down = down
    this.edge.crashAt = crashAt
    this.edge.disk.failIn = failIn
  }

  hit(name: string): void {
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1)
  }

  note(line: string): void {
    this.log.push(`${String(this.scheduler.now - morning).padStart(8)} ${line}`)
  }

  async end(): Promise<void> {
    for (const page of this.pages()) page.kill()
    await rest()
    this.edge.crash()
    await rest()
    this.edge.disk.close()
    this.history.close()
  }

  #pages = 0

  #browser(agent: AgentId): Browser {
    return {
      name: agent,
      account,
      agent,
      store: agent === 'sam' ? new MemoryStore() : new SharedStore(),
      locks: new BrowserLocks(),
      mirror: memoryMirror(),
      pages: new Set(),
      skew: agent === 'sam' ? -90_000 : agent === 'admin' ? 3_600_000 : 0,
      online: true,
      held: false,
    }
  }
}
