/** The model is loaded ahead, so that the first answer comes sooner: when, how often, and with what the page says of it. */
import { sendJson } from '../../demo/ollama/wire.ts';
import { SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer, RecordedRequest } from '../support/ollama-server.ts';
import { json, type Route } from '../support/routes.ts';
import { type Attributes, type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

/** A chat without messages. */
const isLoad = ({ path, body }: RecordedRequest) =>
  path === '/api/chat' && (body as { messages?: unknown[] } | undefined)?.messages?.length === 0;
const loads = ({ requests }: OllamaServer) => requests.filter(isLoad).map(({ body }) => body);

/** What the header says of the model, beside its colour. */
const state = ({ chat }: ChatPage, word: string) => chat.getByRole('banner').or(chat.locator('header')).getByText(word, { exact: true });

/** Asks without a visitor's patience, for tables. */
const send = ({ chat }: ChatPage) => chat.evaluate(async (element: OllamaChat) => (await element.send('Why?'))?.content);

/** Loads once the test says so. */
const heldLoad: Route = async ({ passes, released, response }) => {
  if (!passes()) return;
  await released();
  sendJson(response, 200, { model: 'tiny', message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' });
};
const HELD = { routes: { '/api/chat': heldLoad } };

test('the first focus loads the model, once; the header says that it is loading, and then that it is loaded', async ({ open }) => {
  const at = await open({}, { server: HELD });
  await at.box.focus();
  await at.ollama.waitForRequest(isLoad);
  await expect(state(at, 'loading')).toBeAttached();
  await at.log.focus();
  await at.box.focus();
  at.ollama.release();
  await expect(state(at, 'loaded')).toBeAttached();
  await at.log.focus();
  await at.box.focus();
  expect(loads(at.ollama)).toEqual([{ model: 'tiny', messages: [] }]);
});

test('the opening of a popup loads the model, the next ones do not', async ({ open }) => {
  const at = await open({ layout: 'popup' });
  const launcher = at.chat.getByRole('button', { name: 'Open chat' });
  await launcher.click();
  await at.ollama.waitForRequest(isLoad);
  await expect(state(at, 'loaded')).toBeAttached();
  await at.page.keyboard.press('Escape');
  await expect(at.chat.getByRole('dialog')).toBeHidden();
  await launcher.click();
  await at.ask('Why?');
  await at.idle();
  expect(loads(at.ollama)).toEqual([{ model: 'tiny', messages: [] }]);
});

test('without a model named the one that was chosen is loaded', async ({ open }) => {
  const at = await open({ model: null });
  await at.box.focus();
  await at.ollama.waitForRequest(isLoad);
  expect(loads(at.ollama)).toEqual([{ model: 'tiny:latest', messages: [] }]);
});

test('two chats with one server and model load it once, two models are loaded both', async ({ open }) => {
  const at = await open({}, { server: HELD, body: tag => tag + tag + tag.replace('"tiny"', '"think"') });
  for (const index of [0, 1, 2]) await at.box.nth(index).focus();
  await expect.poll(() => loads(at.ollama).length).toBe(2);
  for (const _ of 'two') at.ollama.release();
  await expect(state(at, 'loaded')).toHaveCount(3);
  // Two at once have no order.
  expect(new Set(loads(at.ollama))).toEqual(new Set(['tiny', 'think'].map(model => ({ model, messages: [] }))));
});

test('another model is loaded in its turn', async ({ open }) => {
  const at = await open();
  await at.box.focus();
  await at.ollama.waitForRequest(isLoad);
  await at.set({ model: 'think' });
  await expect.poll(() => loads(at.ollama)).toEqual(['tiny', 'think'].map(model => ({ model, messages: [] })));
});

test('preload="load" loads at the load of the page, untouched, also for a popup that nobody has opened', async ({ open }) => {
  const at = await open({ preload: 'load' }, { body: tag => tag + tag.replace('"tiny"', '"think" layout="popup"') });
  await expect(state(at, 'loaded')).toBeAttached();
  await expect.poll(() => loads(at.ollama)).toHaveLength(2);
  expect(new Set(loads(at.ollama))).toEqual(new Set(['tiny', 'think'].map(model => ({ model, messages: [] }))));
  await expect(at.chat.getByRole('dialog')).toBeHidden();
});

const NEVER: [when: string, attributes: Attributes][] = [
  ['with preload="none"', { preload: 'none' }],
  ...['0', '0s'].map((value): [string, Attributes] => [
    `with keep-alive="${value}", which would unload it at once`,
    { 'keep-alive': value },
  ]),
  ['of a cloud model, which is nowhere to be loaded', { model: 'huge:cloud' }],
];

test('nothing is loaded ahead where that is not wanted, or of no use', async ({ open }) => {
  const models = ['tiny', 'huge:cloud'].map(name => ({ name, capabilities: ['completion'] }));
  const at = await open(NEVER[0]![1], { server: { models } });
  for (const [when, attributes] of NEVER) {
    await at.chat.evaluate(
      (chat, given) => {
        const fresh = document.createElement('ollama-chat');
        for (const [name, value] of Object.entries({ url: chat.getAttribute('url')!, model: 'tiny', ...given }))
          fresh.setAttribute(name, value!);
        chat.replaceWith(fresh);
      },
      attributes as Record<string, string>,
    );
    const before = at.ollama.requests.length;
    await at.box.focus();
    await expect
      .poll(() => at.ollama.requests.slice(before).map(({ path }) => path), when)
      .toEqual(expect.arrayContaining(['/api/tags', '/api/ps']));
    expect(await send(at), when).toBe(SAMPLE);
    expect(loads(at.ollama), when).toEqual([]);
  }
});

test('nothing is loaded ahead where the model is loaded already', async ({ open, serve }) => {
  const server = await serve();
  await fetch(`${server.url}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'tiny', messages: [] }) });
  const at = await open({ url: server.url });
  await at.box.focus();
  await expect(state(at, 'loaded')).toBeAttached();
  await at.ask('Why?');
  await at.idle();
  expect(loads(server)).toHaveLength(1);
});

test('a load that fails is silent', async ({ open, page }) => {
  const routes = { '/api/chat': json({ error: 'llama-server process has terminated' }, 500) };
  const at = await open({}, { server: { routes } });
  await at.box.focus();
  await at.ollama.waitForRequest(isLoad);
  await expect(state(at, 'loading')).toHaveCount(0);
  await page.waitForLoadState('networkidle');
  await expect(at.alert).toHaveCount(0);
  await expect(state(at, 'failed')).toHaveCount(0);
  expect(await at.events()).toEqual([]);
  expect(loads(at.ollama), 'and not repeated').toHaveLength(1);
});

test('a model that is not installed is not loaded ahead', async ({ open, page }) => {
  const at = await open({ model: 'nope' });
  await at.box.focus();
  await at.ollama.waitForRequest(({ path }) => path === '/api/tags');
  await page.waitForLoadState('networkidle');
  expect(loads(at.ollama)).toEqual([]);
  expect(await at.events()).toEqual([]);
});

test('a chat that leaves the page ends the loading; one that is moved does not', async ({ open }) => {
  const at = await open({}, { server: HELD, body: tag => `<main></main><div>${tag}</div>` });
  await at.box.focus();
  const load = await at.ollama.waitForRequest(isLoad);
  await at.chat.evaluate(chat => document.querySelector('main')!.append(chat));
  await expect(state(at, 'loading')).toBeAttached();
  expect(load.closedAt).toBe(undefined);
  await at.chat.evaluate(chat => chat.remove());
  await at.ollama.waitForClose(load);
});

test('a question does not wait for the loading', async ({ open, page }) => {
  const at = await open({}, { server: { pace: { load: 1e9 } } });
  await at.box.focus();
  const load = await at.ollama.waitForRequest(isLoad);
  await at.ask('Why?');
  await expect.poll(() => at.ollama.chats().length).toBe(1);
  // To end it would cancel the load that the question waits for.
  expect(load.closedAt).toBe(undefined);
  await page.close();
});

const KEEP_ALIVE: [given: string | number | null, sent: string | number | undefined][] = [
  [null, undefined],
  ['', undefined],
  ['300', 300],
  ['-1', -1],
  [' 30m ', '30m'],
  ['-1m', '-1m'],
  [300, 300],
  ['0', 0],
  [0, 0],
];

test('keep-alive is sent as Ollama wants it, with the load and with each question', async ({ open }) => {
  const models = KEEP_ALIVE.map((_, index) => ({ name: `m${index}`, capabilities: ['completion'] }));
  const at = await open({ model: 'embed' }, { server: { models } });
  await at.box.focus();
  for (const [index, [given, sent]] of KEEP_ALIVE.entries()) {
    const model = `m${index}`;
    await at.chat.evaluate(
      (chat: OllamaChat, [value, name]) => {
        if (typeof value === 'number') chat.keepAlive = value;
        else if (value === null) chat.removeAttribute('keep-alive');
        else chat.setAttribute('keep-alive', value);
        chat.model = name;
      },
      [given, model] as const,
    );
    const expected = { model, messages: [], ...(sent !== undefined && { keep_alive: sent }) };
    if (sent !== 0) await expect.poll(() => loads(at.ollama).at(-1), `${given}`).toEqual(expected);
    expect(await send(at), `${given}`).toBe(SAMPLE);
    const { keep_alive } = at.ollama.chats().at(-1)!.body;
    expect(keep_alive, `${given}`).toBe(sent);
  }
  expect(at.ollama.chats()[0]?.body).not.toHaveProperty('keep_alive');
  expect(loads(at.ollama).filter(body => (body as { keep_alive?: unknown }).keep_alive === 0)).toEqual([]);
});

test('think is sent in every form, and not at all where the page says nothing', async ({ open }) => {
  const at = await open({ model: 'think', preload: 'none' });
  const forms: [string | null, unknown][] = [
    [null, undefined],
    ['', true],
    ['true', true],
    ['false', false],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['max', 'max'],
  ];
  for (const [value] of forms) {
    await at.chat.evaluate((chat, given) => (given === null ? chat.removeAttribute('think') : chat.setAttribute('think', given)), value);
    expect(await send(at)).toBe(SAMPLE);
  }
  expect(at.ollama.chats().map(({ body }) => body.think)).toEqual(forms.map(([, sent]) => sent));
  expect(at.ollama.chats()[0]?.body).not.toHaveProperty('think');
  await expect(at.alert).toHaveCount(0);
  await expect(at.answers.getByText(/^Thought/), 'and heard').toHaveCount(forms.length - 1);
});

test('a model that cannot think is asked once more without, silently, and that is remembered', async ({ open }) => {
  const at = await open({ model: 'tiny', think: true, preload: 'none' });
  await at.ask('Why?');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.think)).toEqual([true, undefined]);
  await at.ask('And then?');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.think)).toEqual([true, undefined, undefined]);
  await at.chat.evaluate(chat => chat.setAttribute('think', 'false'));
  await at.ask('And now?');
  await at.idle();
  expect(at.ollama.chats().at(-1)?.body.think, 'not to think is another wish').toBe(false);
  expect(await at.said()).toEqual(['Why?', 'And then?', 'And now?'].flatMap(question => [`user: ${question}`, `assistant: ${SAMPLE}`]));
  await expect(at.alert).toHaveCount(0);
  expect(await at.events('chat-error')).toEqual([]);
});
