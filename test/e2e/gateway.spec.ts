/**
 * A real nginx in front of the server: with the configuration that we recommend, as it stands in demo/gateway/, and with what
 * nginx does by itself. Every address is on this machine, so a page of another origin is one of another port.
 */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatLines } from '../../demo/ollama/chat.ts';
import { text } from '../../demo/ollama/replies.ts';
import { sendText } from '../../demo/ollama/wire.ts';
import { createSessions, sessionCookie } from '../../demo/gateway/session.mjs';
import type { ChatErrorDetail } from '../../src/errors.ts';
import { findNginx } from '../find-nginx.mjs';
import { type Call, SAMPLE } from '../support/behaviours.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { type ChatPage, expect, type OllamaChat, test as base } from './chat-page.ts';

const RECOMMENDED = readFileSync(new URL('../../demo/gateway/nginx.conf', import.meta.url), 'utf8');
const SECRET = 'of the session';

/** What a site may have set for all its servers, and the gateway must not inherit. */
const SURROUNDINGS = `
  gzip on; gzip_types *; gzip_min_length 1;
  error_page 401 403 404 413 429 502 504 /error.html;
  add_header X-Site yes;
  proxy_set_header Host $host;
  proxy_read_timeout 5s;
`;

/** A failure is shown at once: what is tried again has a test of its own. */
const ONCE = { retries: '0' };

interface Doors {
  /** The gateway's own address. */
  a: string;
  /** The site's own, with the gateway under `/ollama`. */
  b: string;
}

interface Fixtures {
  nginx: (config: (...ports: number[]) => string, ports?: number) => Promise<Nginx>;
  /** The recommended gateway between the page and its Ollama. `patience` is for a silent Ollama. */
  doors: (at: ChatPage, options?: { patience?: string }) => Promise<Doors>;
}

const test = base.extend<Fixtures>({
  nginx: async ({}, use) => {
    const started: Nginx[] = [];
    await use(async (config, ports) => {
      const nginx = await startNginx(config, ports);
      started.push(nginx);
      return nginx;
    });
    await Promise.all(started.map(nginx => nginx.close()));
  },

  doors: async ({ nginx }, use) => {
    const sessions = createSessions(SECRET);
    await new Promise<void>(resolve => sessions.listen(0, '127.0.0.1', resolve));
    await use(async ({ ollama, site }, { patience = '10m' } = {}) => {
      const address = (port: number) => `127.0.0.1:${port}`;
      const config = (a: number, b: number) =>
        SURROUNDINGS +
        changed(RECOMMENDED, [
          ['https://docs.example.com $http_origin;', `${site.url} $http_origin;`],
          ['https://www.example.com $http_origin;', `http://${address(b)} $http_origin;`],
          ['upstream ollama { server 127.0.0.1:11434; }', `upstream ollama { server ${address(ollama.port)}; }`],
          ['upstream site { server 127.0.0.1:3000; }', `upstream site { server ${new URL(site.url).host}; }`],
          [
            'upstream sessions { server 127.0.0.1:3001; }',
            `upstream sessions { server ${address((sessions.address() as AddressInfo).port)}; }`,
          ],
          // Door A, then door B.
          ['listen 80;', `listen ${address(a)};`],
          ['listen 80;', `listen ${address(b)};`],
          ['proxy_read_timeout 10m;', `proxy_read_timeout ${patience};`],
          ['proxy_read_timeout 10m;', `proxy_read_timeout ${patience};`],
        ]);
      const [a = '', b = ''] = (await nginx(config, 2)).urls;
      return { a, b };
    });
    sessions.closeAllConnections();
    sessions.close();
  },
});

test.skip(!findNginx(), 'There is no nginx on this machine: node test/find-nginx.mjs says how to get one');

/** Each text, once, by another: one that is missing would mean that something else is tried than what we recommend. */
function changed(config: string, changes: [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`demo/gateway/nginx.conf has no: ${from}`);
    return text.replace(from, () => to);
  }, config);
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  /** Every value of a header, as it was sent. */
  all: (name: string) => string[];
}

interface Question {
  method?: string;
  origin?: string;
  cookie?: string;
  headers?: Record<string, string>;
  body?: object;
}

/** Asks as it stands, path and origin too, which browsers and fetch() would put in order. */
function ask(url: string, path: string, { method = 'GET', origin, cookie, headers, body }: Question = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const sent = { ...headers, ...(origin && { Origin: origin }), ...(cookie && { Cookie: cookie }) };
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers: sent }, response => {
      response.resume();
      const raw = response.rawHeaders;
      const all = (name: string) => raw.filter((_, index) => index % 2 && raw[index - 1]?.toLowerCase() === name.toLowerCase());
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, all }));
    });
    request.once('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization,content-type' },
};

