import { makeIds, type MobileUserId } from '#shared/base/ids.ts'
import type { Command } from '#shared/core/command.ts'
import { readSmall } from '#client/db/rows.ts'
import type { Random } from '#test/kit/random.ts'
import { press } from './acts.ts'
import { customers, type Plan } from './founding.ts'
import type { Page } from './page.ts'
import type { Press } from './witness.ts'

/** Who can be on a list: the customers, and two who never write. */
const reachable = [...customers, '+13095551204', '+13095551205']

/** Makes a distribution list, changes it, or sends to it, as a person does who sees this screen. */
export async function sendToLists(
  page: Page,
  { numbers }: Plan,
  random: Random,
  word: string,
): Promise<Press> {
  const lists = await page.browser.store.read((tx) => readSmall(tx, 'lists'))
  const luck = random.int(100)
  const some = reachable.filter(() => random.int(2) === 0)
  const whom = some.length > 0 ? some : reachable
  const said = (what: string, command: Command, text?: string) =>
    press(page, what, text === undefined ? {} : { text }, async (actions) => {
      const [answer] = await actions.all([command])
      if (!answer) throw new Error('A press has an answer.')
      return answer
    })
  if (lists.length === 0 || luck < 8) {
    const list = makeIds(() => random.bytes(16)).list()
    const to = { name: word, addToInbox: random.int(2) === 0 }
    return said('list', { name: 'SaveList', list, expect: null, to })
  }
  const { id: list, name, addToInbox, count } = random.pick(lists)
  if (luck < 14) {
    const to = { name: word, addToInbox: !addToInbox }
    return said('list', { name: 'SaveList', list, expect: { name, addToInbox }, to })
  }
  if (luck < 22) {
    const users = whom.map((address) => `up${address.slice(1)}` as MobileUserId)
    return said('list', { name: 'RemoveFromList', list, users })
  }
  if (count === 0 || luck < 40) return said('list', { name: 'AddToList', list, addresses: whom })
  const number = random.pick(numbers)
  const text = `mailing ${word}`
  const pressed = await said('broadcast', { name: 'SendBroadcast', list, number, text, expect: count }, text)
  return Object.assign(pressed, { recipients: count })
}
