import type { Server } from '#test/e2e/server.ts'
import type { Random } from '#test/kit/random.ts'
import type { Replica } from './replica.ts'

const customers = Array.from({ length: 40 }, (_, index) => `+1217555${2000 + index}`)
const numbers = ['+13095550100', '+13095550101']
/** What a carrier does to the next text now and then. */
const carrierFaults = ['timeout-after-accept', 'drop-before-accept', 'slow', 'refuse'] as const
/** How long everything may take to come to rest, when all of it works again. */
const patience = 10 * 60_000

interface Arrival {
  id: string
  from: string
  to: string
  text: string
}

/**
 * Customers who text, with a carrier that repeats what was not answered, and agents who answer, note, claim, flag and
 * end, lose their connection and reload. It knows what went in, so it can judge what came out.
 */
export class Load {
  readonly #server: Server
  readonly #replicas: readonly Replica[]
  readonly #random: Random
  readonly #unanswered: Arrival[] = []
  readonly #answered = new Map<string, Arrival>()
  /** Texts of agents that a device took, and the devices they were pressed on. */
  readonly #pressed = new Map<string, Replica>()
  readonly #counts = new Map<string, number>()
  #steps = 0

  constructor(server: Server, replicas: readonly Replica[], random: Random) {
    this.#server = server
    this.#replicas = replicas
    this.#random = random
  }

