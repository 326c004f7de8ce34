import { expect, it } from 'vitest'
import type { AccountId } from '#shared/base/ids.ts'
import type { CommitDoor } from '#worker/account/commit.ts'
import type { DurableHead, DurableHistory } from '#worker/account/durable.ts'
import { Lives } from '#worker/account/lives.ts'
import { migrate } from '#worker/account/tables.ts'
import { Disk, sqlOf } from '#test/kit/world/sqlite.ts'

it('[E24] a life that is over takes no epoch, whatever D1 tells it late', async () => {
  const raised: number[] = []
  const ahead: DurableHead = { epoch: 3, flushed: { epoch: 3, seq: 7, tag: 'aaaaaaaaaaaa' } }
  for (const isOver of [true, false]) {
    const life = { alive: true }
    const sql = sqlOf(new Disk(), life, () => undefined)
    migrate(sql)
    let answer = (_: DurableHead) => {}
    const history: Pick<DurableHistory, 'head' | 'raise'> = {
      head: () => new Promise((resolve) => (answer = resolve)),
      raise: async (_, from) => {
        raised.push(from)
        throw new Error('Far enough.')
      },
    }
    const lives = new Lives({
      account: 'northwind' as AccountId,
      sql,
      door: () => ({ memory: { epoch: 1, head: { seq: 4 } } }) as CommitDoor,
      history: history as DurableHistory,
      now: () => 0,
      after: () => () => undefined,
      compared: () => undefined,
    })
    // It has heard before that it may have gone back.
    lives.suspect()
    const compared = lives.compare()
    life.alive = !isOver
    answer(ahead)
    await expect(compared).rejects.toThrow(isOver ? 'This life of the object is over.' : 'Far enough.')
  }
  expect(raised).toEqual([3])
})
