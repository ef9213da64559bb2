/** The list of models under the header's name: what is in it, how one is chosen, and what becomes of the choice. */
import type { Locator } from '@playwright/test';
import { sendJson } from '../../demo/ollama/wire.ts';
import { SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer, RecordedRequest } from '../support/ollama-server.ts';
import { json, missing, recorded, type Route } from '../support/routes.ts';
import { findings } from './axe.ts';
import { type Attributes, type ChatPage, expect, type OllamaChat, type PageOptions, rect, test as base } from './chat-page.ts';

/** By a part of the button's name: the same in all languages. */
const buttonOf = ({ chat }: ChatPage) => chat.getByRole('button', { name: /^(?:Model|Mô hình): / });
const listOf = ({ chat }: ChatPage) => chat.getByRole('listbox', { name: /^(?:Choose a model|Chọn mô hình)$/ });
const optionsOf = (at: ChatPage) => listOf(at).getByRole('option');
const option = (at: ChatPage, name: string) => optionsOf(at).filter({ has: at.page.getByText(name, { exact: true }) });
const headerName = ({ chat }: ChatPage, name: string) => chat.locator('header').getByText(name, { exact: true });

/** What Enter would choose, as assistive technology is told. */
const active = (control: Locator) =>
  control.evaluate(
    element =>
      (element.getRootNode() as ShadowRoot)
        .getElementById(element.getAttribute('aria-activedescendant') ?? '')
        ?.querySelector('[title]')
        ?.getAttribute('title') ?? '',
  );

/** The names in the list, in its order. */
const names = (at: ChatPage) =>
  optionsOf(at).evaluateAll(all => all.map(element => element.querySelector('[title]')?.getAttribute('title')));

const test = base.extend<{
  /** A chat that was touched, with its models listed. */
  touched: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;
  /** The same with the list of models open. */
  choosing: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;
}>({
  contextOptions: { reducedMotion: 'reduce' },
  touched: async ({ open }, use) => {
    await use(async (attributes = {}, options = {}) => {
      const at = await open({ model: null, ...attributes }, { ...options, server: { models: MODELS, ...options.server } });
      await at.box.focus();
      return at;
    });
  },
  choosing: async ({ touched }, use) => {
    await use(async (attributes, options) => {
      const at = await touched(attributes, options);
      await buttonOf(at).click();
      await expect(listOf(at)).toBeVisible();
      return at;
    });
  },
});

const chat = (name: string, ...more: string[]) => ({ name, capabilities: ['completion', ...more] });
const MODELS = [
  { name: 'nomic-embed-text', capabilities: ['embedding'] },
  { ...chat('qwen3:8b', 'tools', 'thinking'), parameterSize: '8.2B', size: 5_200_000_000 },
  { ...chat('gemma3:4b', 'vision'), parameterSize: '4.3B', size: 3_338_801_804 },
  { ...chat('hf.co/somebody/tiny'), parameterSize: '1B', size: 815_319_791 },
  chat('huge:cloud'),
];
const MANY = Array.from({ length: 12 }, (_, index) => chat(`model-${index + 1}`));

const isLoad = ({ path, body }: RecordedRequest) =>
  path === '/api/chat' && (body as { messages?: unknown[] } | undefined)?.messages?.length === 0;
const isLoadOf = (model: string) => (request: RecordedRequest) => isLoad(request) && (request.body as { model: string }).model === model;
const asked = (server: OllamaServer) => server.chats().map(({ body }) => body.model);

