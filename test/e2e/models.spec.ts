/** Which model answers, and where: every way the attributes can say it. */
import { SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import { ChatPage, expect, pageHtml, test } from './chat-page.ts';

const chat = (name: string) => ({ name, capabilities: ['completion'] });
const embedding = (name: string) => ({ name, capabilities: ['embedding'] });

/** Loads a model as somebody else's request would. */
const load = ({ url }: OllamaServer, model: string) =>
  fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify({ model, messages: [] }) });

for (const { what, models, loaded, expected } of [
  { what: 'the newest that can chat', models: [embedding('embed'), chat('newer'), chat('older')], expected: 'newer:latest' },
  { what: 'a chat model that is loaded', models: [chat('newer'), chat('older')], loaded: 'older', expected: 'older:latest' },
  { what: 'no embedding model, loaded or not', models: [embedding('embed'), chat('older')], loaded: 'embed', expected: 'older:latest' },
  { what: 'no cloud model', models: [chat('huge:cloud'), chat('gpt:120b-cloud'), chat('small:1b')], expected: 'small:1b' },
]) {
  test(`without a model named, ${what} answers`, async ({ open, serve }) => {
    const server = await serve({ models });
    if (loaded) await load(server, loaded);
    const at = await open({ model: null, url: server.url });
    await at.box.focus();
    await expect(at.chat.getByText(expected.replace(':latest', ''), { exact: true })).toBeVisible();
    await at.ask('Why?');
    await at.idle();
    expect(server.chats().map(({ body }) => body.model)).toEqual([expected]);
  });
}

for (const [what, models] of [
  ['no model', []],
  ['only embedding and cloud models', [embedding('embed'), chat('huge:cloud')]],
] as const) {
  test(`a server with ${what} says how to get one, and Try again finds it`, async ({ open, serve }) => {
    const server = await serve({ models });
    const at = await open({ model: null, url: server.url });
    await at.ask('Why?');
    await at.idle();
    await expect(at.alert).toContainText('Ollama has no model to chat with');
    await expect(at.alert).toContainText('ollama pull ');
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['no-model']);
    expect(server.chats()).toEqual([]);
    await server.close();
    const after = await serve({ port: server.port, models: [chat('pulled')] });
    await at.button('Try again').click();
    await at.idle();
    await expect(at.alert).toHaveCount(0);
    expect(after.chats().map(({ body }) => [body.model, body.messages])).toEqual([['pulled:latest', [{ role: 'user', content: 'Why?' }]]]);
  });
}

test('of several names the first answers', async ({ open }) => {
  const at = await open({ model: ' think:latest , tiny' });
  await at.ask('Why?');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.model)).toEqual(['think:latest']);
});

test('the header says which model answers, and on whose machine', async ({ open }) => {
  const at = await open({ model: 'hf.co/somebody/tiny:latest' });
  await expect(at.chat.getByText('tiny', { exact: true })).toBeVisible();
  await expect(at.chat.getByText('this computer', { exact: true })).toBeVisible();
  // As long as the server has not said what it is, the name could stand for a model in the cloud.
  await expect(at.chat.getByText('Answers come from tiny on this computer and can be wrong.', { exact: true })).toBeVisible();
  await at.set({ model: 'tiny' });
  await at.box.focus();
  await expect(at.chat.getByText('Answers come from tiny on this computer and can be wrong. Nothing leaves it.')).toBeVisible();
  await at.set({ url: 'https://models.example/ollama/', model: 'tiny' });
  await expect(at.chat.getByText('models.example', { exact: true })).toBeVisible();
  await expect(at.chat.getByText('Nothing leaves it', { exact: false })).toHaveCount(0);
});

test('a cloud model on this computer’s server does not count as this computer', async ({ open }) => {
  const at = await open({ model: 'huge:cloud' });
  await expect(at.chat.getByText('huge:cloud', { exact: true })).toBeVisible();
  await expect(at.chat.getByText('this computer')).toHaveCount(0);
  await expect(at.chat.getByText('Nothing leaves it', { exact: false })).toHaveCount(0);
});

const FORMS: [form: string, url: (server: OllamaServer) => string][] = [
  ['a base address', ({ url }) => url],
  ['a slash at its end', ({ url }) => `${url}/`],
  ['spaces around it', ({ url }) => `  ${url}\n`],
  ['/api', ({ url }) => `${url}/api`],
  ['/api/', ({ url }) => `${url}/api/`],
  ['/api/chat', ({ url }) => `${url}/api/chat`],
  ['/v1', ({ url }) => `${url}/v1`],
  ['/v1/chat/completions/', ({ url }) => `${url}/v1/chat/completions/`],
  ['no scheme', ({ port }) => `127.0.0.1:${port}`],
  ['no scheme, with a path', ({ port }) => `127.0.0.1:${port}/api`],
  ['the port alone', ({ port }) => `:${port}`],
  ['0.0.0.0, where a server listens', ({ port }) => `http://0.0.0.0:${port}`],
];

test('the server is found by every form of its address, which reads back as it was given', async ({ open }) => {
  const at = await open({ api: 'ollama' });
  let asked = 0;
  for (const [form, write] of FORMS) {
    const url = write(at.ollama);
    await at.begin();
    await at.chat.evaluate((element, value) => element.setAttribute('url', value), url);
    await at.ask(form);
    await at.idle();
    await expect.soft(at.alert, form).toHaveCount(0);
    expect.soft(await at.said(), form).toEqual([`user: ${form}`, `assistant: ${SAMPLE}`]);
    expect.soft(at.ollama.chats().length, form).toBe(++asked);
    expect
      .soft(await at.chat.evaluate((element: HTMLElement & { url: string }) => [element.url, element.getAttribute('url')]), form)
      .toEqual([url, url]);
  }
});

test('a relative address is one of the page’s own server', async ({ pages, page, serve }) => {
  const ollama = await serve();
  const site = await pages({});
  for (const [url, prefix] of [
    ['/', ''],
    ['/api/chat', ''],
    ['./', '/app'],
    ['../models/api', '/models'],
  ] as const) {
    await page.unrouteAll();
    // A page, its script and a proxy for the models, all on one origin.
    await page.route(`${ollama.url}/**`, async route => {
      const { pathname } = new URL(route.request().url());
      if (pathname.endsWith('page.html')) return route.fulfill({ contentType: 'text/html', body: pageHtml({ url, model: 'tiny' }) });
      if (pathname.startsWith('/cdn/')) return route.fulfill({ response: await route.fetch({ url: site.url + pathname }) });
      return route.continue({ url: ollama.url + pathname.slice(prefix.length) });
    });
    await page.goto(`${ollama.url}/app/page.html`);
    const at = new ChatPage(page, ollama, site);
    const before = ollama.chats().length;
    await at.ask('Why?');
    await at.idle();
    expect(await at.said(), url).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect(ollama.chats().length, url).toBe(before + 1);
  }
});

test('requests carry no cookie and no referrer to another origin', async ({ open, context }) => {
  const at = await open();
  await context.addCookies([{ name: 'session', value: 'secret', url: at.ollama.url }]);
  await at.ask('Why?');
  await at.idle();
  expect(at.ollama.requests.map(({ headers }) => headers['cookie'] ?? headers['referer'] ?? '')).toEqual(at.ollama.requests.map(() => ''));
});
