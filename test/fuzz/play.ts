import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Signals } from './signals.ts'
import type { Lane, Tally } from './watch.ts'

/** An input that takes longer than this, in milliseconds, hangs. */
export const patience = 5000
/** Heap of the thread: what needs more grows without bound. */
const heapMegabytes = 256

/** Plays a lane in a thread of its own, and ends it where one input hangs or its memory runs out. */
export async function play(lane: Lane, seed: number, count: number): Promise<Tally> {
  const shared = new SharedArrayBuffer(Signals.size)
  const signals = new Signals(shared)
  const worker = new Worker(resolve(import.meta.dirname, 'worker.ts'), {
    workerData: { lane: lane.name, seed, count, shared },
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    execArgv: ['--no-warnings'],
  })
  let end = 'ended'
  let before: { input: number | null; at: number } = { input: null, at: Date.now() }
  const watchdog = setInterval(() => {
    const input = signals.current
    if (input !== before.input) before = { input, at: Date.now() }
    if (input === null || Date.now() - before.at <= patience) return
    end = `hung at input ${input}`
    void worker.terminate()
  }, 250)
  try {
    return await new Promise<Tally>((done, reject) => {
      const failed = (why: string) =>
        reject(new Error(`seed ${seed}, lane ${lane.name}: ${why}\n${signals.text}`))
      worker.once('message', done)
      worker.once('error', (fault: unknown) =>
        failed(fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)),
      )
      worker.once('exit', () => failed(`the thread ${end}`))
    })
  } finally {
    clearInterval(watchdog)
    await worker.terminate()
  }
}
