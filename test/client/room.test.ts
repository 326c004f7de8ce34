import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { describeRoom } from '#client/state/connection.ts'
import { limits } from '#shared/wire/limits.ts'
import { rest, until } from './kit/fake-device.ts'
import { conversationOf, seededEdge } from './kit/fake-edge.ts'
import { openPage } from './kit/page.ts'

it('[E30] [P5] ten thousand changes wait on a device; one more is refused in sight, with its text still in the box', async () => {
  const edge = seededEdge(3)
  const page = await openPage(edge, { memory: true })
  await page.live()
  const { id } = conversationOf(edge, 0)
  edge.down = true
  edge.cut()
  await until(() => page.engine.status.phase !== 'live')
  const changes = Array.from({ length: limits.pendingCommands + 1 }, (_, index) => ({
    name: 'SetFollowUp' as const,
    conversation: conversationOf(edge, 1).id,
    on: index % 2 === 0,
  }))
  const answers = await page.actions.all(changes)
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10_000)
  const refusal = {
    ok: false,
    code: 'too many',
    text: '10,000 changes wait on this device already. Nothing more is taken until some of them are sent.',
  }
  expect(answers.at(-1)).toEqual(refusal)
  page.typing.set(id, 'reply', 'One more thing')
  await rest()
  expect(await page.actions.send(id, 'One more thing')).toEqual(refusal)
  expect(page.typing.read(id, 'reply')).toBe('One more thing')
  expect(await page.pending()).toHaveLength(10_000)

  // What is taken back makes room, and nothing of the rest is lost.
  const [first] = await page.pending()
  if (first) await page.actions.cancel(first.id)
  expect(await page.actions.send(id, 'One more thing')).toMatchObject({ ok: true })
  expect(await page.pending()).toHaveLength(10_000)
  page.close()
})

it('[E30] says in good time that a device holds nearly as many changes as it can', () => {
  expect([describeRoom(0), describeRoom(8_999)]).toEqual([null, null])
  expect(describeRoom(9_000)).toEqual({
    said: '9,000 changes wait on this device.',
    more: 'It keeps 10,000. Bring it online before that, or it takes no more.',
  })
})
