import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** A Parley of its own: a free port, a state folder of its own, in a process group that can be killed as one. */
export class Server {
  readonly port: number
  readonly state: string
  #process: ChildProcess | null = null
  #log = ''

  private constructor(port: number, state: string) {
    this.port = port
    this.state = state
  }

  /** On a copy of the seeded state that the run has made once; seeding takes longer than most tests. */
  static async start(): Promise<Server> {
    const state = mkdtempSync(join(tmpdir(), 'parley-'))
    const seeded = process.env.PARLEY_SEEDED
    if (seeded) cpSync(seeded, state, { recursive: true })
    return Server.on(state)
  }

  /** On what this folder holds; nothing, and it is seeded. */
  static async on(state: string): Promise<Server> {
    const server = new Server(await freePort(), state)
    await server.boot()
    return server
  }

  get origin(): string {
    return `http://localhost:${this.port}`
  }

  /** Starts, or starts again on the state that is there, and waits until the seed stands. */
  async boot(): Promise<void> {
    const child = spawn(process.execPath, ['scripts/start.ts'], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: String(this.port),
        PARLEY_BUILT: '1',
        PARLEY_STATE: this.state,
        PARLEY_CONFIG: join(this.state, 'config'),
        // A run starts dozens of them, and each would compile the same tools.
        NODE_COMPILE_CACHE: join(tmpdir(), 'parley-compiled'),
      },
    })
    this.#process = child
    const collect = (data: Buffer) => {
      this.#log = (this.#log + data.toString()).slice(-20_000)
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    for (let attempt = 0; attempt < 600; attempt++) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => null)
      if (answer?.ok) return
      if (child.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    throw new Error(`The server did not come up:\n${this.#log}`)
  }

  /** The whole process group dies at once, as in a power cut. */
  async kill(): Promise<void> {
    const child = this.#process
    if (!child?.pid) return
    this.#process = null
    const gone = new Promise((resolve) => child.once('exit', resolve))
    process.kill(-child.pid, 'SIGKILL')
    await gone
    // The port is free once every process of the group is gone.
    while (
      await fetch(`http://127.0.0.1:${this.port}/healthz`).then(
        () => true,
        () => false,
      )
    )
      await new Promise((resolve) => setTimeout(resolve, 20))
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.state, { recursive: true, force: true })
  }

  /** Calls the simulator. */
  async simulator<Answer>(path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/simulator${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Answer
  }

  /** A carrier's webhook, posted by hand. */
  async hook(
    id: string,
    text: string,
    options: { from?: string; to?: string; channel?: string } = {},
  ): Promise<Response> {
    const { from = '+13125550142', to = '+13095550100', channel = 'northwind' } = options
    return fetch(`http://127.0.0.1:${this.port}/hooks/simulator/${channel}/inbound`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-simulator-secret': 'simulator' },
      body: JSON.stringify({ id, from, to, text }),
    })
  }

  async sent(
    channel = 'northwind',
  ): Promise<{ id: string; ref: string; from: string; to: string; text: string; mms: boolean }[]> {
    return this.simulator(`/api/sent?channel=${channel}`)
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
