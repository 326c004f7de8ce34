import type { Press, Screen, SeenEntry, Witness } from '#test/kit/world/witness.ts'

export interface Violation {
  promise: string
  what: string
}

interface Acknowledged {
  client: string
  n: number
  refusal: string | null
}

interface Letter {
  text: string
  from: string
  to: string
  /** When it first reached the edge, in steps of the model. */
  knocked: number | null
  answered: boolean
}

/**
 * What Parley promises, judged by what went in and what came out. It shares no code with Parley: it knows
 * webhooks and their answers, presses and their answers, the carrier's list, and screens.
 */
export class Model implements Witness {
  readonly violations: Violation[] = []
  readonly presses: Press[] = []
  readonly #inbound = new Map<string, Letter>()
  readonly #left: { ref: string; to: string }[] = []
  readonly #accepted = new Map<string, { count: number; text: string; to: string }>()
  readonly #reports = new Map<string, { ref: string; state: string; named: boolean; answered: boolean }>()
  readonly #steps = new Map<Press, number>()
  readonly #acks = new Map<string, Acknowledged>()
  /** People who said STOP and were heard, until anything may have let them in again. */
  readonly #out = new Set<string>()
  /** When, in steps of this model, something may last have let a person in. */
  readonly #in = new Map<string, number>()
  #step = 0
  /** Consent words that were sent by each person: each may be answered by Parley itself once. */
  readonly #words = new Map<string, number>()

  get acknowledgements(): ReadonlyMap<string, { refusal: string | null }> {
    return this.#acks
  }

  customerWrote({ id, from, to, text }: { id: string; from: string; to: string; text: string }): void {
    this.#inbound.set(id, { text, from, to, knocked: null, answered: false })
    if (isWord(text)) this.#words.set(from, (this.#words.get(from) ?? 0) + 1)
  }

  knocked(id: string): void {
    const letter = this.#inbound.get(id)
    if (!letter) return
    letter.knocked ??= ++this.#step
    // From here on the edge may have let this person in again, whether or not it answers.
    if (!letter.answered && bare(letter.text) === 'UNSTOP') this.#letIn(letter.from)
  }

  answered(id: string): void {
    const report = this.#reports.get(id)
    if (report) report.answered = true
    const letter = this.#inbound.get(id)
    if (!letter || letter.answered) return
    letter.answered = true
    if (bare(letter.text) === 'STOP') this.#letOut(letter.from, letter.knocked ?? 0)
  }

