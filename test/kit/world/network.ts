import { agentId, mediaId } from '#shared/base/ids.ts'
import type { Reply, Socket, SocketEvents } from '#client/sync/device.ts'
import type { Random } from '#test/kit/random.ts'
import type { Bucket } from './bucket.ts'
import type { Edge, EdgeSocket } from './edge.ts'
import type { HistoryBase } from './history-base.ts'
import { inOldWords } from './old-words.ts'
import { overhearEdge, overhearPage } from './overheard.ts'
import type { Page } from './page.ts'
import { Pipe } from './pipe.ts'
import type { Scheduler } from './scheduler.ts'
import type { Witness } from './witness.ts'

/** Entries of a page of history. */
const historyPage = 10

interface Line {
  page: Page
  toEdge: Pipe<{ text: string; at: number }>
  toPage: Pipe<() => void>
  /** Ends the line as a reset does: what is under way may still arrive, or be lost. */
  cut(lose: boolean): void
  hold(held: boolean): void
}

interface NetworkParts {
  scheduler: Scheduler
  random: Random
  edge: Edge
  history: HistoryBase
  witness: Witness
  bucket: Bucket
  hit(name: string): void
}

/** Between pages and the edge: sockets and requests that take time, stall, break and go silent. */
export class Network {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #edge: Edge
  readonly #history: HistoryBase
  readonly #witness: Witness
  readonly #bucket: Bucket
  readonly #hits: (name: string) => void
  readonly #lines = new Set<Line>()
  /** Share of 100 of the requests that fail. */
  failing = 0
  /** How long the edge takes to notice that a line was cut, at most. */
  linger = 40_000

  constructor({ scheduler, random, edge, history, witness, bucket, hit }: NetworkParts) {
    this.#scheduler = scheduler
    this.#random = random
    this.#edge = edge
    this.#history = history
    this.#witness = witness
    this.#bucket = bucket
    this.#hits = hit
  }