const corsHeaders = ({ headers }: Answer) => Object.keys(headers).filter(name => name.startsWith('access-control-'));

/** Asks through the widget for an answer that does not come. Returns what its send() rejects with. */
async function failure(at: ChatPage): Promise<ChatErrorDetail | undefined> {
  const detail = await at.chat.evaluate((chat: OllamaChat) =>
    chat.send('Why?').then(
      () => undefined,
      (error: { detail: ChatErrorDetail }) => error.detail,
    ),
  );
  await expect(at.alert).toBeVisible();
  return detail;
}

/** What a script of the page can see of an answer. */
function seen(at: ChatPage, url: string, init: RequestInit = {}) {
  return at.page.evaluate(
    async ([address, options]) => {
      const response = await fetch(address, options).catch(String);
      if (typeof response === 'string') return response;
      return { status: response.status, retryAfter: response.headers.get('Retry-After') };
    },
    [url, init] as const,
  );
}

/** One word after the other, each when the test says so. */
async function wordByWord({ chat, response, released }: Call): Promise<void> {
  response.setHeader('Content-Type', 'application/x-ndjson');
  for (const [index, line] of chatLines(chat, ['One ', 'word ', 'after ', 'another.']).entries()) {
    if (index) await released();
    response.write(line);
  }
  response.end();
}

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
    await at.set({ url: a, system: 'word '.repeat(2 * 1024 * 1024) });
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

test.describe('nginx as it is by itself', () => {
  /** The gateway that everybody writes first. HTTP/1.0 is the default until nginx 1.29.7. */
  const plain = (port: number, ollama: number) =>
    `server { listen 127.0.0.1:${port}; proxy_http_version 1.0; location / { proxy_pass http://127.0.0.1:${ollama}; } }`;

  test('keeps a short answer back until its end, and the chat shows it whole', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'held' });
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    const [url = ''] = urls;
    await at.set({ url });

    // What it keeps back: with the first byte comes the last one.
    const body = JSON.stringify({ model: 'held', messages: [{ role: 'user', content: 'Why?' }] });
    const first = at.page.evaluate(
      async ([address, question]) => {
        const response = await fetch(address, { method: 'POST', body: question });
        const { value } = await response.body!.getReader().read();
        return new TextDecoder().decode(value);
      },
      [`${url}/api/chat`, body] as const,
    );
    await expect.poll(() => at.ollama.chats().length).toBe(1);
    at.ollama.release();
    expect((await first).trim().split('\n').at(-1)).toContain('"done":true');

    at.ollama.release();
    await at.ask('Why?');
    await at.idle();
    await expect(at.answers).toContainText('你好.');
    expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  });

  test('sends a long answer in lumps that end anywhere, and the chat shows it whole', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'long' });
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    await at.set({ url: urls[0]! });
    await at.ask('Why?');
    await at.idle();
    expect((await at.messages()).at(-1)).toMatchObject({ content: text('long'), status: 'complete' });
  });

  test('its page for an Ollama that is down is unreadable across origins: the chat says that it is refused', async ({ open, nginx }) => {
    const at = await open(ONCE);
    const { urls } = await nginx(port => plain(port, at.ollama.port));
    const [url = ''] = urls;
    await at.set({ url });
    await at.ollama.close();
    expect(await seen(at, `${url}/api/tags`)).toBe('TypeError: Failed to fetch');
    expect(await failure(at)).toEqual({ kind: 'origin-refused', url, origin: at.site.url });
  });

  test('its page for a silent Ollama is unreadable across origins: the chat says that no answer came', async ({ open, nginx }) => {
    const at = await open({ ...ONCE, model: 'silent' });
    const { urls } = await nginx(port => `proxy_read_timeout 1s; ${plain(port, at.ollama.port)}`);
    const [url = ''] = urls;
    await at.set({ url });
    // Ollama itself still answers everything else, and lets the page read it.
    expect(await failure(at)).toEqual({ kind: 'no-answer', url });
  });

  for (const [what, status, model] of [
    ['an Ollama that is down', 502, 'tiny'],
    ['a silent Ollama', 504, 'silent'],
  ] as const) {
    test(`its page for ${what} is readable on the same origin`, async ({ open, nginx, page }) => {
      const at = await open({ ...ONCE, url: '/ollama', model });
      const { urls } = await nginx(
        port => `
          proxy_read_timeout 1s;
          server {
            listen 127.0.0.1:${port};
            location / { proxy_pass ${at.site.url}; }
            location /ollama/ { proxy_pass ${at.ollama.url}/; }
          }`,
      );
      const [url = ''] = urls;
      await page.goto(url);
      if (status === 502) await at.ollama.close();
      expect(await failure(at)).toEqual({ kind: 'proxy', status, url: `${url}/ollama` });
    });
  }
});
