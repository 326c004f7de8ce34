import { base32, conversationId, entryId, type AgentId } from '#shared/base/ids.ts'
import { hash64 } from '#shared/base/hash64.ts'
import { mobileUserOf } from '#shared/base/phone.ts'
import { minute } from '#shared/base/time.ts'
import type { Entry } from '#shared/model/entry.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { CompanyNumber } from '#shared/rows/number.ts'
import type { RowPut } from '#shared/rows/tables.ts'

/** Texts in each thread of the crowd: with 10,000 people 100,000 of them. */
export const textsEach = 10

/**
 * The `index`-th of a crowd: a person and their one conversation, as rows, to measure a large replica with. One in five is open, and every second of those is `owner`'s. There are 10,000 fictional addresses
 * (555-0100 to 555-0199 in a hundred areas), so `index` is below that.
 */
export function onlooker(index: number, number: CompanyNumber, owner: AgentId, now: number): RowPut[] {
  const address = addressOf(index)
  const user = mobileUserOf({ kind: 'phone', text: address })
  const open = index % 5 === 0
  const lastAt = now - index * minute
  const lastBy = index % 3 === 0 ? 'agent' : 'customer'
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
        startedAt: lastAt - textsEach * minute,
        closedAt: open ? null : lastAt + minute,
        closedBy: open ? null : owner,
        lastAt,
        lastBy,
        preview: words(textsEach, lastBy),
        inboundOrder: lastBy === 'customer' ? textsEach : textsEach - 1,
        followUp: index % 50 === 0,
        trouble: null,
      },
    },
  ]
}

/** The handset of the `index`-th of the crowd. */
export function addressOf(index: number): string {
  return `+1${301 + Math.floor(index / 100)}55501${String(index % 100).padStart(2, '0')}`
}

/**
 * The texts of an onlooker's conversation, a minute apart, customer and `agent` in turn. They follow from the row
 * alone, so that whoever holds it can make the same thread.
 */
export function threadOf({ id, no, lastAt, lastBy }: Conversation, agent: AgentId): Entry[] {
  return Array.from({ length: textsEach }, (_, index) => {
    const order = index + 1
    const at = lastAt - (textsEach - order) * minute
    const by = (textsEach - order) % 2 === 0 ? lastBy : lastBy === 'agent' ? 'customer' : 'agent'
    const common = { id: entryId.parse(`e${numbered(no ?? 0, order)}`), order, at, conversation: id }
    const text = words(order, by)
    return by === 'customer'
      ? { ...common, kind: 'inbound', text, media: [], cut: false }
      : { ...common, kind: 'outbound', by: agent, text, parts: 1, delivery: { state: 'delivered', at } }
  })
}

function words(order: number, by: 'agent' | 'customer'): string {
  return by === 'customer'
    ? `Could somebody tell me whether part ${order} of my order is ready to be collected?`
    : `Part ${order} is on its way and will be here tomorrow. We will write as soon as it is.`
}

function numbered(no: number, order: number): string {
  const bytes = new DataView(new ArrayBuffer(16))
  bytes.setUint32(0, no)
  bytes.setUint32(4, order)
  return base32(new Uint8Array(bytes.buffer))
}

function base32Of(text: string): string {
  const hex = hash64(text) + hash64(`again ${text}`)
  return base32(Uint8Array.from({ length: 16 }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16)))
}
