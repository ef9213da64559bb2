/** The part of the script that speaks MCP, on a page with a strict policy, against a real server of the official library. */
import type { Page } from '@playwright/test';
import type * as part from '../../src/tools/mcp.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { type McpServerOptions, type McpTestServer, startMcp } from '../support/mcp-server.ts';
import { expect, test as base } from './chat-page.ts';

/** What the page holds for a test. */
interface Held {
  part: typeof part;
  connection: part.McpConnection;
  tools: Tool[];
  changes: number;
  progress: string[];
  stop: AbortController;
  violations: string[];
}

const held = 'window.held = { changes: 0, progress: [], violations: [] };';
const watch =
  "addEventListener('securitypolicyviolation', event => held.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));";

class McpPage {
  constructor(
    readonly page: Page,
    readonly server: McpTestServer,
  ) {}

  /** A connection to the server, in the place of one before. */
  connect({ seconds = 20, base, ...given }: Partial<part.McpServer> & { seconds?: number; base?: string } = {}): Promise<void> {
    return this.page.evaluate(
      ({ given, seconds, base }) => {
        const { held } = window as unknown as { held: Held };
        held.connection = new held.part.McpConnection(given, {
          base: base ?? location.href,
          timeout: () => seconds,
          onChange: () => held.changes++,
        });
      },
      { given: { url: this.server.url, ...given }, seconds, base },
    );
  }

  /** The names of the tools, or what went wrong. */
  list(): Promise<string[] | string> {
    return this.page.evaluate(async () => {
      const { held } = window as unknown as { held: Held };
      try {
        held.tools = await held.connection.tools(new AbortController().signal);
        return held.tools.map(({ name }) => name);
      } catch (error) {
        return String(error);
      }
    });
  }

  /** What the model would read. The tools must have been listed. */
  call(name: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return this.page.evaluate(
      async ({ name, args }) => {
        const { held } = window as unknown as { held: Held };
        held.progress = [];
        held.stop = new AbortController();
        const tool = held.tools.find(other => other.name === name);
        try {
          return await tool?.execute(args, { signal: held.stop.signal, progress: text => held.progress.push(text) });
        } catch (error) {
          return String(error);
        }
      },
      { name, args },
    );
  }

  get<K extends keyof Held>(key: K): Promise<Held[K]> {
    return this.page.evaluate(key => (window as unknown as { held: Held }).held[key], key) as Promise<Held[K]>;
  }

  /** Resolves once `countdown` has told this. */
  async told(progress: string): Promise<void> {
    await expect.poll(() => this.get('progress')).toContain(progress);
  }
}

const test = base.extend<{ openMcp: (options?: McpServerOptions) => Promise<McpPage>; start: typeof startMcp }>({
  start: async ({}, use) => {
    const servers: McpTestServer[] = [];
    await use(async options => {
      const server = await startMcp(options);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map(server => server.close()));
  },

  openMcp: async ({ page, pages, start }, use) => {
    let opened: McpPage | undefined;
    await use(async options => {
      const server = await start(options);
      const site = await pages({
        'index.html': {
          body: '<!doctype html><title>MCP</title><script src="/watch.js"></script><script type="module" src="/part.js"></script>',
          headers: {
            'Content-Security-Policy': `default-src 'none'; script-src 'self'; connect-src ${new URL(server.url).origin}; require-trusted-types-for 'script'`,
          },
        },
        'watch.js': `${held} window.before = Object.getOwnPropertyNames(window); ${watch}`,
        'part.js': "import * as part from '/cdn/parts/mcp.js'; held.part = part;",
      });
      await page.goto(site.url);
      await page.waitForFunction(() => (window as unknown as { held: Held }).held.part);
      opened = new McpPage(page, server);
      return opened;
    });
    expect(await opened?.get('violations'), 'the policy was kept').toEqual([]);
    await page.evaluate(() => (window as unknown as { held: Held }).held.connection?.close());
  },
});

const ALL = ['add', 'sum', 'countdown', 'fail', 'image', 'secret.delete-all'];

test('all pages of the list are there, with what the model and the visitor read', async ({ openMcp, page }) => {
  const at = await openMcp();
  await at.connect({ approval: { add: 'allow', fail: 'off' } });
  expect(await at.list()).toEqual(ALL.filter(name => name !== 'fail'));
  const tools = await page.evaluate(() =>
    (window as unknown as { held: Held }).held.tools.map(({ title, description, approval, parameters }) => ({
      title,
      description,
      approval,
      parameters,
    })),
  );
  expect(tools[0]).toMatchObject({
    title: 'Add',
    description: 'Adds two numbers',
    approval: 'allow',
    parameters: { type: 'object', required: ['a', 'b'], properties: { a: { type: 'number' } } },
  });
  expect(tools.map(({ title }) => title)).toEqual(['Add', 'Sum up', 'countdown', 'image', 'secret.delete-all']);
  expect(tools.slice(1).map(({ approval }) => approval)).toEqual(['ask', 'ask', 'ask', 'ask']);
  // The list is kept.
  const asked = at.server.requests.length;
  await at.list();
  expect(at.server.requests).toHaveLength(asked);
});

test('a call is answered with text for the model', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  expect(await at.call('add', { a: 2, b: 3 })).toBe('5');
  expect(await at.call('sum', { a: 2, b: 3 })).toBe('{"sum":5}');
  expect(await at.call('image')).toBe('[image image/png]');
  expect(await at.call('secret.delete-all')).toBe('deleted');
  expect(await at.call('fail')).toBe('Error: No such file.');
  expect(await at.call('add', { a: 'two' })).toMatch(/^Error: .*expected number/s);
});

