import { Drafts } from './drafts.ts'
import { Mailings } from './mailings.ts'
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
  /** The number is one of the company's. */
  placed: boolean
  /** When it first reached the edge, in steps of the model. */
  knocked: number | null
  /** When the account first died over it, with it or without. */
  doubtful: number | null
  /** When it was answered with 2xx. */
  answered: number | null
  /** When the account itself had it: what R2 keeps meanwhile is safe, and counts from here on. */
  taken: number | null
  /** The same in the world's time. */
  takenAt: number
  /** It was in the account and nowhere else when the account's storage went back: nobody can have it now. */
  lost: boolean
  /** It came once more after that. */
  again: boolean
}

/**
 * What Parley promises, judged by what went in and what came out. It shares no code with Parley: it knows
 * webhooks and their answers, presses and their answers, the carrier's list, and screens.
 */
export class Model implements Witness {
  readonly violations: Violation[] = []
  readonly presses: Press[] = []
  readonly drafts = new Drafts((promise, what) => this.#break(promise, what))
  readonly #mailings = new Mailings((promise, what) => this.#break(promise, what))
  readonly #inbound = new Map<string, Letter>()
  /** `lost`: in a life that is lost. */
  readonly #left: { ref: string; to: string; text: string; step: number; lost: boolean }[] = []
  /** Those of them that a copy may have held ready to leave, when nobody could say that they had left. */
  readonly #unnoticed = new Set<string>()
  /** Commands that were answered in a life that is lost. */
  readonly #offeredAgain = new Set<string>()
  /** Commands that were refused in a life that is lost, before their device knew: they may be answered anew. */
  readonly #refusedInLost = new Set<string>()
  /** People whose consent words are lost and came again, with how often: each is answered as it was before. */
  readonly #askedAgain = new Map<string, number>()
  /** Answers of Parley's own that left a second time, as they may. */
  readonly #leftAgain = new Set<string>()
  /** Texts that left in a life of the account that is lost, with when that life ended. */
  readonly #leftInLost = new Map<string, number>()
  readonly #accepted = new Map<string, { count: number; text: string; to: string }>()
  readonly #reports = new Map<
    string,
    { ref: string; state: string; named: boolean; answered: number | null }
  >()
  readonly #steps = new Map<Press, number>()
  readonly #acks = new Map<string, Acknowledged & { step: number }>()
  /** People who said STOP and were heard, with the step at which the newest such word began. */
  readonly #out = new Map<string, number>()
  /** Commands that reached the edge more than 15 s after their press, with the step and the time that took. */
  readonly #handed = new Map<string, { step: number; waited: number }>()
  /** Steps at which devices lost what they had not handed over. */
  readonly #forgotten = new Map<string, number>()
  /** Pictures that were put into boxes, with the device that has them. */
  readonly #attached = new Map<string, { device: string; step: number }>()
  readonly #numbers: readonly string[]
  readonly #now: () => number
  readonly #elsewhere: (text: string) => boolean
  readonly #answers: () => boolean
  /** When, in steps of this model, something may last have let a person in. */
  readonly #in = new Map<string, number>()
  /** The last restore: what D1 alone knows of what was after that step, nobody does while it is away. */
  #wentUnheard: { to: number; isUnheard(): boolean } = { to: 0, isUnheard: () => false }
  #hasGoneBack = false
  #step = 0
  /** Texts of each person that Parley itself may answer, once each: consent words, and any where it answers automatically. */
  readonly #words = new Map<string, number>()

  /**
   * `elsewhere` says whether a text is another company's, `answers` whether the company answers automatically: to which
   * texts is not known here, only that it is once each, and never to who is out.
   */
  constructor(
    numbers: readonly string[],
    now: () => number,
    elsewhere: (text: string) => boolean,
    answers: () => boolean,
  ) {
    this.#numbers = numbers
    this.#now = now
    this.#elsewhere = elsewhere
    this.#answers = answers
  }

  /** Whether anybody wrote this text here. */
  knows(text: string): boolean {
    return (
      [...this.#inbound.values()].some((letter) => letter.text === text) ||
      this.presses.some((press) => press.text === text)
    )
  }

  get acknowledgements(): ReadonlyMap<string, { refusal: string | null }> {
    return this.#acks
  }

  customerWrote({ id, from, to, text }: { id: string; from: string; to: string; text: string }): void {
    const placed = this.#numbers.includes(to)
    this.#inbound.set(id, {
      text,
      from,
      to,
      placed,
      knocked: null,
      doubtful: null,
      answered: null,
      taken: null,
      takenAt: 0,
      lost: false,
      again: false,
    })
    if (placed && this.#isAnswered(text)) this.#words.set(from, (this.#words.get(from) ?? 0) + 1)
  }

  knocked(id: string): void {
    const letter = this.#inbound.get(id)
    if (!letter) return
    letter.knocked ??= ++this.#step
    if (letter.lost && !letter.again && letter.placed && this.#isAnswered(letter.text)) {
      letter.again = true
      this.#askedAgain.set(letter.from, (this.#askedAgain.get(letter.from) ?? 0) + 1)
    }
    // From here on the edge may have let this person in again, whether or not it answers.
    if (letter.taken === null && letter.placed && bare(letter.text) === 'UNSTOP') this.#letIn(letter.from)
  }

  answered(id: string): void {
    const report = this.#reports.get(id)
    if (report) report.answered ??= ++this.#step
    const letter = this.#inbound.get(id)
    if (!letter || letter.answered !== null) return
    letter.answered = ++this.#step
  }

  died(id: string): void {
    const letter = this.#inbound.get(id)
    if (letter) letter.doubtful ??= ++this.#step
  }

  taken(id: string): void {
    const letter = this.#inbound.get(id)
    if (!letter || letter.taken !== null) return
    letter.taken = ++this.#step
    letter.takenAt = this.#now()
    if (letter.placed && bare(letter.text) === 'STOP') this.#letOut(letter.from, letter.knocked ?? 0)
  }

  handed(id: string, travelled: number): void {
    const press = this.presses.find((press) => press.id === id)
    if (!press || this.#handed.has(id)) return
    this.#handed.set(id, {
      step: ++this.#step,
      waited: press.steady() ? this.#now() - press.at - travelled : 0,
    })
  }

