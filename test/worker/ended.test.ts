import { expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import { Company, freshId, maya, sam } from './company.ts'

it('[E26] [E30] [fault T3] a socket that was ended is heard no more, whatever it still says', async () => {
  const company = await Company.found('ended')
  await company.inbound('m1', 'Hello?')
  const [row] = await company.conversations()
  const conversation = conversationId.parse(row?.id)
  const client = await company.connect(maya)
  await client.until((c) => c.heard.find(({ t }) => t === 'welcome'))
  // Both leave before the first is answered: a client that goes on talking is heard by nobody.
  client.say('this is no frame')
  client.command({ name: 'AddNote', conversation, text: 'after the end' })
  await client.untilClosed()
  const session = await company.signIn(sam)
  const other = await company.connect(sam, { session })
  await other.until((c) => c.heard.find(({ t }) => t === 'welcome'))
  await company.live.closeSession(session)
  other.command({ name: 'AddNote', conversation, text: 'after signing out' })
  await other.untilClosed()
  await company.inbound(freshId('m'), 'the next')
  const said = (await company.thread()).flatMap((entry) => ('text' in entry ? [entry.text] : []))
  expect(said).toEqual(['Hello?', 'the next'])
})
