import { mobileUserOf, readAddress } from '../../base/address.ts'
import { oneLine } from '../../base/text.ts'
import { newMobileUser, type MobileUser } from '../../rows/mobile-user.ts'
import { limits } from '../../wire/limits.ts'
import type { CommandNamed, MobileUserInfo } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import { held, type World } from '../world.ts'

/**
 * Saves what an agent changed of Mobile User Info [F244, F248]. Only the fields that differ from what stood on the
 * author's screen are written, so two agents who save different fields of one person at once both succeed; where
 * it is the same field, the second is told what it says now.
 */
export function decideMobileUser(world: World, command: CommandNamed<'SaveMobileUser'>): Verdict {
  const user = held(world.user) ?? firstSaved(command)
  if (user === null) return refuse('unknown', 'This person does not exist.')
  const next = { ...user }
  for (const { field, label } of mobileUserFields) {
    const text = command.to[field].toWellFormed().replace(/\s+/gu, ' ').trim()
    if (text === command.expect[field] || text === user[field]) continue
    if (user[field] !== command.expect[field])
      return refuse('changed', `Somebody else saved ${label} meanwhile: ${shown(user[field])}.`)
    if (text.length > limits.mobileUserField)
      return refuse('too long', `${label} holds at most ${limits.mobileUserField} characters.`)
    next[field] = text
  }
  if (mobileUserFields.every(({ field }) => next[field] === user[field]))
    return refuse('already so', 'Nothing to change.')
  return { changes: [{ kind: 'row', table: 'mobileUsers', row: next }], effects: [] }
}

/** Somebody of whom nothing was kept so far, where the command says whose number the id is made of [F243]. */
function firstSaved({ user, address: text }: CommandNamed<'SaveMobileUser'>): MobileUser | null {
  const address = text === undefined ? null : readAddress(text)
  if (address === null || address.kind === 'alphanumeric' || mobileUserOf(address) !== user) return null
  return newMobileUser(user, address.text)
}

/** The fields of Mobile User Info with their labels, in the order of the form. */
export const mobileUserFields: readonly { field: keyof MobileUserInfo; label: string }[] = [
  { field: 'firstName', label: 'First Name' },
  { field: 'lastName', label: 'Last Name' },
  { field: 'companyName', label: 'Company Name' },
]

/** What the form shows of a person. */
export function infoOf({ firstName, lastName, companyName }: MobileUser): MobileUserInfo {
  return { firstName, lastName, companyName }
}

function shown(text: string): string {
  return text === '' ? 'it is empty now' : `it is "${oneLine(text, 60)}" now`
}
