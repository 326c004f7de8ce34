import * as z from 'zod/mini'
import { day } from '../base/time.ts'
import { command, type Command } from './command.ts'
import { refuse, type Refusal } from './refusal.ts'

/** A command as it was pressed, whatever its version: what is sent, and what its repetition is known by. */
export const pressed = z.looseObject({ name: z.string().check(z.maxLength(40)) })
export type Pressed = z.infer<typeof pressed>

/** A step from one version of commands to the next, and when that next one came, in ms since 1970. */
interface Step {
  to: number
  on: number
  lift(command: Pressed): Pressed
}

/** Oldest first, without a gap. A step stays until it is older than `kept`. */
const steps: readonly Step[] = [
  {
    to: 2,
    // 2026-11-24
    on: 1_795_478_400_000,
    // An opt-in names the opt-out that it takes back. One that does not takes back none: a STOP stands [P4].
    lift: (command) =>
      command.name === 'SetConsent' ? { ...command, expect: command['expect'] ?? null } : command,
  },
]

/** How long a command of a version that was replaced is still understood [E17]. */
const kept = 365 * day

/**
 * A command of any version, brought up to date at the time `now`. Refused where its version was replaced more than
 * 12 months ago: nobody knows any more what it meant. Null where it is no command of its version.
 */
export function liftCommand(version: number, raw: Pressed, now: number): Command | Refusal | null {
  const missed = steps.filter(({ to }) => to > version)
  const [next] = missed
  if (next && (next.to !== version + 1 || now - next.on > kept))
    return refuse(
      'too old',
      'This was made with a version of Parley that is over a year old. Please do it again.',
    )
  const lifted = missed.reduce((command, { lift }) => lift(command), raw)
  return command.safeParse(lifted).data ?? null
}
