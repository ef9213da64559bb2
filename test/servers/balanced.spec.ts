/**
 * Two llama-servers behind one real nginx, with nginx.conf and several.conf as we recommend them: each question goes to the one that
 * has less to do, and has the key that they ask for. A chat needs to know nothing of it.
 */
import type { Page } from '@playwright/test';
import { ChatPage, pageHtml } from '../e2e/chat-page.ts';
import { answered, expect, holdsAConversation, orSkip, settled, test } from './conversation.ts';
import { ANSWERED_BY, startGateway } from './gateway.ts';
import { type LlamaServers, MODEL, startLlamaServers } from './llama-server.ts';
import { ANSWERS, QUESTIONS } from './scripted-model.ts';

const KEY = 'sk-the-key-of-this-test';

interface Balanced extends LlamaServers {
  readonly url: string;
}

async function startBalanced(): Promise<Balanced> {
  const behind = await startLlamaServers(2, { key: KEY });
  try {
    const gateway = await startGateway(
      behind.servers.map(({ url }) => new URL(url).host),
      KEY,
    );
    const close = async () => {
      await gateway.close();
      await behind.close();
    };
    return { ...behind, url: `${gateway.url}/v1`, close };
  } catch (error) {
    await behind.close();
    throw error;
  }
}

holdsAConversation('Two llama-servers behind nginx', async () => ({ ...(await startBalanced()), model: MODEL }), {
  scripted: true,
  refusesModels: false,
});

test.describe('Of two llama-servers behind nginx', () => {
  let balanced: Balanced;
  test.beforeEach(async () => (balanced = await orSkip(startBalanced)));
  test.afterEach(() => balanced?.close());

  const tag = () => ({ url: balanced.url, model: MODEL });

  /** Who has answered questions of this page, in order; several for one question where nginx had to try another one. */
  function answerers(page: Page): string[] {
    const all: string[] = [];
    page.on('response', response => {
      if (response.request().method() === 'POST') all.push(response.headers()[ANSWERED_BY] ?? 'nobody');
    });
    return all;
  }

  const text = async (at: ChatPage) => (await at.messages())[1]?.content ?? '';
  const work = () => Promise.all(balanced.servers.map(server => server.busy()));

  test('each has one of two chats at once, both write word by word, and a stopped one is free at once', async ({
    open,
    pages,
    page,
    context,
  }) => {
    const first = await open(tag());
    const other = await context.newPage();
    const site = await pages({ 'index.html': pageHtml(tag()) });
    const by = [answerers(page), answerers(other)];
    await other.goto(site.url);
    const second = new ChatPage(other, first.ollama, site);

    await first.ask(QUESTIONS.forever);
    // What never ends is shown: nothing on the way waits for an end.
    await expect.poll(() => text(first)).not.toBe('');
    await second.ask(QUESTIONS.forever);
    await expect.poll(() => text(second)).not.toBe('');
    expect(await work()).toEqual([1, 1]);
    const addresses = balanced.servers.map(({ port }) => `127.0.0.1:${port}`);
    expect(by.flat().toSorted()).toEqual(addresses.toSorted());

    await first.button('Stop').click();
    await expect.poll(async () => (await work()).toSorted()).toEqual([0, 1]);
    expect((await answered(first, QUESTIONS.markdown)).content).toBe(ANSWERS.markdown);
    expect(by[0]![1], 'the one that was free').toBe(by[0]![0]);
    expect(await second.chat.evaluate((chat: HTMLElement & { phase: string }) => chat.phase), 'undisturbed').toBe('answering');
    await second.button('Stop').click();
    await expect.poll(work).toEqual([0, 0]);
  });

  test('one may be killed in mid-answer: the chat keeps what had come, and the other one answers', async ({ open, page }) => {
    const by = answerers(page);
    const at = await open(tag());
    await at.ask(QUESTIONS.forever);
    await expect.poll(() => text(at)).not.toBe('');
    const killed = balanced.servers.find(({ port }) => by[0] === `127.0.0.1:${port}`)!;
    await killed.kill();
    await expect(at.alert).toContainText('The answer was interrupted');
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['interrupted']);
    expect((await at.messages())[1]).toMatchObject({ status: 'interrupted', content: expect.stringContaining('Water') });
    await expect(at.button('Try again')).toBeVisible();

    // Nginx turns to the dead one at most once, and then asks the other in the same breath.
    for (const question of [QUESTIONS.markdown, QUESTIONS.code, QUESTIONS.markdown]) {
      await at.ask(question);
      await settled(at);
      await expect(at.alert).toHaveCount(0);
      expect((await at.messages()).at(-1)).toMatchObject({ role: 'assistant', status: 'complete' });
    }
    const alive = balanced.servers.find(server => server !== killed)!;
    for (const answerer of by.slice(1)) expect(answerer).toMatch(new RegExp(`127\\.0\\.0\\.1:${alive.port}$`));
  });

  test('when both are gone, the chat says so, and offers to try again', async ({ open }) => {
    const at = await open(tag());
    await Promise.all(balanced.servers.map(server => server.kill()));
    await at.ask(QUESTIONS.markdown);
    await settled(at);
    await expect(at.alert).toContainText('502');
    await expect(at.button('Try again')).toBeVisible();
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['proxy']);
  });
});
