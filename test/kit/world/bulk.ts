import type { Account } from '#worker/account/wiring.ts'
import { simulator } from '#worker/carriers/simulator.ts'
import { handOver, type HandOverParts } from '#worker/queues/hand-over.ts'
import { second } from '#shared/base/time.ts'
import type { CompanyParts } from './company-parts.ts'
import { configOf } from './edge.ts'

/** How the queue and its consumers behave: each is a share of 100, of nudges and of calls to the object. */
export interface BulkRoad {
  lost: number
  repeated: number
  /** The consumer dies: on its way to the object, or with the answer in its hand. */
  dies: number
  /** An answer of the object takes longer than a claim is good for. */
  slow: number
}
export const goodBulkRoad: BulkRoad = { lost: 0, repeated: 0, dies: 0, slow: 0 }

/** How often the platform gives a nudge to a consumer that failed over it. */
const triesAtMost = 4

/** The queue of broadcasts and its consumers: nudges get lost and come twice, consumers work at once and die. */
export class BulkQueue {
  readonly #parts: CompanyParts
  road = goodBulkRoad

  constructor(parts: CompanyParts) {
    this.#parts = parts
  }

  async nudge(count: number): Promise<void> {
    const { random, hit } = this.#parts
    for (let nudge = 0; nudge < count; nudge++) {
      if (random.int(100) < this.road.lost) hit('bulk nudge lost')
      else this.#deliver(1)
      if (random.int(100) >= this.road.repeated) continue
      hit('bulk nudge repeated')
      this.#deliver(1)
    }
  }

  #deliver(tries: number): void {
    const { scheduler, random, hit } = this.#parts
    scheduler.after(20 + random.int(2000), () => {
      // Whoever dies over a nudge says nothing, and the platform gives it to another one.
      let isOver = false
      const again = () => {
        if (isOver) return
        isOver = true
        if (tries >= triesAtMost) return
        hit('bulk nudge given again')
        scheduler.after(5 * second * 2 ** tries, () => this.#deliver(tries + 1))
      }
      handOver(this.#consumer(again)).then(() => {
        isOver = true
      }, again)
    })
  }

  #consumer(died: () => void): HandOverParts {
    const { scheduler, random, edge, hit, plan, witness } = this.#parts
    const callback = `https://parley.test/hooks/simulator/${plan.channel}/status`
    let alive = true
    const dies = (): boolean => {
      if (alive && random.int(100) < this.road.dies) {
        alive = false
        hit('bulk consumer died')
        scheduler.after(0, died)
      }
      return !alive
    }
    /** A call to the object: what it rejects with is the object's death, or that nobody reaches it. */
    const ask = <Result>(call: (account: Account) => Result): Promise<Result> =>
      new Promise((resolve, reject) => {
        if (dies()) return
        scheduler.after(1 + random.int(20), () => {
          try {
            const result = edge.do(call)
            const slow = random.int(100) < this.road.slow
            if (slow) hit('bulk answer slow')
            scheduler.after(1 + random.int(20) + (slow ? 3 * second : 0), () => {
              if (!dies()) resolve(result)
            })
          } catch (fault) {
            scheduler.after(1 + random.int(20), () => reject(fault as Error))
          }
        })
      })
    return {
      object: {
        claimBulk: () =>
          ask((account) => {
            const answer = account.claimBulk()
            if (answer.kind === 'text') {
              const { message: ref, recipient: to, body: text } = answer.text
              witness.claimed({ ref, to, text })
            }
            return answer
          }),
        handedBulk: (...handed) => ask((account) => account.handedBulk(...handed)),
        giveBackBulk: (...claim) => ask((account) => account.giveBackBulk(...claim)),
        restedBulk: () => ask((account) => account.restedBulk()),
      },
      send: (credentials, { message: ref, sender: from, recipient: to, body: text }, signal) =>
        simulator.send({ ref, from, to, text, textOnly: false, callback }, configOf(credentials), signal),
      after: (ms, call) => scheduler.after(ms, () => alive && call()),
      now: () => scheduler.now,
    }
  }
}
