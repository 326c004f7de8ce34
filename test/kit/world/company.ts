import type { AgentId, GroupId, NumberId } from '#shared/base/ids.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { Random } from '#test/kit/random.ts'
import { channel } from './carrier.ts'

export const people = ['maya', 'sam', 'admin'] as AgentId[]
export const numbers = ['n13095550100', 'n13095550101'] as NumberId[]
export const customers = ['+13095551201', '+13095551202', '+13095551203']

const [sales, service] = ['sales', 'service'] as GroupId[]

/** The company of a run: three agents, two numbers, settings as the seed has them. */
export function companyOf(random: Random, now: number): RowPut[] {
  const groups = [sales, service].flatMap((id) => (id ? [id] : []))
  return [
    {
      table: 'settings',
      row: {
        id: 'account',
        name: 'Northwind Auto',
        timeZone: 'America/Chicago',
        longMessages: random.pick(['refuse', 'concatenate', 'split']),
        optIn: random.pick(['automatic', 'automatic', 'manual']),
        optOutWords: 'guide',
        emoji: 'refuse',
        waitingMinutes: 15,
      },
    },
    ...people.map((id): RowPut => ({
      table: 'agents',
      row: {
        id,
        name: id,
        email: `${id}@demo.test`,
        role: id === 'admin' ? 'admin' : 'agent',
        groups: id === 'sam' ? groups : groups.slice(0, 1),
        active: true,
      },
    })),
    ...groups.map((id): RowPut => ({ table: 'groups', row: { id, name: id } })),
    { table: 'channels', row: { id: channel, carrier: 'simulator', reachable: true, since: now } },
    ...numbers.map((id, index) => numberPut(id, index, true)),
  ]
}

/** The second number belongs to a group, and Parley itself confirms there. */
export function numberPut(id: NumberId, index: number, active: boolean): RowPut {
  return {
    table: 'numbers',
    row: {
      id,
      address: `+${id.slice(1)}`,
      name: id,
      channel,
      active,
      agent: null,
      group: index === 0 ? null : (service ?? null),
      longMessages: null,
      confirmation: index === 0 ? 'carrier' : 'parley',
      help: index === 0 ? null : 'Northwind Auto: call us.',
    },
  }
}
