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
