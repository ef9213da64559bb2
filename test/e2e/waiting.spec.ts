/** Waiting honestly: what for, how long, and without asking for the answer twice. */
import type { ChatPage } from './chat-page.ts';
import { SAMPLE } from '../support/behaviours.ts';
import { closed, hanging, missing } from '../support/routes.ts';
import { expect, test } from './chat-page.ts';

const HELD = { name: 'held-first', capabilities: ['completion'] };
const QUIET = { model: 'held-first', preload: 'none' };

const status = ({ chat }: ChatPage) => chat.getByRole('status').last();

/** What was asked of the server since the last question, by path. */
function sinceChat({ ollama }: ChatPage) {
  const index = ollama.requests.findLastIndex(request => request === ollama.chats().at(-1));
  return ollama.requests.slice(index + 1);
}

/** All that the status says from now on, each thing once. */
async function watchStatus(at: ChatPage): Promise<() => Promise<string[]>> {
  await status(at).evaluate(element => {
    const said: string[] = [];
    new MutationObserver(() => {
      const text = element.textContent ?? '';
      if (text && said.at(-1) !== text) said.push(text);
    }).observe(element, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { said });
  });
  return () => at.page.evaluate(() => (window as unknown as { said: string[] }).said);
}

test('after two seconds without a byte the server is asked once what it is doing, and the wait says: loading', async ({ open }) => {
  const at = await open(QUIET);
  await at.ask('Why?');
  await expect(status(at)).toHaveText('Waiting for held-first');
  await expect(at.log.getByText(/^Loading held-first … \d+ s$/)).toBeVisible();
  await expect(status(at)).toHaveText('Loading held-first');
  const [asked, ...more] = sinceChat(at);
  expect([asked?.path, ...more]).toEqual(['/api/ps']);
  // The server has the question a moment later than it was asked.
  expect(asked!.time - at.ollama.chats()[0]!.time).toBeGreaterThan(1000);
  at.ollama.release();
  await at.idle();
  await expect(at.log.getByText(/^Loading/)).toHaveCount(0);
  expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
});

