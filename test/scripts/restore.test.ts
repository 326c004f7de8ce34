import { expect, it } from 'vitest'
import { readRestore, restore } from '#scripts/restore.ts'

const now = Date.parse('2026-11-25T14:00:00Z')

it('[E24] a restore takes a time with its zone, or so long ago, and nothing else', () => {
  const at = (time: string) => ({ account: 'acme', time: Date.parse(time) })
  expect(readRestore(['acme', '2026-11-25T13:00:00Z'], now)).toEqual(at('2026-11-25T13:00:00Z'))
  expect(readRestore(['acme', '2026-11-25T07:00:00-06:00'], now)).toEqual(at('2026-11-25T13:00:00Z'))
  expect(readRestore(['acme', '90m'], now)).toEqual(at('2026-11-25T12:30:00Z'))
  expect(readRestore(['acme', '2d'], now)).toEqual(at('2026-11-23T14:00:00Z'))
  for (const args of [
    [],
    ['acme'],
    ['acme', '2h', 'more'],
    ['acme', 'yesterday'],
    ['acme', '2026-11-25T13:00:00'],
  ])
    expect(readRestore(args, now)).toEqual(expect.stringContaining('npm run restore'))
  expect(readRestore(['acme', '2026-11-25T15:00:00Z'], now)).toContain('not over yet')
})

it('[E24] a restore prints how to take it back, and why it was refused', async () => {
  const asked: Request[] = []
  const edge = (status: number, body: unknown) =>
    (async (url: URL, init: RequestInit) => {
      asked.push(new Request(url, init))
      return Response.json(body, { status })
    }) as typeof fetch
  const where = { address: 'https://parley.test', secret: 's' }
  const done = await restore({ account: 'acme', time: now }, where, edge(200, { epoch: 4, undo: 'b-1' }))
  expect(done).toContain('epoch 4')
  expect(done).toContain('b-1')
  expect(asked[0]?.url).toBe('https://parley.test/operator/restore')
  expect(asked[0]?.headers.get('authorization')).toBe('Bearer s')
  await expect(
    restore({ account: 'acme', time: now }, where, edge(501, { text: 'Not here.' })),
  ).rejects.toThrow('Not here.')
})
