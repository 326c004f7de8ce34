import { expect, it } from 'vitest'
import { Together } from '#worker/account/together.ts'

/** A disk that is done with a write when the test says so. */
function disk() {
  const writes: { done(): void; fail(fault: Error): void }[] = []
  const durable = () => new Promise<void>((done, fail) => writes.push({ done, fail }))
  return { writes, durable }
}
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

it('does the first at once, and what comes while the disk writes it in one step with the next write', async () => {
  const { writes, durable } = disk()
  const done: number[] = []
  const together = new Together<number, string>((item) => `${done.push(item)}`, durable)
  const answers = [1, 2, 3].map((item) => together.bring(item))
  expect(done).toEqual([1])
  let acknowledged = 0
  for (const answer of answers) void answer.then(() => acknowledged++)
  await settled()
  expect(acknowledged).toBe(0)
  writes[0]?.done()
  await settled()
  expect({ done, acknowledged }).toEqual({ done: [1, 2, 3], acknowledged: 1 })
  expect(writes).toHaveLength(2)
  writes[1]?.done()
  expect(await Promise.all(answers)).toEqual(['1', '2', '3'])
  const last = together.bring(4)
  expect(done).toEqual([1, 2, 3, 4])
  writes[2]?.done()
  expect(await last).toBe('4')
})

it('tells only the one that threw, and does the others', async () => {
  const { writes, durable } = disk()
  const together = new Together<number, number>((item) => {
    if (item === 2) throw new Error('Two is too many.')
    return item
  }, durable)
  const answers = [1, 2, 3].map((item) => together.bring(item).catch(({ message }: Error) => message))
  writes[0]?.done()
  await settled()
  writes[1]?.done()
  expect(await Promise.all(answers)).toEqual([1, 'Two is too many.', 3])
})

it('acknowledges nothing that the disk did not take, and goes on after it', async () => {
  const { writes, durable } = disk()
  const together = new Together<number, number>((item) => item, durable)
  const lost = [1, 2].map((item) => together.bring(item).catch(({ message }: Error) => message))
  writes[0]?.fail(new Error('The disk is full.'))
  await settled()
  writes[1]?.done()
  expect(await Promise.all(lost)).toEqual(['The disk is full.', 2])
  const next = together.bring(3)
  writes[2]?.done()
  expect(await next).toBe(3)
})

it('does no more than fifty in one step', async () => {
  const { writes, durable } = disk()
  const done: number[] = []
  const together = new Together<number, number>((item) => done.push(item), durable)
  for (let item = 0; item < 106; item++) void together.bring(item)
  for (const count of [1, 51, 101, 106]) {
    await settled()
    expect(done).toHaveLength(count)
    writes.at(-1)?.done()
  }
})
