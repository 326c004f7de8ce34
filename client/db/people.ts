import type { MobileUserId } from '#shared/base/ids.ts'
import type { Conversation } from '#shared/rows/conversation.ts'
import type { MobileUser } from '#shared/rows/mobile-user.ts'
import { digitsOf, foldText, wordsOf } from '#shared/rules/search.ts'
import type { Store } from './store.ts'

/** A person that was found, with the conversation that is shown for them. */
export interface FoundPerson {
  user: MobileUser
  conversation: Conversation | null
}

/** Digits below which a number is not looked for: they would find everybody. */
const fewestDigits = 3

/** Everybody's names and numbers, and the numbers of conversations, as they are compared. */
export class PeopleIndex {
  #people: { user: MobileUser; name: string; digits: string }[] = []
  #users = new Map<MobileUserId, MobileUser>()
  #latest = new Map<MobileUserId, Conversation>()
  #byNumber = new Map<number, Conversation>()

  async load(store: Store): Promise<void> {
    const { users, conversations } = await store.read(async (tx) => ({
      users: await tx.all('mobileUsers'),
      conversations: await tx.all('conversations'),
    }))
    this.#people = users.flatMap(({ row }) =>
      row
        ? [
            {
              user: row,
              name: foldText(`${row.firstName} ${row.lastName} ${row.companyName}`),
              digits: digitsOf(row.address),
            },
          ]
        : [],
    )
    this.#users = new Map(this.#people.map(({ user }) => [user.id, user]))
    this.#latest.clear()
    this.#byNumber.clear()
    for (const { row } of conversations) {
      if (!row) continue
      const before = this.#latest.get(row.user)
      if (!before || isLater(row, before)) this.#latest.set(row.user, row)
      if (row.no !== null) this.#byNumber.set(row.no, row)
    }
  }

  /** People by every word of their names, or by a part of their number; those whose names begin so come first. */
  find(question: string, most: number): FoundPerson[] {
    const words = wordsOf(question)
    if (words.length === 0) return []
    const digits = /^[\d\s()+.#-]+$/u.test(question.trim()) ? digitsOf(question) : ''
    const found = this.#people.flatMap(({ user, name, digits: number }) => {
      if (digits.length >= fewestDigits && number.includes(digits)) return [{ user, rank: 1 }]
      if (!words.every((word) => name.includes(word))) return []
      return [{ user, rank: words.every((word) => ` ${name}`.includes(` ${word}`)) ? 0 : 1 }]
    })
    return found
      .sort((one, other) => one.rank - other.rank || this.#lastOf(other.user.id) - this.#lastOf(one.user.id))
      .slice(0, most)
      .map(({ user }) => ({ user, conversation: this.#latest.get(user.id) ?? null }))
  }

  /** The conversation of an ID#, typed with or without its "#" [DC20]. */
  numbered(question: string): Conversation | null {
    const [, no] = /^\s*#?\s*(\d{1,9})\s*$/u.exec(question) ?? []
    return (no !== undefined && this.#byNumber.get(Number(no))) || null
  }

  user(id: MobileUserId): MobileUser | null {
    return this.#users.get(id) ?? null
  }

  #lastOf(user: MobileUserId): number {
    return this.#latest.get(user)?.lastAt ?? 0
  }
}

function isLater(one: Conversation, other: Conversation): boolean {
  if (one.status !== other.status) return one.status === 'open'
  return one.lastAt > other.lastAt
}
