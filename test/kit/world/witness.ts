/**
 * What can be seen of Parley from outside, told as it happens. The model hears nothing else: no row of the
 * object, no state of a rule.
 */
export interface Witness {
  /** A customer's text was given to the carrier's network. */
  customerWrote(text: { id: string; from: string; to: string; text: string }): void
  /** A webhook reaches the edge. */
  knocked(id: string): void
  /** The edge answered a webhook with 2xx. */
  answered(id: string): void
  /** The account itself has it: at once, or later where R2 kept it first. From here on it counts. */
  taken(id: string): void
  /** The account died over it: it may have it. */
  died(id: string): void
  /** A request that hands a text over leaves the edge. */
  left(text: { ref: string; from: string; to: string; text: string; pictures: readonly string[] }): void
  /** A carrier was named a picture that is not there. */
  missing(picture: string, text: string): void
  /** A picture was put into a box of a device. */
  attached(device: string, picture: string): void
  /** A consumer of the bulk queue was given a text of a broadcast: from here on its call is under way. */
  claimed(text: { ref: string; to: string; text: string }): void
  /** The carrier has the text. */
  accepted(text: { ref: string; from: string; to: string; text: string }): void
  /** The carrier sends a receipt. `named`: it carries Parley's own id of the text. */
  reported(receipt: { id: string; ref: string; state: string; named: boolean }): void
  /** A person pressed something, and the device answered. */
  pressed(press: Press): void
  /** A command reaches the edge, so many ms after its device sent it. */
  handed(id: string, travelled: number): void
  /** A text that a device took stands nowhere on it. */
  vanished(id: string, page: string): void
  /** A device lost everything that it had not handed over yet, as browsers may. */
  forgot(device: string): void
  /** Where the account stands now, for `wentBack`: what happens later is behind it. */
  stand(): number
  /**
   * The account's storage was put back to where it stood then. `durable`: D1 has these words; `isOut`: D1 has this
   * person as opted out; `unnoticed`: nobody could say so in that moment, nor can as long as D1 `isUnheard`;
   * `isUnsettled`: the account has not entered yet what the restore asks for.
   */
  wentBack(
    to: number,
    known: {
      durable(text: string): boolean
      isOut(address: string): boolean
      unnoticed: boolean
      isUnheard(): boolean
      isUnsettled(): boolean
    },
  ): void
  /** The edge's word on a command leaves the edge. */
  acknowledged(ack: { client: string; n: number; id: string; refusal: string | null }): void
  /** The edge greets a client and names the last number it has of it. */
  greeted(client: string, last: number): void
}

export interface Press {
  by: string
  /** The browser in which it was pressed: there a refusal is listed. */
  device: string
  what: string
  /** Null where the device refused at once: nothing may follow from it. */
  id: string | null
  /** The words of a text, unlike any other in the run. */
  text: string | null
  user: string | null
  /** The company's number of the conversation it was pressed in. */
  number: string | null
  /** The pictures that stood in the box. */
  pictures: readonly string[]
  /** The held text that this settles. */
  settles: string | null
  refusal: string | null
  /** What a form that stood open for the edge's word said of its refusal; then nothing is listed. */
  told: string | null
  /** The moment before which it may not leave, in the world's time [DC22]. */
  due?: number
  /** How many people a broadcast was to go to, as its author was shown. */
  recipients?: number
  /** When, in the world's time, and whether the device's clock went on evenly since. */
  at: number
  steady(): boolean
}

/** What one page shows, without anything that is not on a screen. */
export interface Screen {
  page: string
  device: string
  rows: SeenRow[]
  threads: SeenThread[]
  /** Texts to unknown numbers, as the page of an admin lists them. */
  strays: string[]
  isAdmin: boolean
  broadcasts: SeenBroadcast[]
  refused: { id: string; code: string; reason: string }[]
  waiting: string[]
  /** Pictures that stand in boxes or wait with what was pressed. */
  pictures: string[]
  phase: string
}

export interface SeenBroadcast {
  id: string
  text: string
  state: string
  counts: Record<'waiting' | 'sent' | 'unconfirmed' | 'delivered' | 'failed' | 'skipped', number>
}

export interface SeenRow {
  id: string
  no: number | null
  user: string
  number: string
  status: string
  owner: string
  preview: string
  trouble: string | null
  followUp: boolean
  optedOut: boolean
  name: string
}

export interface SeenThread {
  user: string
  entries: SeenEntry[]
  /** Entries that wait for the edge. */
  waiting: string[]
  /** The device knows that it lacks something of this thread. */
  behind: boolean
}

export interface SeenEntry {
  id: string
  order: number
  conversation: string
  kind: string
  by: string | null
  text: string
  /** Pictures that an agent sent along. */
  pictures: string[]
  state: string | null
  /** Code of a failure or refusal, reason of a hold. */
  why: string | null
}
