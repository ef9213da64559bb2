/** The ways to end an answer early. The server must notice at once: it computes until then. */
import type { Page } from '@playwright/test';
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

/** Within which the server sees the connection close, in milliseconds, on a machine that has nothing else to do. */
const LIMIT = 100;

/** The best of ten: a busy machine is late now and then, a widget that closes nothing is so every time. */
async function within(limit: number, measure: () => Promise<number>) {
  const times: number[] = [];
  while (times.length < 10 && !times.some(time => time < limit)) times.push(await measure());
  expect(Math.min(...times), `milliseconds: ${times.join(', ')}`).toBeLessThan(limit);
}

/** When the visitor's click reached the page: what Playwright does before a click is not the widget's time. */
async function clickedAt(page: Page, click: () => Promise<void>): Promise<number> {
  await page.evaluate(() => addEventListener('click', () => Object.assign(window, { clicked: Date.now() }), { capture: true, once: true }));
  await click();
  return page.evaluate(() => (window as unknown as { clicked: number }).clicked);
}

/** The question of the widget that is being answered. */
async function chatRequest(at: ChatPage) {
  await expect.poll(() => at.ollama.chats().length).toBe(1);
  return at.ollama.chats()[0]!;
}

for (const { when, model, shown } of [
  { when: 'before the first header', model: 'silent', shown: '' },
  { when: 'while the model is loading', model: 'wait:1000000', shown: '' },
  { when: 'in the middle of an answer', model: 'never-ends', shown: 'word 20 ' },
  { when: 'while the model pauses', model: 'stalls', shown: PARTIAL },
  { when: 'while it thinks', model: 'think-held', shown: 'Thinking …' },
]) {
  test(`Stop ${when} closes the connection, keeps what had come, and is no failure`, async ({ open }) => {
    const at = await open({ model });
    await at.ask('Why?');
    const request = await chatRequest(at);
    if (shown) await expect(at.answers).toContainText(shown);
    await expect(at.button('Send')).toHaveCount(0);
    await at.button('Stop').click();
    await at.ollama.waitForClose(request);

    await expect(at.button('Stop')).toHaveCount(0);
    await expect(at.alert).toHaveCount(0);
    await expect(at.answers).toContainText('Stopped');
    const [, reply, ...more] = await at.messages();
    expect(more).toEqual([]);
    expect(reply?.status).toBe('stopped');
    expect(reply?.content).toContain(model === 'think-held' ? '' : shown);
    expect(await at.events('chat-error')).toEqual([]);
    await expect.poll(async () => (await at.events('chat-reply')).map(({ message }) => message?.status)).toEqual(['stopped']);

    await at.set({ model: 'tiny' });
    await at.ask('And now?');
    await at.idle();
    expect((await at.messages()).at(-1)).toMatchObject({ content: SAMPLE, status: 'complete' });
    const sent = at.ollama.chats().at(-1)?.body.messages ?? [];
    expect(sent.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(sent.map(({ content }) => content)).toEqual(['Why?', reply?.content, 'And now?']);
  });
}

for (const [when, model, shown] of [
  ['before the first token', 'silent', ''],
  ['in the middle of an answer', 'never-ends', 'word 5 '],
] as const) {
  test(`after Stop ${when} the server sees the connection close within ${LIMIT} ms`, async ({ open, page }) => {
    const at = await open({ model });
    await within(LIMIT, async () => {
      const before = at.ollama.chats().length;
      await at.ask('Why?');
      await expect.poll(() => at.ollama.chats().length).toBe(before + 1);
      if (shown) await expect(at.answers.nth(before)).toContainText(shown);
      const clicked = await clickedAt(page, () => at.button('Stop').click());
      return (await at.ollama.waitForClose(at.ollama.chats()[before]!)) - clicked;
    });
  });
}

test('Stop before a model has been found ends the search', async ({ open, page }) => {
  const at = await open({ model: null });
  // The list of models never comes.
  await page.route('**/api/tags', () => {});
  await at.ask('Why?');
  await at.button('Stop').click();
  await expect(at.answers).toContainText('Stopped');
  await expect(at.alert).toHaveCount(0);
  expect(at.ollama.chats()).toEqual([]);
});

test('the page can stop, and its send() resolves with what had come', async ({ open }) => {
  const at = await open({ model: 'stalls' });
  const reply = await at.chat.evaluate(async (chat: OllamaChat, partial) => {
    const sent = chat.send('Why?');
    while (chat.messages.at(-1)?.content !== partial) await new Promise(requestAnimationFrame);
    chat.stop();
    return sent;
  }, PARTIAL);
  expect(reply).toMatchObject({ role: 'assistant', content: PARTIAL, status: 'stopped' });
});

for (const model of ['silent', 'never-ends']) {
  test(`removing the element closes the connection within ${LIMIT} ms: ${model}`, async ({ open, page }) => {
    const at = await open({ model });
    await within(LIMIT, async () => {
      const before = at.ollama.chats().length;
      const sent = page.evaluate(async () => {
        const chat = document.querySelector('ollama-chat')!;
        const answer = await chat.send('Why?');
        document.body.append(chat);
        return { answer, phase: chat.phase };
      });
      await expect.poll(() => at.ollama.chats().length).toBe(before + 1);
      if (model === 'never-ends') await expect(at.answers.nth(before)).toContainText('word 5 ');
      const removed = await at.chat.evaluate(chat => {
        chat.remove();
        return Date.now();
      });
      expect(await sent).toEqual({ answer: undefined, phase: 'idle' });
      return (await at.ollama.waitForClose(at.ollama.chats()[before]!)) - removed;
    });
    expect(await at.events('chat-error')).toEqual([]);
  });
}

test('an element that comes back to the page goes on with its conversation', async ({ open }) => {
  const at = await open({ model: 'stalls' });
  await at.ask('Why?');
  await expect(at.answers).toContainText(PARTIAL);
  const handle = (await at.chat.elementHandle())!;
  await handle.evaluate(chat => chat.remove());
  await handle.evaluate((chat: OllamaChat) => {
    chat.model = 'tiny';
    document.body.append(chat);
  });
  await expect(at.answers).toContainText(PARTIAL);
  await at.ask('Go on');
  await at.idle();
  expect(await at.said()).toEqual(['user: Why?', `assistant: ${PARTIAL}`, 'user: Go on', `assistant: ${SAMPLE}`]);
  expect((await at.messages())[1]?.status).toBe('interrupted');
});

test('moving the element within the page keeps conversation, draft and stream', async ({ open }) => {
  const at = await open({ model: 'held' }, { body: tag => `${tag}<main id="other"></main>` });
  await at.begin('Q1', 'A1');
  await at.ask('Q2');
  await at.box.fill('a draft');
  await expect(at.answers.last()).toContainText('Hello!');
  await at.chat.evaluate(chat => document.querySelector('#other')!.append(chat));
  await expect(at.page.locator('#other').getByRole('log')).toBeVisible();
  at.ollama.release();
  await at.idle();
  expect(await at.said()).toEqual(['user: Q1', 'assistant: A1', 'user: Q2', `assistant: ${SAMPLE}`]);
  expect((await at.messages()).at(-1)?.status).toBe('complete');
  await expect(at.answers.last()).toContainText('你好.');
  await expect(at.box).toHaveValue('a draft');
  expect(at.ollama.chats()).toHaveLength(1);
  await at.box.press('Enter');
  at.ollama.release();
  await at.idle();
  expect(at.ollama.chats()).toHaveLength(2);
});

test('New chat in the middle of an answer ends it, and nothing of it comes later', async ({ open, page }) => {
  const at = await open({ model: 'never-ends' });
  await page.evaluate(() => {
    const chat = document.querySelector('ollama-chat')!;
    void chat.send('Why?').then(answer => Object.assign(window, { answered: { answer: answer ?? null } }));
  });
  await expect(at.answers).toContainText('word 5 ');
  const request = await chatRequest(at);
  await at.button('New chat').click();
  await at.ollama.waitForClose(request);
  await expect(at.answers).toHaveCount(0);
  await expect(at.alert).toHaveCount(0);
  expect(await page.waitForFunction(() => (window as { answered?: object }).answered).then(found => found.jsonValue())).toEqual({
    answer: null,
  });
  expect(await at.messages()).toEqual([]);
  await at.set({ model: 'tiny' });
  await at.ask('New');
  await at.idle();
  expect(at.ollama.chats().at(-1)?.body.messages).toEqual([{ role: 'user', content: 'New' }]);
});

test('leaving the page closes the connection', async ({ open, page }) => {
  const at = await open({ model: 'never-ends' });
  await at.ask('Why?');
  const request = await chatRequest(at);
  await page.goto('about:blank');
  expect(await at.ollama.waitForClose(request)).toBeGreaterThan(0);
});

test('a double click on Stop stops, and leaves what is in the composer there', async ({ open }) => {
  const at = await open({ model: 'never-ends' });
  await at.ask('Why?');
  await expect(at.answers).not.toBeEmpty();
  await at.box.fill('Not yet.');
  await at.button('Stop').dblclick();
  await at.idle();
  await expect(at.box).toHaveValue('Not yet.');
  expect(at.ollama.chats()).toHaveLength(1);
});

test('when the answer ends, the focus stays on the button that stopped it until then', async ({ open }) => {
  const at = await open({ model: 'held' });
  await at.ask('Why?');
  await at.button('Stop').focus();
  at.ollama.release();
  await at.idle();
  await expect(at.button('Send')).toBeFocused();
});
