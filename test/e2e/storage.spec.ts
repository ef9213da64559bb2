/** Storage that is full, or that the browser keeps from the page: the chat goes on, and says so once. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { chatLines } from '../../demo/ollama/chat.ts';
import { type Call, SAMPLE, sendAll } from '../support/behaviours.ts';
import { browserArgs, findBrowser } from '../find-browser.mjs';
import { ChatPage, pageHtml, watch } from './chat-page.ts';
import { asks, come, expect, keptTexts, notices, type OllamaChat, type Reach, REACHES, saysOnce, test } from './storage-site.ts';
import { readStore } from './stored.ts';

/** Another computer's name, which leads here. */
const NAMED = 'chat.example.com';
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${NAMED} 127.0.0.1`] }),
});

/** How much the site may keep in the browser, in bytes; without it as much as it likes. */
async function setQuota({ page, site }: ChatPage, quotaSize?: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: site.url, ...(quotaSize !== undefined && { quotaSize }) });
}

const LONG = 'word '.repeat(100_000);

/** The sample; to the question for more half a megabyte, of which the end is held. */
async function answer(call: Call): Promise<void> {
  const isMore = call.chat.messages.at(-1)?.content === 'More?';
  const lines = chatLines(call.chat, isMore ? ['It begins. ', LONG, 'It ends.'] : [SAMPLE]);
  if (!isMore) return sendAll(call, lines);
  call.response.write(lines.slice(0, 2).join(''));
  await call.released();
  await sendAll(call, lines.slice(2));
}

test('a store that gets full in the middle of an answer loses nothing of it on screen, and keeps all once there is room', async ({
  prepare,
}) => {
  const at = await prepare({ persist: 'browser' }, { server: { answer } });
  await setQuota(at, 300_000);
  await come(at);
  await asks(at, 'One?');
  await expect.poll(() => keptTexts(at.page, 'browser')).toEqual(['One?', SAMPLE]);
  await at.ask('More?');
  await expect(at.answers.last()).toContainText('It begins.');
  await saysOnce(at, 'full');
  at.ollama.release();
  await at.idle();
  const texts = ['One?', SAMPLE, 'More?', `It begins. ${LONG}It ends.`];
  expect((await at.messages()).map(({ content }) => content)).toEqual(texts);
  await expect(at.answers.last()).toContainText('It ends.');
  await asks(at, 'Two?');
  await expect(notices(at)).toHaveCount(0);
  await setQuota(at);
  await asks(at, 'Three?');
  texts.push('Two?', SAMPLE, 'Three?', SAMPLE);
  await expect.poll(() => keptTexts(at.page, 'browser')).toEqual(texts);
  await come(at);
  expect((await at.messages()).map(({ content }) => content)).toEqual(texts);
  await expect(notices(at)).toHaveCount(0);
});

test('a store without room for its first word keeps the conversation once there is some', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  await setQuota(at, 1);
  await come(at);
  await at.box.fill('a draft');
  await saysOnce(at, 'full');
  await asks(at, 'One?');
  expect(await at.said()).toEqual(['user: One?', `assistant: ${SAMPLE}`]);
  await setQuota(at);
  await asks(at, 'Two?');
  await expect.poll(() => keptTexts(at.page, 'browser')).toEqual(['One?', SAMPLE, 'Two?', SAMPLE]);
  await come(at);
  await expect(at.questions).toHaveText([/One\?/, /Two\?/]);
  await expect(notices(at)).toHaveCount(0);
});

/** A megabyte that no browser makes smaller. */
const noise = () => Array.from({ length: 90_000 }, () => Math.random().toString(36).slice(2)).join('\n');

// The room itself comes back when the browser tidies up its files, which no page can ask for: seen to take from seconds to minutes.
test('in a store that is full an old conversation can be deleted, and all is kept once there is room, without a word more', async ({
  prepare,
}) => {
  const at = await prepare({ persist: 'browser' });
  await setQuota(at, 2_500_000);
  await come(at);
  for (let n = 0; n < 12 && !(await notices(at).count()); n++) {
    if (n) await at.button('New chat').click();
    await at.chat.evaluate((chat: OllamaChat, content) => (chat.messages = [{ role: 'user', content }]), `Old ${n}. ${noise()}`);
    await expect
      .poll(async () => (await keptTexts(at.page, 'browser'))[0]?.startsWith(`Old ${n}.`) || (await notices(at).count()))
      .toBeTruthy();
  }
  await saysOnce(at, 'full');
  await at.button('Conversations').click();
  await at.chat.getByRole('listitem').filter({ hasText: 'Old 0.' }).hover();
  await at.chat.getByRole('button', { name: /^Delete “Old 0/ }).click();
  await expect(at.chat.getByRole('listitem').filter({ hasText: 'Old 0.' })).toHaveCount(0);
  await at.chat.getByRole('region', { name: 'Conversations' }).getByRole('button', { name: 'Close' }).click();
  await expect
    .poll(async () => (await readStore(at.page, 'browser')).records.filter(({ content }) => String(content).startsWith('Old 0.')))
    .toEqual([]);
  await asks(at, 'Is there room now?');
  await setQuota(at);
  await expect.poll(async () => (await keptTexts(at.page, 'browser')).map(text => text.slice(0, 4))).toEqual(['Old ', 'Is t', 'Hell']);
});

/** Leaves no room for anything of the chat, or gives the page's own share back. */
const fill = ({ page }: ChatPage, isFull: boolean) =>
  page.evaluate(full => {
    for (let size = 2 ** 22; size >= 1; size /= 2) {
      try {
        if (full) sessionStorage.setItem(`own${size}`, 'x'.repeat(size));
        else sessionStorage.removeItem(`own${size}`);
      } catch {
        // Less, then.
      }
    }
  }, isFull);

test('a tab whose storage the page has filled answers, says so once, and keeps all once there is room', async ({ prepare }) => {
  const at = await prepare({ persist: 'tab' });
  await fill(at, true);
  await come(at);
  await asks(at, 'One?');
  await saysOnce(at, 'full');
  await asks(at, 'Two?');
  await expect(notices(at)).toHaveCount(0);
  expect(await at.page.evaluate(() => Object.keys(sessionStorage).filter(name => !name.startsWith('own')))).toEqual([]);
  await fill(at, false);
  await asks(at, 'Three?');
  const texts = ['One?', SAMPLE, 'Two?', SAMPLE, 'Three?', SAMPLE];
  await expect.poll(() => keptTexts(at.page, 'tab')).toEqual(texts);
  await come(at);
  expect((await at.messages()).map(({ content }) => content)).toEqual(texts);
  await expect(notices(at)).toHaveCount(0);
});

test('a tab whose storage gets full in the middle of an answer keeps what was there before, and a crash leaves that', async ({
  prepare,
}) => {
  const at = await prepare({ persist: 'tab', model: 'held' });
  await come(at);
  await at.ask('One?');
  await expect(at.answers).toContainText('Hello! This is');
  await expect.poll(async () => (await keptTexts(at.page, 'tab')).at(-1)).toContain('Hello! This is');
  await fill(at, true);
  at.ollama.release();
  await at.idle();
  await saysOnce(at, 'full');
  expect((await at.messages()).at(-1)?.content).toBe(SAMPLE);
  const [question, half = '', ...none] = await keptTexts(at.page, 'tab');
  expect([question, none]).toEqual(['One?', []]);
  expect(SAMPLE.startsWith(half) && half !== SAMPLE).toBe(true);
  await fill(at, false);
  await at.box.fill('a draft');
  await expect.poll(() => keptTexts(at.page, 'tab')).toEqual(['One?', SAMPLE]);
});

/** The chat does all that it does without storage, and says once that nothing is kept. */
async function worksOnInMemory(at: ChatPage, persist: Reach) {
  await saysOnce(at, 'blocked');
  await asks(at, 'One?');
  await asks(at, 'Two?');
  expect(await at.said()).toEqual(['user: One?', `assistant: ${SAMPLE}`, 'user: Two?', `assistant: ${SAMPLE}`]);
  await expect(notices(at)).toHaveCount(0);
  await at.button('New chat').click();
  await expect(at.questions).toHaveCount(0);
  await at.button('Undo').click();
  await expect(at.questions).toHaveCount(2);
  const file = await at.chat.evaluate((chat: OllamaChat) => chat.exportConversation());
  await at.chat.evaluate((chat: OllamaChat, json) => chat.importConversation(json), file);
  await expect(at.questions).toHaveCount(2);
  if (persist === 'tab') return;
  await at.button('Conversations').click();
  await expect(at.chat.getByText('No conversations yet')).toBeVisible();
  await at.chat.getByRole('region', { name: 'Conversations' }).getByRole('button', { name: 'Close' }).click();
  await expect(at.box).toBeFocused();
}

for (const persist of REACHES) {
  test(`a sandboxed frame, whose page has no origin, works on in memory: ${persist}`, async ({ page, pages, serve }) => {
    const ollama = await serve({ origins: ['*'] });
    const site = await pages({
      'index.html':
        '<!doctype html><title>A page</title><iframe sandbox="allow-scripts" src="/frame.html" width="900" height="650"></iframe>',
      'frame.html': pageHtml({ url: ollama.url, model: 'tiny', persist }),
    });
    await page.goto(site.url);
    await worksOnInMemory(new ChatPage(page, ollama, site, undefined, page.frame({ url: /frame/ })!), persist);
  });

  test(`a browser that is set to let no site store anything works on in memory: ${persist}`, async ({ serve, pages }) => {
    const profile = await mkdtemp(join(tmpdir(), 'ollama-chat-'));
    await mkdir(join(profile, 'Default'));
    const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
    await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(settings));
    const executablePath = (await findBrowser())!;
    const context = await chromium.launchPersistentContext(profile, { executablePath, args: browserArgs });
    const page = await context.newPage();
    const complaints = await watch(page);
    const ollama = await serve();
    const site = await pages({ 'index.html': pageHtml({ url: ollama.url, model: 'tiny', persist }) });
    await page.goto(site.url);
    const isSet = await page.evaluate(() => {
      try {
        return !sessionStorage;
      } catch {
        return true;
      }
    });
    test.skip(!isSet, 'this Chromium has no such setting');
    await worksOnInMemory(new ChatPage(page, ollama, site), persist);
    await context.close();
    await rm(profile, { recursive: true });
    expect(complaints).toEqual([]);
  });
}

const REFUSED = `throw new DOMException('Not here.', 'SecurityError')`;

/** What a browser may do with the store of conversations. */
const REFUSALS = {
  'is not there': 'delete window.indexedDB',
  'throws as it is looked at': `Object.defineProperty(window, 'indexedDB', { get() { ${REFUSED} } })`,
  'throws as it is opened': `IDBFactory.prototype.open = () => { ${REFUSED} }`,
  'fails to open': `IDBFactory.prototype.open = () => {
    const request = Object.create(IDBOpenDBRequest.prototype, { error: { value: new DOMException('Private.', 'InvalidStateError') } });
    request.addEventListener = (type, listener) => type === 'error' && setTimeout(() => listener(new Event('error')));
    request.removeEventListener = () => {};
    return request;
  }`,
};

for (const [what, script] of Object.entries(REFUSALS)) {
  test(`a store that ${what} is done without`, async ({ prepare }) => {
    const at = await prepare({ persist: 'browser' });
    await at.page.addInitScript(script);
    await come(at);
    await worksOnInMemory(at, 'browser');
  });
}

test('a store that never opens keeps nobody from an answer, and is given up after a while', async ({ prepare }) => {
  const at = await prepare({ persist: 'browser' });
  const request = 'Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value() {} }, removeEventListener: { value() {} } })';
  await at.page.addInitScript(`IDBFactory.prototype.open = () => ${request}`);
  await at.page.clock.install();
  await at.page.goto(at.site.url);
  await asks(at, 'One?');
  await expect(notices(at)).toHaveCount(0);
  await at.page.clock.fastForward('00:10');
  await saysOnce(at, 'blocked');
  await asks(at, 'Two?');
  expect(await at.said()).toEqual(['user: One?', `assistant: ${SAMPLE}`, 'user: Two?', `assistant: ${SAMPLE}`]);
  await expect(notices(at)).toHaveCount(0);
});

/** What tabs are in step by. A single one does without. */
const SILENCES = {
  'has no way between tabs': 'delete window.BroadcastChannel',
  'refuses the way between tabs': `window.BroadcastChannel = class { constructor() { ${REFUSED} } }`,
  'refuses locks': `LockManager.prototype.request = async () => { ${REFUSED} }`,
  'has no locks, since the page came by plain http from another computer': '',
};

for (const persist of REACHES) {
  for (const [what, script] of Object.entries(SILENCES)) {
    test(`a browser that ${what} keeps the conversation all the same: ${persist}`, async ({ prepare }) => {
      const at = await prepare({ persist }, { server: { origins: ['*'] } });
      await at.page.addInitScript(script);
      const url = script ? at.site.url : at.site.url.replace('127.0.0.1', NAMED);
      await come(at, url);
      if (!script) expect(await at.page.evaluate(() => 'locks' in navigator)).toBe(false);
      await asks(at, 'One?');
      await asks(at, 'Two?');
      await come(at, url);
      expect(await at.said()).toEqual(['user: One?', `assistant: ${SAMPLE}`, 'user: Two?', `assistant: ${SAMPLE}`]);
      await expect(notices(at)).toHaveCount(0);
    });
  }
}
