/**
 * The test that everything hostile goes through: the built script on a real page, streamed by a real server, under two
 * policies. It fails with the name of each payload that ran, loaded, moved or became something it may not be.
 */
import { arm, type Payload } from '../support/hostile-payloads.ts';
import { expect, tagHtml, test } from '../e2e/chat-page.ts';
import { ALLOWED } from './allowed.ts';
import { answerWith, questionOf } from './answers.ts';
import { startCanary } from './canary.ts';
import { type Fault, type Hostile, install, type Question } from './in-page.ts';

const POLICIES: Record<string, (servers: string) => Record<string, string>> = {
  'without a policy': () => ({}),
  'under a strict policy': servers => ({
    'Content-Security-Policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${servers}; report-uri /reports; require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`,
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
      test.setTimeout(20_000 + payloads.length * rounds * 1000);
      const canary = await startCanary();
      const answer = answerWith(payloads, { canary: canary.url }, seed);
      const common = await serve({ answer });
      // A model's name comes from the list, so each of these needs a list of its own.
      const servers = new Map<number, string>();
      for (const payload of payloads.filter(({ field }) => field === 'model name')) {
        const models = [{ name: arm(payload, { canary: canary.url }), capabilities: ['completion'] }];
        servers.set(payload.id, (await serve({ answer, models })).url);
      }
      const headers = headersFor([common.url, ...servers.values()].join(' '));
      const site = await pages({ 'index.html': { body: pageHtml(common.url), headers } });

      const unexpected: string[] = [];
      page.on('request', request => {
        const { origin, pathname } = new URL(request.url());
        const ours = origin === site.url ? EXPECTED.test(pathname) : [common.url, ...servers.values()].includes(origin);
        if (!ours) unexpected.push(`the page asks for ${request.url()}`);
      });
      page.on('dialog', dialog => {
        unexpected.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('popup', popup => unexpected.push(`a window: ${popup.url()}`));
      page.on('download', download => unexpected.push(`a download: ${download.url()}`));

      await page.addInitScript(install, ALLOWED);
      await page.goto(site.url);
      for (let round = 0; round < rounds; round++) {
        for (const payload of payloads) {
          const question: Question = {
            ...payload,
            text: arm(payload, { canary: canary.url }),
            ask: questionOf(payload.id, round),
            url: servers.get(payload.id) ?? common.url,
          };
          await page.evaluate(asked => (window as unknown as { hostile: Hostile }).hostile.ask(asked), question);
        }
      }
      const faults = await page.evaluate(() => (window as unknown as { hostile: Hostile }).hostile.faults);
      const visits = canary.visits.map(visit => `the canary had ${visit}`);
      const asked = site.requests.filter(path => !EXPECTED.test(path)).map(path => `the page's server was asked for ${path}`);
      await canary.close();
      expect([...faults.map(named(payloads)), ...[...unexpected, ...visits, ...asked].map(attributed(payloads))], `seed ${seed}`).toEqual(
        [],
      );
      expect(page.url(), `seed ${seed}`).toBe(`${site.url}/`);
    });
  }
}

const pageHtml = (url: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title><script src="/cdn/ollama-chat.js" defer></script></head>
<body><p id="sign">Words of the page.</p>${tagHtml({ url })}</body></html>`;

const named =
  (payloads: readonly Payload[]) =>
  ({ id, what }: Fault) =>
    `${payloads.find(payload => payload.id === id)?.name ?? 'before any payload'}: ${what}`;

/** Addresses say which payload they came from. */
const attributed = (payloads: readonly Payload[]) => (what: string) => {
  const id = /asked-by-(\d+)/.exec(what)?.[1];
  return id ? named(payloads)({ id: Number(id), what }) : what;
};
