import { conversationId } from '#shared/base/ids.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeCarrier } from './carrier.ts'
import { Company, maya, sam, type Client } from './company.ts'

const carrier = new FakeCarrier()
beforeEach(() => carrier.install())
afterEach(() => carrier.remove())

const mentionsTold = (client: Client) =>
  client
    .frames()
    .flatMap(({ parts }) => parts)
    .flatMap(({ rows }) => rows)
    .filter(({ table }) => table === 'mentions')

it('a mention reaches whom it names and nobody else, and is seen on all of their devices', async () => {
  const company = await Company.found('mentions')
  await company.inbound('m1', 'Is it still there?')
  const [row] = await company.conversations()
  const conversation = conversationId.parse(row?.id)
  const [author, laptop, phone] = [
    await company.connect(maya),
    await company.connect(sam),
    await company.connect(sam),
  ]
  await author.ack(author.command({ name: 'AddNote', conversation, text: '@Sam can you take this?' }))
  const [told] = await laptop.until(() => (mentionsTold(laptop).length > 0 ? mentionsTold(laptop) : null))
  expect(told?.row).toMatchObject({ agent: sam, by: maya, conversation, seen: false })
  // The author's word on Sam's mentions counts for the author's own only, of which there are none.
  const own = await author.ack(author.command({ name: 'SeeMentions', conversation }))
  expect(own.refusal?.code).toBe('already so')
  await laptop.ack(laptop.command({ name: 'SeeMentions', conversation }))
  await phone.until(() => mentionsTold(phone).some(({ row }) => (row as { seen: boolean }).seen))
  expect(mentionsTold(author)).toEqual([])
  // Away is a row that everybody sees.
  await laptop.ack(laptop.command({ name: 'SetAway', away: true }))
  await author.until(() => author.frames().some(({ parts }) => JSON.stringify(parts).includes('"away":true')))
})
