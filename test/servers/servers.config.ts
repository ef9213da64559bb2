/** `npm run test:servers`: real inference servers, found on this machine, hold a conversation with the built chat. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: '*.spec.ts',
  testIgnore: [],
  outputDir: '../../.cache/servers',
  // The tests of a file share a server, and servers share the machine.
  fullyParallel: false,
  workers: 1,
  // A model that somebody uses may take its time.
  timeout: 300_000,
  globalTimeout: 0,
  reporter: [['list'], ['./missing-reporter.ts']],
});
