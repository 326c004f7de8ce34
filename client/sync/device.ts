/**
 * Everything that the engine takes from the machine it runs on. Handed in, so that a test or the simulated world
 * runs several engines in one process under one virtual clock.
 */
export interface Device {
  /** Milliseconds since 1970 by this device's clock, which may be wrong and may go back. */
  now(): number
  /** Between 0 and 1. */
  random(): number
  /** 16 fresh random bytes. */
  randomBytes(): Uint8Array
  /** Calls back once after `ms`; the answer cancels it. */
  after(ms: number, call: () => void): () => void
  /** A request to our own origin. Rejects where the network does. */
  fetch(path: string, init?: { method?: string; body?: string | Blob }): Promise<Reply>
  /** Opens the socket to the edge. Exactly one `closed` follows, whether it ever opened or not. */
  connect(on: SocketEvents): Socket
  /** Web Locks, or null where the browser has none: then this page talks directly. */
  locks: Locks | null
  /** A line to the other pages of the same name, or null where there is none. */
  channel(name: string, heard: (message: unknown) => void): Channel | null
  /** What the browser says of the network; false is certain, true is not. */
  online(): boolean
  visible(): boolean
  /** When the code of this page was built, in milliseconds since 1970; 0 where nobody knows. */
  build: number
  /** Moments at which to try again or to say good-bye. The answer unsubscribes. */
  watch(on: (moment: Moment) => void): () => void
  /** Calls back at each key, click and touch of a person. The answer unsubscribes. */
  touched(on: () => void): () => void
  /** Asks the platform to wake this page once there is a network, where it can. */
  wakeLater?(): void
  /** A small store that is written before the call returns: the backstop for what is being typed. */
  mirror: Mirror | null
}

export type Moment = 'online' | 'offline' | 'visible' | 'hidden' | 'leaving'

export interface Reply {
  status: number
  json(): Promise<unknown>
  blob?(): Promise<Blob>
  header(name: string): string | null
}

export interface SocketEvents {
  opened(): void
  heard(text: string): void
  closed(code: number): void
}

export interface Socket {
  send(text: string): void
  close(code?: number): void
}

export interface Locks {
  /**
   * Holds the lock while `hold` runs. Rejects when `signal` aborts the wait, or when another page stole the lock
   * while it was held.
   */
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<void>
}

export interface Channel {
  post(message: unknown): void
  close(): void
}

export interface Mirror {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  keys(): string[]
}
