/** `npm run test:faults`: every fault, those that take their time and those that are too many for each run of the tests. */
import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from '../find-browser.mjs';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '..',
  testMatch: ['faults-slow/*.faults.ts', 'e2e/faults-*.spec.ts', 'e2e/{local-network,failures,minimal-server}.spec.ts'],
  testIgnore: [],
  // Only a browser with windows asks before a page may reach this computer.
  use: { launchOptions: { executablePath: await findBrowser({ hasWindows: true }), args: browserArgs } },
  outputDir: '../../.cache/faults',
  timeout: 240_000,
  globalTimeout: 0,
  reporter: [['list']],
});
