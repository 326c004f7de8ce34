import * as z from 'zod/mini'
import { numberId } from '#shared/base/ids.ts'
import { tidyAutoReply, type autoReplyLabels } from '#shared/rules/auto-reply-form.ts'
import type { AutoReplySaid } from '#shared/rows/auto-reply.ts'

export type FieldName = keyof typeof autoReplyLabels | 'from' | 'to'

/** What stands in the form, of both kinds: who looks at the other one and comes back finds it as it was. */
export const typedSchema = z.object({
  kind: z.enum(['time', 'text']),
  number: z.nullable(numberId),
  days: z.array(z.number()),
  /** Minutes of the day; null where the field is empty. */
  from: z.nullable(z.number()),
  to: z.nullable(z.number()),
  timeZone: z.string(),
  /** One on each line. */
  patterns: z.string(),
  anywhere: z.boolean(),
  text: z.string(),
  isLimited: z.boolean(),
  most: z.string(),
  disabled: z.boolean(),
})
export type Typed = z.infer<typeof typedSchema>

/** A form of what is saved. A new one is the usual one: closed overnight, said once to each person. */
export function typedOf(rule: AutoReplySaid | null, timeZone: string): Typed {
  const closed = { kind: 'time' as const, days: [1, 2, 3, 4, 5], from: 18 * 60, to: 8 * 60, timeZone }
  const trigger = rule?.trigger ?? closed
  const time = trigger.kind === 'time' ? trigger : closed
  const words = trigger.kind === 'text' ? trigger : { patterns: [], anywhere: false }
  const most = rule ? rule.most : 1
  return {
    kind: trigger.kind,
    number: rule?.number ?? null,
    days: time.days,
    from: time.from,
    to: time.to,
    timeZone: time.timeZone,
    patterns: words.patterns.join('\n'),
    anywhere: words.anywhere,
    text: rule?.text ?? '',
    isLimited: most !== null,
    most: String(most ?? 1),
    disabled: rule?.disabled ?? false,
  }
}

/** What the form says. `most` is not a number where none is typed. */
export function saidIn(typed: Typed): AutoReplySaid {
  const { kind, number, text, isLimited, most, disabled } = typed
  return tidyAutoReply({
    number,
    trigger:
      kind === 'text'
        ? { kind, patterns: typed.patterns.split('\n'), anywhere: typed.anywhere }
        : {
            kind,
            days: [...typed.days],
            from: typed.from ?? 0,
            to: typed.to ?? 0,
            timeZone: typed.timeZone,
          },
    text,
    most: isLimited ? (/^\d{1,3}$/u.test(most.trim()) ? Number(most) : Number.NaN) : null,
    disabled,
  })
}

/** What only the form can say is wrong: a field that holds no value at all. */
export function emptyIn(typed: Typed): { field: FieldName; text: string } | null {
  if (typed.kind === 'time' && typed.from === null) return { field: 'from', text: 'Choose when it begins.' }
  if (typed.kind === 'time' && typed.to === null) return { field: 'to', text: 'Choose when it ends.' }
  const { most } = saidIn(typed)
  return most !== null && !Number.isInteger(most) ? { field: 'most', text: 'Type a whole number.' } : null
}

/** A minute of the day as a time field has it, `18:00`; empty for none. */
export function inputOf(minute: number | null): string {
  if (minute === null) return ''
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

export function minuteIn(value: string): number | null {
  const [, hours, minutes] = /^(\d\d):(\d\d)/u.exec(value) ?? []
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes)
}
