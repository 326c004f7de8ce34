import { toBase64 } from 'lib0/buffer'
import type * as Y from 'yjs'
import type { AccountId, AgentId, ConversationId, MobileUserId } from '#shared/base/ids.ts'
import { mobileUserOf, parseAddress } from '#shared/base/phone.ts'
import {
  applyUpdate,
  clientOf,
  clockOf,
  encode,
  encodeSince,
  newDocument,
  readThread,
  writeThread,
} from '#shared/docs/thread.ts'
import { momentOf } from '#shared/base/moment.ts'
import { conversationIn } from '#shared/core/command.ts'
import { decide } from '#shared/core/decide.ts'
import type { Input } from '#shared/core/input.ts'
import { isRefusal, isThreadChange, type Change } from '#shared/core/outcome.ts'
import { waitingBeside, type World } from '#shared/core/world.ts'
import type { Agent } from '#shared/rows/agent.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { Group } from '#shared/rows/group.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { Settings } from '#shared/rows/settings.ts'
import type { ViewRow } from '#shared/rows/view.ts'
import type { RowPut, TableName } from '#shared/rows/tables.ts'
import { audienceOf } from '#shared/rules/audience.ts'
import type {
  Ack,
  CaretsMoved,
  Down,
  DraftState,
  DraftUpdate,
  Frame,
  RowChange,
  ThreadUpdate,
} from '#shared/wire/down.ts'
import { hear, type CommandFrame, type Heard, type Hello, type Up } from '#shared/wire/up.ts'
import { wireVersion } from '#shared/wire/version.ts'
import type { Reply, SocketEvents } from '#client/sync/device.ts'
import { makeClock, type Clock } from '#test/kit/clock.ts'
import { seededIds } from '#test/kit/random.ts'
import type { Network } from './fake-device.ts'
import { FakeDrafts } from './fake-drafts.ts'

interface Line {
  on: SocketEvents
  open: boolean
  agent: AgentId | null
  client: string | null
  frames: number
  /** Drafts that it follows. */
  follows: Set<string>
}

type NewAck = Omit<Ack, 'n' | 'seq'>

/**
 * The smallest edge that keeps the contract: one account in memory, the shared rules, real Yjs threads, frames in
 * order. What it sends can be held back, lost or cut, and what it hears is kept in `heard`.
 */
export class FakeEdge implements Network {
  readonly account = 'northwind' as AccountId
  readonly heard: Heard[] = []
  readonly fetched: string[] = []
  readonly rows = new Map<string, RowChange>()
  readonly drafts = new FakeDrafts()
  readonly docs = new Map<MobileUserId, { epoch: number; doc: Y.Doc }>()
  clock: Clock = makeClock()
  epoch = 1
  seq = 0
  /** Nobody reaches it. */
  down = false
  /** Nothing leaves it until it is set back. */
  holding = false
  /** Commands wait in front of it until what it held is released; all else is heard at once. */
  thinking = false
  /** Hears and does nothing. */
  deaf = false
  /** Kinds of messages that are lost on their way out. */
  readonly mute = new Set<Down['t']>()
  pageSize = 500
  signedIn: AgentId | null = 'maya' as AgentId
  /** The session was ended from another device. */
  ended = false
  readonly #ids = seededIds(99)
  readonly #lines = new Set<Line>()
  readonly #held: (() => void)[] = []
  readonly #last = new Map<string, number>()
  readonly #answers = new Map<string, NewAck & { seq: number }>()
  /** Threads that get no bytes in the next frame, as if the update had been lost. */
  readonly withhold = new Set<MobileUserId>()
  /** What the agent may see; rows of other audiences stay here. */
  audiences: string[] = ['account', 'agent:maya']

