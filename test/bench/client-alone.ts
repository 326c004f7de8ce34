import { gatherCrowd } from './client-device.ts'
import { client, type Part } from './client.ts'
import { table, type Figure } from './figures.ts'
import { startMachines } from './machines.ts'

/**
 * The client's part of the benchmark alone: `node test/bench/client-alone.ts [part ...]`, with the names of
 * client.ts; all of them where none is named. The client must be built: `PARLEY_DEV=1 npx vite build`.
 */
const asked = process.argv.slice(2) as Part[]
const machines = await startMachines()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void machines.stop().finally(() => process.exit(1)))
try {
  if (asked.join() !== 'shipped') await gatherCrowd(machines.parley)
  const figures: Record<string, Figure> = {}
  await client(machines, figures, asked.length > 0 ? { asked } : {})
  console.log(`\n${table(figures)}`)
} finally {
  await machines.stop()
}
