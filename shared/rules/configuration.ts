import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'
import { limits } from '../wire/limits.ts'
import { usualTextOnlyLimit } from './content.ts'

/** What the form of the account's settings saves. */
export interface Switches {
  inboundMedia: 'allow' | 'disallow'
  autoAppend: boolean
  textOnlyLimit: number
}

export const settingLabels: Record<keyof Switches, string> = {
  inboundMedia: 'Allow inbound MMS',
  autoAppend: 'Auto-Append Dynamic Text',
  textOnlyLimit: 'Characters in a Text-Only MMS',
}

/** The account's settings with what holds where nothing is set [F126, F134, F241]. */
export function switchesOf({ inboundMedia, autoAppend, textOnlyLimit }: Settings): Switches {
  return {
    inboundMedia: inboundMedia ?? 'allow',
    autoAppend: autoAppend ?? false,
    textOnlyLimit: textOnlyLimit ?? usualTextOnlyLimit,
  }
}

/** What the form of a company number saves. `mmsCharacters` is null where its carrier sets no limit of its own. */
export interface NumberSwitches {
  mms: boolean
  mmsCharacters: number | null
}

export const numberLabels: Record<keyof NumberSwitches, string> = {
  mms: 'Sends picture messages (MMS)',
  mmsCharacters: 'Characters that its carrier takes in one MMS',
}

export function mmsOf({ mms, mmsCharacters }: CompanyNumber): NumberSwitches {
  return { mms: mms ?? true, mmsCharacters: mmsCharacters ?? null }
}

/** Why this cannot be a number of characters, or null. A text is never longer than the box takes [E30]. */
export function refuseNumber(label: string, value: number | undefined): string | null {
  return value !== undefined && (value < 1 || value > limits.reply)
    ? `${label} is a number from 1 to ${limits.reply.toLocaleString('en')}.`
    : null
}
