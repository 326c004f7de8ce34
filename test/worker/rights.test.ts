import { runInDurableObject } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { Role } from '#shared/model/role.ts'
import type { Rights, RowChange } from '#shared/wire/down.ts'
import type { DevAccount } from '#worker/dev/dev-account.ts'
import { admin, Company, maya, origin, sam, type Client } from './company.ts'

const welcomed = (client: Client) => client.until((c) => c.heard.find(({ t }) => t === 'welcome'))
const toldRights = (client: Client, role: Role) =>
  client.until((c) =>
    c.heard.find((message): message is Rights => message.t === 'rights' && message.role === role),
  )
const tablesOf = (client: Client) =>
  client.frames().flatMap(({ parts }) => parts.flatMap(({ rows }) => rows.map(({ table }) => table)))

it('[E7] a new role reaches every socket of the agent at once, and the frames behind it keep to it', async () => {
  const company = await Company.found('rights')
  const [chief, first, second] = await Promise.all([
    company.connect(admin),
    company.connect(maya),
    company.connect(maya),
  ])
  await Promise.all([chief, first, second].map(welcomed))

  await chief.ack(chief.command({ name: 'SetRole', agent: maya, role: 'admin' }))
  for (const socket of [first, second])
    expect((await toldRights(socket, 'admin')).audiences).toContain('may:see strays')
  await company.inbound('stray-1', 'Wrong number', { to: '+13095559999' })
  await first.until((c) => tablesOf(c).includes('strays'))

  await chief.ack(chief.command({ name: 'SetRole', agent: maya, role: 'agent' }))
  expect((await toldRights(second, 'agent')).audiences).not.toContain('may:see strays')
  await toldRights(first, 'agent')
  const before = tablesOf(first).filter((table) => table === 'strays').length
  await company.inbound('stray-2', 'Wrong again', { to: '+13095559999' })
  await company.inbound('text', 'Right number')
  await first.until((c) => tablesOf(c).includes('conversations'))
  await chief.until((c) => tablesOf(c).filter((table) => table === 'strays').length === 2)
  expect(tablesOf(first).filter((table) => table === 'strays').length).toBe(before)
})

it('[E7] pages of a gained audience hold its rows alone, and none for who may not see it', async () => {
  const company = await Company.found('gained')
  await company.inbound('stray', 'Wrong number', { to: '+13095559999' })
  await company.inbound('text', 'Right number')
  const ask = async (agent: typeof maya) =>
    runInDurableObject(company.live, (object: DevAccount) => object.rows(agent, '', 500, ['may:see strays']))
  expect((await ask(admin)).rows.map(({ table }: RowChange) => table)).toEqual(['strays'])
  expect((await ask(sam)).rows).toEqual([])
  const open = await exports.default.fetch(`${origin}/api/rows?account=gained&agent=sam&audiences=account`)
  expect(open.status).toBe(401)
})

it('[E7] a catch-up names the audience of each part', async () => {
  const company = await Company.found('parted')
  const first = await company.connect(admin)
  const welcome = await welcomed(first)
  if (welcome.t !== 'welcome') throw new Error(welcome.t)
  await company.inbound('stray', 'Wrong number', { to: '+13095559999' })
  await company.inbound('text', 'Right number')
  const later = await company.connect(admin, { cursor: welcome.head })
  const frame = await later.until((c) => c.frames()[0])
  expect(
    frame.parts.map(({ audience, rows }) => [audience, rows.map(({ table }) => table).toSorted()]),
  ).toEqual([
    ['may:see strays', ['strays']],
    ['account', ['conversations', 'mobileUsers', 'threads']],
  ])
})

it('[E7] [P7] [fault T3] who lost a right while connected is refused with the next command', async () => {
  const company = await Company.found('lowered')
  const [chief, other] = await Promise.all([company.connect(admin), company.connect(maya)])
  await Promise.all([chief, other].map(welcomed))
  await chief.ack(chief.command({ name: 'SetRole', agent: maya, role: 'admin' }))
  expect((await other.ack(other.command({ name: 'SetRole', agent: sam, role: 'admin' }))).refusal).toBeNull()
  const lowered = chief.command({ name: 'SetRole', agent: maya, role: 'agent' })
  await chief.ack(lowered)
  // On the socket that was greeted as an admin's, and before anything asked it to reconnect.
  const refused = await other.ack(other.command({ name: 'SetRole', agent: maya, role: 'admin' }))
  expect(refused.refusal?.code).toBe('forbidden')
  expect(other.closed).toBeNull()
})