test('two calls run at the same time', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  const slow = at.call('countdown', { steps: 1000, ms: 20 });
  await at.told('1/1000');
  const stop = await at.page.evaluateHandle(() => (window as unknown as { held: Held }).held.stop);
  expect(await at.call('add', { a: 1, b: 1 })).toBe('2');
  await stop.evaluate(stop => stop.abort());
  expect(await slow).toContain('AbortError');
});

test('progress is told, and renews the time limit', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect({ seconds: 1 });
  await at.list();
  expect(await at.call('countdown', { steps: 4, ms: 500 })).toBe('liftoff');
  expect(await at.get('progress')).toEqual(['1/4', '2/4', '3/4', '4/4']);
});

for (const json of [false, true]) {
  const how = json ? 'that answers in JSON' : 'that streams';

  test(`a call that is stopped ends at once, and on a server ${how}, too`, async ({ openMcp, page }) => {
    const at = await openMcp({ json });
    await at.connect();
    await at.list();
    await expect.poll(() => at.server.streams()).toBe(json ? 0 : 1);
    const result = at.call('countdown', { steps: 1000, ms: 20 });
    await expect.poll(() => at.server.countdowns).toEqual(['started']);
    if (!json) await at.told('2/1000');
    await page.evaluate(() => (window as unknown as { held: Held }).held.stop.abort());
    expect(await result).toContain('AbortError');
    await expect.poll(() => at.server.countdowns).toEqual(['started', 'cancelled']);
    // Nor does its connection stay.
    await expect.poll(() => at.server.streams()).toBe(json ? 0 : 1);
    expect(await at.call('add', { a: 1, b: 2 })).toBe('3');
    expect(at.server.requests.filter(request => request === 'POST notifications/cancelled')).toHaveLength(1);
  });

  test(`a call that takes too long ends, and on a server ${how}, too`, async ({ openMcp }) => {
    const at = await openMcp({ json });
    await at.connect({ seconds: 0.5 });
    await at.list();
    expect(await at.call('countdown', { steps: 1, ms: 60_000 })).toBe(
      `Error: 127.0.0.1:${at.server.port} gave no answer within 0.5 seconds.`,
    );
    await expect.poll(() => at.server.countdowns).toEqual(['started', 'cancelled']);
    await expect.poll(() => at.server.streams()).toBe(json ? 0 : 1);
  });
}

test('a server that goes in the middle of a call is told of at once, and used again when it is back', async ({ openMcp, start }) => {
  const at = await openMcp();
  const { port } = at.server;
  await at.connect({ seconds: 0 });
  await at.list();
  const result = at.call('countdown', { steps: 1000, ms: 20 });
  await at.told('1/1000');
  await at.server.close();
  expect(await result).toBe(`Error: 127.0.0.1:${port} is gone, and has not finished its answer.`);
  expect(await at.call('add', { a: 1, b: 1 })).toBe(`Error: 127.0.0.1:${port} cannot be reached.`);
  expect(await at.get('changes')).toBe(1);
  expect(await at.list()).toBe(`Error: 127.0.0.1:${port} cannot be reached.`);
  const back = await start({ port });
  expect(await at.call('add', { a: 1, b: 1 })).toBe('2');
  expect(await at.get('changes')).toBe(2);
  expect(await at.list()).toEqual(ALL);
  expect(back.sessions()).toBe(1);
});

