/**
 * A Chromium with nothing switched off: other than one that Playwright starts, it hides the tabs behind another one and keeps
 * pages that were left.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from '@playwright/test';
import { browserArgs, findBrowser } from '../find-browser.mjs';

export interface OwnChromium {
  /** For Playwright a page that has crashed is lost; whoever connects anew finds its tab. */
  connect(): Promise<Browser>;
  close(): Promise<void>;
}

export async function startChromium(): Promise<OwnChromium> {
  const program = (await findBrowser()) ?? chromium.executablePath();
  const profile = await mkdtemp(join(tmpdir(), 'ollama-chat-'));
  const args = ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-startup-window', ...browserArgs];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exit = new Promise(resolve => child.once('exit', resolve));
  // Also where nobody gets to close it.
  process.once('exit', () => child.kill());
  let said = '';
  const address = new Promise<string>((resolve, reject) => {
    child.stderr.on('data', data => {
      said += String(data);
      const found = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    void exit.then(() => reject(new Error(`${program} has ended: ${said}`)));
  });
  return {
    connect: async () => chromium.connectOverCDP(await address, { noDefaults: true }),
    close: async () => {
      child.kill();
      await exit;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
