import type { Conversation } from '#shared/rows/conversation.ts'
import { viewId, type AgentId, type CommandId, type ConversationId, type GroupId } from '#shared/base/ids.ts'
import type { Command, ViewSaid } from '#shared/core/command.ts'
import { everything } from '#shared/rules/criteria.ts'
import { readAttached } from '#client/db/media.ts'
import { readOpenThread, type OpenThread } from '#client/db/open-thread.ts'
import { readView } from '#client/db/views.ts'
import { readSmall } from '#client/db/rows.ts'
import type { Actions } from '#client/sync/actions.ts'
import type { Pressed } from '#client/sync/presses.ts'
import { pullEarlier } from '#client/sync/earlier.ts'
import { infoOf } from '#shared/core/commands/mobile-user.ts'
import type { Random } from '#test/kit/random.ts'
import { customers, type Plan } from './founding.ts'
import type { Page } from './page.ts'
import type { Press } from './witness.ts'

/** Everything that a person does on a page, and how often. */
const acts = [
  ['send', 34],
  ['start', 5],
  ['note', 8],
  ['claim', 8],
  ['transfer', 7],
  ['end', 6],
  ['follow up', 5],
  ['opt out', 2],
  ['opt in', 4],
  ['held', 16],
  ['look', 12],
  ['role', 8],
  ['earlier', 3],
  ['person', 4],
  ['put back', 3],
  ['view', 5],
] as const
type Act = (typeof acts)[number][0]

const nothingWaiting = 'x' as CommandId

/** Does one thing on a page, as a person who sees its screen, and answers what was pressed. */
export async function act(
  page: Page,
  { numbers, people }: Plan,
  random: Random,
  word: string,
): Promise<Press | null> {
  const kind = pickAct(random)
  const { agent, account, store } = page.browser
  const now = page.device.now()
  const rows = await store.read(async (tx) => {
    const open = await readView(tx, agent, 'open', 50, now)
    const closed = await readView(tx, agent, 'closed', 50, now)
    return { open: open.rows, closed: closed.rows }
  })
  if (kind === 'start') {
    const made = await page.actions.start(random.pick(numbers), random.pick(customers))
    if (!made.ok) return null
    const text = textFor(random, `start ${word}`)
    const about = { text, box: made.conversation }
    return press(page, 'start', about, (actions) => actions.send(made.conversation, text))
  }
  if (kind === 'role') {
    const [whom, role] = [random.pick(people), random.pick(['agent', 'admin'] as const)]
    return press(page, 'role', {}, (actions) => actions.role(whom, role))
  }
  if (kind === 'view') return changeView(page, random, word)
  const list = rows.closed.length > 0 && random.int(12) === 0 ? rows.closed : rows.open
  if (list.length === 0) return null
  // Most of what happens, happens where something is going on.
  const drawn = kind === 'held' || (kind === 'send' && random.int(3) === 0)
  const troubled = drawn ? list.filter((row) => row.conversation.trouble === 'held') : []
  const near = random.int(3) === 0 ? list.slice(0, 1) : list
  const { conversation } = random.pick(troubled.length > 0 ? troubled : near)
  const thread = await store.read((tx) => readOpenThread(tx, { account, agent }, conversation.id, now))
  if (!thread) return null
  // Who may not write opts the person in, if they dare.
  const dares = kind === 'send' && thread.user?.optedOut && random.int(3) === 0
  return doIn(dares ? 'opt in' : kind, page, people, thread, random, word)
}

async function doIn(
  kind: Exclude<Act, 'start' | 'role' | 'view'>,
  page: Page,
  people: readonly AgentId[],
  thread: OpenThread,
  random: Random,
  word: string,
): Promise<Press | null> {
  const { conversation } = thread
  const { id, user, number } = conversation
  const about = { user, number }
  switch (kind) {
    case 'send': {
      const text = textFor(random, word)
      return press(page, 'send', { text, ...about, box: id }, (actions) => actions.send(id, text))
    }
    case 'note': {
      const text = `note ${word}`
      return press(page, 'note', { text, ...about }, (actions) => actions.note(id, text))
    }
    case 'claim':
      return press(page, 'claim', about, (actions) => actions.claim(conversation))
    case 'transfer': {
      const to = ownerFor(people, random)
      return press(page, 'transfer', about, (actions) => actions.transfer(conversation, to))
    }
    case 'put back': {
      const { agent, group } = conversation
      const back: Command = {
        name: 'PutBackOwner',
        conversation: id,
        expect: { agent, group },
        to: ownerFor(people, random),
      }
      // Nothing waits under this id, so nothing is taken back before it left.
      return press(page, 'put back', about, (actions) => actions.undo(nothingWaiting, back))
    }
    case 'end':
      return press(page, 'end', about, (actions) => actions.end(id))
    case 'follow up':
      return press(page, 'follow up', about, (actions) => actions.followUp(id, !conversation.followUp))
    case 'person': {
      const person = thread.user
      if (!person) return null
      const info = infoOf(person)
      // One field or two, so that colleagues meet in the same one now and then.
      const to = { ...info, firstName: word, ...(random.int(2) === 0 ? { lastName: word } : {}) }
      return press(page, 'person', { user }, (actions) => actions.saveMobileUser(person, info, to))
    }
    case 'earlier':
      // Its answer takes time, and time passes only when the press is over.
      void pullEarlier(page.engine.parts, user, thread.confirmed[0]?.order ?? Number.MAX_SAFE_INTEGER)
      return null
    case 'opt out':
      return consent(page, thread, true)
    case 'opt in':
      return consent(page, thread, false)
    case 'held':
      return settleHeld(page, thread, random)
    case 'look':
      return look(page, conversation, thread)
  }
}