  connect(on: SocketEvents) {
    const line: Line = { on, open: !this.down, agent: null, client: null, frames: 0, follows: new Set() }
    queueMicrotask(() => (line.open ? (this.#lines.add(line), on.opened()) : on.closed(1006)))
    return {
      send: (text: string) => {
        if (!line.open) return
        if (text === 'ping') this.#out(line, () => on.heard('pong'))
        else queueMicrotask(() => this.#hear(line, mustHear(text, this.clock.now())))
      },
      close: () => this.cut(1000, line),
    }
  }

  /** Pictures that it was brought, and what it says to the next ones instead of taking them. */
  readonly pictures: string[] = []
  pictureAnswer: { status: number; text?: string; isPage?: boolean } | null = null
  /** The next picture is taken, and its answer comes when this is over. */
  pictureHeld: Promise<void> | null = null

  async fetch(path: string): Promise<Reply> {
    this.fetched.push(path)
    if (this.down) throw new TypeError('Failed to fetch')
    const url = new URL(path, 'http://edge')
    const reply = (status: number, body?: unknown): Reply => ({
      status,
      json: async () => structuredClone(body),
      header: () => null,
    })
    if (url.pathname === '/api/session') {
      if (!this.signedIn) return reply(401, this.ended ? { ended: true } : {})
      const agent = this.row<Agent>('agents', this.signedIn)
      return reply(200, {
        account: this.account,
        accountName: 'Northwind Auto',
        agent: this.signedIn,
        name: agent?.name ?? '',
        email: 'x@demo.test',
        role: 'agent',
      })
    }
    if (url.searchParams.get('agent') !== this.signedIn) return reply(409)
    if (url.pathname.startsWith('/api/media/')) {
      const held = this.pictureHeld
      this.pictureHeld = null
      if (held) await held
      else if (this.pictureAnswer) {
        const { status, text, isPage } = this.pictureAnswer
        return isPage
          ? { ...reply(status), json: () => Promise.reject(new SyntaxError('<html>')) }
          : reply(status, { text })
      }
      this.pictures.push(url.pathname.slice('/api/media/'.length))
      return reply(204)
    }
    if (url.pathname === '/api/rows/first')
      return reply(200, { rows: this.#sorted().slice(0, 10), next: null })
    const after = url.searchParams.get('after') ?? ''
    const only = url.searchParams.get('audiences')?.split(',') ?? this.audiences
    const rest = this.#sorted().filter(
      (row) => keyOf(row) > after && row.row !== null && only.includes(audienceIn(row)) && this.#sees(row),
    )
    const page = rest.slice(0, this.pageSize)
    return reply(200, {
      rows: page,
      next: rest.length > page.length ? keyOf(page.at(-1) as RowChange) : null,
    })
  }

  /** Gives the agent another set of audiences and says so. */
  setRights(audiences: string[]): void {
    this.audiences = audiences
    this.say({ t: 'rights', role: 'agent', audiences, at: this.seq })
  }

  #sees(row: RowChange): boolean {
    return row.row === null || this.audiences.includes(audienceIn(row))
  }

  row<Row>(table: TableName, id: string): Row | undefined {
    return this.rows.get(`${table}/${id}`)?.row as Row | undefined
  }

  /** One commit: rows and entries as changes, told to everybody in one frame each. */
  commit(changes: readonly Change[], author: { line: Line; n: number; ack: NewAck } | null = null): void {
    const from = this.seq
    this.seq++
    const rows: RowChange[] = []
    const threads: ThreadUpdate[] = []
    const put = (table: TableName, id: string, row: unknown) => {
      const change = { table, id, seq: this.seq, row }
      this.rows.set(`${table}/${id}`, change)
      rows.push(change)
    }
    for (const change of changes) {
      if (change.kind === 'row') put(change.table, change.row.id, change.row)
      if (change.kind === 'gone') put(change.table, change.id, null)
    }
    const writes = changes.filter(isThreadChange)
    for (const user of new Set(writes.map(({ user }) => user))) {
      const held = this.docs.get(user) ?? { epoch: 1, doc: newDocument() }
      this.docs.set(user, held)
      const mine = writes.filter((write) => write.user === user)
      const written = writeThread(held.doc, clientOf(this.epoch, held.epoch), mine)
      put('threads', user, { id: user, epoch: held.epoch, clock: written.to })
      if (!this.withhold.delete(user))
        threads.push({
          thread: user,
          epoch: held.epoch,
          from: written.from,
          to: written.to,
          update: toBase64(written.update),
        })
    }
    for (const line of this.#lines) {
      const mine = author?.line === line ? [{ ...author.ack, n: author.n, seq: this.seq }] : []
      this.#frame(line, from, rows, threads, mine)
    }
  }

  remove(table: TableName, id: string): void {
    const from = this.seq
    this.seq++
    const change = { table, id, seq: this.seq, row: null }
    this.rows.set(`${table}/${id}`, change)
    for (const line of this.#lines) this.#frame(line, from, [change], [], [])
  }

  /** A customer's text, by the edge's own rules. */
  inbound(from: string, text: string, to = '+13095550100'): void {
    const user = mobileUserOf(parseAddress(from) ?? { kind: 'phone', text: from })
    const number = [...this.rows.values()].find(
      (row) => row.table === 'numbers' && (row.row as CompanyNumber).address === to,
    )
    const channel =
      (number?.row as CompanyNumber | undefined)?.channel ?? ('northwind' as CompanyNumber['channel'])
    const input: Input = { kind: 'inbound', channel, carrierId: 'c1', from, to, text, media: [] }
    const verdict = decide(this.world(null, user, number?.id ?? ''), input, {
      now: this.clock.now(),
      ids: this.#ids,
    })
    if (!isRefusal(verdict)) this.commit(verdict.changes)
  }

  /** A colleague does something, as if from another device. */
  act(actor: AgentId, command: CommandFrame['command']): void {
    const id = this.#ids.command()
    const verdict = this.#judge(actor, {
      t: 'command',
      n: 1,
      id,
      command,
      seen: 1e6,
      synced: true,
      waited: 0,
    })
    if (isRefusal(verdict)) throw new Error(verdict.text)
    this.commit(verdict.changes)
  }

  /** Rebuilds a document, as emptying after archive does [E1]. */
  renew(user: MobileUserId, entries: readonly Change[]): void {
    const epoch = (this.docs.get(user)?.epoch ?? 0) + 1
    this.docs.set(user, { epoch, doc: newDocument() })
    this.commit(entries)
  }

  /** Keeps what it holds now. The answer puts it back: whatever came since is lost, and nobody noticed [E24]. */
  copy(): () => void {
    const [rows, last, answers, { seq }] = [[...this.rows], [...this.#last], [...this.#answers], this]
    const docs = [...this.docs].map(([user, { epoch, doc }]) => ({ user, epoch, bytes: encode(doc) }))
    const refill = <Key, Value>(map: Map<Key, Value>, entries: readonly (readonly [Key, Value])[]) => {
      map.clear()
      for (const [key, value] of entries) map.set(key, value)
    }
    return () => {
      this.seq = seq
      refill(this.rows, rows)
      refill(this.#last, last)
      refill(this.#answers, answers)
      this.docs.clear()
      for (const { user, epoch, bytes } of docs) {
        const doc = newDocument()
        applyUpdate(doc, bytes)
        this.docs.set(user, { epoch, doc })
      }
    }
  }

  /** Another life of the account: every thread begins a new epoch under new client ids [E1, E24]. */
  restore(): void {
    this.epoch++
    this.#last.clear()
    const changes: Change[] = []
    for (const [user, { epoch, doc }] of this.docs) {
      for (const entry of readThread(doc).entries) changes.push({ kind: 'entry', user, entry })
      this.docs.set(user, { epoch: epoch + 1, doc: newDocument() })
    }
    this.commit(changes)
  }

  /** Ends sockets, as a deploy, a revoked session or a lost network does. */
  cut(code = 1006, only?: Line): void {
    for (const line of only ? [only] : [...this.#lines]) {
      if (!line.open) continue
      line.open = false
      this.#lines.delete(line)
      queueMicrotask(() => line.on.closed(code))
    }
  }

  /** Loses the oldest thing that is held back. */
  loseFirstHeld(): void {
    this.#held.shift()
  }

  release(): void {
    this.holding = this.thinking = false
    for (const send of this.#held.splice(0)) send()
  }

  say(message: Down): void {
    for (const line of this.#lines) this.#send(line, message)
  }

  /** As if a copy of this client's database had used these numbers. */
  useNumbers(client: string, last: number): void {
    this.#last.set(client, last)
  }

  said(kind: Up['t']): Heard[] {
    return this.heard.filter(({ t }) => t === kind)
  }

  commands(): CommandFrame[] {
    return this.heard.flatMap((message) => (message.t === 'command' ? [message] : []))
  }

  #hear(line: Line, message: Heard): void {
    if (!line.open) return
    this.heard.push(message)
    if (this.deaf) return
    if (message.t === 'hello') this.#hello(line, message)
    if (message.t === 'command') {
      if (this.thinking) this.#held.push(() => this.#command(line, message))
      else this.#command(line, message)
    }
    if (message.t === 'pull') {
      const held = this.docs.get(message.thread)
      const client = held ? clientOf(this.epoch, held.epoch) : 0
      const since = held && message.epoch === held.epoch ? message.clock : 0
      this.#send(line, {
        t: 'thread',
        thread: message.thread,
        epoch: held?.epoch ?? 0,
        clock: held ? clockOf(held.doc, client) : 0,
        update: held ? toBase64(encodeSince(held.doc, client, since)) : null,
      })
    }
    if (message.t === 'catch up') this.#catchUp(line, message.cursor.seq)
    this.#draft(line, message)
  }

  #draft(line: Line, message: Heard): void {
    const agent = line.agent ?? ''
    const known = (id: ConversationId) => this.rows.has(`conversations/${id}`)
    if (message.t === 'open draft') {
      line.follows.add(`${message.conversation}:${message.kind}`)
      this.#send(line, this.drafts.open(message, known(message.conversation)))
    }
    if (message.t === 'close draft') line.follows.delete(`${message.conversation}:${message.kind}`)
    if (message.t === 'caret' && line.agent !== null) {
      const { conversation, kind, epoch, at } = message
      this.#tellFollowers(
        { t: 'carets', conversation, kind, epoch, moved: [{ agent: line.agent, at }] },
        null,
      )
    }
    if (message.t !== 'update') return
    const { answer, news } = this.drafts.update(message.doc, message.update, agent)
    this.#send(line, answer)
    if (news) this.#tellFollowers(news, line)
  }

  #tellFollowers(message: DraftUpdate | DraftState | CaretsMoved, but: Line | null): void {
    for (const line of this.#lines)
      if (line !== but && line.follows.has(`${message.conversation}:${message.kind}`))
        this.#send(line, message)
  }

  #hello(line: Line, hello: Hello): void {
    if (this.signedIn === null) return this.cut(4401, line)
    if (hello.account !== this.account || hello.agent !== this.signedIn) return this.cut(4403, line)
    line.agent = hello.agent
    line.client = hello.client
    line.frames = 0
    const cursor = hello.cursors.main ?? { seq: 0, tag: '' }
    const ahead = hello.epoch === this.epoch && cursor.seq > this.seq
    const delta = hello.epoch === this.epoch && cursor.seq > 0 && !ahead && cursor.tag === tagOf(cursor.seq)
    this.#send(line, {
      t: 'welcome',
      version: wireVersion,
      account: this.account,
      agent: hello.agent,
      role: 'agent',
      epoch: this.epoch,
      head: { seq: this.seq, tag: tagOf(this.seq) },
      answer: delta ? 'delta' : 'wipe',
      ...(ahead ? { again: true } : {}),
      audiences: this.audiences,
      last: this.#last.get(hello.client) ?? 0,
      now: this.clock.now(),
    })
    if (delta && cursor.seq < this.seq) this.#catchUp(line, cursor.seq)
  }

  /** Rows since the cursor; threads are left to their heads. */
  #catchUp(line: Line, since: number): void {
    const rows = [...this.rows.values()].filter(({ seq }) => seq > since)
    this.#frame(line, since, rows, [], [])
  }

  #command(line: Line, frame: CommandFrame): void {
    const client = line.client ?? ''
    const known = this.#answers.get(frame.id)
    const last = this.#last.get(client) ?? 0
    if (known) {
      const { seq, ...ack } = known
      if (frame.n === last + 1) this.#last.set(client, frame.n)
      this.#send(line, this.#frameOf(line, this.seq, [], [], [{ ...ack, n: frame.n, seq }]))
      return
    }
    if (frame.n > last + 1) return this.#send(line, { t: 'gap', last })
    if (frame.n <= last) return this.#send(line, { t: 'fork' })
    this.#last.set(client, frame.n)
    const verdict = this.#judge(line.agent as AgentId, frame)
    const common = { id: frame.id, conversation: null }
    const changes = isRefusal(verdict) ? [] : verdict.changes
    const user = changes.find(isThreadChange)?.user ?? null
    const ack: NewAck = {
      ...common,
      refusal: isRefusal(verdict) ? { code: verdict.code, text: verdict.text } : null,
      thread: user ? { id: user, epoch: this.docs.get(user)?.epoch ?? 1, clock: 0 } : null,
    }
    // The clock is known once the commit wrote the thread, and the ack is read when the frame is made after it.
    const commit = { line, n: frame.n, ack }
    if (ack.thread && user) {
      const thread = ack.thread
      Object.defineProperty(thread, 'clock', {
        enumerable: true,
        get: () => clockOf(this.docs.get(user)?.doc ?? newDocument(), clientOf(this.epoch, thread.epoch)),
      })
    }
    const closed =
      isRefusal(verdict) || !frame.draft ? null : this.drafts.close(frame, momentOf(this.epoch, this.seq + 1))
    if (!isRefusal(verdict)) ack.draft = this.drafts.epochFor(frame)
    if (closed) this.#tellFollowers(closed, null)
    this.commit(changes, commit)
    this.#answers.set(frame.id, { ...structuredClone(ack), seq: this.seq })
  }