test('a server that goes while nothing runs is noticed', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  await expect.poll(() => at.server.streams()).toBe(1);
  await at.server.close();
  await expect.poll(() => at.get('changes')).toBe(1);
  expect(await at.list()).toContain('cannot be reached');
});

test('a server that has forgotten the session gets another one, and the call', async ({ openMcp, start }) => {
  const at = await openMcp({ json: true });
  await at.connect();
  await at.list();
  await at.server.close();
  const back = await start({ port: at.server.port, json: true });
  expect(await at.call('add', { a: 1, b: 1 })).toBe('2');
  expect(back.requests.filter(request => request === 'POST tools/call')).toHaveLength(2);
  expect(await at.get('changes')).toBe(2);
});

test('a server that says it in another way gets another session for the next call', async ({ openMcp, start }) => {
  const at = await openMcp({ json: true });
  await at.connect();
  await at.list();
  await at.server.close();
  const back = await start({ port: at.server.port, json: true, unknown: 400 });
  expect(await at.call('add', { a: 1, b: 1 })).toBe(`Error: 127.0.0.1:${back.port} failed (status 400).`);
  expect(await at.call('add', { a: 1, b: 1 })).toBe('2');
});

test('a list that changed is asked for anew', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  await expect.poll(() => at.server.streams()).toBe(1);
  at.server.addTool('late');
  await expect.poll(() => at.get('changes')).toBe(1);
  expect(await at.list()).toEqual([...ALL, 'late']);
  expect(await at.call('late')).toBe('late');
});

test('keys go along, also from a function that is asked for each request', async ({ openMcp, page }) => {
  const at = await openMcp({ key: 's3cr3t-7c41' });
  await at.connect({ headers: { Authorization: 'Bearer s3cr3t-7c41' } });
  expect(await at.list()).toEqual(ALL);
  const asked = await page.evaluate(async url => {
    const { held } = window as unknown as { held: Held };
    let count = 0;
    const headers = async () => {
      count++;
      return { Authorization: 'Bearer s3cr3t-7c41' };
    };
    const connection = new held.part.McpConnection({ url, headers }, { base: location.href, timeout: () => 20, onChange() {} });
    await connection.tools(new AbortController().signal);
    connection.close();
    return count;
  }, at.server.url);
  expect(asked).toBeGreaterThan(3);
});

test('a wrong key is refused in words that do not hold it', async ({ openMcp }) => {
  const at = await openMcp({ key: 's3cr3t-7c41' });
  await at.connect({ headers: { Authorization: 'Bearer wr0ng-9d52' } });
  expect(await at.list()).toBe(`Error: 127.0.0.1:${at.server.port} refused the request (status 401).`);
  await at.connect();
  expect(await at.list()).toContain('refused the request');
});

test('a server that repeats a key in its own words does not get it shown', async ({ openMcp }) => {
  const error = { code: -32000, message: 'Bearer wr0ng-9d52? No wr0ng-9d52 is known.' };
  const at = await openMcp({
    answer: response =>
      void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id: 0, error })),
  });
  await at.connect({ headers: { Authorization: 'Bearer wr0ng-9d52' } });
  expect(await at.list()).toBe(`Error: 127.0.0.1:${at.server.port}: …? No … is known.`);
});

test('headers that cannot be had say so', async ({ openMcp, page }) => {
  const at = await openMcp();
  const words = await page.evaluate(async url => {
    const { held } = window as unknown as { held: Held };
    const headers = () => Promise.reject(new Error('s3cr3t'));
    const connection = new held.part.McpConnection({ url, headers }, { base: location.href, timeout: () => 20, onChange() {} });
    return connection.tools(new AbortController().signal).catch(String);
  }, at.server.url);
  expect(words).toBe(`Error: The headers for 127.0.0.1:${at.server.port} could not be had.`);
});

test('a relative address is found from the page', async ({ openMcp }) => {
  const at = await openMcp();
  await at.connect({ url: '../mcp', base: `http://127.0.0.1:${at.server.port}/docs/page.html` });
  expect(await at.list()).toEqual(ALL);
});

