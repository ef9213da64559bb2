/** `npm run test:hostile`, with HOSTILE_SEED and HOSTILE_ROUNDS: all hostile content, a page for each category and policy. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: 'all.hostile.ts',
  outputDir: '../../.cache/hostile',
  globalTimeout: 0,
  reporter: [['list']],
});