  counts(): string {
    return [...this.#counts].map(([what, count]) => `${count} ${what}`).join(', ')
  }

  /** One thing happens. */
  async step(): Promise<void> {
    this.#steps++
    const luck = this.#random.int(100)
    if (luck < 35) await this.#text()
    else if (luck < 42) await this.#repeat()
    else if (luck < 90) await this.#act(this.#random.pick(this.#replicas))
    else if (luck < 94) this.#moveLine(this.#random.pick(this.#replicas))
    else if (luck < 96) await this.#reload(this.#random.pick(this.#replicas))
    else await this.#carrier()
  }

  /** Ends every fault and waits until nothing is under way. Answers what never came to rest. */
  async rest(): Promise<string[]> {
    const until = Date.now() + patience
    for (const replica of this.#replicas) replica.setOnline(true)
    await this.#server.simulator('/api/faults', { channel: 'northwind', mode: 'none' })
    let moved = false
    for (;;) {
      for (const arrival of this.#unanswered.splice(0)) await this.#bring(arrival)
      const left = await this.#left()
      if (left.length === 0 && moved) return []
      if (Date.now() > until) return left
      if (left.length === 0) {
        // Texts without an answer ask the carrier's list after ten minutes [E22].
        await this.#server.simulator('/api/clock', { account: 'northwind', ms: 11 * 60_000 })
        moved = true
      }
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }

  /** What is missing or twice, by what went in. */
  async judge(sent: readonly { text: string }[]): Promise<string[]> {
    const problems: string[] = []
    const times = new Map<string, number>()
    for (const { text } of sent) times.set(text, (times.get(text) ?? 0) + 1)
    const [witness] = this.#replicas
    const entries = (await witness?.content())?.flatMap(([table, , body]) =>
      table === 'entries' ? [body as { kind: string; text?: string; delivery?: { state: string } }] : [],
    )
    const shown = Map.groupBy(entries ?? [], ({ text = '' }) => text)
    for (const { text } of this.#answered.values()) {
      const count = shown.get(text)?.length ?? 0
      if (count !== 1) problems.push(`"${text}" was answered with 2xx and stands there ${count} times`)
    }
    const refused = await this.#refused()
    for (const [text, { name }] of this.#pressed) {
      const left = times.get(text) ?? 0
      if (left > 1) problems.push(`"${text}" left ${left} times`)
      const [entry, ...more] = shown.get(text) ?? []
      if (more.length > 0) problems.push(`"${text}" stands there ${more.length + 1} times`)
      if (!entry && !refused.has(text)) problems.push(`"${text}" was taken by ${name} and is nowhere`)
      const state = entry?.delivery?.state
      if (state !== undefined && !mayHaveLeft(state, left))
        problems.push(`"${text}" is shown as ${state} and left ${left} times`)
    }
    return problems
  }

  /** Texts that came back to the device they were pressed on. */
  async #refused(): Promise<ReadonlySet<string>> {
    const texts = new Set<string>()
    for (const { store } of this.#replicas)
      for (const { command } of await store.read((tx) => tx.all('refusals')))
        if ('text' in command) texts.add(command.text)
    return texts
  }

  async #left(): Promise<string[]> {
    const left: string[] = []
    for (const replica of this.#replicas) {
      if (!replica.live) left.push(`${replica.name} is ${replica.engine.status.phase}`)
      const waiting = await replica.waiting()
      if (waiting > 0) left.push(`${replica.name} has ${waiting} changes that wait`)
      const behind = await replica.fetchAll()
      if (behind > 0) left.push(`${replica.name} is behind with ${behind} threads`)
    }
    if (this.#unanswered.length > 0) left.push(`${this.#unanswered.length} texts were not taken`)
    const { entries } = await this.#server.simulator<{ entries: number }>('/api/history?account=northwind')
    if (entries > 0) left.push(`D1 lacks ${entries} changes`)
    return left
  }

  async #text(): Promise<void> {
    const from = this.#random.pick(customers)
    const text = `question ${this.#steps}`
    this.#count('texts in')
    await this.#bring({ id: `soak-${this.#steps}`, from, to: this.#random.pick(numbers), text })
  }

  /** A carrier says again what it has no answer for, or what it has one for. */
  async #repeat(): Promise<void> {
    const again = this.#unanswered.shift() ?? [...this.#answered.values()].at(-1 - this.#random.int(5))
    if (!again) return
    this.#count('repeated')
    await this.#bring(again)
  }

  async #bring(arrival: Arrival): Promise<void> {
    const { id, from, to, text } = arrival
    const answer = await this.#server.hook(id, text, { from, to }).catch(() => null)
    if (answer?.ok) this.#answered.set(id, arrival)
    else if (!this.#answered.has(id)) this.#unanswered.push(arrival)
  }

  async #act(replica: Replica): Promise<void> {
    const rows = await replica.open()
    if (rows.length === 0) return
    const { conversation } = this.#random.pick(rows.slice(0, 30))
    const { id } = conversation
    const word = `${replica.name} ${this.#steps}`
    const { actions } = replica
    const luck = this.#random.int(100)
    const thread = await replica.thread(id)
    const heldTexts = thread?.confirmed.filter(
      (entry) => entry.kind === 'outbound' && entry.delivery.state === 'held',
    )
    const [held] = heldTexts ?? []
    if (held) {
      const send = this.#random.int(2) === 0
      this.#count(send ? 'held ones sent' : 'held ones discarded')
      await (send ? actions.sendHeld(id, held.id) : actions.discardHeld(id, held.id, false))
    } else if (luck < 55) {
      const pressed = await actions.send(id, `answer ${word}`)
      this.#count(pressed.ok ? 'texts pressed' : 'refused at once')
      if (pressed.ok) this.#pressed.set(`answer ${word}`, replica)
    } else if (luck < 65) {
      this.#count('notes')
      await actions.note(id, `note ${word}`)
    } else if (luck < 75) {
      this.#count('claims')
      await actions.claim(conversation)
    } else if (luck < 82) {
      this.#count('flags')
      await actions.followUp(id, !conversation.followUp)
    } else if (luck < 90) {
      this.#count('ends')
      await actions.end(id)
    } else {
      this.#count('read')
      const newest = thread?.confirmed.at(-1)?.order ?? 0
      if (thread?.behind) replica.engine.want(conversation.user)
      await actions.markRead(id, newest)
    }
  }

  #moveLine(replica: Replica): void {
    const online = this.#random.int(2) === 0
    if (!online) this.#count('lines lost')
    replica.setOnline(online)
  }

  async #reload(replica: Replica): Promise<void> {
    this.#count('reloads')
    await replica.reload()
  }

  async #carrier(): Promise<void> {
    const mode = this.#random.pick(carrierFaults)
    this.#count(`carrier ${mode}`)
    const count = 1 + this.#random.int(2)
    await this.#server
      .simulator('/api/faults', { channel: 'northwind', mode, count, receipts: 'shuffled' })
      // It may be down just now.
      .catch(() => undefined)
  }

  #count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }
}

/** Whether a text at rest may be in the carrier's list so often: of an unconfirmed one nobody knows. */
function mayHaveLeft(state: string, times: number): boolean {
  switch (state) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
      return times === 1
    case 'unconfirmed':
      return times <= 1
    case 'held':
    case 'discarded':
    case 'refused':
    case 'failed':
      return times === 0
    default:
      // Accepted, claimed or scheduled: something is still under way.
      return false
  }
}
