import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import * as encoding from 'lib0/encoding'
import { Echo } from '#client/sync/echo.ts'
import { freePort } from '../e2e/server.ts'
import { historyIsWhole, type Machines } from './machines.ts'
import { hello } from './hello.ts'
import { closeSocket, openSocket, opened } from './sockets.ts'

/** One system under the same work: texts are posted to it, and its sockets hear of each. */
export interface Stage {
  name: string
  /** Opens so many sockets, ready to hear. */
  join(count: number): Promise<Listener[]>
  /** Posts a text with this mark in it, from the `index`-th of many customers. */
  post(mark: string, index: number): Promise<void>
  /** Waits until nothing else is under way. */
  rest(): Promise<void>
  /** Has so many texts come in at once: the Worker gets one request and brings so many to the object. */
  burst(mark: string, count: number): Promise<void>
}

/** A socket that counts the marks in what it hears: one for each logical update, however they were merged. */
export class Listener {
  readonly of: string
  readonly socket: WebSocket
  /** When the n-th mark of this round was heard. */
  at: number[] = []
  bytes = 0
  #mark = ''
  #marked = Buffer.alloc(0)
  #want = 0
  #done: (() => void) | null = null

  constructor(of: string, socket: WebSocket) {
    this.of = of
    this.socket = socket
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('message', ({ data }) => this.#heard(data))
  }

  /** Resolves when so many marks were heard. */
  expect(mark: string, count: number): Promise<void> {
    this.at = []
    this.bytes = 0
    this.#mark = mark
    this.#marked = Buffer.from(mark)
    this.#want = count
    return new Promise((resolve, reject) => {
      this.#done = resolve
      this.socket.addEventListener('close', ({ code }) =>
        reject(new Error(`A socket of ${this.of} closed with ${code}.`)),
      )
    })
  }

  #heard(data: unknown): void {
    if (this.#mark === '') return
    const now = performance.now()
    const text = typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer)
    const mark = typeof text === 'string' ? this.#mark : this.#marked
    this.bytes += text.length
    for (let from = text.indexOf(mark as string); from >= 0; from = text.indexOf(mark as string, from + 1))
      this.at.push(now)
    if (this.at.length >= this.#want) this.#done?.()
  }
}

/** Parley: a carrier's webhook, and agents at twenty sockets each. */
export function parleyStage({ parley }: Machines): Stage {
  return {
    name: 'Parley',
    join: async (count) => {
      const perAgent = 20
      const { people } = await parley.simulator<{ people: { agent: string; cookie: string }[] }>(
        '/api/people',
        {
          account: 'northwind',
          count: Math.ceil(count / perAgent),
        },
      )
      const listeners: Listener[] = []
      for (let index = 0; index < count; index++) {
        const { agent, cookie } = people[Math.floor(index / perAgent)] ?? { agent: '', cookie: '' }
        const socket = await openSocket(parley, cookie)
        const greeted = new Promise((resolve) =>
          socket.addEventListener(
            'message',
            ({ data }) => String(data).includes('"welcome"') && resolve(null),
          ),
        )
        socket.send(hello(agent, undefined, index))
        await greeted
        echoes(socket)
        listeners.push(new Listener('Parley', socket))
      }
      return listeners
    },
    // The mark stands once in each update: in the preview of the conversation's row.
    post: async (mark, index) => {
      const from = `+1217555${1000 + (index % 500)}`
      const answer = await parley.hook(`${mark}${index}-${Math.random()}`, `${mark} How much is it?`, {
        from,
      })
      await settle(answer)
    },
    rest: async () => {
      await historyIsWhole(parley, 'northwind')
      // An account takes a thousand at once and 200 a second: more would be kept in R2, and that be measured [E30].
      await new Promise((resolve) => setTimeout(resolve, 2_500))
    },
    burst: async (mark, count) => {
      const to = '+13095550100'
      const taken = await parley.simulator<{ count: number }>('/api/burst', {
        channel: 'northwind',
        to,
        mark,
        count,
      })
      if (taken.count !== count) throw new Error(`Of ${count} texts ${taken.count} were taken.`)
    },
  }
}

/** Says what is stored as a device does, or the socket would soon be told to pull. */
function echoes(socket: WebSocket): void {
  const after = (ms: number, call: () => void) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  }
  const echo = new Echo({ after }, (n) => socket.send(JSON.stringify({ t: 'echo', n })))
  socket.addEventListener('close', () => echo.reset())
  socket.addEventListener('message', ({ data }) => {
    const n = /^\{"t":"frame","n":(\d+)/.exec(String(data))?.[1]
    if (n) echo.stored(Number(n), String(data).length, false)
  })
}

/** The floor: a bare object that inserts the same bytes and sends them to every socket. */
export function floorStage({ floor }: Machines, bytes: number): Stage {
  return httpStage('floor', floor.port, bytes, '/')
}

/** y-partyserver under the same local runtime. */
export function partyStage(port: number, bytes: number): Stage {
  return httpStage('y-partyserver', port, bytes, '/')
}

/** Hocuspocus in a Node process of its own. */
export async function hocuspocusStage(bytes: number): Promise<{ stage: Stage; stop(): void }> {
  const port = await freePort()
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'rivals/hocuspocus.ts')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (let attempt = 0; attempt < 100; attempt++) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (up) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const stage = httpStage('Hocuspocus', port, bytes, '/')
  return {
    stage: {
      ...stage,
      join: async (count) => {
        const listeners = await stage.join(count)
        for (const { socket } of listeners) {
          const synced = new Promise((resolve) => socket.addEventListener('message', resolve, { once: true }))
          socket.send(inDocument('bench', token))
          socket.send(inDocument('bench', firstStep))
          await synced
        }
        return listeners
      },
    },
    stop: () => child.kill(),
  }
}

function httpStage(name: string, port: number, bytes: number, path: string): Stage {
  const address = `http://127.0.0.1:${port}${path}`
  return {
    name,
    join: async (count) => {
      const listeners: Listener[] = []
      for (let index = 0; index < count; index++)
        listeners.push(new Listener(name, await opened(new WebSocket(`ws://127.0.0.1:${port}${path}`))))
      return listeners
    },
    post: async (mark) => {
      const body = mark + 'x'.repeat(Math.max(0, bytes - mark.length))
      await settle(await fetch(address, { method: 'POST', body }))
    },
    rest: () => Promise.resolve(),
    burst: async (mark, count) => {
      const body = mark + 'x'.repeat(Math.max(0, bytes - mark.length))
      await settle(await fetch(`${address}?count=${count}`, { method: 'POST', body }))
    },
  }
}

/** A message of Hocuspocus: the document's name, then what is said in it. */
function inDocument(name: string, say: (encoder: encoding.Encoder) => void): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder()
  encoding.writeVarString(encoder, name)
  say(encoder)
  return Uint8Array.from(encoding.toUint8Array(encoder))
}

/** Authentication, which it wants first even where nobody checks it. */
function token(encoder: encoding.Encoder): void {
  encoding.writeVarUint(encoder, 2)
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarString(encoder, 'bench')
}

/** Sync step 1 of an empty Yjs document. */
function firstStep(encoder: encoding.Encoder): void {
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarUint(encoder, 0)
  encoding.writeVarUint8Array(encoder, Uint8Array.of(0))
}

async function settle(answer: Response): Promise<void> {
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`A post was answered with ${answer.status}.`)
}

export async function leave(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map(({ socket }) => closeSocket(socket)))
}
