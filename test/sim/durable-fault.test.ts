import { expect, it } from 'vitest'
import { screenOf } from '#test/kit/world/screens.ts'
import type { AgentId } from '#shared/base/ids.ts'
import { nobodysNumber } from '#test/kit/world/founding.ts'
import { quietWorld } from './quiet-world.ts'

it('[E18] [P6] a commit over which the store threw although it took it reaches every device', async () => {
  const { world, company, customers } = await quietWorld()
  const [customer] = customers
  if (!customer) throw new Error('There is nobody here.')
  company.carrier.bring(customer, '+13095550100', 'first')
  await world.scheduler.pass(5000)
  company.edge.disk.lieIn = 0
  // R2 keeps what seemed not to be taken; what it brings again is known by then and changes nothing.
  company.carrier.bring(customer, '+13095550100', 'second')
  await world.scheduler.pass(60_000)
  expect(company.edge.disk.lieIn).toBeNull()
  for (const page of company.pages()) {
    const { threads } = await screenOf(page)
    expect(threads.flatMap(({ entries }) => entries.map(({ text }) => text))).toEqual(['first', 'second'])
  }
  await world.end()
})

it('[E18] [P6] a commit that was overlooked between two others is not passed over by a frame that waited', async () => {
  const { world, company, customers } = await quietWorld()
  const write = (id: string, from: string) =>
    company.edge.arrive(company.plan.channel, {
      kind: 'inbound',
      carrierId: id,
      from,
      to: '+13095550100',
      text: id,
      media: [],
    })
  const [first, second, third] = customers
  // In one step of the object, before anything that waits for its end may run.
  write('before', String(first))
  company.edge.disk.lieIn = 0
  expect(() => write('overlooked', String(second))).toThrow('The disk took it all')
  write('behind', String(third))
  await world.scheduler.pass(30_000)
  for (const page of company.pages()) {
    const { threads } = await screenOf(page)
    const texts = threads.flatMap(({ entries }) => entries.map(({ text }) => text))
    expect(texts.sort()).toEqual(['before', 'behind', 'overlooked'])
  }
  await world.end()
})

it('[E7] [E18] [fault T3] a role that changed in an overlooked commit counts on sockets that are open', async () => {
  const { world, company, customers } = await quietWorld()
  const [customer] = customers
  const pageOf = (agent: string) => company.pages().find(({ browser }) => browser.agent === agent)
  const [admin, sam] = [pageOf('admin'), pageOf('sam')]
  if (!customer || !admin || !sam) throw new Error('There is nobody here.')
  const becomes = async (role: 'agent' | 'admin') => {
    company.edge.disk.lieIn = 0
    await admin.actions.role('sam' as AgentId, role)
    await world.scheduler.pass(60_000)
    expect(company.edge.disk.lieIn).toBeNull()
  }
  company.carrier.bring(customer, nobodysNumber, 'first')
  await world.scheduler.pass(5000)
  expect((await screenOf(sam)).strays).toEqual([])

  await becomes('admin')
  expect((await screenOf(sam)).strays).toEqual(['first'])

  await becomes('agent')
  company.carrier.bring(customer, nobodysNumber, 'second')
  await world.scheduler.pass(60_000)
  expect((await screenOf(sam)).strays).toEqual([])
  expect((await screenOf(admin)).strays.toSorted()).toEqual(['first', 'second'])
  await world.end()
})