  #judge(actor: AgentId, frame: CommandFrame) {
    const { command } = frame
    const named = conversationIn(command)
    const conversation = named && (this.row<Conversation>('conversations', named) ?? null)
    const user =
      'user' in command
        ? command.user
        : command.name === 'StartConversation'
          ? mobileUserOf(parseAddress(command.to) ?? { kind: 'phone', text: command.to })
          : (conversation?.user ?? ('up0' as MobileUserId))
    const number = command.name === 'StartConversation' ? command.number : (conversation?.number ?? '')
    const press = {
      seen: frame.seen,
      synced: frame.synced,
      waited: frame.waited,
      ...(frame.again ? { again: true as const } : {}),
    }
    return decide(
      this.world(
        conversation,
        user,
        number,
        'view' in command ? (this.row<ViewRow>('views', command.view) ?? null) : null,
      ),
      { kind: 'command', actor, id: frame.id, command, press, wroteAt: frame.wroteAt },
      { now: this.clock.now(), ids: this.#ids },
    )
  }

  world(
    conversation: Conversation | null,
    user: MobileUserId,
    number: string,
    view: ViewRow | null = null,
  ): World {
    const all = <Row extends { id: string }>(table: TableName) =>
      [...this.rows.values()].flatMap((row) => (row.table === table && row.row ? [row.row as Row] : []))
    const map = <Row extends { id: string }>(table: TableName) =>
      new Map(all<Row>(table).map((row) => [row.id, row])) as ReadonlyMap<Row['id'], Row>
    const held = this.docs.get(user)
    const thread = held ? readThread(held.doc) : null
    return {
      whole: true,
      settings: all<Settings>('settings')[0] as Settings,
      agents: map<Agent>('agents'),
      groups: map<Group>('groups'),
      numbers: map<CompanyNumber>('numbers'),
      conversation,
      openOfPair:
        all<Conversation>('conversations').find(
          (row) => row.user === user && row.number === number && row.status === 'open',
        ) ?? null,
      others: waitingBeside(thread, conversation?.id ?? null).flatMap(
        (id) => this.row<Conversation>('conversations', id) ?? [],
      ),
      user: this.row<MobileUser>('mobileUsers', user) ?? null,
      thread,
      text: null,
      view,
      claimed: new Set(),
      nextNo: this.seq + 100,
    }
  }

