/** What an element does to its page where a conversation is kept: nothing stays behind, keys stay apart, and any change of mind is possible. */
import type { Locator } from '@playwright/test';
import { SAMPLE } from '../support/behaviours.ts';
import { type ChatPage, come, expect, kept, keptTexts, type OllamaChat, REACHES, settled, test } from './storage-site.ts';

const ANSWER = `assistant: ${SAMPLE}`;
const BEGINNING = 'Hello! This is';

/** Runs in the page, before anything of it: what is in use, by what it is. */
function watchUse() {
  const inUse = new Map<unknown, string>();
  Object.assign(window, {
    inUse: async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...inUse.values(), ...[...held, ...pending].map(({ name }) => `the lock ${name}`)].toSorted();
    },
  });

  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const listeners: [EventTarget, string, unknown, symbol][] = [];
  const forget = (target: EventTarget, type: string, listener: unknown) => {
    const index = listeners.findIndex(known => known[0] === target && known[1] === type && known[2] === listener);
    if (index >= 0) inUse.delete(listeners.splice(index, 1)[0]![3]);
  };
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (!(this instanceof Node && this !== document) && listener) {
      const token = Symbol(type);
      listeners.push([this, type, listener, token]);
      // What only the garbage collector has to do with is not in use.
      if (this === window || this === document || this instanceof VisualViewport) inUse.set(token, `a listener to ${type}`);
      const { signal, once } = Object(options) as AddEventListenerOptions;
      if (signal) add.call(signal, 'abort', () => forget(this, type, listener));
      if (once) add.call(this, type, () => forget(this, type, listener));
    }
    return add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    forget(this, type, listener);
    return remove.call(this, type, listener, options);
  };

  const { setTimeout: start, clearTimeout: stop } = window;
  Object.assign(window, {
    setTimeout: (callback: (...args: unknown[]) => void, time?: number, ...args: unknown[]) => {
      const timer = start(() => (inUse.delete(timer), callback(...args)), time);
      inUse.set(timer, `a timer of ${time} ms`);
      return timer;
    },
    clearTimeout: (timer: number) => (inUse.delete(timer), stop(timer)),
  });

  const { open } = IDBFactory.prototype;
  const { close } = IDBDatabase.prototype;
  IDBFactory.prototype.open = function (...args) {
    const request = open.apply(this, args);
    add.call(request, 'success', () => inUse.set(request.result, 'a store'));
    return request;
  };
  IDBDatabase.prototype.close = function () {
    inUse.delete(this);
    return close.call(this);
  };
  const { close: closeChannel } = BroadcastChannel.prototype;
  window.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      inUse.set(this, `a channel`);
    }
  };
  BroadcastChannel.prototype.close = function () {
    inUse.delete(this);
    return closeChannel.call(this);
  };
}

const inUse = ({ page }: ChatPage) => page.evaluate(() => (window as unknown as { inUse: () => Promise<string[]> }).inUse());

/** Takes the chat out of the page; it is the page's `removed` from then on. */
const remove = (at: ChatPage) => at.chat.evaluate(chat => (Object.assign(window, { removed: chat }), chat.remove()));
const putBack = ({ page }: ChatPage) => page.evaluate(() => document.body.append((window as unknown as { removed: Element }).removed));

/** Another chat for the page. */
async function add(
  at: ChatPage,
  properties: Partial<Pick<OllamaChat, 'id' | 'storageKey' | 'persist' | 'model' | 'layout' | 'open'>>,
): Promise<Locator> {
  await at.page.evaluate(given => document.body.append(Object.assign(document.createElement('ollama-chat'), given)), {
    url: at.ollama.url,
    model: 'tiny',
    ...properties,
  });
  return at.chat.last();
}

const ask = (chat: Locator, text: string) =>
  chat.evaluate(async (element: OllamaChat, question) => (await element.send(question))?.status, text);
const said = (chat: Locator) => chat.evaluate((element: OllamaChat) => element.messages.map(({ role, content }) => `${role}: ${content}`));

