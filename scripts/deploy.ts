import { spawnSync } from 'node:child_process'
import { binary, projectRoot } from './dev-config.ts'

/**
 * `npm run deploy`: builds what is deployed, brings the remote databases to the newest migration and uploads the
 * Worker. `-- --dry-run` builds and bundles only, into `dist/worker`, and needs no account.
 */
const dryRun = process.argv.includes('--dry-run')
const wrangler = binary('wrangler', 'bin/wrangler.js')

run([binary('vite', 'bin/vite.js'), 'build'])
if (dryRun) {
  run([wrangler, 'deploy', '--dry-run', '--outdir', 'dist/worker'])
} else {
  for (const database of ['HISTORY', 'SEARCH'])
    run([wrangler, 'd1', 'migrations', 'apply', database, '--remote'])
  run([wrangler, 'deploy', ...process.argv.slice(2)])
}

function run(args: string[]): void {
  const env: NodeJS.ProcessEnv = { ...process.env, WRANGLER_SEND_METRICS: 'false' }
  delete env.PARLEY_DEV
  const done = spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit', env })
  if (done.status !== 0) process.exit(done.status ?? 1)
}
