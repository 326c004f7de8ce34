import { timeFigure, type Figure } from './figures.ts'
import { startRuntime, type Machines } from './machines.ts'
import { signIn } from './sockets.ts'

/**
 * From the first request to an object that is not there to its answer: an account of 10,000 conversations, asked
 * who is signed in, beside an empty object that is asked for a count. Both were ended just before.
 */
export async function wake({ parley }: Machines, samples: number): Promise<Figure> {
  const floor = await startRuntime('empty.worker.ts', 'Empty', 'EMPTY')
  const cookie = await signIn(parley, 'rita')
  const ours: number[] = []
  const theirs: number[] = []
  for (let index = 0; index < samples + 3; index++) {
    await parley.simulator('/api/die', { account: 'contoso' })
    const took = await timed(fetch.bind(null, `${parley.origin}/api/session`, { headers: { cookie } }))
    await fetch(`http://127.0.0.1:${floor.port}/`, { method: 'DELETE' })
    const floorTook = await timed(fetch.bind(null, `http://127.0.0.1:${floor.port}/`, { method: 'POST' }))
    // The first rounds warm both up.
    if (index < 3) continue
    ours.push(took)
    theirs.push(floorTook)
  }
  floor.stop()
  return timeFigure(ours, theirs)
}

async function timed(ask: () => Promise<Response>): Promise<number> {
  const started = performance.now()
  const answer = await ask()
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`A woken object answered ${answer.status}.`)
  return performance.now() - started
}