/** Adds a view, or edits or removes one: an own one or, where the agent may, everybody's. */
async function changeView(page: Page, random: Random, word: string): Promise<Press> {
  const { store, account } = page.browser
  const views = await store.read((tx) => readSmall(tx, 'views'))
  const to: ViewSaid = { label: `view ${word}`, criteria: { ...everything, users: word } }
  const luck = random.int(4)
  if (views.length === 0 || luck === 0) {
    const id = viewId.parse(`v${account}-${word.replaceAll(' ', '-')}`)
    return press(page, 'view', {}, (actions) => actions.addView(id, random.int(2) === 0, to))
  }
  const { id, name, criteria } = random.pick(views)
  const expect = { label: name, criteria }
  return luck === 1
    ? press(page, 'view', {}, (actions) => actions.removeView(id, expect))
    : press(page, 'view', {}, (actions) => actions.editView(id, expect, to))
}

/** Opts the person in or out who is on the screen, if the device holds more of them than the number. */
async function consent(page: Page, { user }: OpenThread, out: boolean): Promise<Press | null> {
  if (!user) return null
  return press(page, out ? 'opt out' : 'opt in', { user: user.id }, (actions) => actions.consent(user, out))
}

/** Chooses what becomes of a held text, now and then of one that a colleague has settled meanwhile. */
async function settleHeld(page: Page, thread: OpenThread, random: Random): Promise<Press | null> {
  const { conversation, confirmed } = thread
  const texts = confirmed.filter((entry) => entry.kind === 'outbound')
  const held = texts.filter(({ delivery }) => delivery.state === 'held')
  const stale = held.length === 0 && random.int(4) === 0 ? texts : held
  if (stale.length === 0) return checkText(page, thread)
  const { id } = random.pick(stale)
  const { user } = conversation
  if (random.int(2) === 0)
    return press(page, 'send held', { user, settles: id }, (actions) => actions.sendHeld(conversation.id, id))
  const edit = random.int(2) === 0
  return press(page, 'discard held', { user, settles: id }, (actions) =>
    actions.discardHeld(conversation.id, id, edit),
  )
}

/** Asks the carrier about the oldest text whose fate nobody knows. Draws nothing, so that it moves no other draw. */
async function checkText(page: Page, { conversation, confirmed }: OpenThread): Promise<Press | null> {
  const unsure = confirmed.find(
    (entry) => entry.kind === 'outbound' && entry.delivery.state === 'unconfirmed',
  )
  if (!unsure) return null
  const { user } = conversation
  return press(page, 'check', { user }, (actions) => actions.askCarrier(unsure.conversation, unsure.id))
}

async function look(page: Page, { id, user }: Conversation, thread: OpenThread): Promise<null> {
  const newest = thread.confirmed.at(-1)?.order ?? 0
  if (thread.behind) page.engine.want(user)
  page.engine.look({ viewing: id, writing: null })
  page.actions.shows(user, newest)
  await page.actions.markRead(id, newest)
  return null
}

export async function press(
  page: Page,
  what: string,
  about: { text?: string; user?: string; number?: string; settles?: string; box?: ConversationId },
  action: (actions: Actions) => Promise<Pressed>,
): Promise<Press> {
  const { browser, device } = page
  const { skewChanged } = browser
  const at = device.now() - browser.skew
  // What stands in the box as pictures goes along.
  const { box } = about
  const attached = box === undefined ? [] : await browser.store.read((tx) => readAttached(tx, box))
  const { pressed, id, answered } = await page.press(action)
  const { text = null, user = null, number = null, settles = null } = about
  if (id !== null && text !== null && user !== null) browser.texts.set(id, user)
  const press: Press = {
    by: browser.agent,
    device: browser.name,
    what,
    id,
    text,
    user,
    number,
    pictures: attached.map(({ id }) => id),
    settles,
    refusal: pressed.ok ? null : pressed.code,
    at,
    steady: () => browser.skewChanged === skewChanged,
    told: null,
  }
  answered.then(
    (answer) => {
      if (id !== null && !answer.ok) press.told = answer.text
    },
    // The database could not take it out of the list of what was refused, where it stands then.
    () => undefined,
  )
  return press
}

/** Mostly a line, now and then too long, empty, or with an emoji. Unlike any other text of the run. */
function textFor(random: Random, word: string): string {
  const luck = random.int(40)
  if (luck === 0) return `${word} ${'long '.repeat(random.pick([40, 70, 120]))}end ${word}`
  if (luck === 1) return `${word} 🙂`
  if (luck === 2) return '   '
  return word
}

function ownerFor(
  people: readonly AgentId[],
  random: Random,
): { agent: AgentId | null; group: GroupId | null } {
  return random.int(3) === 0
    ? { agent: null, group: random.pick(['sales', 'service']) as GroupId }
    : { agent: random.pick(people), group: null }
}

function pickAct(random: Random): Act {
  let left = random.int(acts.reduce((sum, [, weight]) => sum + weight, 0))
  for (const [kind, weight] of acts) if ((left -= weight) < 0) return kind
  return 'look'
}
