import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { freePort, Server } from '../e2e/server.ts'
import { binary } from '../../scripts/dev-config.ts'

/** Parley and the floor, each under the same local runtime, side by side. */
export interface Machines {
  parley: Server
  floor: { port: number }
  stop(): Promise<void>
}

export async function startMachines(): Promise<Machines> {
  const floor = await startFloor()
  const parley = await Server.start()
  return {
    parley,
    floor: { port: floor.port },
    stop: async () => {
      await parley.stop()
      floor.stop()
    },
  }
}

async function startFloor(): Promise<{ port: number; stop(): void }> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'floor-'))
  const config = join(folder, 'wrangler.json')
  writeFileSync(
    config,
    JSON.stringify({
      name: 'floor',
      main: resolve(import.meta.dirname, 'floor.worker.ts'),
      compatibility_date: '2026-11-01',
      durable_objects: { bindings: [{ name: 'FLOOR', class_name: 'Floor' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Floor'] }],
    }),
  )
  const child: ChildProcess = spawn(
    process.execPath,
    [
      binary('wrangler', 'bin/wrangler.js'),
      'dev',
      '--config',
      config,
      '--port',
      String(port),
      '--ip',
      '127.0.0.1',
      '--persist-to',
      join(folder, 'state'),
      '--inspector-port=0',
      '--show-interactive-dev-session=false',
      '--log-level',
      'error',
    ],
    { detached: true, stdio: 'ignore', env: { ...process.env, CI: 'true', WRANGLER_SEND_METRICS: 'false' } },
  )
  for (let attempt = 0; ; attempt++) {
    const up = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) break
    if (attempt > 300) throw new Error('The floor did not come up.')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return {
    port,
    stop: () => {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
