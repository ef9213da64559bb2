/** A model that the server lacks is downloaded: only where the page lets its visitors, with one honest bar, through every interruption. */
import type { Page } from '@playwright/test';
import { PULL_PARTS, SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer, RecordedRequest } from '../support/ollama-server.ts';
import { missing, recorded } from '../support/routes.ts';
import { findings } from './axe.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, type PageOptions, rect, test as base, watch } from './chat-page.ts';

const bar = ({ chat }: ChatPage) => chat.getByRole('progressbar');
const offer = ({ chat }: ChatPage, model = 'held-pull') => chat.getByRole('group', { name: `${model} is not on this server yet` });
const download = (at: ChatPage, model = 'held-pull') => at.button(`Download ${model}`);
const says = ({ chat }: ChatPage, text: string | RegExp) => chat.getByText(text, { exact: true });
const option = ({ chat }: ChatPage, name: string) => chat.getByRole('option').filter({ hasText: name });

const isPull = ({ method, path }: RecordedRequest) => method === 'POST' && path === '/api/pull';
const pulls = (server: OllamaServer) => server.requests.filter(isPull);
const isLoad = ({ path, body }: RecordedRequest) =>
  path === '/api/chat' && (body as { messages?: unknown[] } | undefined)?.messages?.length === 0;

/** Waits until the bar is so full. */
const filled = (at: ChatPage, part: number) =>
  expect.poll(() => bar(at).evaluate((element: HTMLProgressElement) => Math.round(element.position * 100) / 100)).toBe(part);

/** Lets a held download go on to its end. */
const releaseAll = (server: OllamaServer, parts = PULL_PARTS) => {
  for (let step = 0; step <= parts; step++) server.release();
};

const test = base.extend<{
  /** A chat whose model can be downloaded, and which has been touched. */
  lacking: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;
  /** The same with a quarter of the model here. */
  quarter: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;
}>({
  contextOptions: { reducedMotion: 'reduce' },
  lacking: async ({ open }, use) => {
    await use(async (attributes, options) => {
      const at = await open({ model: 'held-pull', 'allow-pull': true, ...attributes }, options);
      await at.box.focus();
      return at;
    });
  },
  quarter: async ({ lacking }, use) => {
    await use(async (attributes, options) => {
      const at = await lacking(attributes, options);
      await at.chat.getByRole('button', { name: /^(?:Download|Tải) / }).click();
      at.ollama.release();
      await filled(at, 0.25);
      return at;
    });
  },
});

test.describe('Whether it is offered', () => {
  test('without allow-pull nobody can, neither before nor after a question', async ({ lacking }) => {
    const at = await lacking({ 'allow-pull': null, model: 'tiny,held-pull' });
    await at.chat.getByRole('button', { name: 'Model: tiny' }).click();
    await option(at, 'held-pull').click();
    const offers = at.chat.getByRole('button', { name: /download/i });
    await expect(at.chat.getByRole('button', { name: 'Model: held-pull' })).toBeVisible();
    await expect(offers).toHaveCount(0);
    await at.ask('Why?');
    await expect(at.alert).toContainText('The model held-pull isn’t installed');
    await expect(offers).toHaveCount(0);
    // The same page, once it lets its visitors.
    await at.chat.evaluate((chat: OllamaChat) => (chat.allowPull = true));
    await expect(offers).toHaveCount(1);
    await at.chat.evaluate((chat: OllamaChat) => (chat.allowPull = false));
    await expect(offers).toHaveCount(0);
    expect(pulls(at.ollama)).toEqual([]);
  });

  test('before the first question, once the server has said that it lacks the model; it can be declined', async ({ lacking }) => {
    const at = await lacking();
    await expect(offer(at)).toContainText('It has to be downloaded once; that can take minutes.');
    await expect(at.alert).toHaveCount(0);
    await offer(at).getByRole('button', { name: 'Close' }).click();
    await expect(offer(at)).toHaveCount(0);
    await expect(at.box).toBeFocused();
    expect(pulls(at.ollama)).toEqual([]);
    await at.ask('Why?');
    await expect(download(at), 'asked for, it is offered again').toBeVisible();
  });

  test('not for a widget that nobody has touched, and not where the server keeps to itself what it has', async ({ open }) => {
    const at = await open({ model: 'held-pull', 'allow-pull': true }, { server: { routes: { '/api/tags': missing } } });
    await expect(at.box).toBeVisible();
    expect(at.ollama.requests).toEqual([]);
    await at.box.focus();
    await at.ollama.waitForRequest(isLoad);
    await expect(at.chat.locator('header').getByText('loading', { exact: true })).toHaveCount(0);
    await expect(offer(at)).toHaveCount(0);
  });

  test('not for a cloud model, which nobody has to download', async ({ lacking }) => {
    const at = await lacking({ model: 'away:cloud,held-pull' });
    await at.chat.getByRole('button', { name: 'Model: away:cloud' }).click();
    await expect(option(at, 'held-pull')).toContainText('not installed');
    await at.page.keyboard.press('Escape');
    await expect(offer(at, 'away:cloud')).toHaveCount(0);
  });

  test('for the model that is chosen, and no longer for the one before', async ({ lacking }) => {
    const at = await lacking({ model: 'held-pull,tiny' });
    await expect(offer(at)).toBeVisible();
    await at.chat.getByRole('button', { name: 'Model: held-pull' }).click();
    await option(at, 'tiny').click();
    await expect(offer(at)).toHaveCount(0);
  });
});

