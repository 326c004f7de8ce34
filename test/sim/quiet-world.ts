import type { Company } from '#test/kit/world/company.ts'
import { customers } from '#test/kit/world/founding.ts'
import { World } from '#test/kit/world/world.ts'
import { Model } from './model.ts'

/** A world in which nothing goes wrong by itself, with its first company and the customers who text it. */
export async function quietWorld(): Promise<{ world: World; company: Company; customers: typeof customers }> {
  const judge = () =>
    new Model(
      ['+13095550100'],
      () => 0,
      () => false,
      () => false,
    )
  const world = new World(1, judge, false)
  await world.begin()
  const [company] = world.companies
  if (!company) throw new Error('There is nobody here.')
  return { world, company, customers }
}
