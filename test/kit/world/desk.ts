import { quickReplyId, type AutoReplyId } from '#shared/base/ids.ts'
import { second } from '#shared/base/time.ts'
import { profileOf } from '#shared/rules/profile.ts'
import { numberSwitchesOf, switchesOf } from '#shared/rules/configuration.ts'
import { readUnsent } from '#client/db/open-thread.ts'
import { readQuickReplies } from '#client/db/quick-replies.ts'
import { readSmall } from '#client/db/rows.ts'
import { readView } from '#client/db/views.ts'
import type { AutoReplySaid } from '#shared/rows/auto-reply.ts'
import type { Random } from '#test/kit/random.ts'
import { press } from './acts.ts'
import { automatic } from './founding.ts'
import type { Page } from './page.ts'
import type { Press } from './witness.ts'

/** What people do beside answering, and how often. */
const things = [
  'schedule',
  'schedule',
  'schedule',
  'quick reply',
  'quick reply',
  'away',
  'form',
  'mention',
] as const

/** One of them, as a person does it who sees this screen. Drawn from a stream of its own. */
export async function atTheDesk(page: Page, random: Random, word: string): Promise<Press | null> {
  switch (random.pick(things)) {
    case 'schedule':
      return schedule(page, random, word)
    case 'quick reply':
      return quickReply(page, random, word)
    case 'away': {
      const away = random.int(2) === 0
      return press(page, 'away', {}, (actions) => actions.away(away))
    }
    case 'form':
      return saveForm(page, random, word)
    case 'mention':
      return mention(page, random, word)
  }
}

/** Has a reply sent later [DC22]. Its author reads the time on a right clock, whatever the device's says. */
async function schedule(page: Page, random: Random, word: string): Promise<Press | null> {
  const conversation = await openOne(page, random)
  if (!conversation) return null
  const { id, user, number } = conversation
  const text = `later ${word}`
  const at = page.device.now() - page.browser.skew + 1000 + random.int(50 * second)
  const pressed = await press(page, 'schedule', { text, user, number, box: id }, (actions) =>
    actions.send(id, text, false, { at }),
  )
  return Object.assign(pressed, { due: at })
}

/** Adds a quick reply, or edits or removes one that is on the screen. */
async function quickReply(page: Page, random: Random, word: string): Promise<Press> {
  const { store, agent, account } = page.browser
  const all = await store.read((tx) => readQuickReplies(tx, agent, page.device.now()))
  const luck = random.int(4)
  if (all.length === 0 || luck < 2) {
    const id = quickReplyId.parse(`q${account}-${word.replaceAll(' ', '-')}`)
    return press(page, 'quick reply', {}, (actions) =>
      actions.addQuickReply(id, random.int(2) === 0, `Quick ${word}`, false),
    )
  }
  const row = random.pick(all)
  return luck === 2
    ? press(page, 'quick reply', {}, (actions) => actions.removeQuickReply(row))
    : press(page, 'quick reply', {}, (actions) => actions.editQuickReply(row, `Edited ${word}`))
}

/** Saves one field of a profile, of the settings, or of a number. */
async function saveForm(page: Page, random: Random, word: string): Promise<Press | null> {
  const rows = await page.browser.store.read(async (tx) => ({
    agents: await readSmall(tx, 'agents'),
    settings: (await readSmall(tx, 'settings'))[0],
    numbers: await readSmall(tx, 'numbers'),
  }))
  const luck = random.int(4)
  if (luck === 0 && rows.settings) {
    const expect = switchesOf(rows.settings)
    return press(page, 'form', {}, (actions) =>
      actions.save({ name: 'SaveSettings', expect, to: { autoAppend: !expect.autoAppend } }),
    )
  }
  if (luck === 1 && rows.numbers.length > 0) {
    const number = random.pick(rows.numbers)
    const expect = numberSwitchesOf(number)
    return press(page, 'form', {}, (actions) =>
      actions.save({ name: 'SaveNumber', number: number.id, expect, to: { mms: !expect.mms } }),
    )
  }
  const whom = rows.agents.find(({ id }) => id === page.browser.agent)
  if (!whom) return null
  const expect = profileOf(whom)
  return press(page, 'form', {}, (actions) =>
    actions.save({ name: 'SaveProfile', agent: whom.id, expect, to: { lastName: word } }),
  )
}

/** Changes, disables or removes an auto-reply, or adds one [F200-F210]. */
export async function changeAutoReply(page: Page, random: Random, word: string): Promise<Press | null> {
  const [settings] = await page.browser.store.read((tx) => readSmall(tx, 'settings'))
  if (!settings) return null
  const save = (autoReply: AutoReplyId, expect: AutoReplySaid | null, to: AutoReplySaid | null) =>
    press(page, 'auto-reply', {}, (actions) => actions.save({ name: 'SaveAutoReply', autoReply, expect, to }))
  const all = settings.autoReplies ?? []
  const luck = random.int(4)
  if (all.length === 0 || luck === 0)
    return save(page.engine.parts.ids.autoReply(), null, {
      number: null,
      trigger: { kind: 'time', days: [1, 2, 3, 4, 5], from: 480, to: 1200, timeZone: 'UTC' },
      text: `${automatic} ${word}`,
      most: random.pick([null, 1]),
      disabled: false,
    })
  const { id, ...said } = random.pick(all)
  if (luck === 1) return save(id, said, null)
  return save(
    id,
    said,
    luck === 2 ? { ...said, disabled: !said.disabled } : { ...said, text: `${automatic} ${word}` },
  )
}

/** Names a colleague in a note, or looks at where one was named. */
async function mention(page: Page, random: Random, word: string): Promise<Press | null> {
  const { store, agent } = page.browser
  const { mentions, agents } = await store.read(async (tx) => ({
    mentions: (await readSmall(tx, 'mentions')).filter(({ seen }) => !seen),
    agents: (await readSmall(tx, 'agents')).filter(({ id }) => id !== agent),
  }))
  const unseen = mentions[0]
  if (unseen) {
    // Who only looks is told of no refusal: a colleague's word or another device's may have come first.
    await page.press((actions) => actions.seeMentions(unseen.conversation))
    return null
  }
  const conversation = await openOne(page, random)
  const colleague = agents.length > 0 ? random.pick(agents) : null
  if (!conversation || !colleague) return null
  const { id, user, number } = conversation
  const text = `note ${word} for @${colleague.name}`
  return press(page, 'note', { text, user, number }, (actions) => actions.note(id, text))
}

/** A conversation of the list that others know as well. */
export function openOne({ browser, device }: Page, random: Random) {
  return browser.store.read(async (tx) => {
    const { rows } = await readView(tx, browser.agent, 'open', 50, device.now())
    if (rows.length === 0) return null
    const { conversation } = random.pick(rows)
    return (await readUnsent(tx, conversation.id)) ? null : conversation
  })
}
