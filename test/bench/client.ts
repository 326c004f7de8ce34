import { catchUp } from './client-catch-up.ts'
import { withProfile } from './client-device.ts'
import { firstCopy } from './client-first-copy.ts'
import { interactions } from './client-interactions.ts'
import { scrolling } from './client-scroll.ts'
import { shipped } from './client-shipped.ts'
import type { Figure } from './figures.ts'
import type { Machines } from './machines.ts'
import { opening } from './opening.ts'

const parts = ['shipped', 'opening', 'interactions', 'scroll', 'catch-up'] as const
export type Part = (typeof parts)[number]

/**
 * What an agent's browser does with 10,000 conversations and 100,000 texts, each figure beside its floor. All parts
 * begin on copies of one device, so `asked` may name any of them. What was measured is put into `figures` at once, so
 * that a run whose time is up keeps it. `times`: so many times the usual rounds of each. The crowd must have gathered.
 * The clock of Contoso stands a day later afterwards.
 */
export async function client(
  machines: Machines,
  figures: Record<string, Figure>,
  { asked = parts, times = 1 }: { asked?: readonly Part[]; times?: number } = {},
): Promise<void> {
  const take = async (
    part: string,
    measure: () => Record<string, Figure> | Promise<Record<string, Figure>>,
  ) => {
    console.error(`${new Date().toISOString().slice(11, 19)} client: ${part}`)
    Object.assign(figures, await measure())
  }
  if (asked.includes('shipped')) await take('script shipped', shipped)
  if (asked.every((part) => part === 'shipped')) return
  await withProfile(async (device) => {
    await take('first copy', () => firstCopy(machines, device, 2 * times))
    if (asked.includes('opening')) await take('opening', () => opening(machines, device, 2 * times, 8))
    await withProfile(async (used) => {
      if (asked.includes('interactions'))
        await take('presses', () => interactions(machines, used, 6 * times, 12))
      if (asked.includes('scroll')) await take('scroll', () => scrolling(machines, used, 5 * times, 120))
    }, device)
    if (asked.includes('catch-up')) await take('catch-up', () => catchUp(machines, device, 2 * times))
  })
}