  left({ ref, to, text }: { ref: string; to: string; text: string }): void {
    this.#left.push({ ref, to })
    const press = this.#pressOf(ref)
    const opening = this.presses.some(
      ({ what, id, user }) =>
        what === 'opt in' && id !== null && user !== null && addressOf(user) === to && !this.#acks.has(id),
    )
    if (press && this.#out.has(to) && !opening)
      this.#break('P4', `"${text}" was handed over after ${to} had opted out`)
    if (this.#accepted.has(ref))
      this.#break('P3', `"${text}" was handed over again though the carrier has it`)
  }

  accepted({ ref, text, to }: { ref: string; text: string; to: string }): void {
    const before = this.#accepted.get(ref)
    if (before) this.#break('P3', `the carrier has "${text}" twice`)
    this.#accepted.set(ref, { count: (before?.count ?? 0) + 1, text, to })
  }

  reported({ id, ...report }: { id: string; ref: string; state: string; named: boolean }): void {
    this.#reports.set(id, { ...report, answered: false })
  }

  pressed(press: Press): void {
    this.presses.push(press)
    this.#steps.set(press, ++this.#step)
  }

  acknowledged({
    client,
    n,
    id,
    refusal,
  }: {
    client: string
    n: number
    id: string
    refusal: string | null
  }): void {
    const before = this.#acks.get(id)
    if (before && before.refusal !== refusal)
      this.#break('P5', `${id} was answered "${before.refusal}" and then "${refusal}"`)
    if (before) return
    this.#acks.set(id, { client, n, refusal })
    const press = this.presses.find((press) => press.id === id)
    if (!press?.user || refusal !== null) return
    if (press.what === 'opt in') this.#letIn(addressOf(press.user))
    if (press.what === 'opt out') this.#letOut(addressOf(press.user), this.#steps.get(press) ?? 0)
  }

  greeted(client: string, last: number): void {
    for (const [id, ack] of this.#acks)
      if (ack.client === client && ack.n > last)
        this.#break('P5', `the edge greets with number ${last} and answered ${id} as number ${ack.n} before`)
  }

  /** What must hold at every moment. */
  always(): void {
    if (this.#left.length > 5000) this.#break('P3', 'the carrier is called without an end')
  }

  /** What must hold on any screen at any moment. */
  glance(screen: Screen): void {
    const seen = new Map<string, number>()
    for (const { entries, user } of screen.threads) {
      for (const entry of entries) {
        if (entry.kind === 'inbound') seen.set(entry.text, (seen.get(entry.text) ?? 0) + 1)
        const known =
          entry.kind !== 'inbound' || [...this.#inbound.values()].some(({ text }) => text === entry.text)
        if (!known) this.#break('P2', `${screen.page} shows "${entry.text}", which nobody wrote`)
      }
      const ids = entries.map(({ id }) => id)
      if (new Set(ids).size < ids.length) this.#break('P6', `${screen.page} shows an entry of ${user} twice`)
    }
    for (const [text, times] of seen)
      if (times > 1) this.#break('P2', `${screen.page} shows "${text}" ${times} times`)
    const pairs = screen.rows.flatMap((row) =>
      row.status === 'open' ? [`${row.user} on ${row.number}`] : [],
    )
    for (const pair of pairs)
      if (pairs.indexOf(pair) !== pairs.lastIndexOf(pair))
        this.#break(
          'P2',
          `${screen.page} shows two open conversations of ${pair}: ${JSON.stringify(screen.rows.filter((row) => pair === `${row.user} on ${row.number}`))}`,
        )
  }

  /** What must hold when all faults are over and nothing is under way. */
  finally(screens: readonly Screen[]): void {
    for (const screen of screens) {
      this.glance(screen)
      if (screen.phase !== 'live') this.#break('P6', `${screen.page} is "${screen.phase}" and not live`)
      if (screen.waiting.length > 0)
        this.#break('P5', `${screen.page} still waits with ${screen.waiting.join(', ')}`)
      this.#judgeInbound(screen)
      this.#judgeTexts(screen)
      this.#judgePresses(screen)
    }
    this.#judgeSame(screens)
    this.#judgeOwnWords()
  }

  #judgeInbound(screen: Screen): void {
    for (const { text, from, answered } of this.#inbound.values()) {
      const thread = screen.threads.find(({ user }) => addressOf(user) === from)
      const found = thread?.entries.filter((entry) => entry.kind === 'inbound' && entry.text === text) ?? []
      if (answered && found.length === 0)
        this.#break('P1', `"${text}" was answered with 2xx and is not on ${screen.page}`)
      if (found.length > 1) this.#break('P2', `"${text}" is on ${screen.page} ${found.length} times`)
    }
  }

  #judgeTexts(screen: Screen): void {
    const shown = new Map<string, SeenEntry>()
    for (const { entries } of screen.threads)
      for (const entry of entries) if (entry.kind === 'outbound') shown.set(entry.id, entry)
    for (const [id, entry] of shown) {
      const count = this.#accepted.get(id)?.count ?? 0
      const may = possible(entry)
      if (!may.includes(count))
        this.#break(
          'P3',
          `${screen.page} shows "${entry.text}" as ${entry.state} and the carrier has it ${count} times`,
        )
      const reports = [...this.#reports.values()].filter(({ ref, answered }) => ref === id && answered)
      const named = reports.filter((report) => report.named).map(({ state }) => state)
      if (named.length > 0 && entry.state === 'unconfirmed')
        this.#break(
          'P3',
          `"${entry.text}" stays unconfirmed though its receipt "${named.join()}" was answered`,
        )
      if (named.includes('delivered') && entry.state !== 'delivered')
        this.#break('P3', `"${entry.text}" is shown as ${entry.state} and was delivered`)
    }
    for (const [ref, { text }] of this.#accepted)
      if (!shown.has(ref)) this.#break('P3', `the carrier has "${text}", which ${screen.page} does not show`)
  }

  #judgePresses(screen: Screen): void {
    const entries = screen.threads.flatMap(({ entries }) => entries)
    for (const press of this.presses) {
      if (press.id === null) {
        if (press.text !== null && entries.some(({ text }) => text === press.text))
          this.#break('P5', `"${press.text}" was refused at once and is on ${screen.page}`)
        continue
      }
      const applied = entries.some(({ id }) => id.startsWith(`${press.id}:`))
      const mine = screen.device === press.device
      const refused = screen.refused.find(({ id }) => id === press.id)
      const ack = this.#acks.get(press.id)
      if (!ack) this.#break('P5', `nobody ever answered the ${press.what} ${press.id} of ${press.by}`)
      else if (ack.refusal !== null) {
        if (applied) this.#break('P5', `the ${press.what} ${press.id} was refused and is on ${screen.page}`)
        if (mine && !refused?.reason)
          this.#break('P5', `the ${press.what} ${press.id} was refused without a word on ${screen.page}`)
      } else if (leavesEntry.has(press.what) && !applied)
        this.#break(
          'P5',
          `the ${press.what} "${press.text ?? press.id}" of ${press.by} is not on ${screen.page}`,
        )
      else if (mine && refused)
        this.#break(
          'P5',
          `the ${press.what} ${press.id} was taken and is listed as refused on ${screen.page}`,
        )
    }
  }

  #judgeSame([first, ...others]: readonly Screen[]): void {
    if (!first) return
    for (const other of others) this.same(first, other)
  }

  /** Two devices show the same. */
  same(first: Screen, other: Screen): void {
    for (const part of ['rows', 'threads'] as const)
      if (JSON.stringify(first[part]) !== JSON.stringify(other[part]))
        this.#break(
          'P6',
          `${first.page} and ${other.page} show different ${part}: ${difference(first[part], other[part])}`,
        )
  }

  /** Texts that nobody pressed are Parley's own answers to consent words, one each. */
  #judgeOwnWords(): void {
    const own = new Map<string, number>()
    for (const [ref, { to }] of this.#accepted) if (!this.#pressOf(ref)) own.set(to, (own.get(to) ?? 0) + 1)
    for (const [to, count] of own)
      if (count > (this.#words.get(to) ?? 0))
        this.#break('P4', `Parley wrote ${count} texts of its own to ${to}`)
  }

  #letIn(address: string): void {
    this.#in.set(address, ++this.#step)
    this.#out.delete(address)
  }

  /** `since`: when the edge may first have taken it. What let the person in since may have come after it. */
  #letOut(address: string, since: number): void {
    if ((this.#in.get(address) ?? 0) < since) this.#out.add(address)
  }

  /** What a person pressed for this text. A press is told when its device has answered, which is before it leaves. */
  #pressOf(ref: string): Press | null {
    return this.presses.find(({ id }) => id !== null && ref.startsWith(`${id}:`)) ?? null
  }

  #break(promise: string, what: string): void {
    if (this.violations.length < 8) this.violations.push({ promise, what })
  }

  /** For what the world itself compares, outside of screens. */
  blame(promise: string, what: string): void {
    this.#break(promise, what)
  }
}

