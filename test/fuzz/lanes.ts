import { replicaLane } from './replica-lane.ts'
import { socketsLane } from './sockets-lane.ts'
import { webhooksLane } from './webhooks-lane.ts'
import type { Lane } from './watch.ts'

/** Every part of the border that hostile bytes are sent to. */
export const lanes: readonly Lane[] = [socketsLane, webhooksLane, replicaLane]
