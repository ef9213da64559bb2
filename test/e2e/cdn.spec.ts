/** The one file for a script tag: from anywhere, under any name, under a strict policy. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { OWN_NAMES } from '../../.build/squeeze.ts';
import { SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import type { StaticServer } from '../support/static-server.ts';
import { ChatPage, expect, type OllamaChat, tagHtml, test } from './chat-page.ts';

const html = (scripts: string[], ...tags: string[]) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A plain page</title></head>
<body><p>Words of the page.</p>${scripts.map(src => `<script src="${src}"></script>`).join('')}${tags.join('')}</body></html>`;

const policy = (ollama: OllamaServer) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${ollama.url}; require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`;

/** Collects what the browser reports of broken policies, from the first moment on. */
async function watchPolicy(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const broken: string[] = [];
    Object.assign(window, { broken });
    document.addEventListener('securitypolicyviolation', event => {
      broken.push([event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber, event.sample].join(' '));
    });
  });
  return () => page.evaluate(() => (window as unknown as { broken: string[] }).broken);
}

/** Without what browsers ask for by themselves. */
const asked = ({ requests }: StaticServer) => requests.filter(path => path !== '/favicon.ico');

/** Two questions and their answers. */
async function holdsConversation(at: ChatPage) {
  for (const question of ['Who are you?', 'And now?']) {
    await at.ask(question);
    await at.idle();
  }
  expect(await at.said()).toEqual(['user: Who are you?', `assistant: ${SAMPLE}`, 'user: And now?', `assistant: ${SAMPLE}`]);
  await expect(at.answers.last()).toContainText('Hello!');
  await expect(at.answers.last().getByRole('strong')).toHaveText('bold');
}

test('it works on a plain page of another origin than its own', async ({ page, pages, serve }) => {
  const [ollama, cdn] = [await serve(), await pages({})];
  const site = await pages({ 'index.html': html([`${cdn.url}/cdn/ollama-chat.js`], tagHtml({ url: ollama.url, model: 'tiny' })) });
  await page.goto(site.url);
  await holdsConversation(new ChatPage(page, ollama, site));
  // All that a chat needs is in one file; the rest comes with the first touch, what counts the model's context with the first answer.
  await expect
    .poll(() => cdn.requests)
    .toEqual(['/cdn/ollama-chat.js', '/cdn/parts/extras.js', '/cdn/parts/shared.js', '/cdn/parts/context.js']);
  expect(asked(site)).toEqual(['/']);
});

test('it works as a single file under another name', async ({ page, pages, serve }) => {
  const ollama = await serve();
  const file = readFileSync(new URL('../../dist/cdn/ollama-chat.js', import.meta.url), 'utf8');
  const site = await pages({
    'index.html': html(['/assets/chatbot.v1.js'], tagHtml({ url: ollama.url, model: 'tiny' })),
    'assets/chatbot.v1.js': file,
  });
  await page.goto(site.url);
  await holdsConversation(new ChatPage(page, ollama, site));
  // What is not there is not missed.
  await expect.poll(() => asked(site)).toEqual(['/', '/assets/chatbot.v1.js', '/assets/parts/extras.js', '/assets/parts/context.js']);
});

test('another language comes from beside the file, wherever that is', async ({ page, pages, serve }) => {
  const [ollama, cdn] = [await serve(), await pages({})];
  const site = await pages({
    'index.html': html([`${cdn.url}/cdn/ollama-chat.js`], tagHtml({ url: ollama.url, model: 'tiny', lang: 'vi' })),
  });
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Gửi' })).toBeVisible();
  expect(cdn.requests).toEqual(['/cdn/ollama-chat.js', '/cdn/parts/vi.js']);
  expect(asked(site)).toEqual(['/']);
});

test('where nothing is beside the file it speaks English and works', async ({ page, pages, serve }) => {
  const ollama = await serve();
  const file = readFileSync(new URL('../../dist/cdn/ollama-chat.js', import.meta.url), 'utf8');
  const site = await pages({ 'index.html': html(['/chat.js'], tagHtml({ url: ollama.url, model: 'tiny', lang: 'vi' })), 'chat.js': file });
  await page.goto(site.url);
  await holdsConversation(new ChatPage(page, ollama, site));
});

test('loading it twice, from two places, is harmless', async ({ page, pages, serve }) => {
  const [ollama, cdn] = [await serve(), await pages({})];
  const script = '/cdn/ollama-chat.js';
  const site = await pages({
    'index.html': html([script, `${cdn.url}${script}`, `${script}?again`], tagHtml({ url: ollama.url, model: 'tiny' })),
  });
  await page.goto(site.url);
  await holdsConversation(new ChatPage(page, ollama, site));
});

test('it adds nothing to the page but the element', async ({ page, pages }) => {
  const site = await pages({ 'index.html': html([]) });
  await page.goto(site.url);
  const names = () => page.evaluate(() => Object.getOwnPropertyNames(window).sort());
  const before = await names();
  await page.addScriptTag({ url: '/cdn/ollama-chat.js' });
  expect(await page.evaluate(() => !!customElements.get('ollama-chat'))).toBe(true);
  expect((await names()).filter(name => !before.includes(name))).toEqual([]);
});