/** How often the carrier may have a text that is shown in this state. */
function possible({ state, why }: SeenEntry): number[] {
  switch (state) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
      return [1]
    case 'failed':
      return why?.startsWith('F') ? [1] : [0]
    case 'unconfirmed':
      return [0, 1]
    case 'held':
    case 'refused':
    case 'discarded':
      return [0]
    default:
      // Still on its way, though nothing is under way any more.
      return []
  }
}

const leavesEntry = new Set(['send', 'start', 'note', 'claim', 'transfer', 'end'])

function isWord(text: string): boolean {
  return ['STOP', 'UNSTOP', 'HELP'].includes(bare(text))
}

/** A consent word is unlike any other text by the points behind it, which do not count. */
function bare(text: string): string {
  return text.replace(/[.!]+$/, '')
}

/** People are named by their numbers: `up1309...` is +1309... */
function addressOf(user: string): string {
  return `+${user.slice(2)}`
}

function difference(left: readonly unknown[], right: readonly unknown[]): string {
  const flat = (list: readonly unknown[]) =>
    list.flatMap((item) =>
      typeof item === 'object' && item !== null && 'entries' in item && Array.isArray(item.entries)
        ? [
            JSON.stringify({ ...item, entries: item.entries.length }),
            ...item.entries.map((entry) => JSON.stringify(entry)),
          ]
        : [JSON.stringify(item)],
    )
  const [ours, theirs] = [flat(left), flat(right)]
  const at = ours.findIndex((line, index) => line !== theirs[index])
  return `${ours[at] ?? 'nothing'} against ${theirs[at < 0 ? ours.length : at] ?? 'nothing'}`
}