test.describe('The bar', () => {
  test('never goes back, and says how much, how fast and how long', async ({ lacking, page }) => {
    await page.clock.install();
    const at = await lacking();
    await at.chat.evaluate(chat => {
      const values: number[] = [];
      const note = () => values.push(chat.shadowRoot!.querySelector('progress')?.position ?? values.at(-1) ?? 0);
      new MutationObserver(note).observe(chat.shadowRoot!, { subtree: true, childList: true, attributes: true });
      Object.assign(window, { values });
    });
    await download(at).click();
    await expect(bar(at)).toHaveAccessibleName('Downloading held-pull');
    await expect(bar(at), 'nobody knows yet').not.toHaveAttribute('value');
    at.ollama.release();
    await filled(at, 0.25);
    await expect(says(at, /^0\.2 of 1\.0 GB/)).toBeVisible();
    await page.clock.fastForward(2000);
    at.ollama.release();
    await filled(at, 0.5);
    await expect(says(at, /^0\.5 of 1\.0 GB · \d+ MB\/s$/)).toBeVisible();
    await expect(says(at, /^\d+ s left$/)).toBeVisible();
    await expect(bar(at)).toHaveAttribute('aria-valuetext', /^0\.5 of 1\.0 GB · \d+ MB\/s$/);
    at.ollama.release();
    await filled(at, 0.75);
    at.ollama.release();
    await expect(says(at, 'Checking what has come')).toBeVisible();
    await filled(at, 1);
    await expect(says(at, /left$/)).toHaveCount(0);
    at.ollama.release();
    await expect(bar(at)).toHaveCount(0);
    const values = await page.evaluate(() => (window as unknown as { values: number[] }).values.filter(value => value >= 0));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    // Of the quarters that were held none is missing.
    expect(new Set(values.map(value => Math.round(value * 4)).filter(Boolean))).toEqual(new Set([1, 2, 3, 4]));
  });

  test('a click too many does not cancel what it has begun', async ({ lacking }) => {
    const at = await lacking();
    await download(at).dblclick();
    await expect(bar(at)).toBeVisible();
    at.ollama.release();
    await filled(at, 0.25);
    expect(pulls(at.ollama)).toHaveLength(1);
  });

  test('after Cancel what has come is kept: it goes on from there', async ({ quarter }) => {
    const at = await quarter();
    await at.button('Cancel').click();
    await at.ollama.waitForClose(pulls(at.ollama)[0]!);
    const card = at.chat.getByRole('group', { name: 'Download of held-pull stopped' });
    await expect(card).toContainText('What has come is kept: it goes on from there.');
    await expect(at.alert).toHaveCount(0);
    await at.button('Go on').click();
    await filled(at, 0.25);
    at.ollama.release();
    await filled(at, 0.5);
    releaseAll(at.ollama, PULL_PARTS - 2);
    await expect(bar(at)).toHaveCount(0);
    expect(pulls(at.ollama)).toHaveLength(2);
    await expect(at.alert).toHaveCount(0);
    await expect(offer(at)).toHaveCount(0);
  });

  test('a download that was stopped can be put away', async ({ quarter }) => {
    const at = await quarter();
    await at.button('Cancel').click();
    await at.chat.getByRole('group', { name: 'Download of held-pull stopped' }).getByRole('button', { name: 'Close' }).click();
    await expect(at.chat.getByText('Download of held-pull stopped')).toHaveCount(0);
    await expect(at.box).toBeFocused();
    await expect(offer(at), 'it is still not there').toBeVisible();
  });

  test('after the network was cut it goes on from there', async ({ quarter }) => {
    const at = await quarter();
    at.ollama.release();
    await filled(at, 0.5);
    at.ollama.cut();
    await expect(at.alert).toHaveAccessibleName('Download of held-pull failed');
    await expect(at.alert).toContainText('The connection broke off. What has come is kept: it goes on from there.');
    await at.button('Go on').click();
    await filled(at, 0.5);
    await expect(at.alert).toHaveCount(0);
    releaseAll(at.ollama, PULL_PARTS - 2);
    await expect(bar(at)).toHaveCount(0);
    await expect(offer(at)).toHaveCount(0);
  });

  test('a server that is gone is no other failure', async ({ quarter, serve }) => {
    const at = await quarter();
    const { port } = at.ollama;
    await at.ollama.close();
    await expect(at.alert).toContainText('The connection broke off.');
    await at.button('Go on').click();
    await expect(at.alert).toContainText('The connection broke off.');
    const after = await serve({ port });
    await at.button('Go on').click();
    await after.waitForRequest(isPull);
    releaseAll(after);
    await expect(bar(at)).toHaveCount(0);
    await expect(at.alert).toHaveCount(0);
  });
});

