/** `npm run test:hostile`, with HOSTILE_SEED and HOSTILE_ROUNDS: all hostile content, a page for each category and policy. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

// Here and not in the tests, which each worker loads anew: all of them must draw from the same seed.
process.env.HOSTILE_SEED ||= String(Date.now() % 1e9);
process.env.HOSTILE_ROUNDS ||= '3';

export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: 'all.hostile.ts',
  outputDir: '../../.cache/hostile',
  globalTimeout: 0,
  reporter: [['list']],
});
