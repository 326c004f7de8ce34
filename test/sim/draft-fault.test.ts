import { expect, it } from 'vitest'
import { customers } from '#test/kit/world/founding.ts'
import { rest } from '#test/kit/world/scheduler.ts'
import { World } from '#test/kit/world/world.ts'
import { screenOf } from '#test/kit/world/screens.ts'
import { Model } from './model.ts'

it.for(['refuseIn', 'lieIn'] as const)(
  '[E15] [fault D3] a key over which the store threw (%s) reaches every screen that shows its draft',
  async (fault) => {
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
    const pages = company.pages()
    const [writer] = pages
    if (!writer) throw new Error('No page is open.')
    const [row] = (await screenOf(writer)).rows
    const id = row?.id as Parameters<typeof writer.typing.read>[0]
    for (const page of pages) page.engine.look({ viewing: id, writing: id })
    await rest()
    await world.scheduler.pass(2000)
    company.edge.disk[fault] = 0
    writer.typing.set(id, 'reply', 'Yes')
    await rest()
    await world.scheduler.pass(5000)
    expect(company.edge.disk[fault]).toBeNull()
    expect(pages.map((page) => page.typing.read(id, 'reply'))).toEqual(pages.map(() => 'Yes'))
    await world.end()
  },
)
