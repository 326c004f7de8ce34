import { expect, it } from 'vitest'
import { rest } from '#test/kit/world/scheduler.ts'
import { screenOf } from '#test/kit/world/screens.ts'
import { quietWorld } from './quiet-world.ts'

it.for(['refuseIn', 'lieIn'] as const)(
  '[E15] [fault D3] a key over which the store threw (%s) reaches every screen that shows its draft',
  async (fault) => {
    const { world, company, customers } = await quietWorld()
    const [customer] = customers
    if (!customer) throw new Error('There is nobody here.')
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
