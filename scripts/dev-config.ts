import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Unstable_Config } from 'wrangler'
import { makeVapid, type VapidPair } from './vapid.ts'

const root = resolve(import.meta.dirname, '..')

/**
 * The development configuration, derived from `wrangler.toml` so that nothing is said twice: another entry, the
 * simulated carrier's object, the local address, and secrets that protect nothing. Answers the file's path.
 */
export async function writeDevConfig(options: {
  port: number
  folder?: string
  assets?: boolean
}): Promise<string> {
  const folder = resolve(root, options.folder ?? '.parley')
  mkdirSync(folder, { recursive: true })
  const config = await readDeployed(folder)
  const dev = {
    name: config.name,
    main: resolve(root, 'worker/dev.ts'),
    compatibility_date: config.compatibility_date,
    compatibility_flags: config.compatibility_flags,
    ...(options.assets === false
      ? {}
      : { assets: { ...config.assets, directory: resolve(root, 'dist/client') } }),
    durable_objects: {
      bindings: [
        ...config.durable_objects.bindings,
        { name: 'SIMULATED_CARRIER', class_name: 'SimulatedCarrier' },
      ],
    },
    migrations: [...config.migrations, { tag: 'dev', new_sqlite_classes: ['SimulatedCarrier'] }],
    d1_databases: config.d1_databases.map((database) => ({
      ...database,
      migrations_dir: resolve(root, String(database.migrations_dir)),
    })),
    r2_buckets: config.r2_buckets,
    queues: config.queues,
    send_email: config.send_email,
    triggers: config.triggers,
    vars: {
      PUBLIC_ADDRESS: `http://localhost:${options.port}`,
      PEPPER: 'development',
      CHANNEL_KEY: Buffer.alloc(32, 'parley').toString('base64'),
      ...vapidOf(folder),
      VAPID_CONTACT: 'mailto:nobody@localhost',
      PUSH_SERVICES: `localhost:${options.port},${config.vars.PUSH_SERVICES}`,
    },
  }
  const path = resolve(folder, 'wrangler.json')
  writeFileSync(path, JSON.stringify(dev, null, 2))
  return path
}

/** What `wrangler.toml` says. Wrangler, which reads it, takes a second to load: its answer is kept in the folder. */
async function readDeployed(folder: string): Promise<Unstable_Config> {
  const file = resolve(root, 'wrangler.toml')
  const kept = resolve(folder, 'deployed.json')
  // Another wrangler may read it otherwise.
  const text = readFileSync(file, 'utf8') + readFileSync(binary('wrangler', 'package.json'), 'utf8')
  if (existsSync(kept)) {
    const known = JSON.parse(readFileSync(kept, 'utf8')) as { text: string; config: Unstable_Config }
    if (known.text === text) return known.config
  }
  const { unstable_readConfig: readConfig } = await import('wrangler')
  const config = readConfig({ config: file })
  // Whole or not at all, also where the start is killed meanwhile.
  writeFileSync(`${kept}.new`, JSON.stringify({ text, config }))
  renameSync(`${kept}.new`, kept)
  return config
}

/** Keys for notifications that outlive a restart, or browsers' subscriptions would fit no more. */
function vapidOf(folder: string): VapidPair {
  const file = resolve(folder, 'vapid.json')
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(makeVapid()))
  return JSON.parse(readFileSync(file, 'utf8')) as VapidPair
}

/** Where a program of `node_modules` is. */
export function binary(pkg: string, path: string): string {
  return resolve(createRequire(import.meta.url).resolve(`${pkg}/package.json`), '..', path)
}

export const projectRoot = root
