import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { writeDevConfig } from './scripts/dev-config.ts'

/** `PARLEY_REPORT=unit` leaves `reports/unit.json` beside the output: what `npm run spec` reads. */
const report = process.env.PARLEY_REPORT

export default defineConfig({
  test: {
    reporters: report ? ['default', 'json'] : ['default'],
    outputFile: report ? { json: `./reports/${report}.json` } : undefined,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          // A hang is an error; a slow machine is not.
          testTimeout: 60_000,
          include: [
            'test/shared/**/*.test.ts',
            'test/client/**/*.test.ts',
            'test/carriers/**/*.test.ts',
            'test/scripts/**/*.test.ts',
            'test/sim/**/*.test.ts',
            'test/fuzz/**/*.test.ts',
            'test/tenancy/**/*.test.ts',
          ],
        },
      },
      { test: { name: 'deploy', environment: 'node', include: ['test/deploy/**/*.test.ts'] } },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: {
              configPath: await writeDevConfig({ port: 8787, folder: '.parley/test', assets: false }),
            },
            miniflare: {
              bindings: {
                HISTORY_MIGRATIONS: await readD1Migrations('./migrations/history'),
                SEARCH_MIGRATIONS: await readD1Migrations('./migrations/search'),
              },
            },
          })),
        ],
        test: {
          name: 'worker',
          testTimeout: 60_000,
          include: ['test/worker/**/*.test.ts'],
        },
      },
    ],
  },
})
