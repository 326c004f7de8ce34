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
  const floor = await startRuntime('floor.worker.ts', 'Floor', 'FLOOR')
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

/** Starts one file of this folder under the local runtime, with one object class, and answers where it listens. */
export async function startRuntime(
  main: string,
  className: string,
  binding: string,
): Promise<{ port: number; stop(): void }> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  const config = join(folder, 'wrangler.json')
  writeFileSync(
    config,
    JSON.stringify({
      name: binding.toLowerCase(),
      main: resolve(import.meta.dirname, main),
      compatibility_date: '2026-11-01',
      durable_objects: { bindings: [{ name: binding, class_name: className }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: [className] }],
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
    if (attempt > 300) throw new Error(`${main} did not come up.`)
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

/** Waits until D1 has everything of a company: what the edge does for it would be in other figures. */
export async function historyIsWhole(parley: Server, account: string): Promise<void> {
  for (;;) {
    const { entries } = await parley.simulator<{ entries: number }>(`/api/history?account=${account}`)
    if (entries === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