for (const layout of ['inline', 'popup']) {
  test(`a strict Content-Security-Policy reports nothing: ${layout}`, async ({ page, pages, serve }) => {
    const broken = await watchPolicy(page);
    const ollama = await serve();
    const site = await pages({
      'index.html': {
        body: html(['/cdn/ollama-chat.js'], tagHtml({ url: ollama.url, model: 'tiny', layout, suggestions: 'One' })),
        headers: { 'Content-Security-Policy': policy(ollama) },
      },
    });
    await page.goto(site.url);
    const at = new ChatPage(page, ollama, site);
    if (layout === 'popup') await at.chat.getByRole('button', { name: 'Open chat' }).click();
    await holdsConversation(at);
    for (const model of ['think', 'code', 'table', 'error-midstream', 'nope']) {
      await at.set({ model });
      await at.ask(model);
      await at.idle();
    }
    await at.answers.getByText(/^Thought/).click();
    await at.button('Try again').click();
    await at.idle();
    await expect(at.alert).toBeVisible();
    await at.answers.getByRole('button', { name: 'Copy' }).first().click();
    await at.button('New chat').click();
    await at.button('Undo').click();
    await at.begin('All?', '```js\nlet a = 1;\n```\n\n$a^2$\n\n> [!NOTE]\n> b\n\n<details><summary>c</summary>\n\nd\n\n</details>');
    await expect(at.answers.locator('math')).toHaveCount(1);
    await expect.poll(() => page.evaluate(() => CSS.highlights.size)).toBeGreaterThan(0);
    await at.set({ theme: 'dark', lang: 'vi' });
    await at.begin(
      '<img src=x onerror=alert(1)>',
      '<img src=x onerror=alert(1)> <b style="color:red">x</b> <script>alert(1)</script> ![x](https://example.com/x.png)',
    );
    await expect(at.chat.getByRole('log').getByText('<script>')).toBeVisible();
    if (layout === 'popup') {
      await page.setViewportSize({ width: 375, height: 667 });
      await page.keyboard.press('Escape');
    }
    expect(await broken()).toEqual([]);
  });
}

test('it works where the page has taken the names that Lit and DOMPurify would use', async ({ page, pages, serve }) => {
  const broken = await watchPolicy(page);
  const ollama = await serve();
  const site = await pages({
    'index.html': {
      body: html(['/own.js', '/cdn/ollama-chat.js'], tagHtml({ url: ollama.url, model: 'tiny' })),
      headers: { 'Content-Security-Policy': policy(ollama).replace('; trusted-types', '; trusted-types lit-html dompurify') },
    },
    'own.js': 'for (const name of ["lit-html", "dompurify"]) trustedTypes.createPolicy(name, {});',
  });
  await page.goto(site.url);
  await holdsConversation(new ChatPage(page, ollama, site));
  expect(await broken()).toEqual([]);
});

for (const layout of ['inline', 'popup']) {
  for (const [missing, types] of [
    ['Lit’s', 'ollama-chat'],
    ['the sanitizer’s', 'ollama-chat-lit'],
    ['any', "'none'"],
  ] as const) {
    test(`where the page forbids ${missing} policy, words say what to allow: ${layout}`, async ({ context, pages }) => {
      // Not the fixture's page, which takes the browser's report of the refusal for a fault.
      const page = await context.newPage();
      const site = await pages({
        'index.html': {
          body: html(['/cdn/ollama-chat.js', '/after.js'], tagHtml({ layout })),
          headers: { 'Content-Security-Policy': `require-trusted-types-for 'script'; trusted-types ${types}` },
        },
        'after.js': 'document.title = "the page goes on"',
      });
      const thrown: Error[] = [];
      page.on('pageerror', error => thrown.push(error));
      await page.goto(site.url);
      await expect(page.locator('ollama-chat').getByText('has to allow trusted-types ollama-chat ollama-chat-lit')).toBeInViewport({
        ratio: 1,
      });
      await expect(page).toHaveTitle('the page goes on');
      await page.evaluate(() => document.querySelector('ollama-chat')?.setAttribute('open', ''));
      expect(thrown).toEqual([]);
    });
  }
}

test('a policy that knows nothing of the chat gets no exception at load', async ({ page, pages, serve }) => {
  const ollama = await serve();
  const site = await pages({
    'index.html': {
      body: html(['/cdn/ollama-chat.js', '/after.js']),
      headers: { 'Content-Security-Policy': `default-src 'none'; script-src 'self'; connect-src ${ollama.url}` },
    },
    'after.js': 'document.title = "the page goes on"',
  });
  await page.goto(site.url);
  await expect(page).toHaveTitle('the page goes on');
});

test('pictures in an answer are not fetched', async ({ open, page }) => {
  const at = await open();
  const requests: string[] = [];
  // Its own parts come from where the script came from.
  page.on('request', request => request.url().startsWith(`${at.site.url}/cdn/parts/`) || requests.push(request.url()));
  await at.begin(
    'Q',
    '![a picture](https://pictures.example/a.png) ![](//pictures.example/b.png) ![relative](/c.png)\n\n<img src="https://pictures.example/d.png">',
  );
  await expect(at.answers).toContainText('a picture');
  await at.chat.evaluate((chat: OllamaChat) => chat.updateComplete);
  expect(requests).toEqual([]);
});

test('no part asks the script for something by a name that was shortened there', () => {
  const folder = new URL('../../dist/cdn/parts/', import.meta.url);
  const shortened = OWN_NAMES.filter(name => /^\w+$/.test(name)).join('|');
  const found = readdirSync(folder).flatMap(file =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(new RegExp(`[.{,](?:${shortened})\\b|\\b(?:${shortened})[:(]`, 'g'))].map(
      ([use]) => `${file}: ${use}`,
    ),
  );
  // But for words that a library inside a part has, too, and keeps to itself.
  expect(found.filter(use => !/^(?:mcp\.js: \W?loose|validator\.js: \W?lookup)\W?$/.test(use))).toEqual([]);
});
