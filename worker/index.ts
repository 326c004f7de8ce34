import { AccountObject } from './account/object.ts'
import { makeApp } from './app.ts'
import type { Carriers } from './carriers/outside.ts'
import { outsideOf } from './carriers/outside.ts'
import { twilio } from './carriers/twilio.ts'
import type { Env } from './env.ts'
import { indexTexts } from './history/search.ts'
import { purgeDeleted } from './history/store.ts'
import { consume } from './queues/consume.ts'
import { sweepArrivals } from './queues/arrivals.ts'

export { Door } from './door/door.ts'

const carriers: Carriers = {
  find(config) {
    if (config.carrier !== 'twilio') throw new Error(`There is no carrier ${config.carrier} in this build.`)
    return twilio
  },
  named: (carrier) => (carrier === 'twilio' ? twilio : null),
}

const app = makeApp(carriers, () => Promise.resolve(true))

/** The account object of the deployed build. */
export class Account extends AccountObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, outsideOf(carriers))
  }
}

export default {
  fetch: app.fetch,
  queue: (batch, env) => consume(batch, env, carriers),
  scheduled: async (event, env) => {
    await Promise.all([
      sweepArrivals(env, carriers),
      purgeDeleted(env.HISTORY, event.scheduledTime),
      indexTexts(env.HISTORY, env.SEARCH, 20),
    ])
  },
} satisfies ExportedHandler<Env>
