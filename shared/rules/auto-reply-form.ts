import { grouped } from '../base/grouped.ts'
import type { NumberId } from '../base/ids.ts'
import type { AutoReplySaid } from '../rows/auto-reply.ts'
import type { CompanyNumber } from '../rows/number.ts'
import type { Settings } from '../rows/settings.ts'
import { limits } from '../wire/limits.ts'
import { isReserved } from './consent.ts'
import { firstEmoji, refuseContent, type LongMessages } from './content.ts'
import { isTimeZone } from './profile.ts'

/** The fields of the form by what they are called on screen, which is how a refusal names one. */
export const autoReplyLabels = {
  number: 'Code',
  days: 'Days of the Week',
  timeZone: 'Time Zone',
  patterns: 'Words or Number Patterns',
  text: 'Message Text',
  most: 'Times in One Conversation',
} as const

/** What is wrong with a field of an auto-reply, by its name, or null. */
export interface WrongField {
  field: keyof typeof autoReplyLabels
  text: string
}

/** Why this cannot be an auto-reply, or null. The text is judged as a reply on that number is, on any for Global. */
export function refuseAutoReply(
  { number, trigger, text, most }: AutoReplySaid,
  settings: Settings,
  numbers: ReadonlyMap<NumberId, CompanyNumber>,
): WrongField | null {
  if (number !== null && !numbers.has(number))
    return { field: 'number', text: 'This number does not exist any more.' }
  const wrong = trigger.kind === 'time' ? refuseWindow(trigger) : refusePatterns(trigger, settings)
  if (wrong) return wrong
  const content = refuseContent(text, narrowest(number, settings, numbers))
  if (content)
    return {
      field: 'text',
      text: content.code === 'empty' ? 'Type what is to be answered.' : content.text,
    }
  const emoji = settings.emoji === 'refuse' ? firstEmoji(text) : null
  if (emoji) return { field: 'text', text: `Emoji cannot be sent: ${emoji}.` }
  if (most !== null && (most < 1 || most > mostTimes))
    return { field: 'most', text: `Type a number from 1 to ${mostTimes}.` }
  return null
}

/** More than that in one conversation is no limit. */
const mostTimes = 99

function refuseWindow({
  days,
  timeZone,
}: Extract<AutoReplySaid['trigger'], { kind: 'time' }>): WrongField | null {
  if (days.length === 0) return { field: 'days', text: 'Choose at least one day.' }
  if (!isTimeZone(timeZone)) return { field: 'timeZone', text: 'This time zone is not known here.' }
  return null
}

function refusePatterns(
  { patterns }: { patterns: readonly string[] },
  settings: Settings,
): WrongField | null {
  const wrong = (text: string): WrongField => ({ field: 'patterns', text })
  if (patterns.length === 0) return wrong('Type at least one word or number.')
  if (patterns.length > limits.patterns) return wrong(`An auto-reply has at most ${limits.patterns} of them.`)
  for (const pattern of patterns) {
    if (pattern.length > limits.pattern)
      return wrong(`One of them has ${grouped(pattern.length)} characters; ${limits.pattern} are the most.`)
    if (partsOfPattern(pattern).length === 0) return wrong(`"${pattern}" has no letter and no digit.`)
    if (isReserved(pattern, settings)) return wrong(`"${pattern}" is kept for opting out and for help.`)
  }
  return null
}

/** How a long text leaves on the number, or, for Global, on the one of all numbers that takes the least. */
function narrowest(
  number: NumberId | null,
  { longMessages }: Settings,
  numbers: ReadonlyMap<NumberId, CompanyNumber>,
): LongMessages {
  const own = number === null ? undefined : numbers.get(number)
  const ways = (own ? [own] : [...numbers.values()]).map((row) => row.longMessages ?? longMessages)
  return ways.includes('refuse') ? 'refuse' : (ways[0] ?? longMessages)
}

/** An auto-reply as it is kept: without what makes no difference, so that two that say the same are the same. */
export function tidyAutoReply(said: AutoReplySaid): AutoReplySaid {
  const { trigger } = said
  const text = said.text.toWellFormed().trim()
  if (trigger.kind === 'time')
    return { ...said, text, trigger: { ...trigger, days: [...new Set(trigger.days)].toSorted() } }
  const patterns = trigger.patterns.map((pattern) => pattern.toWellFormed().replace(/\s+/gu, ' ').trim())
  return { ...said, text, trigger: { ...trigger, patterns: [...new Set(patterns.filter(Boolean))] } }
}

/** A text as patterns read it: its words and numbers, in any case, without what stands between them. */
export function wordsIn(text: string): string[] {
  return plain(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
}

/** A pattern likewise; a `#` in it belongs to the number that it stands for. */
export function partsOfPattern(pattern: string): string[] {
  return plain(pattern).match(/[\p{L}\p{N}\p{M}#]+/gu) ?? []
}

/** What is longer than a carrier sends (1,600 characters) is looked at no further. */
function plain(text: string): string {
  return text.slice(0, 1600).normalize('NFKC').toUpperCase()
}