  missing(picture: string, text: string): void {
    this.#break('P5', `"${text}" left with the picture ${picture}, which nobody can fetch`)
  }

  attached(device: string, picture: string): void {
    this.#attached.set(picture, { device, step: ++this.#step })
  }

  vanished(id: string, page: string): void {
    const text = this.presses.find((press) => press.id === id)?.text
    this.#break('P5', `"${text ?? id}" was taken and stands nowhere on ${page}`)
  }

  forgot(device: string): void {
    this.drafts.forgot(device)
    this.#forgotten.set(device, ++this.#step)
  }

  claimed(text: { ref: string; to: string; text: string }): void {
    // No text of a list is given out before D1 has been heard.
    this.#mailings.claimed(text, this.#isOut(text.to))
  }

  /** They opted out, that was answered, and nothing may have let them in again. */
  #isOut(to: string): boolean {
    const since = this.#out.get(to)
    if (since === undefined) return false
    return !this.presses.some(
      (press) =>
        press.what === 'opt in' &&
        press.id !== null &&
        press.user !== null &&
        addressOf(press.user) === to &&
        !this.#acks.has(press.id) &&
        this.#pressedAt(press) > since,
    )
  }

  left({ ref, to, text, pictures }: Parameters<Witness['left']>[0]): void {
    this.#left.push({ ref, to, text, step: ++this.#step, lost: false })
    this.#mailings.left({ ref, to, text })
    const press = this.#pressOf(ref)
    const isOwn = !press && !this.#mailings.has(text)
    // Of Parley's own texts the one that confirms it is the last that they get.
    if ((press || (isOwn && !confirms(text))) && this.#isOut(to) && !this.#isUnheard(to))
      this.#break('P4', `"${text}" was handed over after ${to} had opted out`)
    if (press && press.pictures.join() !== pictures.join())
      this.#break(
        'P3',
        `"${text}" left with "${pictures.join()}" and was pressed with "${press.pictures.join()}"`,
      )
    if (press) this.#judgeLate(press, ref)
    if (press?.due !== undefined) this.#judgeScheduled(press, ref)
    if (this.#accepted.has(ref) && !this.#mayLeaveAgain(ref) && !this.#isAnswerAgain(ref, to))
      this.#break('P3', `"${text}" was handed over again though the carrier has it`)
  }

  accepted({ ref, text, to }: { ref: string; text: string; to: string }): void {
    this.#mailings.accepted({ ref, text })
    const before = this.#accepted.get(ref)
    // Each that left again was judged as it left: from there no second one can come.
    if (before && !this.#mayLeaveAgain(ref) && !this.#leftAgain.delete(ref))
      this.#break('P3', `the carrier has "${text}" twice`)
    this.#accepted.set(ref, { count: (before?.count ?? 0) + 1, text, to })
  }

  reported({ id, ...report }: { id: string; ref: string; state: string; named: boolean }): void {
    this.#reports.set(id, { ...report, answered: null })
  }

  pressed(press: Press): void {
    this.presses.push(press)
    this.#steps.set(press, ++this.#step)
    this.#mailings.pressed(press)
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
    const anew = this.#refusedInLost.has(id) && this.#acks.get(id)?.refusal !== refusal
    if (anew) {
      this.#refusedInLost.delete(id)
      this.#acks.delete(id)
      this.#offeredAgain.add(id)
    }
    const before = this.#acks.get(id)
    if (before && before.refusal !== refusal)
      this.#break('P5', `${id} was answered "${before.refusal}" and then "${refusal}"`)
    if (before) return
    // What is offered again may be known, and is answered then whatever its number is, which stays free.
    const number = this.#offeredAgain.has(id) ? 0 : n
    this.#acks.set(id, { client, n: number, refusal, step: ++this.#step })
    const press = this.presses.find((press) => press.id === id)
    if (!press?.user || refusal !== null) return
    // An opt-in that was pressed before the newest word cannot have been about it, whenever it arrives.
    const since = this.#out.get(addressOf(press.user)) ?? 0
    if (press.what === 'opt in' && this.#pressedAt(press) > since) this.#letIn(addressOf(press.user))
    if (press.what === 'opt out') this.#letOut(addressOf(press.user), this.#pressedAt(press))
  }

  stand(): number {
    return ++this.#step
  }

  /**
   * What a restore may undo, and nothing else: what happened since that copy and had not reached D1. What devices
   * did they offer again, so every command gets its answer, perhaps another one, and a text that had left waits for
   * its author's word before it leaves a second time.
   */
  wentBack(to: number, known: Parameters<Witness['wentBack']>[1]): void {
    const { durable, isOut, unnoticed, isUnheard, isUnsettled } = known
    const now = ++this.#step
    this.#hasGoneBack = true
    this.#wentUnheard = { to, isUnheard: () => unnoticed && isUnheard() }
    this.#mailings.wentBack(isUnsettled)
    for (const letter of this.#inbound.values()) {
      if (letter.taken === null || letter.taken < to || durable(letter.text)) continue
      letter.lost = true
      // It may come a second time, and is answered then as it was before.
      if (letter.placed && this.#isAnswered(letter.text))
        this.#words.set(letter.from, (this.#words.get(letter.from) ?? 0) + 1)
    }
    // What was handed over and taken, and whose answer got lost, is known under whatever number it is offered again.
    for (const id of this.#handed.keys()) if (!this.#acks.has(id)) this.#offeredAgain.add(id)
    for (const [id, ack] of this.#acks)
      if (ack.step >= to) {
        if (ack.refusal === null) {
          this.#acks.delete(id)
          this.#offeredAgain.add(id)
        }
        // The client that was refused under that number is another one from now on. Where the refusal never got to
        // its device, or could not be stored there, it asks again.
        else {
          ack.n = 0
          this.#refusedInLost.add(id)
        }
      }
    for (const [id, { answered }] of this.#reports)
      if (answered !== null && answered >= to) this.#reports.delete(id)
    for (const left of this.#left)
      if (left.step >= to) {
        const { ref } = left
        left.lost = true
        this.#leftInLost.set(ref, now)
        if (unnoticed) this.#unnoticed.add(ref)
      }
    for (const [address, since] of this.#out) {
      if (since < to) continue
      if (!isOut(address)) this.#out.delete(address)
      // D1 may have them out by an older word: what let them in since then, and comes again, is about that one.
      else this.#out.set(address, this.#newestStop(address) ?? since)
    }
  }

  /** Somebody opted out in the lost life, which only D1 can say, and D1 is away: `docs/reliability.md`. */
  #isUnheard(address: string): boolean {
    const { to, isUnheard } = this.#wentUnheard
    // One that was kept in R2 was answered before the account had it.
    const isLost = [...this.#inbound.values()].some(
      ({ from, text, taken }) => from === address && bare(text) === 'STOP' && taken !== null && taken >= to,
    )
    return (isLost || (this.#out.get(address) ?? 0) >= to) && isUnheard()
  }

  /** The newest STOP of a person that is not lost. */
  #newestStop(address: string): number | null {
    const known = [...this.#inbound.values()].flatMap(({ from, text, placed, taken, lost, knocked }) =>
      from === address && placed && taken !== null && !lost && bare(text) === 'STOP' ? [knocked ?? 0] : [],
    )
    return known.length > 0 ? Math.max(...known) : null
  }

  /** It left in a life that is lost, and this life knows no such text or refused it when it was offered again. */
  #mayBeUnknown(ref: string): boolean {
    const ack = this.#acks.get(ref.split(':')[0] ?? '')
    return this.#leftInLost.has(ref) && (!ack || ack.refusal !== null)
  }

  /**
   * Parley's own answer to a word that was in the lost life alone, and that its carrier brought again: nobody can know
   * that it was answered. Each such word allows one.
   */
  #isAnswerAgain(ref: string, to: string): boolean {
    const left = this.#askedAgain.get(to) ?? 0
    if (left === 0 || this.#pressOf(ref) || !this.#leftInLost.has(ref)) return false
    this.#askedAgain.set(to, left - 1)
    this.#leftAgain.add(ref)
    return true
  }

  /** Its author saw it wait after the account went back, and said that it should be sent. */
  #mayLeaveAgain(ref: string): boolean {
    const since = this.#leftInLost.get(ref)
    if (this.#unnoticed.has(ref)) return true
    return (
      since !== undefined &&
      this.presses.some(
        (press) =>
          press.what === 'send held' &&
          press.settles?.split(':')[0] === ref.split(':')[0] &&
          this.#pressedAt(press) > since,
      )
    )
  }

  /** A late reply that the customer has overtaken in its own conversation waits for its author's word. */
  #judgeLate(press: Press, ref: string): void {
    const handed = press.id === null ? undefined : this.#handed.get(press.id)
    if (press.what !== 'send' || !handed || handed.waited <= 15_500) return
    // A text that was sent in parts is settled as one, by any of them.
    if (this.presses.some(({ settles }) => settles?.split(':')[0] === ref.split(':')[0])) return
    const pressed = this.#pressedAt(press)
    for (const { text, from, to, knocked, taken, lost } of this.#inbound.values())
      if (
        press.user !== null &&
        !lost &&
        from === addressOf(press.user) &&
        to === `+${press.number?.slice(1)}` &&
        knocked !== null &&
        knocked > pressed &&
        taken !== null &&
        taken < handed.step
      )
        this.#break('P5', `"${press.text}" left late and unasked though "${text}" had overtaken it`)
  }

  /** A scheduled reply leaves at its time, and not at all once the customer has written first. */
  #judgeScheduled(press: Press, ref: string): void {
    const { due = 0, text, user, number } = press
    // Whoever reads the words that it waits with may send it at once.
    if (this.presses.some(({ settles }) => settles?.split(':')[0] === ref.split(':')[0])) return
    // Clocks of an object's machines differ by as much.
    if (this.#now() < due - 2000) this.#break('P3', `"${text}" left ${due - this.#now()} ms before its time`)
    const ack = this.#acks.get(press.id ?? '')
    if (!ack || user === null) return
    for (const letter of this.#inbound.values())
      if (
        letter.from === addressOf(user) &&
        letter.to === `+${number?.slice(1)}` &&
        letter.taken !== null &&
        Math.min(letter.taken, letter.doubtful ?? letter.taken) > ack.step &&
        // At its time it is on its way, and clocks of an object's machines differ.
        letter.takenAt < due - 2000 &&
        !letter.lost &&
        !isWord(letter.text)
      )
        this.#break('P5', `"${text}" left at its time though "${letter.text}" had come first`)
  }

  #pressedAt(press: Press): number {
    return this.#steps.get(press) ?? 0
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
        if (this.#elsewhere(entry.text))
          this.#break('P7', `${screen.page} shows "${entry.text}" of another company`)
        else if (!known) this.#break('P2', `${screen.page} shows "${entry.text}", which nobody wrote`)
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
      this.#judgePictures(screen)
      this.#mailings.finally(screen, (id) => this.#acks.get(id))
    }
    this.#judgeSame(screens)
    this.#judgeOwnWords()
  }

  #judgeInbound(screen: Screen): void {
    for (const { text, from, placed, answered, lost } of this.#inbound.values()) {
      if (lost) continue
      if (!placed) {
        if (answered !== null && screen.isAdmin && !screen.strays.includes(text))
          this.#break('P1', `"${text}" was answered with 2xx and is no stray on ${screen.page}`)
        continue
      }
      const thread = screen.threads.find(({ user }) => addressOf(user) === from)
      const found = thread?.entries.filter((entry) => entry.kind === 'inbound' && entry.text === text) ?? []
      if (answered !== null && found.length === 0)
        this.#break('P1', `"${text}" was answered with 2xx and is not on ${screen.page}`)
      if (found.length > 1) this.#break('P2', `"${text}" is on ${screen.page} ${found.length} times`)
    }
  }

  #judgeTexts(screen: Screen): void {
    const shown = new Map<string, SeenEntry & { to: string }>()
    for (const { user, entries } of screen.threads)
      for (const entry of entries)
        if (entry.kind === 'outbound') shown.set(entry.id, { ...entry, to: addressOf(user) })
    for (const [id, entry] of shown) {
      const count = this.#accepted.get(id)?.count ?? 0
      const hasTwin = this.#hasTwinInLost(id, entry)
      const isMailing = this.#mailings.has(entry.text) && entry.state === 'unconfirmed'
      const isMixedUp = () =>
        [...shown].some(([other, twin]) => other !== id && twin.to === entry.to && this.#mixesUp(twin, entry))
      const isDoubtful = isMailing || (entry.state === 'unconfirmed' && (hasTwin || isMixedUp()))
      const lost = this.#left.filter((left) => left.ref === id && left.lost).length
      const may = possible(entry, Math.max(lost, isDoubtful ? 1 : 0))
      // An answer of Parley's own: its person has these words, from a life that only the carrier remembers.
      const isTwin = hasTwin && entry.by === null && count === 0
      if (!may.includes(count) && !isTwin)
        this.#break(
          'P3',
          `${screen.page} shows "${entry.text}" as ${entry.state} and the carrier has it ${count} times`,
        )
      const reports = [...this.#reports.values()].filter(
        ({ ref, answered }) => ref === id && answered !== null,
      )
      const named = reports.filter((report) => report.named).map(({ state }) => state)
      if (named.length > 0 && entry.state === 'unconfirmed')
        this.#break(
          'P3',
          `"${entry.text}" stays unconfirmed though its receipt "${named.join()}" was answered`,
        )
      // Receipts of what went to a list are not told in conversations that are closed [E19].
      const isTold = !(this.#mailings.has(entry.text) && entry.state === 'sent')
      if (named.includes('delivered') && entry.state !== 'delivered' && isTold)
        this.#break('P3', `"${entry.text}" is shown as ${entry.state} and was delivered`)
    }
    for (const [ref, { text }] of this.#accepted)
      // What goes to a list stands in the inbox where the list says so.
      if (!shown.has(ref) && !this.#mayBeUnknown(ref) && !this.#mailings.has(text))
        this.#break('P3', `the carrier has "${text}", which ${screen.page} does not show`)
  }

  /**
   * Texts with the same words that a carrier's list, which has no names, cannot tell apart, so that a person decides
   * [E22]: two answers of Parley's own that are both unconfirmed, and one that was sent anew beside one that was held
   * after the account went back, which may have left in the life that is lost for all that anybody knows.
   */
  #mixesUp(twin: SeenEntry, entry: SeenEntry): boolean {
    if (twin.text !== entry.text) return false
    if (entry.by === null) return twin.state === 'unconfirmed'
    return this.#hasGoneBack && (twin.state === 'held' || twin.state === 'discarded')
  }

  /** Of two texts with the same words, one of them of a life that is lost, the carrier's list cannot say which it has. */
  #hasTwinInLost(id: string, { text, to }: { text: string; to: string }): boolean {
    return this.#left.some(
      (left) => left.ref !== id && left.to === to && left.text === text && this.#leftInLost.has(left.ref),
    )
  }

  #judgePresses(screen: Screen): void {
    if (!screen.isAdmin && screen.strays.length > 0)
      this.#break('P6', `${screen.page} shows texts to unknown numbers, which are for admins`)
    const entries = screen.threads.flatMap(({ entries }) => entries)
    for (const press of this.presses) {
      if (press.id === null) {
        if (press.text !== null && entries.some(({ text }) => text === press.text))
          this.#break('P5', `"${press.text}" was refused at once and is on ${screen.page}`)
        continue
      }
      const applied = entries.some(({ id }) => id.startsWith(`${press.id}:`))
      const others = entries.find(
        ({ id, by }) => id.startsWith(`${press.id}:`) && by !== null && by !== press.by,
      )
      if (others) this.#break('P7', `what ${press.by} pressed stands on ${screen.page} as ${others.by}'s`)
      const gone = this.#pressedAt(press) < (this.#forgotten.get(press.device) ?? 0)
      const mine = screen.device === press.device && !gone
      const refused = screen.refused.find(({ id }) => id === press.id)
      const ack = this.#acks.get(press.id)
      if (!ack && gone) continue
      if (!ack) this.#break('P5', `nobody ever answered the ${press.what} ${press.id} of ${press.by}`)
      else if (ack.refusal !== null) {
        if (applied) this.#break('P5', `the ${press.what} ${press.id} was refused and is on ${screen.page}`)
        if (mine && !refused?.reason && !press.told)
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

  /** What was attached and did not go with a text that was taken stands in a box of its device still. */
  #judgePictures(screen: Screen): void {
    const taken = new Set(
      this.presses.flatMap(({ id, pictures }) =>
        id !== null && this.#acks.get(id)?.refusal === null ? pictures : [],
      ),
    )
    for (const [picture, { device, step }] of this.#attached)
      if (
        device === screen.device &&
        step > (this.#forgotten.get(device) ?? 0) &&
        !taken.has(picture) &&
        !screen.pictures.includes(picture)
      )
        this.#break('P5', `the picture ${picture} was attached on ${screen.page} and is nowhere there`)
    const entries = screen.threads.flatMap(({ entries }) => entries)
    for (const { id, text, pictures } of this.presses)
      for (const entry of entries)
        if (id !== null && entry.id.startsWith(`${id}:`) && entry.pictures.join() !== pictures.join())
          this.#break(
            'P5',
            `"${text}" was pressed with "${pictures.join()}" and shows "${entry.pictures.join()}"`,
          )
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

  /** Texts that nobody pressed are Parley's own answers, to each text one at most. */
  #judgeOwnWords(): void {
    const own = new Map<string, number>()
    for (const [ref, { to, text }] of this.#accepted)
      if (!this.#pressOf(ref) && !this.#mailings.has(text)) own.set(to, (own.get(to) ?? 0) + 1)
    for (const [to, count] of own)
      if (count > (this.#words.get(to) ?? 0))
        this.#break('P4', `Parley wrote ${count} texts of its own to ${to}`)
  }

  /** Parley may have written something of its own to this. */
  #isAnswered(text: string): boolean {
    return isWord(text) || this.#answers()
  }

  #letIn(address: string): void {
    this.#in.set(address, ++this.#step)
    this.#out.delete(address)
  }

  /** `since`: when the edge may first have taken it. What let the person in since may have come after it. */
  #letOut(address: string, since: number): void {
    if ((this.#in.get(address) ?? 0) >= since) return
    this.#out.set(address, Math.max(since, this.#out.get(address) ?? 0))
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
function possible({ state, why }: SeenEntry, lost: number): number[] {
  // Of those that left in lives that are lost nobody knows any more but the carrier.
  const upTo = (known: number) => Array.from({ length: lost + 1 }, (_, more) => known + more)
  switch (state) {
    case 'sent':
    case 'delivered':
    case 'undelivered':
      return upTo(1)
    case 'failed':
      return upTo(why?.startsWith('F') ? 1 : 0)
    // What the carrier has and never answered for it lists when it is asked [E22].
    case 'unconfirmed':
    case 'held':
    case 'refused':
    case 'discarded':
      return upTo(0)
    default:
      // Still on its way, though nothing is under way any more.
      return []
  }
}

const leavesEntry = new Set(['send', 'schedule', 'start', 'note', 'claim', 'transfer', 'end'])

function isWord(text: string): boolean {
  return ['STOP', 'UNSTOP', 'HELP'].includes(bare(text))
}

function confirms(text: string): boolean {
  return text.endsWith('you are opted out and will get no more texts from us.')
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
