import { expect, it } from 'vitest'
import { arrive, company, decided, entriesOf, maya, number, salesNumber, talking } from '#test/kit/worlds.ts'

it('[E24] [P2] a text and its answer have the same names, whether or not a conversation begins with them', () => {
  const help = number(salesNumber, { help: 'Northwind Auto: call us.', agent: maya })
  const numbers = new Map([[help.id, help]])
  const input = arrive('HELP', { to: help.address })
  const [begins, joins] = [company({ numbers }), talking(undefined, { numbers })].map((world) =>
    entriesOf(decided(world, input).changes),
  )
  // One begins with a note of its owner, which must not take the name of the text.
  expect(begins?.map(({ kind }) => kind)).toEqual(['system', 'inbound', 'outbound'])
  expect(joins?.map(({ kind }) => kind)).toEqual(['inbound', 'outbound'])
  expect(joins?.map(({ id }) => id)).toEqual(begins?.slice(1).map(({ id }) => id))
})
