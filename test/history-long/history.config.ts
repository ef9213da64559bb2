/** `npm run test:history`: pages killed at fifty moments, records tampered with in every way, and tabs on longer walks. */
import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser } from '../find-browser.mjs';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '..',
  testMatch: ['e2e/kill.spec.ts', 'e2e/storage*.spec.ts', 'e2e/tabs.spec.ts'],
  testIgnore: [],
  // Some of it only a browser with windows does.
  use: { launchOptions: { executablePath: await findBrowser({ hasWindows: true }), args: browserArgs } },
  outputDir: '../../.cache/history',
  globalTimeout: 0,
  reporter: [['list']],
});
