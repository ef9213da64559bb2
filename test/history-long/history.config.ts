/** `npm run test:history`: pages killed at fifty moments, records tampered with in every way, and tabs on longer walks. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '..',
  testMatch: ['e2e/kill.spec.ts', 'e2e/storage*.spec.ts', 'e2e/tabs.spec.ts'],
  testIgnore: [],
  outputDir: '../../.cache/history',
  globalTimeout: 0,
  reporter: [['list']],
});
