import { grouped } from '#shared/base/grouped.ts'
/** How many are on a list, in words. */
export function peopleOn(count: number): string {
  if (count === 0) return 'Nobody yet'
  return count === 1 ? '1 number' : `${grouped(count)} numbers`
}