test.describe('What goes wrong', () => {
  test('a name that the library does not know, told within the 200', async ({ lacking }) => {
    const at = await lacking({ model: 'nope' });
    await download(at, 'nope').click();
    await expect(at.alert).toContainText('Ollama’s library has no model of this name: check how it is written.');
    await at.button('Try again').click();
    await expect.poll(() => pulls(at.ollama).length).toBe(2);
    await expect(at.alert).toContainText('Ollama’s library has no model of this name');
    await at.alert.getByRole('button', { name: 'Close' }).click();
    await expect(at.alert).toHaveCount(0);
  });

  for (const file of ['ollama-0.24.0', 'ollama-0.33.0-rc2']) {
    test(`a registry that ${file} cannot reach is no missing model`, async ({ lacking }) => {
      const at = await lacking({ model: 'nope-nope' }, { server: { routes: { '/api/pull': recorded(file, 'pull-wrong') } } });
      await download(at, 'nope-nope').click();
      await expect(at.alert).toContainText('The server could not download it.');
      await expect(at.alert).toContainText('lookup registry.ollama.ai: no such host');
      await expect(at.alert).not.toContainText('check how it is written');
    });
  }

  test('a full disk, in the server’s words', async ({ lacking }) => {
    const at = await lacking({ model: 'full-disk' });
    await download(at, 'full-disk').click();
    at.ollama.release();
    await expect(at.alert).toContainText('The server could not download it.');
    await expect(at.alert).toContainText('no space left on device');
  });

  test('a gateway that lets no download through broke off nothing', async ({ lacking }) => {
    const at = await lacking({}, { server: { routes: { '/api/pull': missing } } });
    await download(at).click();
    await expect(at.alert).toContainText('The server could not download it.');
    await expect(at.alert).not.toContainText('kept');
  });
});

