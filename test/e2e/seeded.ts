import { Server } from './server.ts'

/**
 * Seeds once for all tests of a run; each server starts on a copy (`PARLEY_SEEDED` names the folder). Where the folder
 * is named already, as by `npm test`, whose two runs share it, it stays for who named it.
 */
export default async function seedOnce(): Promise<() => Promise<void>> {
  if (process.env.PARLEY_SEEDED) return () => Promise.resolve()
  const server = await Server.start()
  await server.kill()
  process.env.PARLEY_SEEDED = server.state
  return () => server.stop()
}

/** `node test/e2e/seeded.ts <folder>` */
const [, , folder] = process.argv
if (import.meta.main && folder) await (await Server.on(folder)).kill()
