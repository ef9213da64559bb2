/** The configuration of nginx that we recommend, as it stands in demo/gateway/, in a real nginx in front of the server. */
import { sendText } from '../../demo/ollama/wire.ts';
import { sessionCookie } from '../../demo/gateway/session.mjs';
import { type Call, SAMPLE } from '../support/behaviours.ts';
import { RECOMMENDED } from '../support/gateway-config.ts';
import type { OllamaChat } from './chat-page.ts';
import { ask, corsHeaders, expect, failure, ONCE, PREFLIGHT, SECRET, seen, test, wordByWord } from './gateway-page.ts';

test.describe('the recommended gateway, for a page of another origin,', () => {
  test('lets an answer through word by word', async ({ open, doors }) => {
    const at = await open(ONCE, { server: { answer: wordByWord } });
    await at.set({ url: (await doors(at)).a });
    await at.ask('Why?');
    for (const words of ['One', 'One word', 'One word after', 'One word after another.']) {
      await expect(at.answers).toContainText(words);
      at.ollama.release();
    }
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', 'assistant: One word after another.']);
  });

  for (const [when, model, shown] of [
    ['in the middle of an answer', 'never-ends', 'word 5 '],
    ['while a model is silent', 'silent', ''],
  ] as const) {
    test(`closes the connection to Ollama at Stop, ${when}`, async ({ open, doors }) => {
      const at = await open({ ...ONCE, model });
      await at.set({ url: (await doors(at)).a });
      await at.ask('Why?');
      await expect.poll(() => at.ollama.chats().length).toBe(1);
      if (shown) await expect(at.answers).toContainText(shown);
      await at.button('Stop').click();
      await at.ollama.waitForClose(at.ollama.chats()[0]!);
      await expect(at.alert).toHaveCount(0);
    });
  }

  test('calls Ollama by a name that it knows, and keeps page and cookies to itself', async ({ open, doors }) => {
    const at = await open(ONCE);
    const { a } = await doors(at);
    await at.set({ url: a });
    await at.ask('Why?');
    await at.idle();
    await ask(a, '/api/tags', { origin: at.site.url, cookie: 'theme=dark' });
    expect(at.ollama.requests.length).toBeGreaterThan(1);
    for (const { headers } of at.ollama.requests) {
      expect(headers.host).toBe('localhost:11434');
      expect(headers).not.toHaveProperty('origin');
      expect(headers).not.toHaveProperty('cookie');
    }
  });

  test('lets seven addresses through as they are, however they are written, and nothing else', async ({ open, doors }) => {
    const at = await open();
    const { a, b } = await doors(at);
    const known = ['/api/chat', '/api/tags', '/api/show', '/api/ps', '/api/version', '/v1/chat/completions', '/v1/models'];
    const odd = ['//api/tags', '/api/./tags', '/api/%74ags', '/api/pull/../tags', '/api/tags?of=mine'];
    for (const path of [...known, ...odd]) await ask(a, path);
    expect(at.ollama.requests.map(({ path }) => path)).toEqual([...known, ...odd.map(() => '/api/tags')]);

    const others = ['/', '/api', '/api/', '/api/pull', '/api/delete', '/api/generate', '/api/chat/../pull', '/api/tagsx', '/x/api/tags'];
    const slashes = ['/api/chat/', '/api/tags/', '/v1/models/'];
    for (const method of ['GET', 'POST', 'DELETE']) {
      for (const path of [...others, ...slashes]) {
        expect.soft((await ask(a, path, { method, origin: at.site.url })).status, `${method} ${path}`).toBe(404);
        expect.soft((await ask(b, `/ollama${path}`, { method, origin: b })).status, `${method} /ollama${path}`).toBe(404);
      }
    }
    expect(at.ollama.requests).toHaveLength(known.length + odd.length);
    // The page can read that, too.
    expect(await seen(at, `${a}/api/pull`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).toMatchObject({
      status: 404,
    });
  });

  test('answers the browser’s question itself', async ({ open, doors }) => {
    const at = await open();
    const { a, b } = await doors(at);
    const origin = at.site.url;
    for (const answer of [
      await ask(a, '/api/chat', { ...PREFLIGHT, origin }),
      // No session comes with it.
      await ask(b, '/ollama/api/chat', { ...PREFLIGHT, origin }),
    ]) {
      expect(answer.status).toBe(204);
      expect(answer.all('Access-Control-Allow-Origin')).toEqual([origin]);
      expect(answer.all('Access-Control-Allow-Headers')).toEqual(['Content-Type, Authorization']);
      expect(answer.all('Access-Control-Max-Age')).toEqual(['7200']);
      expect(answer.all('Vary')).toEqual(['Origin']);
    }
    expect(at.ollama.requests).toEqual([]);
  });

  test('names the page once, although the server behind it does so as well', async ({ open, doors }) => {
    const answer = ({ response }: Call) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Allow-Credentials', 'true');
      response.setHeader('Access-Control-Expose-Headers', 'X-Secret');
      sendText(response, 200, '{}', 'application/json');
    };
    const at = await open({}, { server: { answer } });
    const { a } = await doors(at);
    const origin = at.site.url;
    const body = { model: 'tiny', messages: [{ role: 'user', content: 'Why?' }] };
    const answered = await ask(a, '/api/chat', { method: 'POST', origin, body });
    expect(answered.status).toBe(200);
    expect(answered.all('Access-Control-Allow-Origin')).toEqual([origin]);
    expect(answered.all('Access-Control-Expose-Headers')).toEqual(['Retry-After']);
    expect(answered.all('Access-Control-Allow-Credentials')).toEqual([]);
    expect(answered.all('Vary')).toContain('Origin');
  });

  test('passes on when the server behind it wants to be asked again', async ({ open, doors }) => {
    const answer = ({ response }: Call) => {
      response.setHeader('Retry-After', '60');
      sendText(response, 429, '{}', 'application/json');
    };
    const at = await open({}, { server: { answer } });
    const { a } = await doors(at);
    const body = { model: 'tiny', messages: [{ role: 'user', content: 'Why?' }] };
    expect((await ask(a, '/api/chat', { method: 'POST', origin: at.site.url, body })).all('Retry-After')).toEqual(['60']);
  });

  test('lets no other page ask, and tells it nothing', async ({ open, doors }) => {
    const at = await open();
    const { a, b } = await doors(at);
    const cookie = sessionCookie(SECRET);
    for (const origin of ['https://evil.example', 'null', `${at.site.url}0`, `${at.site.url}/`]) {
      for (const answer of [
        await ask(a, '/api/tags', { origin }),
        await ask(a, '/api/chat', { ...PREFLIGHT, origin }),
        await ask(b, '/ollama/api/chat', { ...PREFLIGHT, origin }),
        await ask(b, '/ollama/api/chat', { method: 'POST', origin, cookie, headers: { 'Content-Type': 'text/plain' }, body: {} }),
      ]) {
        expect(answer.status).toBe(403);
        expect(corsHeaders(answer)).toEqual([]);
      }
    }
    expect(at.ollama.requests).toEqual([]);
    expect((await ask(a, '/api/tags')).status).toBe(200);
  });

  test('a page that is not in its list says that it is refused', async ({ open, doors, page, pages }) => {
    const at = await open(ONCE);
    const { a } = await doors(at);
    const html = await (await fetch(at.site.url)).text();
    const other = await pages({ 'index.html': html });
    await page.goto(other.url);
    await at.set({ url: a });
    expect(await failure(at)).toEqual({ kind: 'origin-refused', url: a, origin: other.url });
    expect(at.ollama.chats()).toEqual([]);
  });

  test('lets the page read that Ollama is down', async ({ open, doors }) => {
    const at = await open(ONCE);
    const { a } = await doors(at);
    await at.set({ url: a });
    await at.ollama.close();
    expect(await failure(at)).toEqual({ kind: 'proxy', status: 502, url: a });
    expect(await seen(at, `${a}/api/tags`)).toEqual({ status: 502, retryAfter: null });
  });

  test('an Ollama that comes back is asked again without a click', async ({ open, doors, page, serve }) => {
    const at = await open();
    await at.set({ url: (await doors(at)).a });
    await at.ollama.close();
    const refused = page.waitForResponse(
      response => response.status() === 502 && Boolean(response.request().postData()?.includes('"content":"Why?"')),
    );
    await at.ask('Why?');
    await refused;
    await serve({ port: at.ollama.port });
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect(await at.events('chat-error')).toEqual([]);
  });

  test('lets the page read that Ollama stays silent', async ({ open, doors }) => {
    const at = await open({ ...ONCE, model: 'silent' });
    const { a } = await doors(at, { patience: '1s' });
    await at.set({ url: a });
    expect(await failure(at)).toEqual({ kind: 'proxy', status: 504, url: a });
  });

  test('lets the page read that a conversation is too long', async ({ open, doors }) => {
    const at = await open(ONCE);
    const { a } = await doors(at);
    await at.set({ url: a });
    await at.chat.evaluate((chat: OllamaChat) => void (chat.system = 'word '.repeat(1_700_000)));
    expect(await failure(at)).toMatchObject({ kind: 'too-long' });
    expect(at.ollama.chats()).toEqual([]);
  });

  for (const status of [401, 403]) {
    test(`lets the page read a ${status} of the server behind it`, async ({ open, doors }) => {
      const answer = ({ response }: Call) => sendText(response, status, '<h1>Refused</h1>', 'text/html');
      const at = await open(ONCE, { server: { answer } });
      await at.set({ url: (await doors(at)).a });
      expect(await failure(at)).toMatchObject({ kind: 'unauthorized', status });
    });
  }

  test('answers four questions of one address at a time, and says when to come back', async ({ open, doors }) => {
    const at = await open({ ...ONCE, model: 'held' });
    const { a } = await doors(at);
    await at.set({ url: a });
    const body = JSON.stringify({ model: 'held', messages: [{ role: 'user', content: 'Why?' }] });
    const held = await Promise.all(Array.from({ length: 4 }, () => fetch(`${a}/api/chat`, { method: 'POST', body })));
    expect(held.map(({ status }) => status)).toEqual([200, 200, 200, 200]);

    expect(await failure(at)).toMatchObject({ kind: 'busy', status: 429, retryAfter: 3 });
    expect(at.ollama.chats()).toHaveLength(4);

    at.ollama.release();
    await Promise.race(held.map(answer => answer.text()));
    await at.button('Try again').click();
    await expect(at.answers).toContainText('Hello!');
    for (const _ of held) at.ollama.release();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  });

  test('counts the questions of one address, and only them', async ({ open, doors }) => {
    const at = await open();
    const { a } = await doors(at);
    const asked = await at.page.evaluate(async url => {
      const answers: { status: number; retryAfter: string | null }[] = [];
      while (answers.at(-1)?.status !== 429 && answers.length < 1000) {
        const { status, headers } = await fetch(`${url}/api/chat`, { method: 'POST', body: '{}' });
        answers.push({ status, retryAfter: headers.get('Retry-After') });
      }
      return answers;
    }, a);
    expect(asked.at(-1)).toEqual({ status: 429, retryAfter: '3' });
    // No less than it promises; one more for every three seconds that this took.
    expect(asked.length).toBeGreaterThan(20);
    expect(asked[0]).toEqual({ status: 400, retryAfter: null });
    expect(at.ollama.requests).toHaveLength(asked.length - 1);
    expect(await seen(at, `${a}/api/tags`)).toEqual({ status: 200, retryAfter: null });
  });
});