  #frame(line: Line, from: number, rows: RowChange[], threads: ThreadUpdate[], acks: Ack[]): void {
    if (line.agent !== null) this.#send(line, this.#frameOf(line, from, rows, threads, acks))
  }

  #frameOf(line: Line, from: number, rows: RowChange[], threads: ThreadUpdate[], acks: Ack[]): Frame {
    const to = { seq: this.seq, tag: tagOf(this.seq) }
    const parts = [{ audience: 'account', rows: rows.filter((row) => this.#sees(row)), threads }]
    return { t: 'frame', n: ++line.frames, from, to, parts, acks }
  }

  #send(line: Line, message: Down): void {
    if (this.mute.has(message.t)) return
    const text = JSON.stringify(message)
    this.#out(line, () => line.on.heard(text))
  }

  #out(line: Line, send: () => void): void {
    const guarded = () => {
      if (line.open) send()
    }
    if (this.holding) this.#held.push(guarded)
    else queueMicrotask(guarded)
  }

  #sorted(): RowChange[] {
    return [...this.rows.values()].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  }
}

function audienceIn({ table, row }: RowChange): string {
  return audienceOf({ table, row } as RowPut)
}

function mustHear(text: string, now: number): Heard {
  const heard = hear(text, now)
  if (heard === null) throw new Error(`This is not the protocol: ${text}`)
  return heard
}

