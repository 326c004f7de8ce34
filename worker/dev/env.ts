import type { Env } from '../env.ts'
import type { SimulatedCarrier } from './carrier/object.ts'
import type { DevAccount } from './dev-account.ts'

/** The development entry's bindings: the deployed ones and the simulated carrier. */
export interface DevEnv extends Omit<Env, 'ACCOUNT'> {
  ACCOUNT: DurableObjectNamespace<DevAccount>
  SIMULATED_CARRIER: DurableObjectNamespace<SimulatedCarrier>
}
