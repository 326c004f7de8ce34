import { DurableObject } from 'cloudflare:workers'
import { sampleFile, type CarrierFile } from './files.ts'
import { isHealthy, meet, receiptsOf, type Faults } from './faults.ts'
import type { Media } from '#shared/model/entry.ts'
import { simulatedMediaHost } from '#worker/carriers/simulator.ts'
import type {
  Handed,
  HandsetEntry,
  HandsetText,
  ListedText,
  Owed,
  Reception,
  Report,
  SentText,
} from './model.ts'
import { CarrierTables } from './tables.ts'
import { backOff, carrierOf, inboundWebhook, patience, post, statusWebhook } from './webhooks.ts'

/** What the simulated carrier's object and its routes are bound to. */
export interface SimulatorEnv {
  SIMULATED_CARRIER: DurableObjectNamespace<SimulatedCarrier>
  /** Where this deployment is reached, if configured. */
  PUBLIC_ADDRESS?: string
}

/**
 * One channel of a carrier that exists on this machine only. It keeps what it accepts before it answers, owes
 * Parley every inbound text and receipt until a webhook answers 2xx, and fails in the ways that `faults` names.
 * It shares no storage with Parley: they talk over HTTP alone, as with a real one.
 */
export class SimulatedCarrier extends DurableObject<SimulatorEnv> {
  readonly #tables: CarrierTables