function keyOf({ table, id }: RowChange): string {
  return `${table}/${id}`
}

function tagOf(seq: number): string {
  return seq === 0 ? '' : `tag${seq}`
}

/** Maya and Sam, one group, one number, and `count` customers who have written. */
export function seededEdge(count = 1): FakeEdge {
  const edge = new FakeEdge()
  const row = (change: object) => ({ kind: 'row', ...change }) as Change
  const agent = (id: string, name: string) =>
    row({
      table: 'agents',
      row: { id, name, email: `${id}@demo.test`, role: 'agent', groups: ['sales'], active: true },
    })
  edge.commit([
    row({
      table: 'settings',
      row: {
        id: 'account',
        name: 'Northwind Auto',
        timeZone: 'America/Chicago',
        longMessages: 'concatenate',
        optIn: 'automatic',
        optOutWords: 'guide',
        emoji: 'refuse',
        waitingMinutes: 10,
      },
    }),
    agent('maya', 'Maya'),
    agent('sam', 'Sam'),
    row({ table: 'groups', row: { id: 'sales', name: 'Sales' } }),
    row({ table: 'channels', row: { id: 'northwind', carrier: 'simulator', reachable: true, since: 0 } }),
    row({
      table: 'numbers',
      row: {
        id: 'n13095550100',
        address: '+13095550100',
        name: 'Sales',
        channel: 'northwind',
        active: true,
        agent: null,
        group: null,
        longMessages: null,
        confirmation: 'parley',
        help: null,
      },
    }),
  ])
  for (let index = 0; index < count; index++) {
    edge.clock.pass(60_000)
    edge.inbound(customer(index), `Hello ${index}`)
  }
  return edge
}

export function customer(index: number): string {
  return `+1309555${String(1000 + index)}`
}

/** The open conversation of a customer, as the edge has it. */
export function conversationOf(edge: FakeEdge, index: number): Conversation {
  const user = mobileUserOf({ kind: 'phone', text: customer(index) })
  for (const { table, row } of edge.rows.values())
    if (table === 'conversations' && (row as Conversation).user === user) return row as Conversation
  throw new Error(`No conversation with customer ${index}.`)
}
