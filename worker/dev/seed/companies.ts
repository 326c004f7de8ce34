import {
  channelId,
  agentId,
  groupId,
  quickReplyId,
  viewId,
  type AgentId,
  type NumberId,
} from '#shared/base/ids.ts'
import { mobileUserOf, numberOf, parseAddress } from '#shared/base/phone.ts'
import { everything, type Criteria } from '#shared/rules/criteria.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { RowPut } from '#shared/rows/tables.ts'
import type { ChannelConfig } from '../../carriers/carrier.ts'
import { contosoPast, northwindPast } from './past.ts'
import { people, type Person } from './people.ts'
import type { Happening } from './plan.ts'

/** The seeded companies, as design 9 fixes them. Development only: the deployed build does not import this. */
export interface Company {
  id: string
  name: string
  puts: RowPut[]
  channels: { id: string; config: ChannelConfig }[]
  members: { email: string; agent: AgentId }[]
  past: Happening[]
}

export const password = 'parley-demo'

const maya = agentId.parse('maya')
const sam = agentId.parse('sam')
const admin = agentId.parse('admin')
const rita = agentId.parse('rita')
const sales = groupId.parse('sales')
const service = groupId.parse('service')

/** Both companies, with the addresses at which carriers and Parley reach each other on this port. */
export function companies(origin: string): Company[] {
  return [northwind(origin), contoso(origin)]
}

function northwind(origin: string): Company {
  return {
    id: 'northwind',
    name: 'Northwind Auto',
    puts: [
      settings('Northwind Auto', 'America/Chicago', 1_000),
      { table: 'groups', row: { id: sales, name: 'Sales' } },
      { table: 'groups', row: { id: service, name: 'Service' } },
      agent(maya, 'Maya', 'maya@demo.test', 'agent', [sales]),
      agent(sam, 'Sam', 'sam@demo.test', 'agent', [sales, service]),
      agent(admin, 'Admin', 'admin@demo.test', 'admin', []),
      channel('northwind', 'simulator'),
      channel('northwind-twilio', 'twilio'),
      number('+13095550100', 'Sales', 'northwind', null),
      number('+13095550101', 'Service', 'northwind', service, {
        help: 'Northwind Auto service, Monday to Saturday, 7 to 6. Text us here or call (309) 555-0101.',
      }),
      number('+13095550102', 'Online', 'northwind-twilio', null, { mmsCharacters: 1_600 }),
      ...people.map(saved),
      ...quickReplies(maya, sam),
      view('vquotes', 'Quotes and offers', null, { ...everything, status: 'any', text: 'offer' }),
      view('vservice-unanswered', 'Service, unanswered', null, {
        ...everything,
        numbers: [numberOf('+13095550101') as NumberId],
        lastRepliedBy: 'customer',
        sort: 'oldest',
      }),
      view('vmaya-fleet', 'My fleet customers', maya, {
        ...everything,
        agents: ['@me'],
        users: 'Haddad, Farms',
      }),
    ],
    channels: [
      { id: 'northwind', config: simulatorAt(origin, 'northwind') },
      {
        id: 'northwind-twilio',
        config: {
          carrier: 'twilio',
          accountSid: `AC${'0'.repeat(32)}`,
          authToken: '12345',
          publicAddress: origin,
          api: `${origin}/simulator/twilio`,
        },
      },
    ],
    members: [
      { email: 'maya@demo.test', agent: maya },
      { email: 'sam@demo.test', agent: sam },
      { email: 'admin@demo.test', agent: admin },
    ],
    past: northwindPast(maya, sam, sales, service),
  }
}

function contoso(origin: string): Company {
  return {
    id: 'contoso',
    name: 'Contoso Dental',
    puts: [
      settings('Contoso Dental', 'America/New_York'),
      agent(rita, 'Rita', 'rita@demo.test', 'agent', []),
      channel('contoso', 'simulator'),
      number('+13095550200', 'Front Desk', 'contoso', null),
    ],
    channels: [{ id: 'contoso', config: simulatorAt(origin, 'contoso') }],
    members: [{ email: 'rita@demo.test', agent: rita }],
    past: contosoPast(rita),
  }
}

/** `listLimit`: what the provider lets them send to a distribution list; none at first [F263]. */
function settings(name: string, timeZone: string, listLimit = 0): RowPut {
  return {
    table: 'settings',
    row: {
      id: 'account',
      name,
      timeZone,
      longMessages: 'concatenate',
      optIn: 'automatic',
      optOutWords: 'guide',
      emoji: 'refuse',
      waitingMinutes: 15,
      listLimit,
    },
  }
}

function agent(
  id: AgentId,
  name: string,
  email: string,
  role: 'agent' | 'admin',
  groups: (typeof sales)[],
): RowPut {
  return { table: 'agents', row: { id, name, email, role, groups, active: true } }
}

/** What Northwind Auto says again and again, and what Maya keeps for herself. */
function quickReplies(maya: AgentId, sam: AgentId): RowPut[] {
  const all: [id: string, by: AgentId, owner: AgentId | null, text: string][] = [
    ['closing', sam, null, 'This conversation has ended, send another message if you need anything else!'],
    ['ready', sam, null, 'Hi {{First Name}}, your car is ready. We are open until 6 pm.'],
    ['hours', sam, null, 'We are open Monday to Friday from 8 am to 6 pm, and on Saturday until noon.'],
    ['call', maya, null, 'Thank you, {{First Name}}! May I call you about this?'],
    ['quote', maya, maya, 'I will send you a quote within the hour.'],
    ['tires', maya, maya, 'Checked the tires: below 3 mm, offer new ones.'],
  ]
  return all.map(([id, by, owner, text]) => ({
    table: 'quickReplies',
    row: { id: quickReplyId.parse(id), owner, by, text },
  }))
}

/** A view that somebody added: everybody's where it has no owner [DC5]. */
function view(id: string, name: string, owner: AgentId | null, criteria: Criteria): RowPut {
  return { table: 'views', row: { id: viewId.parse(id), name, owner, criteria } }
}

function channel(id: string, carrier: 'simulator' | 'twilio'): RowPut {
  return { table: 'channels', row: { id: channelId.parse(id), carrier, reachable: true, since: 0 } }
}

function number(
  address: string,
  name: string,
  channel: string,
  group: typeof sales | null,
  more: Partial<Pick<CompanyNumber, 'help' | 'mmsCharacters'>> = {},
): RowPut {
  return {
    table: 'numbers',
    row: {
      id: numberOf(address) as NumberId,
      address,
      name,
      channel: channelId.parse(channel),
      active: true,
      agent: null,
      group,
      longMessages: null,
      confirmation: 'carrier',
      help: null,
      ...more,
    },
  }
}

function simulatorAt(origin: string, channel: string): ChannelConfig {
  return { carrier: 'simulator', secret: 'simulator', api: `${origin}/simulator/carrier/${channel}` }
}

function saved(person: Person): RowPut {
  const address = parseAddress(person.address)
  if (!address) throw new Error(`${person.address} is not an address.`)
  const { firstName, lastName, companyName } = person
  return {
    table: 'mobileUsers',
    row: {
      id: mobileUserOf(address),
      address: address.text,
      firstName,
      lastName,
      companyName,
      optedOut: null,
    },
  }
}
