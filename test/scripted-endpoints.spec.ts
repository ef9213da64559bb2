/** What the scripted Ollama does that no recording shows, in the words of Ollama's own sources. */
import { expect, test } from '@playwright/test';
import type { Piece } from '../demo/ollama/answer.ts';
import type { Chat } from '../demo/ollama/chat-request.ts';
import { ask, fixed, post, served } from './support/scripted.ts';

const hi = [{ role: 'user', content: 'hi' }];
const part = (value: object) => [{ role: 'user', content: [value] }];
const picture = (url: string) => part({ type: 'image_url', image_url: { url } });
const v1Error = (message: string, type = 'invalid_request_error') => ({ error: { message, type, param: null, code: null } });
const EFFORTS = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';

const REFUSALS: readonly (readonly [path: string, body: object, status: number, answer: object])[] = [
  [
    '/api/generate',
    { model: 'plain', prompt: 'hi', raw: true, system: 'Be brief.' },
    400,
    { error: 'raw mode does not support template, system, or context' },
  ],
  [
    '/api/generate',
    { model: 'plain', prompt: 'a', suffix: 'b' },
    400,
    { error: 'registry.ollama.ai/library/plain:latest does not support insert' },
  ],
  ['/api/generate', { model: 'plain', prompt: 'hi', think: true }, 400, { error: '"plain" does not support thinking' }],
  ['/api/generate', { model: 'vectors', prompt: 'hi' }, 400, { error: '"vectors" does not support generate' }],
  ['/api/generate', { prompt: 'hi' }, 404, { error: "model '' not found" }],
  ['/api/generate', { model: 'plain', prompt: 'hi', keep_alive: '300' }, 400, { error: 'time: missing unit in duration "300"' }],
  ['/api/embed', { model: 'vectors', input: 7 }, 400, { error: 'invalid input type' }],
  ['/api/embed', { model: 'vectors', input: ['hi', 7] }, 400, { error: 'invalid input type' }],
  [
    '/v1/chat/completions',
    { model: 'rendered', messages: hi, reasoning_effort: 'lots' },
    400,
    v1Error(`invalid reasoning value: "lots" (must be ${EFFORTS})`),
  ],
  [
    '/v1/chat/completions',
    { model: 'rendered', messages: hi, reasoning: { effort: 'lots' } },
    400,
    v1Error(`invalid reasoning value: "lots" (must be ${EFFORTS})`),
  ],
  ['/v1/chat/completions', { model: 'plain', messages: hi, reasoning_effort: 'low' }, 400, v1Error('"plain" does not support thinking')],
  [
    '/v1/chat/completions',
    { model: 'plain', messages: hi, max_tokens: 'many' },
    400,
    v1Error('json: cannot unmarshal string into Go struct field ChatCompletionRequest.max_tokens of type int'),
  ],
  [
    '/v1/chat/completions',
    { model: 'plain', messages: [{ role: 'user', content: null }] },
    400,
    v1Error('invalid message content type: <nil>'),
  ],
  ['/v1/chat/completions', { model: 'plain', messages: part({ type: 'text' }) }, 400, v1Error('invalid message format')],
  [
    '/v1/chat/completions',
    { model: 'plain', messages: picture('https://pictures.example/a.png') },
    400,
    v1Error('image URLs are not currently supported, please use base64 encoded data instead'),
  ],
  ['/v1/chat/completions', { model: 'plain', messages: picture('data:image/gif;base64,R0lG') }, 400, v1Error('invalid image input')],
  ['/v1/chat/completions', { messages: hi }, 400, v1Error('model is required')],
  ['/v1/embeddings', { model: 'vectors' }, 400, v1Error('invalid input')],
  ['/v1/embeddings', { model: 'nope', input: 'hi' }, 404, v1Error('model "nope" not found, try pulling it first', 'not_found_error')],
  [
    '/v1/embeddings',
    { model: 'plain', input: 'hi' },
    501,
    v1Error('This server does not support embeddings. Start it with `--embeddings`', 'api_error'),
  ],
];

for (const [path, body, status, answer] of REFUSALS) {
  test(`${path} refuses ${JSON.stringify(body)}`, async () => {
    const { status: got, text } = await served({}, port => post(port, path, body));
    expect([got, JSON.parse(text)]).toEqual([status, answer]);
  });
}

