import { grouped } from '../base/grouped.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'
import { limits } from '../wire/limits.ts'
import { usualTextOnlyLimit, type LongMessages } from './content.ts'

/** What the form of the account's settings saves. */
export interface Switches {
  longMessages: LongMessages
  emoji: Settings['emoji']
  waitingMinutes: number
  inboundMedia: 'allow' | 'disallow'
  autoAppend: boolean
  textOnlyLimit: number
}

export const settingLabels: Record<keyof Switches, string> = {
  longMessages: 'Texts over 160 Characters',
  emoji: 'Emoji in Text Messages',
  waitingMinutes: 'Minutes until Waiting for Reply',
  inboundMedia: 'Allow inbound MMS',
  autoAppend: 'Auto-Append Dynamic Text',
  textOnlyLimit: 'Characters in a Text-Only MMS',
}

/** The account's settings with what holds where nothing is set [F85, F113, F126, F134, F241, DC27]. */
export function switchesOf(settings: Settings): Switches {
  const { longMessages, emoji, waitingMinutes, inboundMedia, autoAppend, textOnlyLimit } = settings
  return {
    longMessages,
    emoji,
    waitingMinutes,
    inboundMedia: inboundMedia ?? 'allow',
    autoAppend: autoAppend ?? false,
    textOnlyLimit: textOnlyLimit ?? usualTextOnlyLimit,
  }
}

/**
 * What the form of a company number saves. `longMessages` is null where the account's holds [DC28], `mmsCharacters`
 * where its carrier sets no limit of its own.
 */
export interface NumberSwitches {
  longMessages: LongMessages | null
  mms: boolean
  mmsCharacters: number | null
}

export const numberLabels: Record<keyof NumberSwitches, string> = {
  longMessages: settingLabels.longMessages,
  mms: 'Sends picture messages (MMS)',
  mmsCharacters: 'Characters that its carrier takes in one MMS',
}

export function numberSwitchesOf({ longMessages, mms, mmsCharacters }: CompanyNumber): NumberSwitches {
  return { longMessages, mms: mms ?? true, mmsCharacters: mmsCharacters ?? null }
}

/** A week: whoever waits longer was forgotten. */
export const mostWaitingMinutes = 7 * 24 * 60

/** Why these cannot be the account's settings, or null. A text is never longer than the box takes [E30]. */
export function refuseSwitches({ textOnlyLimit, waitingMinutes }: Partial<Switches>): string | null {
  return (
    refuseNumber(settingLabels.textOnlyLimit, textOnlyLimit, limits.reply) ??
    refuseNumber(settingLabels.waitingMinutes, waitingMinutes, mostWaitingMinutes)
  )
}

/** Why these cannot be a number's settings, or null. */
export function refuseNumberSwitches({ mmsCharacters }: Partial<NumberSwitches>): string | null {
  return refuseNumber(numberLabels.mmsCharacters, mmsCharacters ?? undefined, limits.reply)
}

function refuseNumber(label: string, value: number | undefined, most: number): string | null {
  return value !== undefined && (value < 1 || value > most)
    ? `${label} is a number from 1 to ${grouped(most)}.`
    : null
}
