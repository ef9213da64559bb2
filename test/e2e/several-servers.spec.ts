/** Several servers behind the recommended gateway: demo/gateway/several.conf, as it stands there, in a real nginx. */
import { sessionCookie } from '../../demo/gateway/session.mjs';
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import { recorded } from '../support/routes.ts';
import { type ChatPage, expect } from './chat-page.ts';
import { ask, failure, ONCE, SECRET, seen, test, wordByWord } from './gateway-page.ts';

/** Everybody's questions, or those of one machine. */
const chats = (...servers: OllamaServer[]) => servers.flatMap(server => server.chats());

/** The machine that is answering now, and the others. */
async function answering(servers: OllamaServer[]): Promise<[OllamaServer, OllamaServer]> {
  await expect.poll(() => chats(...servers).length).toBe(1);
  return servers.toSorted((one, other) => chats(other).length - chats(one).length) as [OllamaServer, OllamaServer];
}

const question = (model: string) => ({ method: 'POST', body: { model, messages: [{ role: 'user', content: 'Why?' }] } });

test.describe('several servers behind the recommended gateway', () => {
  test('answer word by word', async ({ open, serve, doors }) => {
    const at = await open(ONCE, { server: { answer: wordByWord } });
    const servers = [at.ollama, await serve({ answer: wordByWord })];
    await at.set({ url: (await doors(at, { servers })).a });
    await at.ask('Why?');
    const [machine] = await answering(servers);
    for (const words of ['One', 'One word', 'One word after', 'One word after another.']) {
      await expect(at.answers).toContainText(words);
      machine.release();
    }
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', 'assistant: One word after another.']);
  });

  test('share the work: nobody waits behind a long answer', async ({ open, serve, doors }) => {
    const at = await open({ ...ONCE, model: 'held' });
    const servers = [at.ollama, await serve()];
    const { a } = await doors(at, { servers });
    await at.set({ url: a });
    await at.ask('Why?');
    const [busy, free] = await answering(servers);
    // Taking turns, every other one would come to the busy one.
    for (let count = 1; count <= 3; count++) {
      expect((await ask(a, '/api/chat', question('tiny'))).status).toBe(200);
      expect(chats(free)).toHaveLength(count);
    }
    expect(chats(busy)).toHaveLength(1);
    busy.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  });

  test('nobody notices one that is down', async ({ open, serve, doors }) => {
    const at = await open(ONCE);
    const servers = [at.ollama, await serve(), await serve()];
    await at.set({ url: (await doors(at, { servers })).a });
    const [up, ...down] = servers as [OllamaServer, OllamaServer, OllamaServer];
    for (const server of down) await server.close();
    for (const words of ['One?', 'Two?', 'Three?']) {
      await at.ask(words);
      await at.idle();
    }
    expect(await at.said()).toEqual(['One?', 'Two?', 'Three?'].flatMap(words => [`user: ${words}`, `assistant: ${SAMPLE}`]));
    expect(await at.events('chat-error')).toEqual([]);
    await expect(at.alert).toHaveCount(0);
    expect(chats(up)).toHaveLength(3);
  });

  test('all down are read as such, and the question can be asked again once one is back', async ({ open, serve, doors }) => {
    const at = await open(ONCE);
    const servers = [at.ollama, await serve()];
    const { a } = await doors(at, { servers });
    await at.set({ url: a });
    for (const server of servers) await server.close();
    expect(await failure(at)).toEqual({ kind: 'proxy', status: 502, url: a });
    expect(await at.alert.innerText()).toContain('502');

    const back = await serve({ port: servers[1]!.port });
    await expect.poll(() => seen(at, `${a}/api/tags`)).toEqual({ status: 200, retryAfter: null });
    await at.button('Try again').click();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect(chats(back)).toHaveLength(1);
  });

  for (const model of ['cut', 'reset']) {
    test(`what one that dies in mid-answer (${model}) had said stays, and no other is asked`, async ({ open, serve, doors }) => {
      const at = await open({ model }); // with its usual retries, too
      const servers = [at.ollama, await serve()];
      await at.set({ url: (await doors(at, { servers })).a });
      await at.ask('Why?');
      const [machine, other] = await answering(servers);
      await expect(at.answers).toContainText(PARTIAL);
      machine.release();
      await expect(at.alert).toBeVisible();
      await at.idle();
      expect(await at.events('chat-error')).toMatchObject([{ kind: 'interrupted' }]);
      expect(await at.messages()).toMatchObject([{ content: 'Why?' }, { content: PARTIAL, status: 'interrupted' }]);
      expect(chats(machine)).toHaveLength(1);
      expect(chats(other)).toEqual([]);
      await expect(at.button('Try again')).toBeVisible();
    });
  }

  /** Has the question, and says nothing. */
  async function dies(at: ChatPage, servers: OllamaServer[]) {
    await at.ask('Why?');
    const [machine, other] = await answering(servers);
    machine.cut();
    return { machine, other };
  }

  test('a question that one has taken is given to no other by nginx', async ({ open, serve, doors }) => {
    const at = await open({ ...ONCE, model: 'silent' });
    const servers = [at.ollama, await serve()];
    await at.set({ url: (await doors(at, { servers })).a });
    await dies(at, servers);
    await expect(at.alert).toBeVisible();
    expect(await at.events('chat-error')).toMatchObject([{ kind: 'proxy', detail: { status: 502 } }]);
    expect(chats(...servers)).toHaveLength(1);
  });

  test('the chat asks again, and another answers', async ({ open, serve, doors }) => {
    const at = await open({ model: 'held-first' });
    const servers = [at.ollama, await serve()];
    await at.set({ url: (await doors(at, { servers })).a });
    const { machine, other } = await dies(at, servers);
    await other.waitForRequest(({ path }) => path === '/api/chat');
    other.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect([chats(machine).length, chats(other).length]).toEqual([1, 1]);
    expect(await at.events('chat-error')).toEqual([]);
  });

  test('Stop closes the connection to the one that answers', async ({ open, serve, doors }) => {
    const at = await open({ ...ONCE, model: 'never-ends' });
    const servers = [at.ollama, await serve()];
    await at.set({ url: (await doors(at, { servers })).a });
    await at.ask('Why?');
    const [machine] = await answering(servers);
    await expect(at.answers).toContainText('word 5 ');
    await at.button('Stop').click();
    await machine.waitForClose(chats(machine)[0]!);
    await expect(at.alert).toHaveCount(0);
    expect(chats(...servers)).toHaveLength(1);
  });

  test('get the key that the gateway holds, and no page ever does', async ({ open, serve, doors, page }) => {
    const key = 'Bearer sk-of-the-gateway';
    const routes = {
      '/v1/chat/completions': recorded('llama-server-0.7.0', 'chat'),
      '/v1/models': recorded('llama-server-0.7.0', 'models'),
    };
    const at = await open({ ...ONCE, model: 'scripted' }, { server: { routes } });
    const servers = [at.ollama, await serve({ routes })];
    const { a, b } = await doors(at, { servers, key });
    const answers: Promise<string>[] = [];
    page.on('response', response =>
      answers.push(Promise.all([response.allHeaders(), response.text().catch(() => '')]).then(parts => JSON.stringify(parts))),
    );
    await at.set({ url: `${a}/v1` });
    for (const words of ['One?', 'Two?']) {
      await at.ask(words);
      await at.idle();
    }
    // What a page says of itself counts for nothing here.
    await seen(at, `${a}/v1/models`, { headers: { Authorization: 'Bearer sk-of-the-page' } });
    expect((await ask(b, '/ollama/v1/models', { cookie: sessionCookie(SECRET) })).status).toBe(200);
    expect((await at.messages()).map(({ status }) => status)).toEqual(['complete', 'complete', 'complete', 'complete']);
    const asked = servers.flatMap(({ requests }) => requests);
    expect(servers.map(({ requests }) => requests.length > 0)).toEqual([true, true]);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual(asked.map(() => key));
    const read = await Promise.all(answers);
    expect(read.length).toBeGreaterThan(2);
    expect(read.join('\n') + (await page.content())).not.toContain('sk-of-the-gateway');
  });

  test('are asked for nothing but what a chat needs', async ({ open, serve, doors }) => {
    const at = await open();
    const servers = [at.ollama, await serve()];
    const { a, b } = await doors(at, { servers });
    for (const path of ['/', '/api/pull', '/api/delete', '/v1/completions', '/slots', '/metrics', '/health']) {
      expect.soft((await ask(a, path, { method: 'POST', origin: at.site.url, body: {} })).status, path).toBe(404);
      expect.soft((await ask(b, `/ollama${path}`, { method: 'POST', origin: b, body: {} })).status, `/ollama${path}`).toBe(404);
    }
    expect((await ask(a, '/api/tags', { origin: 'https://evil.example' })).status).toBe(403);
    expect((await ask(b, '/ollama/api/tags')).status).toBe(401);
    expect(servers.flatMap(({ requests }) => requests)).toEqual([]);
  });
});
