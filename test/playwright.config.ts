/** End-to-end specs, and those that only read files. Each spec starts the servers it needs. */
import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from './find-browser.mjs';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../.cache/playwright',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 30_000,
  globalTimeout: 9 * 60_000,
  forbidOnly: Boolean(process.env.CI),
  // test/run.mjs adds up what the JSON file counts.
  reporter: [['list'], ['json', { outputFile: '../.cache/e2e.json' }]],
  use: { launchOptions: { executablePath: await findBrowser(), args: browserArgs } },
});