  constructor(ctx: DurableObjectState, env: SimulatorEnv) {
    super(ctx, env)
    this.#tables = new CarrierTables(ctx.storage.sql)
    this.#tables.endLeases(Date.now())
    void ctx.blockConcurrencyWhile(() => this.#wakeInTime())
  }

  /** Tells the object who it is and where Parley is reached. Both outlive a restart. */
  introduce(channel: string, origin: string): void {
    if (this.#tables.setting('channel') !== channel) this.#tables.set('channel', channel)
    if (this.#tables.setting('origin') !== origin) this.#tables.set('origin', origin)
  }

  /** Parley hands a text over. What the caller should answer, and when, is for the route to carry out. */
  async send(text: Handed): Promise<Reception> {
    const { mode, next } = meet(this.#tables.faults)
    const setting = this.#tables.faults
    if (next !== setting) this.#tables.faults = next
    if (mode === 'refuse' || mode === 'drop-before-accept') {
      this.#tell()
      return mode === 'refuse' ? { kind: 'refused' } : { kind: 'silent' }
    }
    const media = await this.#take(text.media)
    if (media === null) return { kind: 'no media' }
    const id = this.#newId(text.ref)
    const now = Date.now()
    this.#tables.addSent(id, { ...text, media }, now)
    const sent = this.#tables.sentById(id)
    if (sent !== null) {
      for (const { state, after } of receiptsOf(setting.receipts)) {
        this.#tables.owe(id, id, statusWebhook(this.#channel, sent, { state }), now + after)
      }
    }
    await this.#wakeInTime()
    this.#tell()
    if (mode === 'timeout-after-accept') return { kind: 'silent' }
    return { kind: 'accepted', id, wait: mode === 'slow' ? setting.ms : 0 }
  }

  /** Fetches the pictures of a text as any carrier does, and keeps them; null where one cannot be had. */
  async #take(media: readonly Media[]): Promise<Media[] | null> {
    const taken: Media[] = []
    for (const { url } of media) {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => null)
      const contentType = answer?.headers.get('content-type') ?? ''
      if (!answer?.ok || !contentType.startsWith('image/')) return null
      const name = `${crypto.randomUUID()}.${contentType.split('/')[1] ?? ''}`
      this.#tables.addFile(name, { contentType, bytes: new Uint8Array(await answer.arrayBuffer()) })
      taken.push({ url: `https://${simulatedMediaHost}/${name}`, contentType })
    }
    return taken
  }

  /** A file of a text, or one that a handset attaches; null where there is none of that name. */
  async file(name: string): Promise<CarrierFile | null> {
    return this.#tables.file(name) ?? (await sampleFile(name))
  }

  attach(file: CarrierFile): Media {
    const name = `${crypto.randomUUID()}.${file.contentType.split('/')[1]?.replace(/\W/g, '') ?? 'bin'}`
    this.#tables.addFile(name, file)
    return { url: `https://${simulatedMediaHost}/${name}`, contentType: file.contentType }
  }

  /** A handset sends. Answers what Parley's webhook said to the first attempt, 0 where it said nothing. */
  async receive(text: HandsetText): Promise<{ id: string; status: number }> {
    const id = text.id ?? this.#newInboundId(text)
    this.#tables.addReceived(id, text, Date.now())
    this.#tables.owe(id, text.from, inboundWebhook(this.#channel, id, text), Date.now())
    this.#tell()
    await this.#wakeInTime()
    const answers = await this.#deliver()
    return { id, status: answers.get(id) ?? statusIn(this.#tables.receivedState(id)) }
  }

  /** A receipt given by hand, for a text by its id or by Parley's. Answers whether there is such a text. */
  async report(news: Report): Promise<boolean> {
    const sent = this.#tables.sentById(news.id)
    if (sent === null) return false
    if (news.state === 'undelivered' || news.state === 'failed') this.#tables.markSent(sent.id, news.state)
    this.#tables.owe(sent.id, sent.id, statusWebhook(this.#channel, sent, news), Date.now())
    await this.#wakeInTime()
    this.#tell()
    return true
  }

  isHealthy(): boolean {
    return isHealthy(this.#tables.faults)
  }

  faults(): Faults {
    return this.#tables.faults
  }

  setFaults(faults: Faults): void {
    this.#tables.faults = faults
    this.#tell()
  }

  sent(): SentText[] {
    return this.#tables.sent()
  }

  /** What this carrier took from one number for another between two times. */
  list(from: string, to: string, since: number, until: number): ListedText[] {
    return this.#tables.list(from, to, since, until)
  }

  conversation(handset: string, company: string | null): HandsetEntry[] {
    return this.#tables.conversation(handset, company)
  }

  /** A page follows over a WebSocket: it is told that something changed and asks for what it shows. */
  override fetch(_request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(): void {}

  /** Deliveries are not awaited here: one that hangs would hold up the alarm that the next ones need. */
  override async alarm(): Promise<void> {
    this.ctx.waitUntil(this.#deliver())
  }

  /**
   * Makes every call that is due, lane by lane. What was taken on is leased until its attempt must have ended, so
   * that no other alarm makes it as well and a kill only delays it. Answers what came back, by text.
   */
  async #deliver(): Promise<Map<string, number>> {
    const lanes = Map.groupBy(this.#tables.due(Date.now()), ({ lane }) => lane)
    for (const calls of lanes.values()) {
      for (const [place, { id }] of calls.entries())
        this.#tables.lease(id, Date.now() + (place + 1) * (patience + 1000))
    }
    const answers = new Map<string, number>()
    const along = async (calls: Owed[]) => {
      for (const call of calls) answers.set(call.about, await this.#attempt(call))
    }
    await Promise.all(Array.from(lanes.values(), along))
    await this.#wakeInTime()
    return answers
  }

  async #attempt(call: Owed): Promise<number> {
    const status = await post(this.#tables.setting('origin') ?? '', call)
    const taken = status >= 200 && status < 300
    if (taken) this.#tables.settle(call.id)
    else {
      this.#tables.postpone(call.id, Date.now() + backOff(call.attempts))
      await this.#wakeInTime()
    }
    this.#tables.markReceived(call.about, taken ? 'taken' : `waiting: ${status}`)
    this.#tell()
    return status
  }

  /** The alarm stands at the earliest call that is owed. */
  async #wakeInTime(): Promise<void> {
    const due = this.#tables.nextDue()
    if (due !== null) await this.ctx.storage.setAlarm(Math.max(due, Date.now()))
  }

  /** A socket that is just closing throws; its page comes back and asks for everything. */
  #tell(): void {
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send('changed')
      } catch {
        continue
      }
    }
  }

  get #channel(): string {
    return this.#tables.setting('channel') ?? ''
  }

  /** Our own ids end in Parley's message id, which receipts by hand then name as well; Twilio's have 34 characters. */
  #newId(ref: string): string {
    return carrierOf(this.#channel) === 'twilio' ? `SM${hex32()}` : `s${this.#tables.countSent() + 1}.${ref}`
  }

  #newInboundId(text: HandsetText): string {
    if (carrierOf(this.#channel) === 'simulator') return `h${hex32()}`
    return `${text.media.length > 0 ? 'MM' : 'SM'}${hex32()}`
  }
}

function hex32(): string {
  return crypto.randomUUID().replaceAll('-', '')
}

function statusIn(state: string): number {
  return state === 'taken' ? 200 : Number(state.replace('waiting: ', '')) || 0
}