test.describe('Once it is there', () => {
  test('the question that waits for it is asked, once', async ({ lacking }) => {
    const at = await lacking();
    await at.ask('Why?');
    await expect(at.alert).toContainText('isn’t installed');
    await at.alert.getByRole('button', { name: 'Download held-pull' }).click();
    await expect(bar(at)).toBeVisible();
    await expect(at.alert).toHaveCount(0);
    releaseAll(at.ollama);
    await expect(at.answers).toContainText('Hello!');
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    // The first one found no model.
    expect(at.ollama.chats()).toHaveLength(2);
    expect(await at.events('chat-reply')).toHaveLength(1);
    await expect(bar(at)).toHaveCount(0);
    await expect(at.alert).toHaveCount(0);
  });

  for (const [what, model] of [
    ['chosen among those that the page names', 'tiny,held-pull'],
    ['the first that the page names', 'held-pull,tiny'],
  ] as const) {
    test(`also of a model that was ${what}`, async ({ lacking }) => {
      const at = await lacking({ model });
      await at.chat.getByRole('button', { name: /^Model: / }).click();
      await option(at, 'held-pull').click();
      await at.ask('Why?');
      await at.alert.getByRole('button', { name: 'Download held-pull' }).click();
      releaseAll(at.ollama);
      await expect(at.answers).toContainText('Hello!');
      await at.idle();
      expect(at.ollama.chats().map(({ body }) => body.model)).toEqual(['held-pull', 'held-pull']);
      await expect(at.chat.getByRole('button', { name: 'Model: held-pull' })).toBeVisible();
    });
  }

  test('nothing is asked where another model was chosen meanwhile, which answers while the download goes on', async ({ quarter }) => {
    const at = await quarter({ model: 'held-pull,tiny' });
    await at.chat.getByRole('button', { name: 'Model: held-pull' }).click();
    await option(at, 'tiny').click();
    await at.ask('Why?');
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    await filled(at, 0.25);
    releaseAll(at.ollama, PULL_PARTS - 1);
    await expect(bar(at)).toHaveCount(0);
    await expect(at.chat.getByRole('button', { name: 'Model: tiny' })).toBeVisible();
    expect(at.ollama.chats().map(({ body }) => body.model)).toEqual(['tiny']);
  });

  test('without a question the model is loaded, and nothing is asked', async ({ quarter }) => {
    const at = await quarter();
    const before = at.ollama.requests.filter(isLoad).length;
    releaseAll(at.ollama, PULL_PARTS - 1);
    await expect(at.chat.locator('header').getByText('loaded', { exact: true })).toBeAttached();
    await expect(at.chat.getByRole('status').filter({ hasText: 'held-pull is ready' })).toBeAttached();
    expect(at.ollama.requests.filter(isLoad)).toHaveLength(before + 1);
    expect(at.ollama.chats()).toEqual([]);
    expect(await at.events('chat-send')).toEqual([]);
  });

  test('what it can do is known: the switch for thinking comes with it', async ({ lacking }) => {
    const library = [{ name: 'held-pull', capabilities: ['completion', 'thinking'], size: 1e9 }];
    const at = await lacking({}, { server: { library } });
    await expect(offer(at)).toBeVisible();
    await expect(at.button('Thinking')).toHaveCount(0);
    await download(at).click();
    releaseAll(at.ollama);
    await expect(at.button('Thinking')).toBeVisible();
  });
});

