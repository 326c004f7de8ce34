import { expect, it } from 'vitest'
import { agentId, channelId, numberId } from '#shared/base/ids.ts'
import { entry } from '#shared/model/entry.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import { conversation, type Conversation } from '#shared/rows/conversation.ts'
import { onlooker, textsEach, threadOf } from '#worker/dev/seed/crowd.ts'

const owner = agentId.parse('rita')
const number: CompanyNumber = {
  id: numberId.parse('n13095550200'),
  address: '+13095550200',
  name: 'Front Desk',
  channel: channelId.parse('contoso'),
  active: true,
  agent: null,
  group: null,
  longMessages: null,
  confirmation: 'carrier',
  help: null,
}

/** The conversations of so many of the crowd. */
function crowd(count: number): Conversation[] {
  return Array.from({ length: count }, (_, index) => onlooker(index, number, owner, 1e12))
    .flat()
    .flatMap((put) => (put.table === 'conversations' ? [put.row] : []))
}

it('the rows of a crowd say of their threads what stands in them', () => {
  for (const row of crowd(60)) {
    conversation.parse(row)
    const entries = threadOf(row, owner)
    const last = entries.at(-1)
    expect(entries.map(({ order }) => order)).toEqual(Array.from({ length: textsEach }, (_, at) => at + 1))
    expect(last).toMatchObject({ at: row.lastAt, kind: row.lastBy === 'agent' ? 'outbound' : 'inbound' })
    expect(last && 'text' in last && last.text).toBe(row.preview)
    expect(entries.findLast(({ kind }) => kind === 'inbound')?.order).toBe(row.inboundOrder)
    expect(entries[0]?.at).toBeGreaterThanOrEqual(row.startedAt)
    for (const each of entries) expect(entry.parse(each).conversation).toBe(row.id)
  }
})

it('no two entries of a crowd have the same id', () => {
  const ids = crowd(300).flatMap((row) => threadOf(row, owner).map(({ id }) => id))
  expect(new Set(ids).size).toBe(300 * textsEach)
})
