import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { ensureChromium } from './chromium.ts'
import { binary, projectRoot } from './dev-config.ts'

/**
 * `node scripts/screens.ts`: builds the client and makes docs/screens/*.png against a seeded server of its own.
 * How each screen is reached stands in test/screens/take.ts, beside the tests whose server and people it shares.
 */
ensureChromium()
run([binary('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn'], { PARLEY_DEV: '1' })
run([resolve(projectRoot, 'test/screens/take.ts'), ...process.argv.slice(2)], {})

function run(args: string[], env: Record<string, string>): void {
  const { status } = spawnSync(process.execPath, args, {
    cwd: projectRoot,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
}
