import { startMachines } from './machines.ts'
import { fanOut, fanOutTable } from './fanout.ts'
const m = await startMachines()
try {
  console.log(fanOutTable(await fanOut(m, process.argv.slice(2).map(Number))))
} finally {
  await m.stop()
}
process.exit(0)
