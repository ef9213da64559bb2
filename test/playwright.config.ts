/** End-to-end specs, and those that only read files. Each spec starts the servers it needs. */
import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from './find-browser.mjs';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  // A run of all tests stays under ten minutes: the long tables of faults and of networks are in `npm run test:faults`, pages that
  // are killed and records that were tampered with in `npm run test:history`, real servers in `npm run test:servers`.
  testIgnore: [
    '**/servers/*.spec.ts',
    '**/faults-{http,ollama,lists,own,page,connection}.spec.ts',
    '**/{local-network,failures,minimal-server,pull,attachments}.spec.ts',
    '**/{kill,tabs,storage,storage-element,storage-garbage,storage-hostile,storage-tampered}.spec.ts',
  ],
  outputDir: '../.cache/playwright',
  fullyParallel: true,
  workers: 2,
  // Every test waits for a state; what a machine at its limits does to a browser is tried once more, and told.
  retries: process.env.CI ? 1 : 0,
  // Generous: they end what hangs, and cost a test that passes nothing.
  timeout: 90_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 15_000, toPass: { timeout: 30_000 } },
  forbidOnly: Boolean(process.env.CI),
  // test/run.mjs adds up what the JSON file counts.
  reporter: [['list'], ['json', { outputFile: '../.cache/e2e.json' }]],
  use: { launchOptions: { executablePath: await findBrowser(), args: browserArgs } },
});
