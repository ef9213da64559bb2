/**
 * The test that everything hostile goes through: the built script on a real page, streamed by a real server, under two
 * policies. It fails with the name of each payload that ran, loaded, moved or became something it may not be.
 */
import type { Page } from '@playwright/test';
import { arm, type Payload } from '../support/hostile-payloads.ts';
import { expect, isNetworkLine, tagHtml, test } from '../e2e/chat-page.ts';
import { ALLOWED } from './allowed.ts';
import { answerWith, questionOf } from './answers.ts';
import { startCanary } from './canary.ts';
import { type Hostile, install, type Question } from './in-page.ts';

const POLICIES: Record<string, (servers: readonly string[]) => Record<string, string>> = {
  'without a policy': () => ({}),
  'under a strict policy': servers => ({
    'Content-Security-Policy': [
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${servers.join(' ')}; report-uri /reports`,
      `require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`,
    ].join('; '),
  }),
};

/** What a page asks of its own server; `favicon.ico` is the browser's idea. */
const EXPECTED = /^\/(?:cdn\/(?:ollama-chat|parts\/[\w-]+)\.js|favicon\.ico)?$/;

export interface Plan {
  seed: number;
  /** How many times each payload is sent, each time cut otherwise. */
  rounds: number;
}

/** Registers one test for each policy. */
export function testHostile(what: string, payloads: readonly Payload[], { seed, rounds }: Plan): void {
  for (const [where, headersFor] of Object.entries(POLICIES)) {
    test(`nothing of ${what} runs, loads or escapes ${where}`, async ({ page, pages, serve }) => {
      test.setTimeout(30_000 + payloads.length * rounds * 2000);
      const canary = await startCanary();
      const traps = { canary: canary.url };
      const answer = answerWith(payloads, traps, seed);
      const common = await serve({ answer });
      // A model's name comes from the list, so each of these needs a list of its own.
      const servers = new Map<number, string>();
      for (const payload of payloads.filter(({ field }) => /model/.test(field))) {
        const models = [{ name: arm(payload, traps), capabilities: ['completion'] }];
        servers.set(payload.id, (await serve({ answer, models })).url);
      }
      const urls = [common.url, ...servers.values()];
      const site = await pages({ 'index.html': { body: pageHtml(common.url), headers: headersFor(urls) } });
      const names = new Map(payloads.map(({ id, name }) => [id, name]));
      const heard = listen(page, ({ origin, pathname }) => (origin === site.url ? EXPECTED.test(pathname) : urls.includes(origin)));

      await page.addInitScript(install, ALLOWED);
      await page.goto(site.url);
      for (let round = 0; round < rounds; round++) {
        for (const payload of payloads) {
          heard.during = payload.name;
          const url = servers.get(payload.id) ?? common.url;
          const asked = { ...payload, text: arm(payload, traps), ask: questionOf(payload.id, round), url };
          // Whoever sends the page away must be named too.
          await ask(page, asked).catch(error => Promise.reject(new Error(`${payload.name}, seed ${seed}: ${String(error)}`)));
        }
      }
      const faults = await page.evaluate(() => (window as unknown as { hostile: Hostile }).hostile.faults);
      const visits = canary.visits.map(visit => `the canary had ${visit}`);
      const asked = site.requests.filter(path => !EXPECTED.test(path)).map(path => `the page's server was asked for ${path}`);
      await canary.close();
      const all = [...faults.map(({ id, what: fault }) => `${names.get(id)}: ${fault}`), ...heard.faults, ...visits, ...asked];
      // Addresses say which payload they came from.
      const readable = all.map(fault => fault.replace(/asked-by-(\d+)/g, (_, id) => `{${names.get(Number(id))}}`));
      expect(readable, `seed ${seed}`).toEqual([]);
      expect(page.url(), `seed ${seed}`).toBe(`${site.url}/`);
    });
  }
}

const ask = (page: Page, question: Question) =>
  page.evaluate(asked => (window as unknown as { hostile: Hostile }).hostile.ask(asked), question);

/** What happens around the page, and while which payload was being answered. */
function listen(page: Page, isExpected: (address: URL) => boolean) {
  const heard = { during: 'before any payload', faults: [] as string[] };
  const note = (what: string) => void heard.faults.push(`${heard.during}: ${what}`);
  page.on('request', request => isExpected(new URL(request.url())) || note(`the page asks for ${request.url()}`));
  page.on('popup', popup => note(`a window: ${popup.url()}`));
  page.on('download', download => note(`a download: ${download.url()}`));
  page.on('dialog', dialog => {
    note(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', error => note(error.message));
  page.on('console', message => {
    if (/error|warning/.test(message.type()) && !isNetworkLine(message.text())) note(`on the console: ${message.text()}`);
  });
  return heard;
}

const pageHtml = (url: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><script src="/cdn/ollama-chat.js" defer></script></head>
<body><p id="sign">Words of the page.</p>${tagHtml({ url })}</body></html>`;
