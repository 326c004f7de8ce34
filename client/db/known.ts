import { command as known } from '#shared/core/command.ts'
import type { PendingRecord } from './records.ts'

/**
 * Whether this build can say a waiting command. One that a newer build left, or that is damaged, is neither folded
 * nor handed over: it stays in the list of changes, where a newer build finds it and a person may take it back.
 */
export function isKnown({ command }: PendingRecord): boolean {
  return known.safeParse(command).success
}
