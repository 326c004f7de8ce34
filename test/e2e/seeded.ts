import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
if (import.meta.main)
  await (await Server.on(process.argv[2] ?? mkdtempSync(join(tmpdir(), 'parley-')))).kill()
