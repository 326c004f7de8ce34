import type { AgentId } from '../../base/ids.ts'
import {
  numberLabels,
  numberSwitchesOf,
  refuseNumberSwitches,
  refuseSwitches,
  settingLabels,
  switchesOf,
} from '../../rules/configuration.ts'
import type { CommandNamed } from '../command.ts'
import type { Verdict } from '../outcome.ts'
import { refuse } from '../refusal.ts'
import type { World } from '../world.ts'
import { changesOf } from './save.ts'

/** Saves what was changed of the account's own settings, and writes down who did. */
export function decideSettings(world: World, command: CommandNamed<'SaveSettings'>, actor: AgentId): Verdict {
  const changes = changesOf(switchesOf(world.settings), command.expect, command.to, settingLabels)
  if ('refused' in changes) return changes
  const refusal = refuseSwitches(changes)
  if (refusal) return refuse('bad value', refusal)
  return {
    changes: [{ kind: 'row', table: 'settings', row: { ...world.settings, ...changes } }],
    effects: [{ kind: 'audit', what: `changed ${said(changes)}`, by: actor, about: 'account' }],
  }
}

/** Saves what was changed of a company number's settings, and writes down who did. */
export function decideNumber(world: World, command: CommandNamed<'SaveNumber'>, actor: AgentId): Verdict {
  const number = world.numbers.get(command.number)
  if (!number) return refuse('unknown', 'This number does not exist.')
  const changes = changesOf(numberSwitchesOf(number), command.expect, command.to, numberLabels)
  if ('refused' in changes) return changes
  const refusal = refuseNumberSwitches(changes)
  if (refusal) return refuse('bad value', refusal)
  const next = { ...numberSwitchesOf(number), ...changes }
  const row = { ...number, ...next, mmsCharacters: next.mmsCharacters ?? undefined }
  return {
    changes: [{ kind: 'row', table: 'numbers', row }],
    effects: [{ kind: 'audit', what: `changed ${said(changes)}`, by: actor, about: number.id }],
  }
}

function said(changes: object): string {
  return Object.entries(changes)
    .map(([field, value]) => `${field} to ${String(value)}`)
    .join(', ')
}