test('/v1/chat/completions asks in Ollama’s own terms', async () => {
  const asked: Chat[] = [];
  const schema = { type: 'object' };
  await served({ reply: chat => (asked.push(chat), ['Yes']) }, async port => {
    const calls = [{ id: 'x', type: 'function', function: { name: 'look', arguments: '{"far":true}' } }];
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } },
        ],
      },
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'x', content: 'A cat' },
    ];
    const settings = {
      max_tokens: 9,
      stop: 'END',
      seed: 4,
      reasoning_effort: 'xhigh',
      response_format: { type: 'json_schema', json_schema: { schema } },
    };
    await post(port, '/v1/chat/completions', { model: 'rendered', messages, ...settings, options: { num_ctx: 8 }, keep_alive: 0 });
  });
  expect(asked).toEqual([
    {
      model: 'rendered',
      messages: [
        { role: 'user', content: 'What is it?' },
        { role: 'user', content: '', images: ['iVBORw=='] },
        { role: 'assistant', content: '', tool_calls: [{ id: 'x', function: { index: 0, name: 'look', arguments: { far: true } } }] },
        { role: 'tool', content: 'A cat', tool_name: 'look', tool_call_id: 'x' },
      ],
      stream: false,
      think: 'max',
      format: schema,
      options: { stop: ['END'], num_predict: 9, temperature: 1, top_p: 1, seed: 4 },
    },
  ]);
});

test('/v1/chat/completions splits what mixes thoughts and words, and ends by max_tokens', async () => {
  const reply = () => [{ thinking: 'So', content: 'Four' } as Piece, ' is', ' it'];
  const body = { model: 'rendered', messages: hi, stream: true, max_tokens: 2 };
  const { text } = await served({ reply }, port => post(port, '/v1/chat/completions', body));
  const events = text.split('\n\n').filter(event => event.startsWith('data: {'));
  expect(events.map(event => (JSON.parse(event.slice(6)) as { choices: object[] }).choices[0])).toEqual([
    { index: 0, delta: { role: 'assistant', reasoning: 'So' }, finish_reason: null },
    { index: 0, delta: { content: 'Four' }, finish_reason: null },
    { index: 0, delta: { content: ' is' }, finish_reason: null },
    { index: 0, delta: {}, finish_reason: 'length' },
  ]);
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('/v1/models says null where there are none', async () => {
  const { text } = await served({ models: [] }, port => ask(port, { method: 'GET', path: '/v1/models' }));
  expect(text).toBe('{"object":"list","data":null}\n');
});

test('/api/generate without a prompt only loads, or unloads', async () => {
  await served({}, async port => {
    const loaded = async () =>
      (JSON.parse((await ask(port, { method: 'GET', path: '/api/ps' })).text) as { models: object[] }).models.length;
    for (const [body, reason, count] of [
      [{}, 'load', 1],
      [{ keep_alive: 0 }, 'unload', 0],
    ] as const) {
      const { text } = await post(port, '/api/generate', { model: 'plain', ...body });
      expect(fixed(text)).toBe(`{"model":"plain","created_at":"…","response":"","done":true,"done_reason":"${reason}"}`);
      expect(await loaded()).toBe(count);
    }
  });
});

test('/api/generate hands back a context that holds what was said, and none where it was raw', async () => {
  interface Last {
    response: string;
    context?: number[];
  }
  await served({ reply: ({ messages }) => [messages.map(({ content }) => content).join('|')] }, async port => {
    const generate = async (body: object) =>
      JSON.parse((await post(port, '/api/generate', { model: 'plain', prompt: 'hi', stream: false, ...body })).text) as Last;
    const { response, context = [] } = await generate({ system: 'Be brief.' });
    expect(response).toBe('Be brief.|hi');
    expect((await generate({ context })).context?.slice(0, context.length)).toEqual(context);
    expect(await generate({ raw: true })).not.toHaveProperty('context');
  });
});

test('vectors have length one, are near where words are shared, and the same by both paths', async () => {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  await served({}, async port => {
    const embed = async (body: object) =>
      JSON.parse((await post(port, '/api/embed', { model: 'vectors', ...body })).text) as {
        embeddings: number[][];
        prompt_eval_count?: number;
      };
    const input = ['a cat sleeps', 'the cat sleeps', 'prices rise'];
    const { embeddings, prompt_eval_count } = await embed({ input });
    const [cat, other, prices] = embeddings as [number[], number[], number[]];
    expect(dot(cat, cat)).toBeCloseTo(1);
    expect(dot(cat, other)).toBeGreaterThan(dot(cat, prices));
    expect(prompt_eval_count).toBeGreaterThan(0);
    expect((await embed({ input: 'a cat sleeps' })).embeddings).toEqual([cat]);
    expect((await embed({ input: 'a cat sleeps', dimensions: 64 })).embeddings[0]).toHaveLength(64);
    for (const nothing of [{}, { input: '' }, { input: [] }]) expect(await embed(nothing)).toEqual({ model: 'vectors', embeddings: [] });

    const v1 = async (encoding_format?: string) =>
      JSON.parse((await post(port, '/v1/embeddings', { model: 'vectors', input: 'a cat sleeps', encoding_format })).text) as object;
    const usage = { prompt_tokens: 5, total_tokens: 5 };
    expect(await v1()).toEqual({ object: 'list', data: [{ object: 'embedding', embedding: cat, index: 0 }], model: 'vectors', usage });
    const bytes = Buffer.from(new Float32Array(cat).buffer).toString('base64');
    expect(await v1('base64')).toMatchObject({ data: [{ embedding: bytes }] });
  });
});
