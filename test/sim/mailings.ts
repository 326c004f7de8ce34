import type { Press, Screen, SeenBroadcast } from '#test/kit/world/witness.ts'

interface Left {
  ref: string
  to: string
  /** How often the carrier took it. */
  accepted: number
}

/** What its model knows of a press. */
export interface Answered {
  refusal: string | null
}

/**
 * What became of each message to a distribution list: it reaches each recipient at most once, nobody who had opted out
 * when it was claimed, and what is said of it adds up.
 */
export class Mailings {
  readonly #texts = new Map<string, { press: Press; left: Left[]; claimed: Set<string>; restored: boolean }>()
  readonly #break: (promise: string, what: string) => void
  #isUnsettled: () => boolean = () => false

  constructor(blame: (promise: string, what: string) => void) {
    this.#break = blame
  }

  has(text: string): boolean {
    return this.#texts.has(text)
  }

  pressed(press: Press): void {
    if (press.what === 'broadcast' && press.id !== null && press.text !== null)
      this.#texts.set(press.text, { press, left: [], claimed: new Set(), restored: this.#isUnsettled() })
  }

  /** `isOut`: they have opted out, and nothing has let them in again. */
  claimed({ ref, to, text }: { ref: string; to: string; text: string }, isOut: boolean): void {
    this.#texts.get(text)?.claimed.add(ref)
    if (isOut) this.#break('P4', `"${text}" was given out for ${to}, who had opted out`)
  }

  left({ ref, to, text }: { ref: string; to: string; text: string }): void {
    const mailing = this.#texts.get(text)
    if (!mailing) return
    if (!mailing.claimed.has(ref)) this.#break('P4', `"${text}" left for ${to}, which nobody was given`)
    const before = mailing.left.find((other) => other.to === to && other.accepted > 0)
    if (before) this.#break('P3', `"${text}" left for ${to} though they have it`)
    mailing.left.push({ ref, to, accepted: 0 })
  }

  accepted({ ref, text }: { ref: string; text: string }): void {
    const left = this.#texts.get(text)?.left.findLast((one) => one.ref === ref)
    if (left) left.accepted++
  }

  /** `isUnsettled`: the account has not entered it yet, and stops what is pressed meanwhile when it does. */
  wentBack(isUnsettled: () => boolean): void {
    this.#isUnsettled = isUnsettled
    for (const mailing of this.#texts.values()) mailing.restored = true
  }

  finally(screen: Screen, answerTo: (id: string) => Answered | undefined): void {
    for (const [text, mailing] of this.#texts) {
      const { press, left, restored } = mailing
      const row = screen.broadcasts.find((other) => other.text === text)
      const answer = answerTo(press.id ?? '')
      if (answer && answer.refusal !== null) {
        if (row) this.#break('P5', `"${text}" was refused and stands among the broadcasts of ${screen.page}`)
        if (!restored && left.length > 0) this.#break('P5', `"${text}" was refused and left`)
        continue
      }
      if (answer && !row) this.#break('P5', `"${text}" was taken and ${screen.page} knows no such broadcast`)
      if (row) this.#judgeCounts(screen.page, row, mailing)
    }
  }

  #judgeCounts(
    page: string,
    { text, state, counts }: SeenBroadcast,
    { press, left, restored }: { press: Press; left: readonly Left[]; restored: boolean },
  ): void {
    const say = (what: string) =>
      this.#break('P3', `${page} shows "${text}" as ${state} with ${JSON.stringify(counts)}: ${what}`)
    const { sent, unconfirmed, delivered, failed, skipped, waiting } = counts
    if (state !== 'done' && !(restored && state === 'stopped')) say('it never came to its end')
    if (waiting > 0) say('texts still wait')
    const all = sent + unconfirmed + delivered + failed + skipped
    const people = new Set(left.flatMap(({ to, accepted }) => (accepted > 0 ? [to] : []))).size
    if (state === 'done' && !restored && all !== press.recipients)
      say(`it was pressed for ${press.recipients}`)
    if (restored) return
    if (sent + delivered > people) say(`the carrier has ${people}`)
    if (people > sent + unconfirmed + delivered + failed) say(`the carrier has ${people}`)
  }
}
