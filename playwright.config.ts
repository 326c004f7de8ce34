import { defineConfig } from '@playwright/test'
import { browserArgs, headless } from './scripts/chromium.ts'

/** `PARLEY_REPORT=e2e` leaves `reports/e2e.json`: what `npm run spec` reads. */
const report = process.env.PARLEY_REPORT

export default defineConfig({
  testDir: './test/e2e',
  globalSetup: './test/e2e/seeded.ts',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Each file starts a server of its own on a port of its own. Two keep two cores busy; a third fills what they wait for.
  workers: 3,
  // Machines are shared; what passes only when repeated is listed as flaky.
  retries: 1,
  fullyParallel: false,
  // `npm test` plays the first beside the tests in the runtime, which leave a core free.
  projects: [
    { name: 'kill', testMatch: 'kill.spec.ts' },
    { name: 'browser', testIgnore: 'kill.spec.ts' },
  ],
  reporter: report ? [['list'], ['json', { outputFile: `reports/${report}.json` }]] : [['list']],
  use: {
    launchOptions: { executablePath: headless, args: browserArgs },
    locale: 'en-US',
    timezoneId: 'America/Chicago',
    trace: 'off',
    // Keeping a shell costs as much as a sign-in: files whose tests open one again without a connection allow it.
    serviceWorkers: 'block',
    actionTimeout: 20_000,
  },
})
