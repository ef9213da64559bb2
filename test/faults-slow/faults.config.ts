/** `npm run test:faults`: the faults that take their time. The others are specs, `test/e2e/faults-*.spec.ts`. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: '*.faults.ts',
  outputDir: '../../.cache/faults',
  timeout: 240_000,
  globalTimeout: 0,
  reporter: [['list']],
});