for (const [what, url, words] of [
  ['another scheme', 'ftp://user:pass@127.0.0.1/mcp?key=s3cr3t', '"ftp://127.0.0.1/mcp" is not the http address of an MCP server.'],
  ['a password', 'http://user:pass@127.0.0.1/mcp', '"http://127.0.0.1/mcp" is not the http address of an MCP server.'],
] as const) {
  test(`an address with ${what} is refused`, async ({ openMcp }) => {
    const at = await openMcp();
    await at.connect({ url });
    expect(await at.list()).toBe(`Error: ${words}`);
  });
}

for (const [what, answer, words] of [
  ['a web site', { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>Hello' }, 'does not answer as an MCP server.'],
  ['broken JSON', { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{' }, 'does not answer as an MCP server.'],
  [
    'another protocol',
    { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' },
    'does not answer as an MCP server.',
  ],
  ['nothing there', { status: 404, headers: {}, body: '' }, 'has no MCP server there (status 404).'],
  ['a fault', { status: 500, headers: {}, body: 'at line 3' }, 'failed (status 500).'],
  ['a redirect', { status: 307, headers: { Location: '/login' }, body: '' }, 'sends the request elsewhere, which is not followed.'],
] as const) {
  test(`a server with ${what} is none`, async ({ openMcp }) => {
    const at = await openMcp({ answer: response => void response.writeHead(answer.status, answer.headers).end(answer.body) });
    await at.connect();
    expect(await at.list()).toBe(`Error: 127.0.0.1:${at.server.port} ${words}`);
  });
}

test('an answer that breaks off before the first tool is told of at once', async ({ openMcp }) => {
  const at = await openMcp({
    answer: response => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      response.end(': nothing\n\n');
    },
  });
  await at.connect();
  expect(await at.list()).toBe(`Error: 127.0.0.1:${at.server.port} is gone, and has not finished its answer.`);
});

test('whoever waits can leave, and another one still gets the list', async ({ openMcp, page }) => {
  const at = await openMcp();
  await at.connect();
  const results = await page.evaluate(async () => {
    const { connection } = (window as unknown as { held: Held }).held;
    const stop = new AbortController();
    const both = [connection.tools(stop.signal), connection.tools(new AbortController().signal)];
    stop.abort();
    return Promise.all(
      both.map(tools =>
        tools.then(
          list => list.length,
          error => (error as Error).name,
        ),
      ),
    );
  });
  expect(results).toEqual(['AbortError', ALL.length]);
  expect(at.server.requests.filter(request => request === 'POST initialize')).toHaveLength(1);
  expect(at.server.requests.filter(request => request === 'POST notifications/cancelled')).toEqual([]);
});

test('close() ends the session, and all that runs in it', async ({ openMcp, page }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  const result = at.call('countdown', { steps: 1000, ms: 20 });
  await at.told('1/1000');
  await page.evaluate(() => (window as unknown as { held: Held }).held.connection.close());
  const words = `Error: The connection to 127.0.0.1:${at.server.port} has been closed.`;
  expect(await result).toBe(words);
  await expect.poll(() => at.server.countdowns).toEqual(['started', 'cancelled']);
  await expect.poll(() => at.server.sessions()).toBe(0);
  await expect.poll(() => at.server.streams()).toBe(0);
  const asked = at.server.requests.length;
  expect(await at.call('add', { a: 1, b: 1 })).toBe(words);
  expect(await at.list()).toBe(words);
  expect(at.server.requests).toHaveLength(asked);
  expect(await at.get('changes')).toBe(0);
});

test('close() while it connects leaves nothing behind', async ({ openMcp, page }) => {
  const at = await openMcp({ answer: () => {} });
  await at.connect();
  const list = at.list();
  await expect.poll(() => at.server.streams()).toBe(1);
  await page.evaluate(() => (window as unknown as { held: Held }).held.connection.close());
  expect(await list).toContain('has been closed');
  await expect.poll(() => at.server.streams()).toBe(0);
});

test('the page gets no name of it', async ({ openMcp, page }) => {
  const at = await openMcp();
  await at.connect();
  await at.list();
  const added = await page.evaluate(() => {
    const { before } = window as unknown as { before: string[] };
    return Object.getOwnPropertyNames(window).filter(name => !before.includes(name));
  });
  expect(added.filter(name => name !== 'before')).toEqual([]);
});