for (const persist of REACHES) {
  const popup = { persist, storageKey: 'popup', layout: 'popup' as const, open: true };

  test(`once the element is gone nothing of it is in use, whatever it was doing: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist });
    await at.page.addInitScript(watchUse);
    await come(at);
    // Playwright listens, too.
    await remove(at);
    await expect.poll(() => inUse(at).then(all => all.filter(what => !/listener/.test(what)))).toEqual([]);
    const before = await inUse(at);

    const moments: Record<string, () => Promise<unknown>> = {
      'as it comes': async () => {},
      'before it has rendered': () => at.chat.evaluate(chat => chat.remove()),
      'when all is quiet': async () => {
        await settled(at);
        await ask(at.chat, 'Quiet?');
      },
      'in mid-answer': async () => {
        await at.set({ model: 'held' });
        await at.ask('Half?');
        await expect(at.answers.last()).toContainText(BEGINNING);
      },
      'with the list open, and something deleted': async () => {
        if (persist === 'tab') return;
        await settled(at);
        await at.button('Conversations').click();
        await at.chat.locator('.history-row').first().hover();
        await at.chat
          .getByRole('button', { name: /^Delete “/ })
          .first()
          .click();
        await expect(at.chat.getByText('Deleted', { exact: true })).toBeVisible();
      },
    };
    for (const [moment, act] of Object.entries(moments)) {
      await add(at, { persist });
      await act();
      await at.page.evaluate(() => document.querySelector('ollama-chat')?.remove());
      await expect.poll(() => inUse(at), { message: moment, timeout: 1500 }).toEqual(before);
      // A page may go on with an element that is not in it.
      await at.page.evaluate(() => void document.querySelector('ollama-chat')?.setAttribute('heading', 'Gone'));
    }
    await add(at, popup);
    await at.ask('Popup?');
    await at.idle();
    await remove(at);
    await at.page.evaluate(() =>
      Object.assign((window as unknown as { removed: OllamaChat }).removed, { heading: 'Gone', draft: 'x', lang: 'vi' }),
    );
    await expect.poll(() => inUse(at), { timeout: 1500 }).toEqual(before);
  });

  test(`an element that is taken out in mid-answer and put back later goes on with all it had: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist, model: 'held' });
    await come(at);
    await at.ask('One?');
    await expect(at.answers).toContainText(BEGINNING);
    await at.box.fill('a draft');
    const [request] = at.ollama.chats();
    await remove(at);
    await at.ollama.waitForClose(request!);
    await expect.poll(async () => (await kept(at.page, persist)).map(({ status }) => status)).toEqual(['complete', 'interrupted']);
    await putBack(at);
    await expect(at.answers).toContainText(BEGINNING);
    await expect(at.box).toHaveValue('a draft');
    const [, half] = await at.messages();
    expect(half?.status).toBe('interrupted');
    await at.set({ model: 'tiny' });
    await at.box.fill('');
    await ask(at.chat, 'Two?');
    const texts = ['One?', half!.content, 'Two?', SAMPLE];
    await expect.poll(() => keptTexts(at.page, persist)).toEqual(texts);
    await come(at);
    expect((await at.messages()).map(({ content }) => content)).toEqual(texts);
  });

  test(`an element that is moved in one task loses nothing, and its answer goes on: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist, model: 'held' }, { body: tag => `${tag}<div id="other"></div>` });
    await come(at);
    await at.ask('One?');
    await expect(at.answers).toContainText(BEGINNING);
    await at.ask('Two?');
    await at.box.fill('a draft');
    await at.chat.evaluate(chat => document.querySelector('#other')!.append(chat));
    await expect(at.box).toHaveValue('a draft');
    await expect(at.chat.getByRole('list', { name: 'Next messages' })).toHaveText(/Two\?/);
    at.ollama.release();
    await expect(at.questions).toHaveCount(2);
    at.ollama.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: One?', ANSWER, 'user: Two?', ANSWER]);
    expect(at.ollama.chats()).toHaveLength(2);
    await expect.poll(() => keptTexts(at.page, persist)).toEqual(['One?', SAMPLE, 'Two?', SAMPLE]);
    await come(at);
    await expect(at.box).toHaveValue('a draft');
    expect(await at.said()).toEqual(['user: One?', ANSWER, 'user: Two?', ANSWER]);
  });

  test(`an element that is taken out and put back as it comes is one chat, and keeps as one: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist });
    await at.page.addInitScript(watchUse);
    await come(at);
    const before = await inUse(at);
    await at.page.evaluate(async properties => {
      const chat = document.querySelector('ollama-chat')!;
      for (let times = 0; times < 5; times++) {
        chat.remove();
        await new Promise(resolve => setTimeout(resolve));
        document.body.append(chat);
        await new Promise(resolve => setTimeout(resolve));
      }
      return properties;
    }, {});
    await settled(at);
    await expect.poll(() => inUse(at)).toEqual(before);
    await ask(at.chat, 'One?');
    await expect.poll(() => keptTexts(at.page, persist)).toEqual(['One?', SAMPLE]);
    await come(at);
    expect(await at.said()).toEqual(['user: One?', ANSWER]);
  });

  test(`elements with keys of their own keep apart, whatever the keys look like: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist, id: 'a' });
    const keys = [
      'a:chat',
      'a:',
      ':r1:',
      'asking',
      'a%3Achat',
      'chat',
      'x"]\n',
      '["a"]',
      '__proto__',
      'constructor',
      'toString',
      'a b',
      '💬',
      '\ud800',
    ];
    const all = async () => {
      await come(at);
      for (const [index, id] of keys.entries()) await add(at, index % 2 ? { persist, id } : { persist, storageKey: id, id: 'a' });
      await settled(at);
    };
    await all();
    for (const index of ['a', ...keys].keys()) expect(await ask(at.chat.nth(index), `${index}?`)).toBe('complete');
    await all();
    for (const [index, key] of ['a', ...keys].entries()) {
      expect(await said(at.chat.nth(index)), key).toEqual([`user: ${index}?`, ANSWER]);
    }
  });

  test(`elements with one key are in step, also with other pairs around, and after a crash: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist, model: 'held', 'storage-key': 'one' });
    for (const isCrash of [false, true]) {
      await come(at);
      for (const storageKey of ['two', 'one', 'two']) await add(at, { persist, storageKey, model: 'held' });
      await settled(at);
      const [one, two, first, second] = [0, 1, 2, 3].map(index => at.chat.nth(index)) as [Locator, Locator, Locator, Locator];
      const before = await said(first);
      expect(await said(one)).toEqual(before);
      await one.evaluate((chat: OllamaChat) => void chat.send('One?'));
      await expect(first.getByRole('article').last()).toContainText(BEGINNING);
      await expect(first.getByRole('button', { name: 'Stop' })).toBeVisible();
      at.ollama.release();
      const whole = [...before, 'user: One?', ANSWER];
      for (const chat of [one, first]) await expect.poll(() => said(chat)).toEqual(whole);
      expect(await said(two)).toEqual(isCrash ? ['user: Two?', ANSWER] : []);
      at.ollama.release();
      await ask(second, 'Two?');
      await expect.poll(() => said(two)).toEqual(await said(second));
      expect(await said(one)).toEqual(whole);
      // As if the page had ended without a word: it says so itself, on leaving.
      await at.page.evaluate(() => {
        addEventListener('pagehide', () => {
          for (const [name, text] of Object.entries(sessionStorage))
            sessionStorage.setItem(name, text.replace('"live":false', '"live":true'));
        });
      });
    }
  });
}

