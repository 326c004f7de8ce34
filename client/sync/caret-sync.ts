import type { DraftBox } from '#shared/wire/draft.ts'
import type { CaretReport, Up } from '#shared/wire/up.ts'
import { composerKey } from '#client/db/composer.ts'
import type { Device } from './device.ts'

/** A cursor is told of this often at most; where it stood in between nobody needs to know. */
const pace = 150

interface Caret {
  page: string
  report: CaretReport
  /** It was told on this socket, as it stands. */
  said: boolean
}

/**
 * Tells the edge where this agent's cursor stands, in the page that talks: of the box that has the focus, in
 * whichever page. Told again on each new socket, since nobody there remembers it.
 */
export class CaretSync {
  readonly #device: Device
  readonly #say: (message: Up) => void
  /** Which epoch of a box this socket follows; null where it follows none. */
  readonly #follows: (box: DraftBox) => number | null
  readonly #carets = new Map<string, Caret>()
  #cancel: (() => void) | null = null

  constructor(device: Device, say: (message: Up) => void, follows: (box: DraftBox) => number | null) {
    this.#device = device
    this.#say = say
    this.#follows = follows
  }

  /** Where a page's cursor stands. */
  saw(page: string, report: CaretReport): void {
    const key = composerKey(report.conversation, report.kind)
    const known = this.#carets.get(key)
    // A box that was left in one page may be the one that is typed in in another.
    if (report.at === null && known?.page !== page) return
    if (known?.said && JSON.stringify(known.report) === JSON.stringify(report)) return
    this.#carets.set(key, { page, report, said: false })
    this.due()
  }

  /** A page closed, and its cursor with it. */
  left(page: string): void {
    for (const { page: whose, report } of this.#carets.values())
      if (whose === page) this.saw(page, { ...report, at: null })
  }

  /** Something may have to be said: a cursor moved, or a box is followed from now on. */
  due(): void {
    if ([...this.#carets.values()].some(({ said }) => !said))
      this.#cancel ??= this.#device.after(pace, () => this.#flush())
  }

  #flush(): void {
    this.#cancel = null
    for (const [key, caret] of this.#carets) {
      const { report, said } = caret
      if (said || this.#follows(report) !== report.epoch) continue
      this.#say({ t: 'caret', ...report })
      if (report.at === null) this.#carets.delete(key)
      else caret.said = true
    }
  }

  /** The socket is gone. */
  closed(): void {
    this.#cancel?.()
    this.#cancel = null
    for (const [key, caret] of this.#carets)
      if (caret.report.at === null) this.#carets.delete(key)
      else caret.said = false
  }
}