test.describe('What is in the list', () => {
  test('without a model named: those that can chat, in the server’s order, by their short names', async ({ choosing }) => {
    const at = await choosing();
    expect(await names(at)).toEqual(['qwen3:8b', 'gemma3:4b', 'hf.co/somebody/tiny:latest', 'huge:cloud']);
    await expect(option(at, 'tiny')).toBeVisible();
  });

  test('an older server lists no capabilities: what is an embedding model by its name is left out', async ({ choosing }) => {
    const older = ['nomic-embed-text:latest', 'llama3.2:latest', 'mistral:7b'].map(name => ({ name, model: name, size: 1e9 }));
    const at = await choosing({}, { server: { routes: { '/api/tags': json({ models: older }), '/api/show': json({}) } } });
    expect(await names(at)).toEqual(['llama3.2:latest', 'mistral:7b']);
    await expect(option(at, 'mistral:7b')).toHaveText(/1\.0 GB$/);
  });

  for (const file of ['ollama-0.24.0', 'ollama-0.33.0-rc2']) {
    test(`as ${file} lists them, a quantisation that it does not know is not mentioned`, async ({ choosing }) => {
      const at = await choosing({}, { server: { routes: { '/api/tags': recorded(file, 'tags'), '/api/ps': recorded(file, 'ps') } } });
      await expect(option(at, 'rendered')).toContainText('loaded · 896K · ');
      await expect(option(at, 'rendered')).toContainText('3.6 MB');
      await expect(option(at, 'plain')).not.toContainText('loaded');
      await expect(listOf(at)).not.toContainText('unknown');
    });
  }

  test('of several names: exactly these, in the page’s order; what the server lacks says so', async ({ choosing }) => {
    const at = await choosing({ model: 'gemma3:4b, nope ,qwen3:8b' });
    expect(await names(at)).toEqual(['gemma3:4b', 'nope', 'qwen3:8b']);
    await expect(option(at, 'nope')).toContainText('not installed');
    await expect(listOf(at).getByText('not installed')).toHaveCount(1);
  });

  test('a cloud model is in no server’s list: named by the page it says what it is', async ({ choosing }) => {
    const at = await choosing({ model: 'gemma3:4b,away:cloud' });
    await expect(option(at, 'away:cloud')).toHaveText(/cloud$/);
    await expect(listOf(at)).not.toContainText('not installed');
  });

  test('nothing is called missing where the server keeps its list to itself, or has not sent it yet', async ({ choosing }) => {
    const at = await choosing({ model: 'gemma3:4b,qwen3:8b' }, { server: { routes: { '/api/tags': missing } } });
    await expect(optionsOf(at)).toHaveCount(2);
    await expect(listOf(at)).not.toContainText('not installed');
  });

  for (const [what, attributes, shown] of [
    ['one model is named', { model: 'gemma3:4b' }, 'gemma3:4b'],
    ['the page wants no picker', { 'no-picker': '' }, 'qwen3:8b'],
  ] as const) {
    test(`the name is plain text where ${what}`, async ({ touched }) => {
      const at = await touched();
      await expect(buttonOf(at)).toBeVisible();
      await at.chat.evaluate(
        (element, given) => Object.entries(given).forEach(([name, value]) => element.setAttribute(name, value)),
        attributes,
      );
      await expect(buttonOf(at)).toHaveCount(0);
      await at.ask('Why?');
      await at.idle();
      await expect(headerName(at, shown)).toBeVisible();
      await expect(buttonOf(at)).toHaveCount(0);
      expect(asked(at.ollama)).toEqual([shown]);
      await at.chat.evaluate((element, given) => Object.keys(given).forEach(name => element.removeAttribute(name)), attributes);
      await expect(buttonOf(at)).toBeVisible();
    });
  }

  test('a line says what is loaded, how large it is, and what it can do, in Ollama’s words', async ({ choosing }) => {
    const at = await choosing();
    await expect(option(at, 'qwen3:8b')).toContainText('loaded · 8.2B · Q4_K_M · 5.2 GB · tools, thinking');
    await expect(option(at, 'gemma3:4b')).toHaveText(/gemma3:4b\s*4\.3B · Q4_K_M · 3\.3 GB · vision$/);
    await expect(option(at, 'huge:cloud')).toContainText('cloud');
    await expect(option(at, 'huge:cloud')).not.toContainText('GB');
    await at.set({ lang: 'vi' });
    await expect(option(at, 'qwen3:8b')).toContainText('đã nạp · 8.2B · Q4_K_M · 5,2 GB · tools, thinking');
  });

  test('it is listed anew each time it opens: what somebody else loads, installs or removes', async ({ touched, serve }) => {
    const models = [...MODELS];
    const server = await serve({ models });
    // `models` is copied by the server: what is pulled counts as installed.
    const at = await touched({ url: server.url });
    await expect(buttonOf(at)).toBeVisible();
    await fetch(`${server.url}/api/chat`, { method: 'POST', body: JSON.stringify({ model: 'gemma3:4b', messages: [] }) });
    await fetch(`${server.url}/api/pull`, { method: 'POST', body: JSON.stringify({ model: 'pullable', stream: false }) });
    await buttonOf(at).click();
    await expect(option(at, 'gemma3:4b')).toContainText('loaded');
    await expect(option(at, 'pullable')).toBeVisible();
  });
});