test('persist can change at any time: what is on screen stays, and is kept where it says from then on', async ({ prepare }) => {
  const at = await prepare({ persist: 'false' });
  await come(at);
  await ask(at.chat, 'One?');
  const persist = (value: string) => at.chat.evaluate((chat, reach) => chat.setAttribute('persist', reach), value);
  const texts = ['One?', SAMPLE];
  for (const reach of ['tab', 'browser', 'tab', 'browser'] as const) {
    await persist(reach);
    await settled(at);
    expect((await at.messages()).map(({ content }) => content)).toEqual(texts);
    await ask(at.chat, `${reach}?`);
    texts.push(`${reach}?`, SAMPLE);
    await expect.poll(() => keptTexts(at.page, reach).then(all => all.slice(-texts.length))).toEqual(texts);
  }
  await persist('false');
  await ask(at.chat, 'Off?');
  expect((await at.messages()).map(({ content }) => content)).toEqual([...texts, 'Off?', SAMPLE]);
  for (const reach of REACHES) expect(await keptTexts(at.page, reach)).not.toContain('Off?');
  await expect(at.button('Conversations')).toHaveCount(0);
});

for (const persist of REACHES) {
  test(`storage-key can change at any time: each key has its own conversation, draft and queue: ${persist}`, async ({ prepare }) => {
    const at = await prepare({ persist, model: 'held', 'storage-key': 'a' });
    await come(at);
    const key = async (value: string) => {
      await at.chat.evaluate((chat, name) => chat.setAttribute('storage-key', name), value);
      await settled(at);
    };
    await at.ask('A?');
    await expect(at.answers).toContainText(BEGINNING);
    await at.ask('and A?');
    await at.box.fill('draft of a');
    await key('b');
    expect(await at.messages()).toEqual([]);
    await expect(at.box).toHaveValue('');
    await expect(at.chat.getByRole('list', { name: 'Next messages' })).toHaveCount(0);
    await at.set({ model: 'tiny' });
    await ask(at.chat, 'B?');
    await key('a');
    await expect(at.questions).toHaveText([/^A\?/]);
    expect((await at.messages()).at(-1)).toMatchObject({
      status: 'interrupted',
      content: expect.stringMatching(new RegExp(`^${BEGINNING}`)),
    });
    await expect(at.box).toHaveValue('draft of a');
    await expect(at.chat.getByRole('list', { name: 'Next messages' })).toHaveText(/and A\?/);
    await key('b');
    expect(await at.said()).toEqual(['user: B?', ANSWER]);
    await expect.poll(() => keptTexts(at.page, persist, 'b')).toEqual(['B?', SAMPLE]);
    expect(at.ollama.chats().map(({ body }) => body.messages.at(-1)?.content)).toEqual(['A?', 'B?']);
  });
}