test('where the model was loaded before, the wait says: reading the prompt', async ({ open, serve, page }) => {
  await page.clock.install();
  const server = await serve({ models: [HELD] });
  await fetch(`${server.url}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'held-first', messages: [] }) });
  const at = await open({ ...QUIET, url: server.url });
  await at.box.focus();
  await expect(at.chat.getByText('loaded', { exact: true })).toBeAttached();
  await at.ask('Why?');
  await server.waitForRequest(({ body }) => JSON.stringify(body)?.includes('Why?'));
  await page.clock.runFor(3000);
  await expect(at.log.getByText(/^Reading the prompt … \d+ s$/)).toBeVisible();
  await expect(status(at)).toHaveText('Reading the prompt');
  await at.button('Stop').click();
});

test('a model on its way is listed as those that are loaded; the wait says: loading', async ({ open, page }) => {
  await page.clock.install();
  const at = await open({ preload: 'none' }, { server: { pace: { load: 1e9 } } });
  await at.ask('Why?');
  await at.ollama.waitForRequest(({ body }) => JSON.stringify(body)?.includes('Why?'));
  await page.clock.runFor(3000);
  await expect(at.log.getByText(/^Loading tiny … \d+ s$/)).toBeVisible();
  const { models } = (await (await fetch(`${at.ollama.url}/api/ps`)).json()) as { models: { name: string }[] };
  expect(models.map(({ name }) => name)).toEqual(['tiny:latest']);
});

test('a wait in Vietnamese is said in Vietnamese', async ({ open, page }) => {
  await page.clock.install();
  const at = await open({ ...QUIET, lang: 'vi' });
  await at.box.fill('Tại sao?');
  await at.box.press('Enter');
  await at.ollama.waitForRequest(({ body }) => body !== undefined);
  await page.clock.runFor(3000);
  await expect(at.log.getByText(/^Đang tải held-first \(đã \d+ giây\)$/)).toBeVisible();
});

for (const [what, route] of [
  ['missing', missing],
  ['broken', closed],
  ['silent', hanging],
] as const) {
  test(`where /api/ps is ${what} the wait goes on as it was`, async ({ open, page }) => {
    await page.clock.install();
    const at = await open(QUIET, { server: { routes: { '/api/ps': route } } });
    await at.ask('Why?');
    await at.ollama.waitForRequest(({ path, body }) => path === '/api/chat' && body !== undefined);
    await page.clock.runFor(2000);
    await expect.poll(() => sinceChat(at).map(({ path }) => path)).toContain('/api/ps');
    // Longer than it may take.
    await page.clock.runFor(6000);
    await expect(at.log.getByText(/^Waiting for held-first … \d+ s$/)).toBeVisible();
    await expect(status(at)).toHaveText('Waiting for held-first');
    at.ollama.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect(at.ollama.chats()).toHaveLength(1);
    expect(await at.events('chat-error')).toEqual([]);
  });
}

test('however long it takes, only /api/ps is asked again, and the status says each thing once', async ({ open, page }) => {
  await page.clock.install();
  const at = await open(QUIET);
  const said = await watchStatus(at);
  await at.ask('Why?');
  const chat = await at.ollama.waitForRequest(({ body }) => body !== undefined);
  await page.clock.runFor(3000);
  await expect(status(at)).toHaveText('Loading held-first');
  await page.clock.runFor(10_000);
  await expect(at.log.getByText(/^Loading held-first … 1\d s$/)).toBeVisible();
  expect(await said()).toEqual(['Waiting for held-first', 'Loading held-first']);
  await page.clock.runFor(15_000);
  await expect(at.log.getByText(/^Loading held-first … [23]\d s$/)).toBeVisible();
  expect(await said(), 'and mentions it again after a while').toEqual([
    'Waiting for held-first',
    'Loading held-first',
    'Loading held-first … 15 s',
  ]);
  const asked = sinceChat(at).map(({ path }) => path);
  expect(new Set(asked)).toEqual(new Set(['/api/ps']));
  expect(asked.length, 'every five seconds').toBeLessThanOrEqual(6);
  // To give up and ask again would cancel the load.
  expect(chat.closedAt).toBe(undefined);
  at.ollama.release();
  await at.idle();
  await expect(status(at)).toContainText('Hello!');
});

test('an answer that has begun and is slow is not asked about', async ({ open, page }) => {
  await page.clock.install();
  const at = await open({ model: 'stalls', preload: 'none' });
  await at.ask('Why?');
  await expect(at.answers).toContainText('The answer begins');
  await page.clock.runFor(8000);
  await expect(at.log.getByText(/^Waiting for stalls … \d+ s$/)).toBeVisible();
  expect(sinceChat(at)).toEqual([]);
  await expect(status(at)).toHaveText('Answering …');
});

test('the next question waits anew', async ({ open, page }) => {
  await page.clock.install();
  const at = await open(QUIET);
  for (const question of ['Why?', 'And then?']) {
    await at.ask(question);
    await at.ollama.waitForRequest(({ body }) => JSON.stringify(body)?.includes(question));
    await expect(status(at)).toHaveText('Waiting for held-first');
    await page.clock.runFor(3000);
    await expect(at.log.getByText(/^Loading held-first … \d s$/)).toBeVisible();
    expect(sinceChat(at).map(({ path }) => path)).toEqual(['/api/ps']);
    await at.button('Stop').click();
    await at.idle();
  }
});

test('a chat that has left the page asks nothing more', async ({ open, page }) => {
  await page.clock.install();
  const at = await open(QUIET);
  await at.ask('Why?');
  const chat = await at.ollama.waitForRequest(({ body }) => body !== undefined);
  await at.chat.evaluate(element => element.remove());
  await at.ollama.waitForClose(chat);
  await page.clock.runFor(20_000);
  expect(sinceChat(at)).toEqual([]);
});