test.describe('the recommended gateway, as a path of the site,', () => {
  test('asks for the site’s session, and answers who has one', async ({ open, doors, page, pages }) => {
    const at = await open({ ...ONCE, url: '/ollama' });
    const signIn = await pages({ 'signed-in': { body: '', headers: { 'Set-Cookie': sessionCookie(SECRET) } } });
    const { b } = await doors(at);
    await page.goto(b);
    expect(await failure(at)).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(at.ollama.requests).toEqual([]);

    // The site's own sign-in sends the cookie.
    await page.route(`${b}/sign-in`, async route => route.fulfill({ response: await route.fetch({ url: `${signIn.url}/signed-in` }) }));
    await page.evaluate(() => fetch('/sign-in').then(({ status }) => status));
    await at.button('Try again').click();
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    expect(at.ollama.chats().map(({ headers }) => headers.cookie)).toEqual([undefined]);
  });

  test('streams there as well, and Stop closes the connection', async ({ open, doors, page, context }) => {
    const at = await open({ ...ONCE, url: '/ollama', model: 'never-ends' });
    const { b } = await doors(at);
    const [, name = '', value = ''] = /^(\w+)=([\w.]+)/.exec(sessionCookie(SECRET)) ?? [];
    await context.addCookies([{ name, value, url: b }]);
    await page.goto(b);
    await at.ask('Why?');
    await expect(at.answers).toContainText('word 5 ');
    await at.button('Stop').click();
    await at.ollama.waitForClose(at.ollama.chats()[0]!);
  });

  test('a page of another origin can read that it has no session', async ({ open, doors }) => {
    const at = await open(ONCE);
    const { b } = await doors(at);
    await at.set({ url: `${b}/ollama` });
    expect(await failure(at)).toMatchObject({ kind: 'unauthorized', status: 401 });
    expect(at.ollama.requests).toEqual([]);
  });

  test('believes no session that has run out, or that somebody else has signed', async ({ open, doors }) => {
    const at = await open();
    const { b } = await doors(at);
    const status = async (cookie: string) => (await ask(b, '/ollama/api/tags', { cookie })).status;
    expect(await status(sessionCookie(SECRET))).toBe(200);
    expect(await status(sessionCookie(SECRET, -1))).toBe(401);
    expect(await status(sessionCookie('of another'))).toBe(401);
    expect(await status(sessionCookie(SECRET).replace('=', '=9'))).toBe(401);
    expect(await status('chat_session=1')).toBe(401);
    // Who knows the visitors is asked by nginx alone; the site itself stays what it was.
    expect((await ask(b, '/session', { cookie: sessionCookie(SECRET) })).status).toBe(404);
    expect((await ask(b, '/')).status).toBe(200);
  });
});

test('both doors of the recommended gateway hold the same lines', () => {
  const lines = (text: string) => {
    const own = /^(?:server_name|location|listen|internal|auth_request|proxy_pass|return)/;
    const all = text.split('\n').map(line => line.replace(/ *#.*/, '').trim());
    return all.filter(line => /;|\{ .* \}$/.test(line) && !own.test(line)).sort();
  };
  const [, a = '', b = ''] = RECOMMENDED.split('\nserver {\n');
  const [, gateway = ''] = b.split('location /ollama/ {');
  expect(lines(a).length).toBeGreaterThan(20);
  expect(lines(gateway)).toEqual(lines(a));
});
