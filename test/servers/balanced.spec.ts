/**
 * Two llama-servers behind one real nginx, which gives each question to the one that has less to do. A chat needs to know nothing
 * of it.
 */
import type { Page } from '@playwright/test';
import { findNginx } from '../find-nginx.mjs';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { ChatPage, pageHtml } from '../e2e/chat-page.ts';
import { answered, expect, holdsAConversation, orSkip, settled, test } from './conversation.ts';
import { type LlamaServer, MODEL, startLlamaServer } from './llama-server.ts';
import { Missing } from './program.ts';
import { ANSWERS, QUESTIONS } from './scripted-model.ts';

/** What stands inside `http { }`; its addresses are exchanged for those of the run. */
const CONFIG = `
upstream models {
  least_conn;
  server 127.0.0.1:8081;
  server 127.0.0.1:8082;
}
server {
  listen 8080;
  location / {
    proxy_pass http://models;
    proxy_http_version 1.1;
    proxy_buffering off;
    proxy_read_timeout 10m;
    add_header X-Answered-By $upstream_addr always;
  }
}
`;

interface Balanced {
  readonly url: string;
  readonly servers: readonly LlamaServer[];
  close(): Promise<void>;
}

/** @param config A configuration that names the two servers and its own port as {@link CONFIG} does. */
async function startBalanced(config = CONFIG): Promise<Balanced> {
  if (!findNginx()) throw new Missing('No nginx: any of 1.22 or newer on the PATH will do; `node test/find-nginx.mjs` says how to get one');
  const servers: LlamaServer[] = [];
  let nginx: Nginx | undefined;
  const close = async () => {
    await nginx?.close();
    await Promise.all(servers.map(server => server.close()));
  };
  try {
    for (const _ of ['a', 'b']) servers.push(await startLlamaServer());
    const [a, b] = servers.map(({ port }) => `127.0.0.1:${port}`);
    nginx = await startNginx(port =>
      config.replace('127.0.0.1:8081', a!).replace('127.0.0.1:8082', b!).replace('listen 8080', `listen 127.0.0.1:${port}`),
    );
    return { url: `${nginx.urls[0]}/v1`, servers, close };
  } catch (error) {
    await close();
    throw error;
  }
}

holdsAConversation(
  'Two llama-servers behind nginx',
  async () => {
    const { servers, ...balanced } = await startBalanced();
    const busy = async () => (await Promise.all(servers.map(server => server.busy()))).reduce((sum, each) => sum + each, 0);
    return { ...balanced, busy, model: MODEL };
  },
  { scripted: true, refusesModels: false },
);

test.describe('Of two llama-servers behind nginx', () => {
  let balanced: Balanced;
  test.beforeEach(async () => (balanced = await orSkip(startBalanced)));
  test.afterEach(() => balanced?.close());

  const tag = () => ({ url: balanced.url, model: MODEL });

  /** Who has answered questions of this page, in order; several for one question where nginx had to try another one. */
  function answerers(page: Page): string[] {
    const all: string[] = [];
    page.on('response', response => {
      if (response.request().method() === 'POST') all.push(response.headers()['x-answered-by'] ?? 'nobody');
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
    await expect(at.alert).toBeVisible();
    await expect(at.button('Try again')).toBeVisible();
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['origin-refused']);
  });
});