test.describe('Choosing', () => {
  test('by mouse: the header names it, the page hears of it once, the next question goes to it', async ({ choosing }) => {
    const at = await choosing();
    await option(at, 'gemma3:4b').click();
    await expect(listOf(at)).toHaveCount(0);
    await expect(buttonOf(at)).toHaveAccessibleName('Model: gemma3:4b');
    await expect(at.chat.getByRole('status').filter({ hasText: 'gemma3:4b answers from now on' })).toBeAttached();
    expect(await at.events('chat-model-change')).toEqual([{ type: 'chat-model-change', model: 'gemma3:4b' }]);
    await at.ask('Why?');
    await at.idle();
    expect(asked(at.ollama)).toEqual(['gemma3:4b']);
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  });

  test('the one that answers already is no change', async ({ choosing }) => {
    const at = await choosing();
    await option(at, 'qwen3:8b').click();
    await expect(listOf(at)).toHaveCount(0);
    expect(await at.events('chat-model-change')).toEqual([]);
  });

  test('by keyboard alone, in a popup: Enter, arrows, Home, End, letters; Escape closes the list alone', async ({ open, page }) => {
    const at = await open({ model: null, layout: 'popup' }, { server: { models: MODELS } });
    await at.chat.getByRole('button', { name: 'Open chat' }).click();
    await expect(buttonOf(at)).toBeVisible();
    await buttonOf(at).focus();
    await page.keyboard.press('Enter');
    const list = listOf(at);
    await expect(list).toBeFocused();
    const press = async (key: string, expected: string) => {
      await page.keyboard.press(key);
      await expect.poll(() => active(list), key).toBe(expected);
    };
    expect(await active(list)).toBe('qwen3:8b');
    await press('ArrowDown', 'gemma3:4b');
    await press('ArrowUp', 'qwen3:8b');
    await press('ArrowUp', 'huge:cloud');
    await press('ArrowDown', 'qwen3:8b');
    await press('End', 'huge:cloud');
    await press('Home', 'qwen3:8b');
    await press('t', 'hf.co/somebody/tiny:latest');
    await press('g', 'gemma3:4b');
    await page.keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(buttonOf(at)).toBeFocused();
    await expect(at.chat.getByRole('dialog')).toBeVisible();
    await expect(buttonOf(at)).toHaveAccessibleName('Model: qwen3:8b');
    await page.keyboard.press('Enter');
    await expect(list).toBeFocused();
    await press('g', 'gemma3:4b');
    await page.keyboard.press('Enter');
    await expect(list).toHaveCount(0);
    await expect(buttonOf(at)).toBeFocused();
    await expect(buttonOf(at)).toHaveAccessibleName('Model: gemma3:4b');
    await page.keyboard.press('Escape');
    await expect(at.chat.getByRole('dialog')).toBeHidden();
  });

  test('assistive technology is told of a list, what is chosen in it, and where one is', async ({ touched }) => {
    const at = await touched();
    const button = buttonOf(at);
    await expect(button).toHaveAttribute('aria-haspopup', 'listbox');
    await expect(button).toHaveAttribute('aria-expanded', 'false');
    await button.click();
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await expect(at.chat.getByRole('option', { selected: true })).toHaveCount(1);
    await expect(at.chat.getByRole('option', { selected: true })).toContainText('qwen3:8b');
    await option(at, 'gemma3:4b').click();
    await button.click();
    await expect(at.chat.getByRole('option', { selected: true })).toContainText('gemma3:4b');
    await expect.poll(() => active(listOf(at))).toBe('gemma3:4b');
  });

  test('many models come with a search', async ({ choosing, page }) => {
    const at = await choosing({}, { server: { models: MANY } });
    const search = at.chat.getByRole('combobox', { name: 'Search models' });
    await expect(search).toBeFocused();
    await expect(search).toHaveAttribute('aria-expanded', 'true');
    expect(
      await search.evaluate(element => (element.getRootNode() as ShadowRoot).getElementById(element.getAttribute('aria-controls')!)?.role),
    ).toBe('listbox');
    await expect.poll(() => active(search)).toBe('model-1:latest');
    await page.keyboard.type('L-1');
    await expect(optionsOf(at)).toHaveCount(4);
    await expect.poll(() => active(search)).toBe('model-1:latest');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => active(search)).toBe('model-10:latest');
    await page.keyboard.type('xyz');
    await expect(optionsOf(at)).toHaveCount(0);
    await expect(at.chat.getByText('No model is called “L-1xyz”.')).toBeVisible();
    await expect(search).not.toHaveAttribute('aria-activedescendant');
    await page.keyboard.press('Enter');
    await expect(search, 'nothing to be chosen').toBeFocused();
    await search.fill('12');
    await expect.poll(() => active(search)).toBe('model-12:latest');
    await page.keyboard.press('Enter');
    await expect(listOf(at)).toHaveCount(0);
    await expect(buttonOf(at)).toHaveAccessibleName('Model: model-12:latest');
    await buttonOf(at).click();
    await expect(search, 'another search').toHaveValue('');
    await expect(optionsOf(at)).toHaveCount(12);
    await expect(option(at, 'model-12'), 'the chosen one is in sight').toBeInViewport({ ratio: 0.9 });
  });

  for (const [what, leave] of [
    ['a click into the page', at => at.page.getByText('Outside').click()],
    ['a click into the chat', at => at.log.click()],
    ['the focus in the composer', at => at.box.focus()],
    ['the focus in the page', at => at.page.getByRole('textbox', { name: 'Of the page' }).focus()],
    ['the way on by Tab', at => at.page.keyboard.press('Tab')],
    ['its own button', at => buttonOf(at).click()],
  ] as const satisfies [string, (at: ChatPage) => Promise<void>][]) {
    test(`${what} closes the list`, async ({ choosing }) => {
      const at = await choosing({}, { body: tag => `<p>Outside</p>${tag}<input aria-label="Of the page">` });
      await leave(at);
      await expect(listOf(at)).toHaveCount(0);
      await expect(buttonOf(at)).toHaveAttribute('aria-expanded', 'false');
      expect(await at.events('chat-model-change')).toEqual([]);
    });
  }

  test('while an answer streams: that one goes on, the next question goes to the chosen model', async ({ choosing }) => {
    const at = await choosing({ model: 'held,tiny' }, { server: { models: [chat('held'), chat('tiny')] } });
    await at.page.keyboard.press('Escape');
    await at.ask('Why?');
    await expect(at.answers).toContainText('Hello!');
    await buttonOf(at).click();
    await option(at, 'tiny').click();
    await expect(buttonOf(at)).toHaveAccessibleName('Model: tiny');
    at.ollama.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    await at.ask('And then?');
    await at.idle();
    expect(asked(at.ollama)).toEqual(['held', 'tiny']);
  });

  test('the chosen model is loaded, and the loading of the one before ends', async ({ choosing }) => {
    const heldLoad: Route = async ({ passes, released, response }) => {
      if (!passes()) return;
      await released();
      sendJson(response, 200, { message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' });
    };
    const at = await choosing({ model: 'gemma3:4b,qwen3:8b' }, { server: { routes: { '/api/chat': heldLoad } } });
    const first = await at.ollama.waitForRequest(isLoadOf('gemma3:4b'));
    await option(at, 'qwen3:8b').click();
    await at.ollama.waitForClose(first);
    await at.ollama.waitForRequest(isLoadOf('qwen3:8b'));
    await expect(at.chat.locator('header').getByText('loading', { exact: true })).toBeAttached();
    at.ollama.release();
    await expect(at.chat.locator('header').getByText('loaded', { exact: true })).toBeAttached();
    expect(at.ollama.requests.filter(isLoad)).toHaveLength(2);
  });

  test('a cloud model answers only where it was chosen, is not loaded, and does not count as this computer', async ({ touched }) => {
    const at = await touched({}, { server: { models: [chat('huge:cloud'), chat('small'), chat('other')] } });
    await expect(buttonOf(at)).toHaveAccessibleName('Model: small:latest');
    await expect(at.chat.getByText('this computer', { exact: true })).toBeVisible();
    await buttonOf(at).click();
    await option(at, 'huge:cloud').click();
    await expect(buttonOf(at)).toHaveAccessibleName('Model: huge:cloud');
    await expect(at.chat.getByText('this computer', { exact: true })).toHaveCount(0);
    await at.ask('Why?');
    await at.idle();
    expect(asked(at.ollama)).toEqual(['huge:cloud']);
    expect(at.ollama.requests.filter(isLoadOf('huge:cloud'))).toEqual([]);
  });
});

test.describe('A choice is remembered', () => {
  /** Another tab of the same browser. */
  async function secondTab(at: ChatPage) {
    const page = await at.page.context().newPage();
    await page.goto(at.site.url);
    await page.locator('ollama-chat').getByRole('textbox').focus();
    return page.locator('ollama-chat').getByRole('button', { name: /^Model: / });
  }

  const choose = async (at: ChatPage, name: string) => {
    await option(at, name).click();
    await expect(listOf(at)).toHaveCount(0);
  };

  for (const [what, model] of [
    ['no model named', null],
    ['several models named', 'qwen3:8b,gemma3:4b'],
  ] as const) {
    test(`after a reload in the same tab, with ${what}; a new tab begins anew`, async ({ choosing }) => {
      const at = await choosing({ model });
      await choose(at, 'gemma3:4b');
      await at.page.reload();
      await at.box.focus();
      await expect(buttonOf(at)).toHaveAccessibleName('Model: gemma3:4b');
      await at.ask('Why?');
      await at.idle();
      expect(asked(at.ollama)).toEqual(['gemma3:4b']);
      // Loaded by now, it would be the first choice without a name.
      if (model) await expect(await secondTab(at)).toHaveAccessibleName('Model: qwen3:8b');
    });
  }

  test('in a new tab, where conversations are kept in the browser', async ({ choosing }) => {
    const at = await choosing({ model: 'qwen3:8b,gemma3:4b', persist: 'browser' });
    await choose(at, 'gemma3:4b');
    await expect(await secondTab(at)).toHaveAccessibleName('Model: gemma3:4b');
  });

  test('but not where the page no longer allows it', async ({ choosing }) => {
    const at = await choosing({ model: 'qwen3:8b,gemma3:4b' });
    await choose(at, 'gemma3:4b');
    await at.set({ model: 'qwen3:8b,hf.co/somebody/tiny' });
    await expect(buttonOf(at)).toHaveAccessibleName('Model: qwen3:8b');
    await at.ask('Why?');
    await at.idle();
    expect(asked(at.ollama)).toEqual(['qwen3:8b']);
    await at.set({ model: 'gemma3:4b,qwen3:8b' });
    await expect(buttonOf(at)).toHaveAccessibleName('Model: gemma3:4b');
  });

  test('and not where it is no longer installed', async ({ choosing, serve }) => {
    const at = await choosing();
    await choose(at, 'gemma3:4b');
    const { port } = at.ollama;
    await at.ollama.close();
    const server = await serve({ port, models: [chat('one'), chat('two')] });
    await at.page.reload();
    await at.box.focus();
    await expect(buttonOf(at)).toHaveAccessibleName('Model: one:latest');
    await at.ask('Why?');
    await at.idle();
    expect(asked(server)).toEqual(['one:latest']);
  });

  test('by each of two chats with keys of their own', async ({ open }) => {
    const at = await open(
      { model: 'qwen3:8b,gemma3:4b' },
      { server: { models: MODELS }, body: tag => ['a', 'b'].map(id => tag.replace('>', ` id="${id}">`)).join('') },
    );
    const buttons = () => at.page.locator('ollama-chat').getByRole('button', { name: /^Model: / });
    for (const index of [0, 1]) await at.box.nth(index).focus();
    await buttons().nth(1).click();
    await at.chat.nth(1).getByRole('option').filter({ hasText: 'gemma3:4b' }).click();
    await expect(buttons().nth(1)).toHaveAccessibleName('Model: gemma3:4b');
    await expect(buttons().nth(0)).toHaveAccessibleName('Model: qwen3:8b');
    await at.page.reload();
    for (const index of [0, 1]) await at.box.nth(index).focus();
    await expect(buttons().nth(1)).toHaveAccessibleName('Model: gemma3:4b');
    await expect(buttons().nth(0)).toHaveAccessibleName('Model: qwen3:8b');
  });

  test('for the page where nothing may be stored', async ({ choosing, page }) => {
    await page.addInitScript(() => {
      const refuse = () => {
        throw new DOMException('Not here.', 'SecurityError');
      };
      for (const name of ['sessionStorage', 'localStorage']) Object.defineProperty(window, name, { get: refuse });
    });
    const at = await choosing();
    await choose(at, 'gemma3:4b');
    await expect(buttonOf(at)).toHaveAccessibleName('Model: gemma3:4b');
    await at.ask('Why?');
    await at.idle();
    expect(asked(at.ollama)).toEqual(['gemma3:4b']);
  });
});

test.describe('How it looks', () => {
  const LONG = [
    chat('hf.co/bartowski/A-Rather-Long-Name-Of-A-Model-Instruct-GGUF:Q4_K_M', 'tools', 'vision', 'thinking', 'insert'),
    ...MANY,
  ];

  for (const [width, height] of [
    [390, 844],
    [320, 568],
  ] as const) {
    test(`in a sheet of ${width} px in Vietnamese nothing overflows`, async ({ open, page }) => {
      await page.setViewportSize({ width, height });
      const at = await open({ model: null, layout: 'popup' }, { lang: 'vi', server: { models: LONG } });
      await at.chat.evaluate((element: OllamaChat) => element.show());
      await expect(buttonOf(at)).toBeVisible();
      await buttonOf(at).click();
      await expect(listOf(at)).toBeVisible();
      const panel = await rect(at.chat.getByRole('dialog'));
      const search = at.chat.getByRole('combobox', { name: 'Tìm mô hình' });
      for (const part of [search, listOf(at), optionsOf(at).first(), buttonOf(at)]) {
        const { left, right, top, bottom } = await rect(part);
        expect(left).toBeGreaterThanOrEqual(panel.left);
        expect(right).toBeLessThanOrEqual(panel.right);
        expect(top).toBeGreaterThanOrEqual(panel.top);
        expect(bottom).toBeLessThanOrEqual(panel.bottom);
      }
      for (const part of [at.chat.getByRole('dialog'), listOf(at), ...(await optionsOf(at).all())])
        expect(await part.evaluate(element => element.scrollWidth <= element.clientWidth)).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  }

  const PAGE = { body: (tag: string) => `<main><h1>A page</h1>${tag}</main>` };

  for (const [what, models, reach] of [
    ['a few', MODELS, () => {}],
    ['many', MANY, () => {}],
    ['none that is found', MANY, (at: ChatPage) => at.chat.getByRole('combobox').fill('nope')],
  ] as const) {
    test(`axe finds nothing in a list of ${what}, light and dark`, async ({ choosing, page }) => {
      const at = await choosing({}, { ...PAGE, server: { models } });
      await reach(at);
      expect(await findings(page)).toEqual([]);
      await at.set({ theme: 'dark' });
      expect(await findings(page)).toEqual([]);
    });
  }
});
