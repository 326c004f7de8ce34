import { toBase64 } from 'lib0/buffer'
import { command } from '#shared/core/command.ts'
import { entry } from '#shared/model/entry.ts'
import { tables } from '#shared/rows/tables.ts'
import { closeCodes, down, type Ack, type Down } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { hear, up, versionIn, type Heard, type Up } from '#shared/wire/up.ts'
import { isSpoken, rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { allRows } from '#worker/account/rows.ts'
import { makeRandom, type Random } from '#test/kit/random.ts'
import { account, agents, Company, type Line } from './company.ts'
import { bytesOf, draftBytesOf } from './bytes.ts'
import { mutateJson, mutateText } from './mutate.ts'
import { Speaker } from './speaker.ts'
import type { Lane, Report } from './watch.ts'

/** The answers to what is kept. */
const writing = ['applied', 'refused', 'repeated', 'draft kept']
/** Inputs that one account lives for: what is taken makes it grow, and that is not what is tested. */
const lifetime = 2000

/**
 * Frames and commands of a signed-in agent, from every frame that `wire/up.ts` knows. What is not the protocol
 * closes that socket and changes nothing; what is, changes something only as a command that was acknowledged.
 */
export const socketsLane: Lane = {
  name: 'sockets',
  inputs: 30_000,
  expected: ['not the protocol', 'applied', 'refused', 'gap', 'fork', 'draft kept', 'draft refused', 'slow'],
  async play(seed, count, report) {
    const random = makeRandom(seed)
    for (let played = 0; played < count; played += lifetime) {
      const life = new Life(random, report)
      await life.play(Math.min(lifetime, count - played))
      life.end()
    }
  },
}

class Life {
  readonly #random: Random
  readonly #report: Report
  readonly #company: Company
  readonly #speaker: Speaker
  #line: Line
  #n = 1

  constructor(random: Random, report: Report) {
    this.#random = random
    this.#report = report
    this.#company = new Company(random)
    this.#speaker = new Speaker(random)
    this.#speaker.bytes = () => toBase64(random.next() < 0.3 ? bytesOf(random) : draftBytesOf(random))
    this.#line = this.#greet()
  }

  async play(count: number): Promise<void> {
    for (let input = 0; input < count; input++) {
      if (input % 100 === 0) {
        await this.#company.pass(2000)
        this.#speaker.known = this.#company.ids()
        this.#speaker.named = { doc: this.#company.drafts() }
      }
      // Now and then a flood: good frames, all of them at once.
      const flood = input % lifetime > lifetime - 2 * limits.frameBurst
      const text = flood ? '{"t":"echo","n":0}' : this.#frame()
      await this.#report.input(text, () => this.#hear(text, flood ? 0 : this.#pause()))
      if (this.#line.closed !== null) this.#line = this.#greet()
    }
  }

  /** What is stored is what the schemas say, and another life of the object reads it. */
  end(): void {
    const { sql, account } = this.#company
    for (const [name, schema] of Object.entries(tables))
      for (const row of allRows(sql, name as keyof typeof tables)) schema.parse(row)
    account.door.drop()
    for (const { id } of allRows(sql, 'mobileUsers'))
      for (const one of account.door.documents.read(id).entries) entry.parse(one)
    this.#company.close()
  }

  /** A new socket, greeted unless the frame to come is to be its first. */
  #greet(): Line {
    const company = this.#company
    for (const line of company.lines.values()) company.hangUp(line)
    const agent = this.#random.pick(agents)
    const line = company.connect(agent)
    if (this.#random.int(20) === 0) return line
    this.#n = 1
    this.#say(line, {
      t: 'hello',
      version: wireVersion,
      fingerprint: rowsFingerprint,
      account,
      agent,
      client: `d${this.#letters()}` as never,
      epoch: 1,
      cursors: {},
    })
    return line
  }

  #say(line: Line, message: Up): void {
    this.#company.account.message(line.socket, JSON.stringify(message))
    this.#company.settle()
    line.told.length = 0
  }

  #letters(): string {
    return Array.from({ length: 26 }, () => this.#random.pick([...'abcdefghijklmnopqrstuvwxyz234567'])).join(
      '',
    )
  }

  /** As fast as a socket may go, and now and then the minute in which a person reads. */
  #pause(): number {
    return this.#random.int(400) === 0 ? 60_000 : 34
  }

  #frame(): string {
    const { next } = this.#random
    let said = this.#speaker.say(up) as Record<string, unknown>
    for (const half = next() < 0.5; half && said['t'] !== 'command';)
      said = this.#speaker.say(up) as Record<string, unknown>
    if (said['t'] === 'command')
      said = { ...said, version: this.#random.pick([1, wireVersion]), command: this.#speaker.say(command) }
    // Most numbers follow each other, as an honest client's do: what is behind them is to be reached.
    if (said['t'] === 'command' && next() < 0.8)
      said = { ...said, n: this.#n, id: `x${this.#letters()}`, waited: 0, synced: true, seen: 1e6 }
    if (said['t'] === 'hello' && next() < 0.8) said = { ...said, account, version: wireVersion }
    const way = next()
    if (way < 0.35) return JSON.stringify(said)
    if (way < 0.5 && said['t'] === 'command')
      return JSON.stringify({ ...said, command: mutateJson(said['command'], this.#random) })
    if (way < 0.75) return JSON.stringify(mutateJson(said, this.#random))
    return mutateText(JSON.stringify(said), this.#random)
  }

  #hear(text: string, pause: number): string {
    const company = this.#company
    const line = this.#line
    line.told.length = 0
    const before = { writes: company.writes(), head: company.head() }
    company.now += pause
    company.account.message(line.socket, text)
    company.settle()
    const told = line.told.map((message) => down.parse(JSON.parse(message)))
    const wrote = company.writes() !== before.writes
    const moved = company.head() !== before.head
    const answer = this.#answer(text, line, told)
    if (!writing.includes(answer) && wrote) throw new Error(`answered "${answer}" and wrote all the same`)
    if (answer !== 'applied' && moved) throw new Error(`answered "${answer}" and moved the head`)
    return answer
  }

  #answer(text: string, line: Line, told: readonly Down[]): string {
    if (told.some(({ t }) => t === 'slow')) return 'slow'
    const frame = text.length > limits.frame ? null : hear(text, this.#company.now)
    if (frame === null) {
      const version = versionIn(text)
      if (version !== null && !isSpoken(version) && told.at(-1)?.t === 'upgrade') return 'upgrade'
      if (line.closed !== closeCodes.malformed) throw new Error('took what is not the protocol')
      return 'not the protocol'
    }
    if (line.closed !== null) return `closed ${line.closed}`
    if (frame.t !== 'command' && frame.t !== 'outdated')
      return told.find(({ t }) => t.startsWith('draft '))?.t ?? 'no command'
    const acks = told.flatMap((message) => (message.t === 'frame' ? message.acks : []))
    const ack = acks.find(({ id }) => id === frame.id)
    if (!ack) return told.find(({ t }) => t === 'gap' || t === 'fork')?.t ?? none(frame)
    return this.#consumed(ack)
  }

  #consumed(ack: Ack): string {
    if (ack.n !== this.#n) return 'repeated'
    this.#n++
    return ack.refusal === null ? 'applied' : 'refused'
  }
}

function none(frame: Heard): never {
  throw new Error(`gave no answer to a ${frame.t}`)
}
