import { Server } from './server.ts'

/** Seeds once for all tests of a run; each server starts on a copy (`PARLEY_SEEDED` names the folder). */
export default async function seedOnce(): Promise<() => Promise<void>> {
  const server = await Server.start()
  await server.kill()
  process.env.PARLEY_SEEDED = server.state
  return () => server.stop()
}
