import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AccountId } from '#shared/base/ids.ts'
import { command } from '#shared/core/command.ts'
import { entry } from '#shared/model/entry.ts'
import { tables } from '#shared/rows/tables.ts'
import { closeCodes, down } from '#shared/wire/down.ts'
import { limits } from '#shared/wire/limits.ts'
import { hear } from '#shared/wire/up.ts'
import { rowsFingerprint, wireVersion } from '#shared/wire/version.ts'
import { meaningOf, wireFingerprint } from '#test/kit/meaning.ts'
import { seededIds } from '#test/kit/random.ts'
import { maya, talk } from '#test/kit/worlds.ts'

const ids = seededIds(9)

describe('the wire', () => {
  it('[E17] does not change without its version', () => {
    // Version 2 was never deployed and may be pinned anew; after that a change of either direction is a new version with a line of history in wire/version.ts, and a line here.
    const versions: Record<number, string> = { 2: 'a329c16df708d2ad' }
    expect(wireFingerprint()).toBe(versions[wireVersion])
  })

  it('[E17] a replica keeps its meaning where an optional column is added, and loses it where another is', () => {
    const row = z.object({ id: z.string(), inner: z.object({ a: z.number() }) })
    const meaning = meaningOf({ row })
    expect(meaningOf({ row: row.extend({ more: z.string().optional() }) })).toBe(meaning)
    expect(
      meaningOf({ row: row.extend({ inner: z.object({ a: z.number(), b: z.string().optional() }) }) }),
    ).toBe(meaning)
    expect(meaningOf({ row: row.extend({ more: z.string() }) })).not.toBe(meaning)
    expect(meaningOf({ row: row.extend({ inner: z.object({ a: z.string() }) }) })).not.toBe(meaning)
    expect(meaningOf({ other: row })).not.toBe(meaning)
    // Pinned as it stands in wire/version.ts: what rows mean to a replica changes with it alone.
    expect(meaningOf({ ...tables, entry })).toBe(rowsFingerprint)
  })

  it('[P7] [fault Y2] a command has no place for its actor or its time, whatever a client sends', () => {
    const sent = {
      name: 'SendReply',
      conversation: talk,
      text: 'Hi',
      actor: 'admin',
      at: 1,
      by: 'admin',
      account: 'contoso',
    }
    expect(command.parse(sent)).toEqual({ name: 'SendReply', conversation: talk, text: 'Hi' })
    const frame = {
      t: 'command',
      n: 1,
      id: ids.command(),
      command: sent,
      seen: 0,
      synced: true,
      waited: 0,
      actor: 'admin',
      agent: 'sam',
    }
    const heard = hear(JSON.stringify(frame), 0)
    expect(heard).toMatchObject({ command: { name: 'SendReply', conversation: talk, text: 'Hi' } })
    expect(Object.keys((heard as { command: object }).command)).toEqual(['name', 'conversation', 'text'])
    expect(Object.keys(heard ?? {}).toSorted()).toEqual([
      'command',
      'id',
      'n',
      'pressed',
      'seen',
      'synced',
      't',
      'waited',
    ])
  })

  it('refuses what is not the protocol', () => {
    const hello = {
      t: 'hello',
      version: 1,
      fingerprint: 'a',
      account: 'northwind' as AccountId,
      agent: maya,
      client: ids.client(),
      epoch: 0,
      cursors: {},
    }
    expect(hear(JSON.stringify(hello), 0)).toEqual(hello)
    for (const bad of [
      null,
      'ping',
      {},
      { ...hello, t: 'welcome' },
      { ...hello, agent: 'Maya!' },
      { ...hello, client: ids.command() },
      { ...hello, epoch: -1 },
      {
        t: 'command',
        n: 0,
        id: ids.command(),
        command: { name: 'EndConversation', conversation: talk },
        seen: 0,
        synced: true,
        waited: 0,
      },
      {
        t: 'command',
        n: 1,
        id: ids.command(),
        command: { name: 'DropTables' },
        seen: 0,
        synced: true,
        waited: 0,
      },
      {
        t: 'command',
        n: 1,
        id: ids.command(),
        command: { name: 'EndConversation', conversation: talk },
        seen: 0,
        synced: true,
        waited: -1,
      },
      { t: 'echo', n: 1.5 },
      { t: 'pull', thread: 'nobody', epoch: 1, clock: 0 },
    ])
      expect(hear(JSON.stringify(bad), 0)).toBeNull()
    expect(down.safeParse({ t: 'slow', ms: 5 }).success).toBe(true)
    expect(down.safeParse(hello).success).toBe(false)
  })

  it('[E30] a text over its limit still parses, so that it can be refused instead of closing the socket', () => {
    const send = (name: 'SendReply' | 'AddNote', length: number) =>
      command.safeParse({ name, conversation: talk, text: 'a'.repeat(length) }).success
    expect([send('SendReply', limits.reply + 1), send('AddNote', limits.note + 1)]).toEqual([true, true])
    expect([send('SendReply', limits.command + 1), send('AddNote', limits.command + 1)]).toEqual([
      false,
      false,
    ])
  })

  it('has the limits of the engine', () => {
    expect(limits).toMatchObject({
      frame: 262_144,
      reply: 10_000,
      note: 20_000,
      inboundText: 100_000,
      framesPerSecond: 30,
      frameBurst: 100,
      socketsPerAgent: 20,
      socketsPerAccount: 1000,
      textsPerMinute: 30,
      failuresPerEmail: 5,
      failuresPerNetwork: 50,
    })
  })

  it('has the limits of back-pressure', () => {
    expect(limits).toMatchObject({ framesBehind: 64, bytesBehind: 1_048_576, rowsPerFrame: 200 })
  })

  it('close codes are those that clients know', () => {
    expect(closeCodes).toMatchObject({ otherAgent: 4403, threadWrite: 4409, tooSlow: 4408 })
    expect(new Set(Object.values(closeCodes)).size).toBe(Object.keys(closeCodes).length)
  })
})
