import { createEffect, createMemo, createSignal, onCleanup, untrack, type Accessor } from 'solid-js'
import { grouped } from '#shared/base/grouped.ts'
import { minute, second } from '#shared/base/time.ts'
import { limits } from '#shared/wire/limits.ts'
import type { Device } from '#client/sync/device.ts'
import type { Status } from '#client/sync/status.ts'
import type { Connection } from './parley.ts'

/** A change that the edge confirms within this time never shows as "Syncing". */
const unnoticed = 1 * second
/** How long the first try may take before it is called working offline. */
const firstTry = 4 * second
/** Unreachable this long while the browser says it is online: only now F21's text is shown [DC21]. */
const unreachableAfter = 1 * minute

export interface ConnectionFacts {
  status: Status
  /** When each waiting change was made. */
  waiting: readonly number[]
  online: boolean
  now: number
}

/** What the dot says. Pure, so that every case can be read here. */
export function describeConnection({ status, waiting, online, now }: ConnectionFacts): Connection {
  const count = waiting.length
  switch (status.phase) {
    case 'signed out':
      return { kind: 'signed out', waiting: count }
    case 'other agent':
      return { kind: 'other agent', name: status.name, waiting: count }
    case 'upgrade':
      return { kind: 'offline', waiting: count, since: now }
    case 'catching up':
      return { kind: 'syncing', count }
    case 'live':
      return waiting.some((at) => now - at > unnoticed) ? { kind: 'syncing', count } : { kind: 'live' }
    case 'connecting': {
      const age = now - status.since
      if (online && !status.tried && age < firstTry) return { kind: 'syncing', count }
      if (online && age >= unreachableAfter) return { kind: 'unreachable', waiting: count }
      return { kind: 'offline', waiting: count, since: status.since }
    }
  }
}

/** What a person is told in good time of a device that holds nearly as many changes as it can; null before that. */
export function describeRoom(waiting: number): { said: string; more: string } | null {
  if (waiting < limits.pendingWarning) return null
  return {
    said: `${grouped(waiting)} changes wait on this device.`,
    more: `It keeps ${grouped(limits.pendingCommands)}. Bring it online before that, or it takes no more.`,
  }
}

/** The dot as a signal, looked at again when time alone may change it. */
export function createConnection(
  device: Device,
  status: Accessor<Status>,
  waiting: Accessor<readonly number[]>,
): Accessor<Connection> {
  const [tick, setTick] = createSignal(0)
  createEffect(() => {
    tick()
    const { phase } = status()
    const timed = phase === 'connecting' || (phase === 'live' && waiting().length > 0)
    if (timed) onCleanup(device.after(second, () => setTick((count) => count + 1)))
  })
  const describe = () =>
    describeConnection({ status: status(), waiting: waiting(), online: device.online(), now: device.now() })
  return createMemo<Connection>(
    () => {
      tick()
      return describe()
    },
    untrack(describe),
    { equals: (before, after) => JSON.stringify(before) === JSON.stringify(after) },
  )
}
