import { base32, conversationId, type AgentId } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { mobileUserOf } from '#shared/base/phone.ts'
import { minute } from '#shared/base/time.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { RowPut } from '#shared/rows/tables.ts'

/**
 * The `index`-th of a crowd: a person and their one conversation, made of rows alone, to measure a large replica
 * with. One in five is open, and every second of those is `owner`'s. There are 10,000 fictional addresses
 * (555-0100 to 555-0199 in a hundred areas), so `index` is below that.
 */
export function onlooker(index: number, number: CompanyNumber, owner: AgentId, now: number): RowPut[] {
  const address = `+1${301 + Math.floor(index / 100)}55501${String(index % 100).padStart(2, '0')}`
  const user = mobileUserOf({ kind: 'phone', text: address })
  const open = index % 5 === 0
  const lastAt = now - index * minute
  return [
    {
      table: 'mobileUsers',
      row: {
        id: user,
        address,
        firstName: 'Onlooker',
        lastName: String(index),
        companyName: '',
        optedOut: null,
      },
    },
    {
      table: 'conversations',
      row: {
        id: conversationId.parse(`c${base32Of(`crowd ${index}`)}`),
        no: 100_000 + index,
        user,
        number: number.id,
        status: open ? 'open' : 'closed',
        agent: open && index % 10 === 0 ? owner : null,
        group: null,
        startedAt: lastAt - 30 * minute,
        closedAt: open ? null : lastAt + minute,
        closedBy: open ? null : owner,
        lastAt,
        lastBy: index % 3 === 0 ? 'agent' : 'customer',
        preview: `Could somebody tell me whether my order ${index} is ready to be collected?`,
        inboundOrder: 1,
        followUp: index % 50 === 0,
        trouble: null,
      },
    },
  ]
}

function base32Of(text: string): string {
  const hex = hash64(text) + hash64(`again ${text}`)
  return base32(Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16)))
}
