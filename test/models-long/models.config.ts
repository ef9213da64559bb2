/** `npm run test:models`: downloads, and what is attached, in every way. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '..',
  testMatch: ['e2e/{pull,attachments}.spec.ts'],
  testIgnore: [],
  outputDir: '../../.cache/models',
  globalTimeout: 0,
  reporter: [['list']],
});
