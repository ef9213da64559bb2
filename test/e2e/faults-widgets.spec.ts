/** Several chats on one page: what happens to one of them is nobody else's business. */
import type { Locator } from '@playwright/test';
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { HOLD, RESET } from '../support/fault-server.ts';
import { begun, breaksOff, chunk, healthy, LAST, proxyPage } from '../support/faults.ts';
import { tagHtml } from './chat-page.ts';
import { expect, type FaultPage, type OllamaChat, test } from './fault-page.ts';

const REST = chunk('{"message":{"content":" it ends."}}\n{"done":true}\n');

/** Two chats with one server; their models are `one` and `two`. */
async function pair(at: FaultPage): Promise<[Locator, Locator]> {
  const common = { url: at.server.url, preload: 'none', retries: '0' };
  await at.page.evaluate(
    html => {
      document.body.innerHTML = html;
    },
    tagHtml({ ...common, model: 'one' }) + tagHtml({ ...common, model: 'two' }),
  );
  await at.failures();
  return [at.chat.nth(0), at.chat.nth(1)];
}

async function ask(chat: Locator, text: string) {
  await chat.getByRole('textbox').fill(text);
  await chat.getByRole('textbox').press('Enter');
}

const said = (chat: Locator) =>
  chat.evaluate((element: OllamaChat) => element.messages.map(({ role, content, status }) => `${role} ${status}: ${content}`));
const idle = (chat: Locator) => expect.poll(() => chat.evaluate((element: OllamaChat) => element.phase)).toBe('idle');

test('one fails in the middle of its answer, the other streams on', async ({ at }) => {
  const [one, two] = await pair(at);
  at.server.play(breaksOff('model runner has unexpectedly stopped'), 'one');
  at.server.play(question => [...begun(question), HOLD, REST, LAST], 'two');
  await ask(two, 'Second?');
  await expect(two.getByRole('article').last()).toContainText(PARTIAL);
  await two.getByRole('textbox').fill('a draft of two');
  await ask(one, 'First?');
  await expect(one.getByRole('alert')).toContainText('The model stopped on the server');
  await expect(two.getByRole('alert')).toHaveCount(0);
  expect(await two.evaluate((chat: OllamaChat) => chat.phase)).toBe('answering');
  at.server.release();
  await idle(two);
  expect(await said(one)).toEqual(['user complete: First?', `assistant interrupted: ${PARTIAL}`]);
  expect(await said(two)).toEqual(['user complete: Second?', `assistant complete: ${PARTIAL} it ends.`]);
  await expect(two.getByRole('textbox')).toHaveValue('a draft of two');
  await expect(one.getByRole('textbox')).toHaveValue('');
  expect(
    at.server
      .chats()
      .slice(-2)
      .map(({ body }) => body.model),
  ).toEqual(['two', 'one']);
  expect(await at.failures()).toEqual(['crashed']);
});

test('Stop, New chat and removal of one end one stream', async ({ at }) => {
  const [one, two] = await pair(at);
  at.server.play(question => [...begun(question), HOLD, REST, LAST], 'two');
  await ask(two, 'Second?');
  const other = await at.server.waitForRequest(
    request => request === at.server.chats().at(-1) && at.server.chats().at(-1)?.body.model === 'two',
  );
  at.server.play(begun, 'one');
  for (const end of [
    () => one.getByRole('button', { name: 'Stop', exact: true }).click(),
    () => one.getByRole('button', { name: 'New chat', exact: true }).click(),
    () => one.evaluate(chat => chat.remove()),
  ]) {
    const before = at.server.chats().length;
    await ask(one, 'First?');
    await expect(one.getByRole('article').last()).toContainText(PARTIAL);
    await end();
    await at.server.waitForClose(at.server.chats()[before]!, 2000);
  }
  expect(other.closedAt).toBeUndefined();
  const left = at.chat;
  expect(await said(left)).toEqual(['user complete: Second?', `assistant interrupted: ${PARTIAL}`]);
  expect(await left.evaluate((chat: OllamaChat) => chat.phase)).toBe('answering');
});

test('both fail, each for its own reason, and each tries again by itself', async ({ at }) => {
  const [one, two] = await pair(at);
  at.server.play(proxyPage(502), 'one');
  at.server.play(() => [RESET], 'two');
  await Promise.all([ask(one, 'First?'), one.evaluate(() => {})]);
  await ask(two, 'Second?');
  await expect(one.getByRole('alert')).toContainText('The model server doesn’t answer');
  await expect(two.getByRole('alert')).toContainText('The connection ended without an answer');
  const before = at.server.chats().length;
  at.server.play(healthy, 'one');
  await one.getByRole('button', { name: 'Try again', exact: true }).click();
  await idle(one);
  await expect(one.getByRole('alert')).toHaveCount(0);
  await expect(two.getByRole('alert')).toContainText('The connection ended without an answer');
  expect(await said(one)).toEqual(['user complete: First?', `assistant complete: ${SAMPLE}`]);
  expect(await said(two)).toEqual(['user complete: Second?']);
  expect(
    at.server
      .chats()
      .slice(before)
      .map(({ body }) => body.model),
  ).toEqual(['one']);
});

test('one server is gone, another chat has another', async ({ at, serve }) => {
  const [one, two] = await pair(at);
  const other = await serve();
  await two.evaluate((chat: OllamaChat, url) => Object.assign(chat, { url, model: 'tiny' }), other.url);
  await at.server.close();
  await ask(one, 'First?');
  await ask(two, 'Second?');
  await expect(one.getByRole('alert')).toContainText('Ollama on this computer doesn’t answer');
  await idle(two);
  expect(await said(two)).toEqual(['user complete: Second?', `assistant complete: ${SAMPLE}`]);
  await expect(two.getByRole('alert')).toHaveCount(0);
});
