import { expect, test } from '@playwright/test'
import { Agent } from './people.ts'
import { Server } from './server.ts'

/** Random moments from a seed that is printed, so that a failing run can be repeated. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

test('[P1] [P2] [P8] twenty rounds of texts and SIGKILL at a random moment: every text with a 2xx is there, once', async ({
  browser,
}) => {
  test.setTimeout(600_000)
  const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 1_000_000)
  console.log(`seed ${seed}`)
  const random = randomFrom(seed)
  const server = await Server.start()
  const acknowledged = new Set<string>()
  const tried = new Set<string>()
  try {
    for (let round = 0; round < 20; round++) {
      const deadline = 50 + random() * 700
      let streaming = true
      const stream = (async () => {
        for (let index = 0; streaming; index++) {
          const text = `round ${round} text ${index}`
          tried.add(text)
          const answer = await server
            .hook(`k-${round}-${index}`, text, { from: '+13095550190' })
            .catch(() => null)
          if (answer?.ok) acknowledged.add(text)
          if (!answer) break
        }
      })()
      await new Promise((resolve) => setTimeout(resolve, deadline))
      await server.kill()
      streaming = false
      await stream
      await server.boot()
    }
    // The carrier repeats what it got no answer to, and everything else as well.
    for (const text of tried) {
      const [, round, index] = /^round (\d+) text (\d+)$/.exec(text) ?? []
      expect((await server.hook(`k-${round}-${index}`, text, { from: '+13095550190' })).ok).toBe(true)
    }
    expect(acknowledged.size).toBeGreaterThan(20)
    const maya = await Agent.signIn(browser, server.origin, 'maya')
    const thread = await maya.page.evaluate(async () => (await fetch('/api/session')).json())
    expect(thread.agent).toBe('maya')
    const { texts } = await server.simulator<{ texts: string[] }>(
      '/api/thread?account=northwind&handset=%2B13095550190',
    )
    expect(texts.filter((text) => acknowledged.has(text)).toSorted()).toEqual([...acknowledged].toSorted())
    expect(texts.toSorted()).toEqual([...tried].toSorted())
    await maya.open('(309) 555-0190')
    await expect(maya.bubble([...tried].at(-1) ?? '').first()).toBeVisible()
    await maya.close()
  } finally {
    await server.stop()
  }
})
