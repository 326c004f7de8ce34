import { expect, it } from 'vitest'
import { conversationId } from '#shared/base/ids.ts'
import { Company, maya } from './company.ts'

it('[E30] [fault T2] a socket whose commands do not end is told to be slow, is not written for, and another company is answered', async () => {
  const [noisy, quiet] = [await Company.found('noisy'), await Company.found('quiet')]
  const ids: string[] = []
  for (const company of [noisy, quiet]) {
    await company.inbound('a', 'Hello?')
    const [row] = await company.conversations()
    ids.push(conversationId.parse(row?.id))
  }
  const [loud, calm] = [await noisy.connect(maya), await quiet.connect(maya)]
  const note = (index: number, text: string) =>
    ({ name: 'AddNote', conversation: conversationId.parse(ids[index]), text }) as const
  for (let count = 0; count < 300; count++) loud.command(note(0, `${count}`))
  expect((await calm.ack(calm.command(note(1, 'Calm')))).refusal).toBeNull()
  await loud.until((c) => c.heard.find(({ t }) => t === 'slow'))
  expect((await noisy.thread()).filter(({ kind }) => kind === 'note').length).toBeLessThan(250)
})
