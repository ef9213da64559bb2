/** Servers that can do one thing: chat. What only decorates is missing there, or kept from the page, and nobody notices. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import { closed, json, missing, recorded, refused, replay, type Route } from '../support/routes.ts';
import { transcript } from '../support/transcripts.ts';
import { type Attributes, type ChatPage, expect, test } from './chat-page.ts';

const NEW = 'ollama-0.33.0-rc2';
const OLD = 'ollama-0.24.0';
const LLAMA = 'llama-server-0.7.0';
const LITELLM = 'litellm-1.106.2';

/** How a server does without a path. */
const WITHOUT: [how: string, route: Route][] = [
  ['are missing', missing],
  ['are refused, and no page may read that', refused],
  ['end the connection', closed],
];

const paths = (names: string[], route: Route) => Object.fromEntries(names.map(name => [name, route]));

/** Nobody was told of a failure, by eye, by ear or by script. */
async function unharmed(at: ChatPage) {
  await expect(at.alert).toHaveCount(0);
  await expect(at.chat.getByText('failed', { exact: true })).toHaveCount(0);
  expect(await at.events('chat-error')).toEqual([]);
}

/** The header, by what it says. */
const header = ({ chat }: ChatPage) => chat.locator('header');

test.describe('a server that has only /api/chat', () => {
  for (const [how, route] of WITHOUT) {
    test(`holds a conversation: its other paths ${how}`, async ({ open }) => {
      const routes = paths(['/', '/api/tags', '/api/ps', '/api/show', '/api/version'], route);
      const at = await open({ system: 'Be brief.' }, { server: { routes } });
      await at.box.focus();
      await expect(header(at)).toContainText('tiny');
      for (const question of ['Why?', 'And then?']) {
        await at.ask(question);
        await at.idle();
        await unharmed(at);
      }
      expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`, 'user: And then?', `assistant: ${SAMPLE}`]);
      expect(at.ollama.chats().map(({ body }) => body.messages.length)).toEqual([2, 4]);
      await expect(header(at)).toContainText('loaded');
      await expect(at.chat.getByRole('meter')).toHaveCount(0);

      await at.set({ model: 'stalls' });
      await at.ask('Stop this');
      await expect(at.answers.last()).toContainText(PARTIAL);
      await at.button('Stop').click();
      await at.ollama.waitForClose(at.ollama.chats().at(-1)!);
      await expect(at.answers.last()).toContainText('Stopped');
      await unharmed(at);

      await at.set({ model: 'error-midstream' });
      await at.ask('Break this');
      await expect(at.alert).toContainText('unexpected EOF');
      await expect(at.answers.last()).toContainText(PARTIAL);
      expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['crashed']);
    });
  }

  test('need not even load a model ahead', async ({ open }) => {
    const routes = paths(['/api/tags', '/api/ps', '/api/show', '/api/version'], missing);
    // A chat without messages is none, for a server that is not Ollama.
    const at = await open({ model: 'nope' }, { server: { routes } });
    await at.box.focus();
    await at.ollama.waitForRequest(({ path, body }) => path === '/api/chat' && body !== undefined);
    await at.set({ model: 'tiny' });
    await at.ask('Why?');
    await at.idle();
    await unharmed(at);
    expect((await at.messages()).at(-1)?.content).toBe(SAMPLE);
  });

  test('says what it lacks where no model is named', async ({ open }) => {
    const at = await open({ model: null }, { server: { routes: paths(['/api/tags', '/api/ps'], missing) } });
    await at.ask('Why?');
    await at.idle();
    await expect(at.alert).toContainText('Something else than Ollama answered');
    await at.set({ model: 'tiny' });
    await at.button('Try again').click();
    await at.idle();
    await unharmedAfter(at, 1);
  });
});

/** The same once a failure has been mended. */
async function unharmedAfter(at: ChatPage, failures: number) {
  await expect(at.alert).toHaveCount(0);
  expect(await at.events('chat-error')).toHaveLength(failures);
  expect((await at.messages()).at(-1)?.status).toBe('complete');
}

const CHAT = '/v1/chat/completions';
const MODELS = '/v1/models';

/** What a recorded stream says, put together. */
function said(file: string, name: string): { content: string; thinking: string } {
  const lines = transcript(file, name).response.chunks.join('').split('\n');
  const deltas = lines.flatMap(line => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)) as Chunk] : []));
  const all = deltas.map(({ choices }) => choices?.[0]?.delta ?? {});
  return {
    content: all.map(({ content }) => content ?? '').join(''),
    thinking: all.map(({ reasoning, reasoning_content }) => reasoning ?? reasoning_content ?? '').join(''),
  };
}

interface Chunk {
  choices?: { delta?: { content?: string | null; reasoning?: string; reasoning_content?: string } }[];
}

/** Lines as they are, at once, and the connection left open until the test releases it. */
const lines =
  (...parts: string[]): Route =>
  async ({ passes, response, released }) => {
    if (!passes()) return;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(parts.join(''));
    await released();
    response.end();
  };

const delta = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: content ? { content } : {}, finish_reason: finish }] })}\n\n`;

const asked = ({ requests }: OllamaServer) => requests.filter(({ path, body }) => path === CHAT && body !== undefined);

test.describe('a server that has only /v1/chat/completions', () => {
  for (const [file, name, [how, route]] of [
    [LLAMA, 'chat-think', WITHOUT[0]!],
    [LITELLM, 'chat', WITHOUT[1]!],
    [NEW, 'native-v1-chat-think', WITHOUT[2]!],
    [OLD, 'rendered-v1-chat', WITHOUT[0]!],
    ['llama-server-0.7.0-own', 'think', WITHOUT[0]!],
    ['litellm-1.108.7-own', 'think', WITHOUT[1]!],
  ] as const) {
    test(`holds a conversation: ${name} of ${file}; its models ${how}`, async ({ open, serve }) => {
      const server = await serve({ routes: { [CHAT]: recorded(file, name), [MODELS]: route } });
      const at = await open({ url: `${server.url}/v1`, model: 'x', system: 'Be brief.', think: true, 'keep-alive': '30m' });
      await at.box.focus();
      await expect(header(at)).toContainText('x');
      for (const question of ['hello', 'And then?']) {
        await at.ask(question);
        await at.idle();
        await unharmed(at);
      }
      const { content, thinking } = said(file, name);
      expect(content).not.toBe('');
      expect(await at.said()).toEqual(['user: hello', `assistant: ${content}`, 'user: And then?', `assistant: ${content}`]);
      await expect(at.answers.getByText(/^Thought/)).toHaveCount(thinking ? 2 : 0);
      const [first, second, ...more] = asked(server).map(({ body }) => body);
      expect(more).toEqual([]);
      const system = { role: 'system', content: 'Be brief.' };
      const stream = { stream: true, stream_options: { include_usage: true } };
      expect(first, 'and nothing that only Ollama knows').toEqual({
        model: 'x',
        messages: [system, { role: 'user', content: 'hello' }],
        reasoning_effort: 'medium',
        ...stream,
      });
      expect(second).toMatchObject({
        messages: [system, { role: 'user', content: 'hello' }, { role: 'assistant', content }, { role: 'user', content: 'And then?' }],
      });
      // A diagnosis of what is not to be read may look at the address itself.
      expect(
        server.requests.map(({ path }) => path).filter(path => !path.startsWith('/v1/') && path !== '/' && path !== '/api/version'),
      ).toEqual([]);
    });
  }

  const openAi = async (open: (attributes: Attributes, options: object) => Promise<ChatPage>, chat: Route, attributes: Attributes = {}) =>
    open({ api: 'openai', model: 'x', ...attributes }, { server: { routes: { [CHAT]: chat, [MODELS]: missing } } });

  test('is named by api="openai" too, and streams word by word', async ({ open }) => {
    const at = await openAi(open, lines(': keep-alive\r\n\r\n', 'data:{"choices":[]}\r\n\r\n', delta('Half of **an'), delta(' ans')));
    await at.ask('Why?');
    await expect(at.answers).toContainText('Half of an ans');
    await expect.poll(() => at.chat.evaluate((chat: HTMLElement & { phase: string }) => chat.phase)).toBe('answering');
    await at.button('Stop').click();
    await at.ollama.waitForClose(asked(at.ollama)[0]!);
    await expect(at.answers).toContainText('Stopped');
    await unharmed(at);
    expect(await at.said()).toEqual(['user: Why?', 'assistant: Half of **an ans']);
  });

  test('has answered with [DONE], although it keeps the connection open', async ({ open }) => {
    const at = await openAi(open, lines(delta('All of it.'), delta('', 'stop'), 'data: [DONE]\n\n'));
    await at.ask('Why?');
    await at.idle();
    expect(await at.said()).toEqual(['user: Why?', 'assistant: All of it.']);
    await unharmed(at);
  });

  test('answers with the first of its models where none is named', async ({ open }) => {
    const at = await open(
      { api: 'openai', model: null },
      {
        server: {
          routes: { [CHAT]: recorded(LLAMA, 'chat'), [MODELS]: json({ object: 'list', data: [{ id: 'first-model' }, { id: 'second' }] }) },
        },
      },
    );
    await at.ask('Why?');
    await at.idle();
    expect(asked(at.ollama)[0]?.body).toMatchObject({ model: 'first-model' });
    await expect(header(at)).toContainText('first-model');
    await unharmed(at);
  });

  const half = delta('Half of an');
  const FAILURES: { what: string; route: Route; kind: string; title: string; kept?: string; breaks?: true }[] = [
    {
      what: 'an error event',
      route: lines(half, 'data: {"error":{"message":"no luck today","code":500}}\n\n'),
      kind: 'server',
      title: 'no luck today',
      kept: 'Half of an',
    },
    {
      what: 'LiteLLM’s own error event',
      route: recorded(LITELLM, 'runner-killed-midstream'),
      kind: 'crashed',
      title: 'The model stopped on the server',
      kept: said(LITELLM, 'runner-killed-midstream').content,
    },
    {
      what: 'an end without a word',
      route: lines(half),
      kind: 'interrupted',
      title: 'The answer was interrupted',
      kept: 'Half of an',
      breaks: true,
    },
    {
      what: 'an end without a last byte, as of a llama-server that dies',
      route: recorded(LLAMA, 'runner-killed-midstream'),
      kind: 'interrupted',
      title: 'The answer was interrupted',
      kept: said(LLAMA, 'runner-killed-midstream').content,
      breaks: true,
    },
    { what: 'a refusal of the key', route: recorded(LLAMA, 'key-wrong'), kind: 'unauthorized', title: 'The server refused this request' },
    {
      what: 'a prompt that is too long',
      route: recorded(LLAMA, 'overflow'),
      kind: 'too-long',
      title: 'This chat is too long for the model',
    },
  ];

  for (const { what, route, kind, title, kept, breaks } of FAILURES) {
    test(`fails with an alert, keeps what had come, and is asked again: ${what}`, async ({ open }) => {
      const at = await openAi(open, route);
      await at.ask('Why?');
      if (kept) await expect.poll(async () => (await at.messages())[1]?.content).toBe(kept);
      if (breaks) at.ollama.release();
      await expect(at.alert).toContainText(title);
      expect((await at.events('chat-error')).map(event => event.kind)).toEqual([kind]);
      expect(await at.said()).toEqual(['user: Why?', ...(kept ? [`assistant: ${kept}`] : [])]);
      await at.button('Try again').click();
      await expect.poll(() => asked(at.ollama).length).toBe(2);
      expect(asked(at.ollama)[1]?.body).toEqual(asked(at.ollama)[0]?.body);
    });
  }

  test('is asked for less after a refusal as too long, and never for a larger context, which it could not give', async ({ open }) => {
    let refusals = 1;
    const at = await openAi(open, async call => {
      // A preflight is none of them.
      if (call.passes()) await replay(call, LLAMA, refusals-- > 0 ? 'overflow' : 'chat');
    });
    await at.begin('Q1', 'A1 '.repeat(400), 'Q2', 'A2 '.repeat(400));
    await at.ask('Q3');
    await at.idle();
    await expect(at.alert).toContainText('2421');
    await expect(at.chat.getByRole('meter')).toHaveAttribute('aria-valuetext', '1,024 of 1,024 tokens');
    await expect(at.chat.getByRole('button', { name: /^Let it read/ })).toHaveCount(0);
    await at.button('Try again').click();
    await at.idle();
    await expect(at.alert).toHaveCount(0);
    expect(asked(at.ollama)[1]?.body).toMatchObject({ messages: [{ role: 'user', content: 'Q3' }] });
  });

  test('may come late: so does what speaks its protocol, or never, and the wait for it is no failure of its own', async ({
    open,
    page,
  }) => {
    let end = () => {};
    const held = new Promise<void>(resolve => (end = resolve));
    await page.clock.install();
    await page.route('**/parts/openai*.js', async route => held.then(() => route.abort()));
    const at = await openAi(open, recorded(LLAMA, 'chat'));
    await at.ask('Why?');
    await page.clock.runFor(6000);
    await expect(at.log.getByText(/^Waiting for x … \d+ s$/)).toBeVisible();
    end();
    await at.idle();
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['part-missing']);
    await expect(at.alert).toContainText('A part of this chat can’t be loaded');
  });
});
