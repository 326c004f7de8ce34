import { expect, it } from 'vitest'
import { screenOf } from '#test/kit/world/screens.ts'
import { customers } from '#test/kit/world/founding.ts'
import { World } from '#test/kit/world/world.ts'
import { Model } from './model.ts'

it('[E18] [P6] a commit over which the store threw although it took it reaches every device', async () => {
  const world = new World(
    1,
    () =>
      new Model(
        ['+13095550100'],
        () => 0,
        () => false,
      ),
  )
  await world.begin()
  const [company] = world.companies
  const [customer] = customers
  if (!company || !customer) throw new Error('There is nobody here.')
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
  const world = new World(
    1,
    () =>
      new Model(
        ['+13095550100'],
        () => 0,
        () => false,
      ),
  )
  await world.begin()
  const [company] = world.companies
  if (!company) throw new Error('There is nobody here.')
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
