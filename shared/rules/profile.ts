import type { Agent } from '../rows/agent.ts'
import type { MediaId } from '../base/ids.ts'

/** How long an agent may be away before they are idle, where their profile says nothing: five minutes [F32]. */
export const defaultIdleSeconds = 300
/** The longest idle time: eleven days, which browsers' timers still hold (2^31 ms). */
export const longestIdleSeconds = 1_000_000

/** Everything of a profile that its form saves. No time zone, '', is the account's. */
export interface Profile {
  firstName: string
  lastName: string
  /** The screenname. */
  name: string
  idleSeconds: number
  transferMail: boolean
  groupTransferMail: boolean
  messageMail: boolean
  groupMessageMail: boolean
  timeZone: string
  avatar: MediaId | null
}

export type ProfileMail = Extract<keyof Profile, `${string}Mail`>

/** The fields of a profile with the guide's labels, in the order of the form [F30]. */
export const profileLabels: Record<keyof Profile, string> = {
  firstName: 'First Name',
  lastName: 'Last Name',
  name: 'Screenname',
  idleSeconds: 'Idle Alert Time in Seconds',
  transferMail: 'Conversation transfer to or from you',
  groupTransferMail: 'Conversation transfer to or from your group',
  messageMail: 'A new message in your conversations',
  groupMessageMail: "A new message in your group's conversations",
  timeZone: 'Time Zone',
  avatar: 'Your Avatar',
}

/** The four mails that a profile asks for, in any combination [F181, F182]. */
export const profileMails = [
  'transferMail',
  'groupTransferMail',
  'messageMail',
  'groupMessageMail',
] as const satisfies readonly ProfileMail[]

/** What an agent's row says of their profile, with what holds where it says nothing. */
export function profileOf(agent: Agent): Profile {
  return {
    firstName: agent.firstName ?? '',
    lastName: agent.lastName ?? '',
    name: agent.name,
    idleSeconds: agent.idleSeconds ?? defaultIdleSeconds,
    transferMail: agent.transferMail ?? false,
    groupTransferMail: agent.groupTransferMail ?? false,
    messageMail: agent.messageMail ?? false,
    groupMessageMail: agent.groupMessageMail ?? false,
    timeZone: agent.timeZone ?? '',
    avatar: agent.avatar ?? null,
  }
}

/** Whether this is a time zone that moments can be written in (IANA). */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format(0)
    return true
  } catch {
    return false
  }
}