test.describe('What it leaves alone', () => {
  test('the words in the composer, and the focus in the page, through all of it', async ({ quarter }) => {
    const at = await quarter({}, { body: tag => `${tag}<input aria-label="Of the page">` });
    await at.box.fill('a draft');
    const own = at.page.getByRole('textbox', { name: 'Of the page' });
    await at.button('Cancel').click();
    await at.button('Go on').click();
    await filled(at, 0.25);
    at.ollama.cut();
    await expect(at.alert).toBeVisible();
    await expect(at.box).toHaveValue('a draft');
    await at.button('Go on').click();
    await own.focus();
    releaseAll(at.ollama, PULL_PARTS - 1);
    await expect(at.chat.locator('header').getByText('loaded', { exact: true })).toBeAttached();
    await expect(bar(at)).toHaveCount(0);
    await expect(own).toBeFocused();
    await expect(at.box).toHaveValue('a draft');
    expect(await at.chat.evaluate((chat: OllamaChat) => chat.draft)).toBe('a draft');
    expect(at.ollama.chats()).toEqual([]);
  });

  test('a chat that leaves the page ends the connection; back there it goes on where it was', async ({ quarter }) => {
    const at = await quarter({}, { body: tag => `<main></main><div>${tag}</div>` });
    await at.chat.evaluate(chat => document.querySelector('main')!.append(chat));
    at.ollama.release();
    await filled(at, 0.5);
    await at.chat.evaluate(chat => {
      Object.assign(window, { chat });
      chat.remove();
    });
    await at.ollama.waitForClose(pulls(at.ollama)[0]!);
    await at.page.evaluate(() => document.body.append((window as unknown as { chat: Node }).chat));
    await expect(bar(at)).toHaveCount(0);
    await at.button('Go on').click();
    await filled(at, 0.5);
    releaseAll(at.ollama, PULL_PARTS - 2);
    await expect(bar(at)).toHaveCount(0);
    expect(pulls(at.ollama)).toHaveLength(2);
  });

  test('a second tab shares the download: one cancels, the other goes on to the end', async ({ quarter }) => {
    const at = await quarter();
    const page = await at.page.context().newPage();
    const complaints = await watch(page);
    await page.goto(at.site.url);
    const other = new ChatPage(page, at.ollama, at.site);
    await other.box.focus();
    await download(other).click();
    await filled(other, 0.25);
    at.ollama.release();
    await filled(at, 0.5);
    await filled(other, 0.5);
    await at.button('Cancel').click();
    await at.ollama.waitForClose(pulls(at.ollama)[0]!);
    releaseAll(at.ollama, PULL_PARTS - 2);
    await expect(bar(other)).toHaveCount(0);
    await expect(other.alert).toHaveCount(0);
    await other.ask('Why?');
    await other.idle();
    expect(await other.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    // All is there by now: it is only verified once more.
    await at.button('Go on').click();
    at.ollama.release();
    await expect(bar(at)).toHaveCount(0);
    await expect(at.alert).toHaveCount(0);
    expect(complaints).toEqual([]);
  });
});

test.describe('How it looks', () => {
  const STATES: [state: string, reach: (at: ChatPage) => Promise<void>][] = [
    ['an offer', at => expect(at.chat.getByRole('group')).toBeVisible()],
    [
      'a download that begins',
      async at => {
        await at.chat.getByRole('group').getByRole('button').first().click();
        await expect(bar(at)).toBeVisible();
      },
    ],
    [
      'a download on its way',
      async at => {
        at.ollama.release();
        await filled(at, 0.25);
      },
    ],
    [
      'one that was stopped',
      async at => {
        await at.chat.getByRole('group').getByRole('button').first().click();
        await expect(bar(at)).toHaveCount(0);
      },
    ],
    [
      'one that broke off',
      async at => {
        await at.chat.getByRole('group').getByRole('button').first().click();
        await filled(at, 0.25);
        at.ollama.cut();
        await expect(at.alert).toBeVisible();
      },
    ],
  ];

  test('axe finds nothing in any of its states, light and dark', async ({ lacking, page }) => {
    const at = await lacking({}, { body: tag => `<main><h1>A page</h1>${tag}</main>` });
    for (const [state, reach] of STATES) {
      await reach(at);
      for (const theme of ['light', 'dark'] as const) {
        await at.set({ theme });
        expect(await findings(page), `${state}, ${theme}`).toEqual([]);
      }
    }
  });

  const VIETNAMESE = [
    'Máy chủ này chưa có held-pull',
    'Đang tải held-pull',
    '0,2 trên 1,0 GB',
    'Đã dừng tải held-pull',
    'Kết nối bị ngắt.',
  ];

  for (const width of [390, 320]) {
    test(`in Vietnamese it says the same, and nothing overflows at ${width} px`, async ({ open, page }) => {
      await page.setViewportSize({ width, height: 568 });
      const at = await open({ model: 'held-pull', 'allow-pull': true, layout: 'popup' }, { lang: 'vi' });
      await at.chat.evaluate((chat: OllamaChat) => chat.show());
      for (const [index, [state, reach]] of STATES.entries()) {
        await reach(at);
        await expect(at.log).toContainText(VIETNAMESE[index]!);
        expect(await overflowing(page), state).toEqual([]);
        const card = at.chat.getByRole('group').or(at.alert);
        const [inner, outer] = [await rect(card), await rect(at.log)];
        expect(inner.left).toBeGreaterThanOrEqual(outer.left);
        expect(inner.right).toBeLessThanOrEqual(outer.right);
      }
    });
  }

  /** What in the chat is wider than its place. */
  const overflowing = (page: Page) =>
    page
      .locator('ollama-chat')
      .evaluate(chat =>
        [...chat.shadowRoot!.querySelectorAll<HTMLElement>('.log, .log *, dialog')]
          .filter(({ scrollWidth, clientWidth, localName }) => clientWidth && scrollWidth > clientWidth && localName !== 'progress')
          .map(({ localName, className, scrollWidth, clientWidth }) => `${localName}.${className} ${scrollWidth} > ${clientWidth}`),
      );
});