  connect(page: Page, on: SocketEvents): Socket {
    const { browser } = page
    let state: 'opening' | 'open' | 'over' = 'opening'
    let client = ''
    const over = (code: number) => {
      if (state === 'over') return
      state = 'over'
      this.#lines.delete(line)
      page.wake(() => on.closed(code))
    }
    const socket: EdgeSocket = {
      agent: browser.signedIn,
      session: `session-${browser.name}-${browser.signedIn}`,
      attachment: null,
      open: true,
      send: (text) => {
        this.#witnessed(text, client)
        line.toPage.send(() => page.wake(() => state === 'open' && on.heard(text)))
      },
      end: (code) => {
        socket.open = false
        if (code === 4403) this.#hits('closed as another agent')
        if (code === 4408 && page.sleeping) this.#hits('closed as too far behind')
        line.toPage.send(() => over(code))
        this.#scheduler.after(500, () => this.#edge.lost(socket))
      },
    }
    const line: Line = {
      page,
      toEdge: new Pipe(this.#scheduler, this.#random, ({ text, at }) => {
        const said = overhearPage(text)
        if (said?.t === 'hello') client = said.client ?? ''
        if (said) this.#hits(said.command ? `said ${said.command.name}` : `said ${said.t}`)
        if (said?.id) this.#witness.handed(said.id, this.#scheduler.now - at)
        const words = browser.old ? inOldWords(text) : text
        if (words !== null) this.#edge.hear(socket, words)
      }),
      toPage: new Pipe(this.#scheduler, this.#random, (call) => call()),
      cut: (lose) => {
        if (lose) line.toEdge.break()
        line.toPage.break()
        over(1006)
        this.#scheduler.after(this.#random.int(this.linger), () => this.#edge.lost(socket))
      },
      hold: (held) => {
        line.toEdge.hold(held)
        line.toPage.hold(held)
      },
    }
    this.#lines.add(line)
    line.hold(browser.held)
    if (!browser.online) {
      this.#scheduler.after(10, () => over(1006))
    } else {
      this.#scheduler.after(20 + this.#random.int(100), () => {
        if (state === 'over') return this.#edge.lost(socket)
        if (browser.held) return
        try {
          this.#edge.accept(socket)
        } catch {
          return over(1006)
        }
        line.toPage.send(() =>
          page.wake(() => {
            if (state !== 'opening') return
            state = 'open'
            on.opened()
          }),
        )
      })
    }
    return {
      send: (text) => {
        if (state === 'open') line.toEdge.send({ text, at: this.#scheduler.now })
      },
      close: (code) => {
        if (state === 'over') return
        this.#scheduler.after(100, () => this.#edge.lost(socket))
        over(code ?? 1005)
      },
    }
  }

  /** How many pages of a browser have a line at the moment. */
  open(browser: Page['browser']): number {
    return [...this.#lines].filter(({ page }) => page.browser === browser).length
  }

  /** Ends every line of a browser, or of all. */
  cut(of: (page: Page) => boolean, lose: boolean): void {
    for (const line of this.#lines) if (of(line.page)) line.cut(lose)
  }

  /** Lines on which nothing comes through any more, and nobody is told: only silence tells [fault C7]. */
  silence(of: (page: Page) => boolean): void {
    for (const line of this.#lines) {
      if (!of(line.page)) continue
      line.toEdge.break()
      line.toPage.break()
    }
  }

  hold(of: (page: Page) => boolean, held: boolean): void {
    for (const line of this.#lines) if (of(line.page)) line.hold(held)
  }

  fetch(page: Page, path: string, body?: string | Blob): Promise<Reply> {
    const { browser } = page
    return new Promise((resolve, reject) => {
      const arrive = () => {
        if (browser.held) return void this.#scheduler.after(1000, arrive)
        if (!browser.online || this.#random.int(100) < this.failing)
          return page.wake(() => reject(new TypeError('Failed to fetch')))
        // An answer may be old when it comes: live frames have told newer things by then [E8].
        const travel = this.#random.int(this.#random.pick([100, 100, 100, 5000]))
        void this.#answer(page, path, body).then((reply) => {
          // What was brought is there, though its device does not hear it.
          if (body && this.#random.int(100) < this.failing)
            return page.wake(() => reject(new TypeError('Failed to fetch')))
          this.#scheduler.after(5 + travel, () => page.wake(() => resolve(reply)))
        })
      }
      this.#scheduler.after(5 + this.#random.int(100), arrive)
    })
  }

  /** What the Worker in front of the object answers: identity from the session, pages from the object and D1. */
  async #answer({ browser }: Page, path: string, body?: string | Blob): Promise<Reply> {
    const url = new URL(path, 'https://edge')
    const session = { account: browser.account, accountName: browser.account, agent: browser.signedIn }
    if (url.pathname === '/api/session')
      return reply(200, { ...session, name: browser.signedIn, email: 'x@demo.test', role: 'agent' })
    const asked = agentId.parse(url.searchParams.get('agent'))
    if (asked !== browser.signedIn) return reply(409, null)
    try {
      if (url.pathname === '/api/history') {
        const before = Number(url.searchParams.get('before'))
        const user = url.searchParams.get('user') ?? ''
        const entries = await this.#history.page(browser.account, user, before, historyPage)
        return reply(200, { entries, more: entries.length === historyPage })
      }
      if (body instanceof Blob) {
        const id = mediaId.parse(url.pathname.slice('/api/media/'.length))
        return reply(await this.#bucket.take(asked, id, body), { text: 'Not now.' })
      }
      const limit = 1 + this.#random.int(30)
      const after = url.searchParams.get('after') ?? ''
      const only = url.searchParams.get('audiences')?.split(',')
      const rows = this.#edge.do((account) =>
        url.pathname === '/api/rows/first' ? account.first(asked) : account.rows(asked, after, limit, only),
      )
      return { status: 200, json: async () => JSON.parse(JSON.stringify(rows)), header: () => null }
    } catch {
      return reply(503, null)
    }
  }

  #witnessed(text: string, client: string): void {
    const message = overhearEdge(text)
    if (message === null) return
    this.#hits(`heard ${message.t}`)
    if (message.t === 'welcome') this.#witness.greeted(client, message.last ?? 0)
    for (const { n, id, refusal } of message.acks ?? [])
      this.#witness.acknowledged({ client, n, id, refusal: refusal?.code ?? null })
  }
}

function reply(status: number, body: unknown): Reply {
  return { status, json: async () => body, header: () => null }
}
