import { rateFigure, timeFigure, type Figure } from './figures.ts'
import type { Machines } from './machines.ts'
import { agentSocket, floorSocket, nextMessage } from './sockets.ts'

/** From the carrier's POST to the text in the second agent's socket, and the same through the floor. */
export async function webhookToSecondAgent({ parley, floor }: Machines, samples: number): Promise<Figure> {
  const first = await agentSocket(parley, 'maya')
  const second = await agentSocket(parley, 'sam')
  const floorSecond = await floorSocket(floor.port)
  const ours: number[] = []
  const theirs: number[] = []
  for (let index = 0; index < samples + 20; index++) {
    const text = `bench ${index} ${'x'.repeat(60)}`
    const heard = nextMessage(second, (data) => data.includes(`bench-${index}"`) || data.includes(text))
    const started = performance.now()
    await parley.hook(`bench-${index}`, text, { from: `+1312555${String(1000 + (index % 50))}` })
    await heard
    const took = performance.now() - started
    const payload = JSON.stringify({ text, pad: 'x'.repeat(1200) })
    const floorHeard = nextMessage(floorSecond, (data) => data.includes(text))
    const floorStarted = performance.now()
    await fetch(`http://127.0.0.1:${floor.port}/`, { method: 'POST', body: payload })
    await floorHeard
    // The first rounds warm both up.
    if (index < 20) continue
    ours.push(took)
    theirs.push(performance.now() - floorStarted)
  }
  for (const socket of [first, second, floorSecond]) socket.close()
  return timeFigure(ours, theirs)
}

/** Webhooks committed a second at 16 at once, and bare inserts a second at the same. */
export async function commitsASecond(
  { parley, floor }: Machines,
  rounds: number,
  each: number,
): Promise<Figure> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(
      await rate(each, (index) =>
        parley.hook(`rate-${round}-${index}`, 'How much is it?', { from: `+1217555${1000 + (index % 200)}` }),
      ),
    )
    theirs.push(
      await rate(each, () =>
        fetch(`http://127.0.0.1:${floor.port}/`, {
          method: 'POST',
          body: JSON.stringify({ text: 'How much is it?', pad: 'x'.repeat(1200) }),
        }),
      ),
    )
  }
  return rateFigure(ours, theirs, 'commits/s')
}

async function rate(count: number, post: (index: number) => Promise<Response>): Promise<number> {
  let next = 0
  const started = performance.now()
  const work = async () => {
    while (next < count) {
      const answer = await post(next++)
      if (!answer.ok) throw new Error(`A webhook was answered with ${answer.status}.`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  return (count / (performance.now() - started)) * 1000
}
