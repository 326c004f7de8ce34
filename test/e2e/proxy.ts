import { connect, createServer, type Server as TcpServer, type Socket } from 'node:net'

/**
 * A wire that can be cut: a TCP proxy between the browser and the worker. Cutting resets every connection and
 * refuses new ones, which the browser's own offline switch does not do (it freezes an open socket and delivers
 * its frames on return).
 */
export class Wire {
  readonly port: number
  readonly #server: TcpServer
  readonly #open = new Set<Socket>()
  #cut = false
  /** Milliseconds by which everything is late, in both directions. */
  latency = 0

  private constructor(server: TcpServer, port: number) {
    this.#server = server
    this.port = port
  }

  static async to(target: number): Promise<Wire> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const wire = new Wire(server, typeof address === 'object' && address ? address.port : 0)
    server.on('connection', (near) => wire.#join(near, target))
    return wire
  }

  get origin(): string {
    return `http://localhost:${this.port}`
  }

  cut(): void {
    this.#cut = true
    for (const socket of this.#open) socket.resetAndDestroy()
    this.#open.clear()
  }

  /** Resets every connection and takes new ones at once, as a deploy does. */
  drop(): void {
    this.cut()
    this.mend()
  }

  mend(): void {
    this.#cut = false
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(near: Socket, target: number): void {
    if (this.#cut) return void near.resetAndDestroy()
    const far = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(from)
      // Nothing overtakes what is on its way when the latency changes.
      let before: Promise<unknown> = Promise.resolve()
      from.on('data', (data) => {
        const { latency } = this
        const travelled = latency === 0 ? null : new Promise((resolve) => setTimeout(resolve, latency))
        before = before.then(() => travelled).then(() => to.writable && to.write(data))
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        this.#open.delete(from)
        to.destroy()
      })
    }
  }
}
