/** `npm run test:faults`: every fault, those that take their time and those that are too many for each run of the tests. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '..',
  testMatch: ['faults-slow/*.faults.ts', 'e2e/faults-*.spec.ts', 'e2e/{local-network,failures,minimal-server}.spec.ts'],
  testIgnore: [],
  outputDir: '../../.cache/faults',
  timeout: 240_000,
  globalTimeout: 0,
  reporter: [['list']],
});
