import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { binary, projectRoot, writeDevConfig } from './dev-config.ts'

/**
 * `npm start`: builds the client, brings the local databases to the newest migration and serves the seeded app.
 * PORT chooses the port (8787), PARLEY_STATE the folder of the local state (.wrangler/state).
 */
const port = Number(process.env.PORT ?? 8787)
const state = resolve(projectRoot, process.env.PARLEY_STATE ?? '.wrangler/state')
const wrangler = binary('wrangler', 'bin/wrangler.js')
const quiet = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: 'true' }

const config = await writeDevConfig({ port, folder: process.env.PARLEY_CONFIG ?? `.parley/${port}` })
if (!process.env.PARLEY_BUILT) run(binary('vite', 'bin/vite.js'), ['build'], { PARLEY_DEV: '1' })
migrate()

const server = spawn(
  process.execPath,
  [
    wrangler,
    'dev',
    '--config',
    config,
    '--port',
    String(port),
    '--ip',
    process.env.HOST ?? '127.0.0.1',
    '--persist-to',
    state,
    '--show-interactive-dev-session=false',
    '--inspector-port=0',
    '--log-level',
    process.env.PARLEY_LOG ?? 'warn',
  ],
  { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...quiet } },
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill(signal))
server.on('exit', (code) => process.exit(code ?? 1))
void announce()

/** Applies what is new since this state was last started here: looking costs seconds, so a mark says what was applied. */
function migrate(): void {
  const mark = resolve(state, 'migrated')
  const files = ['history', 'search'].flatMap((name) => {
    const folder = resolve(projectRoot, 'migrations', name)
    return readdirSync(folder)
      .toSorted()
      .map((file) => [name, file, readFileSync(resolve(folder, file), 'utf8')])
  })
  const wanted = createHash('sha256').update(JSON.stringify(files)).digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  for (const database of ['HISTORY', 'SEARCH'])
    run(
      wrangler,
      ['d1', 'migrations', 'apply', database, '--local', '--config', config, '--persist-to', state],
      quiet,
    )
  writeFileSync(mark, wanted)
}

/** Waits until the seed stands, which the first question for it makes, and says where to look. */
async function announce(): Promise<void> {
  const address = `http://localhost:${port}`
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null)
    if (ready?.ok) break
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  console.log(`\n  Parley     ${address}            maya@demo.test, sam@demo.test, admin@demo.test`)
  console.log(`  Handsets   ${address}/simulator  password: parley-demo\n`)
}

function run(script: string, args: string[], env: Record<string, string>): void {
  const done = spawnSync(process.execPath, [script, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (done.status === 0) return
  console.error(done.stdout)
  process.exit(done.status ?? 1)
}
