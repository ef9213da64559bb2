import { expect } from '@open-wc/testing';
import type { ChatErrorDetail } from '../../../src/errors.ts';
import type { ChatEvent, ChatRequest, RequestMessage, RequestOptions } from '../../../src/protocol/client.ts';
import { OpenAIApi } from '../../../src/protocol/openai.ts';
import type { ServerOptions } from '../../../src/protocol/request.ts';
import { type Transcript, transcript, transcripts } from '../../support/transcripts-browser.ts';
import { byteByByte, bytesOf, type Bytes, type End, everyCut, streamOf } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';
import { json, likeABrowser, restoreFetch, sse, stubFetch, whenRead } from './fetch-stub.ts';

const NEW = 'ollama-0.33.0-rc2';
const OLD = 'ollama-0.24.0';
const LLAMA = 'llama-server-0.7.0';
const LITELLM = 'litellm-1.106.2';
const OWN_LLAMA = 'llama-server-0.7.0-own';
const OWN_LITELLM = 'litellm-1.108.7-own';
const url = 'http://models.test:8080';
const client = new OpenAIApi({ url });
const request: ChatRequest = { model: 'tiny', messages: [{ role: 'user', content: 'Say hi' }] };

afterEach(restoreFetch);

/** An answer with neighbouring pieces of text joined; and behind it what ended it, where that was a failure. */
type Outcome = (ChatEvent | ChatErrorDetail)[];

describe('the recorded answers to /v1/chat/completions', function () {
  this.timeout(110_000);
  const hello = text(
    'Hello! This is a **Markdown** answer with `code`, a [link](https://example.com) and a list:\n\n- first\n- second item\n\nDone.',
  );
  const thought = [thinking('The user wants thought.\nSo I think hard.\n'), text('The answer is 42.'), done()];
  const weather = (id: string): ChatEvent => ({
    type: 'tool-call',
    call: { id, function: { name: 'get_weather', arguments: { city: 'Oslo' } } },
  });
  const forecast = [text('In Oslo it is 4 degrees now.'), done()];
  const usage = (prompt_eval_count: number, eval_count = 18, durations = {}) =>
    done('stop', { prompt_eval_count, eval_count, ...durations });
  /** In nanoseconds; llama-server counts in milliseconds. */
  const took = (prompt_eval_duration: number, eval_duration: number) => ({ prompt_eval_duration, eval_duration });
  const water = 'Water runs past stones, under bridges, through meadows, round hills, over weirs,';

  const code = text('Here is code:\n\n```python\ndef f(a):\n    return a + 1\n```\n\nThat was it.');
  /** The conversation of `test/servers/`, which is the same with each of them. */
  const conversation = (stopped: number): Record<string, Outcome> => ({
    markdown: [hello, usage(61)],
    code: [code, usage(54, 13)],
    think: [...thought.slice(0, 2), usage(62, 14)],
    turns: [...thought.slice(0, 2), usage(80, 14)],
    'turns-2': [code, usage(148, 13)],
    'turns-3': [hello, usage(274)],
    // How much had come by then.
    'after-stop': [hello, usage(stopped)],
    'key-not-asked': [hello, usage(61)],
  });

  const refusedByOllama: Record<string, Outcome> = {
    'plain-v1-tools': [
      {
        kind: 'capability-missing',
        model: 'plain',
        capability: 'tools',
        text: 'registry.ollama.ai/library/plain:latest does not support tools',
      },
    ],
    'v1-empty-body': [{ kind: 'bad-request', text: 'EOF' }],
    'v1-empty-messages': [{ kind: 'bad-request', text: "[] is too short - 'messages'" }],
    'v1-unknown-model': [{ kind: 'model-missing', model: 'nope' }],
  };

  const expected: Record<string, Record<string, Outcome>> = {
    [NEW]: {
      ...refusedByOllama,
      'native-v1-chat': [hello, done()],
      'native-v1-chat-think': thought,
      'native-v1-chat-tools': [weather('xcd3h1JwNpQQnXcvY2XEAm21FrASRbvT'), done('tool-calls')],
      'native-v1-chat-usage': [hello, usage(26)],
      'native-v1-chat-whole': [hello, usage(26)],
      'native-v1-tool-result': forecast,
      // That an error came is nowhere to be read: only that the end is missing.
      'native-v1-runner-killed-midstream': [
        text('Water runs past stones, under bridges, runs past stones, under bridges,'),
        { kind: 'interrupted' },
      ],
      'rendered-v1-chat': [hello, done()],
      'rendered-v1-chat-think': thought,
      'rendered-v1-chat-tools': [weather('call_irfq3xbx'), done('tool-calls')],
      'rendered-v1-chat-usage': [hello, usage(27)],
      'rendered-v1-chat-whole': [hello, usage(27)],
      'rendered-v1-tool-result': forecast,
      'rendered-v1-runner-killed-midstream': [
        text(' Water runs past stones, under bridges, runs past stones, under bridges,'),
        { kind: 'interrupted' },
      ],
    },
    [OLD]: {
      ...refusedByOllama,
      'rendered-v1-chat': [hello, done()],
      'rendered-v1-chat-think': thought,
      'rendered-v1-chat-tools': [weather('call_ckn548ad'), done('tool-calls')],
      'rendered-v1-chat-usage': [hello, usage(27)],
      'rendered-v1-chat-whole': [hello, usage(27)],
      'rendered-v1-tool-result': forecast,
      'rendered-v1-runner-killed-midstream': [text(' Water runs'), { kind: 'interrupted' }],
    },
    [LLAMA]: {
      chat: [hello, done('stop', took(869_000, 3_094_000))],
      'chat-think': [...thought.slice(0, 2), done('stop', took(587_000, 3_909_000))],
      'chat-tools': [weather('LZc2n8KRKdGpGeHEAlG9lAlfiheWdqMg'), done('tool-calls', took(849_000, 2_491_000))],
      'chat-usage': [hello, usage(26, 18, took(289_000, 4_080_000))],
      'chat-whole': [hello, usage(26, 18, took(331_000, 3_510_000))],
      'tool-result': [forecast[0]!, done('stop', took(6_742_000, 2_856_000))],
      length: [text(water), done('length', took(458_000, 2_930_000))],
      'runner-killed-midstream': [
        text('Water runs past stones, under bridges, over weirs, between reeds, beside mills,'),
        { kind: 'interrupted' },
      ],
      'bad-json': [
        {
          kind: 'bad-request',
          text: "[json.exception.parse_error.101] parse error at line 1, column 10: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal",
        },
      ],
      image: [
        {
          kind: 'capability-missing',
          model: 'asked',
          capability: 'vision',
          text: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
        },
      ],
      'key-wrong': [{ kind: 'unauthorized', status: 401, text: 'Invalid API Key' }],
      overflow: [
        {
          kind: 'too-long',
          text: 'request (2421 tokens) exceeds the available context size (1024 tokens), try increasing it',
          promptTokens: 2421,
          contextLength: 1024,
        },
      ],
    },
    [LITELLM]: {
      chat: [hello, done()],
      'chat-think': thought,
      'chat-tools': [weather('48b52920-f347-4fb5-adbc-31c32dd08295'), done('tool-calls')],
      'chat-usage': [hello, usage(27)],
      'chat-whole': [hello, usage(27)],
      overflow: [hello, done()],
      'tool-result': forecast,
      length: [text(` ${water}`), done('length')],
      'runner-killed-midstream': [
        text(' Water runs past stones, under bridges, Water runs past stones, under'),
        {
          kind: 'crashed',
          text: "litellm.BadRequestError: Ollama_chatException - KeyError: 'message', Got unexpected response from Ollama: {'error': 'an error was encountered while running the model: unexpected EOF'}",
        },
      ],
      'bad-json': [{ kind: 'bad-request', text: 'Invalid JSON payload: unexpected end of data: line 1 column 10 (char 9)' }],
      image: [
        {
          kind: 'capability-missing',
          model: 'scripted',
          capability: 'vision',
          text: String.raw`litellm.BadRequestError: Ollama_chatException - {"error":"{\"error\":{\"code\":400,\"message\":\"Multimodal data provided, but model does not support multimodal requests.\",\"type\":\"invalid_request_error\"}}"}${'\n\n'}LiteLLM: model group 'scripted' failed with the error above. No fallback was attempted.`,
        },
      ],
      'key-wrong': [{ kind: 'unauthorized', status: 400, text: 'No connected db.' }],
      'unknown-model': [{ kind: 'model-missing', model: 'nope' }],
    },
    [OWN_LLAMA]: {
      ...conversation(924),
      'key-missing': [{ kind: 'unauthorized', status: 401, text: 'Invalid API Key' }],
      'key-wrong': [{ kind: 'unauthorized', status: 401, text: 'Invalid API Key' }],
    },
    [OWN_LITELLM]: {
      ...conversation(638),
      'key-missing': [{ kind: 'not-ollama', status: 500, url }],
      'key-wrong': [{ kind: 'unauthorized', status: 400, text: 'No connected db.' }],
      'unknown-model': [{ kind: 'model-missing', model: 'no-such-model' }],
      'unknown-model-2': [hello, usage(61)],
    },
  };
  const isQuestion = ({ request: { method, path } }: Transcript) => method === 'POST' && path === '/v1/chat/completions';
  let all: readonly Transcript[];
  before(async () => (all = (await transcripts()).filter(isQuestion)));

  /** What becomes of an answer that comes in these pieces. */
  const play = ({ request: sent, response }: Transcript, pieces: readonly (Bytes | string)[]) => {
    stubFetch(() => new Response(streamOf(pieces, response.cut ? 'breaks' : 'ends'), response));
    const { model = 'asked' } = sent.body?.endsWith('}') ? (JSON.parse(sent.body) as { model?: string }) : {};
    return outcome({ model });
  };

  /** How long a model took is another number each time that its conversation is recorded anew. */
  const comparable = (file: string, outcome: Outcome) =>
    file !== OWN_LLAMA
      ? outcome
      : outcome.map(event => {
          if (!('stats' in event)) return event;
          const { prompt_eval_duration: _, eval_duration: __, ...stats } = event.stats;
          return { ...event, stats };
        });

  it('are all in the table of this test', () => {
    const listed = Object.entries(expected).flatMap(([file, cases]) => Object.keys(cases).map(name => `${file} ${name}`));
    expect(all.map(({ file, name }) => `${file} ${name}`).toSorted()).to.deep.equal(listed.toSorted());
  });

  for (const [file, cases] of Object.entries(expected)) {
    for (const [name, right] of Object.entries(cases)) {
      it(`give the right events: ${name} of ${file}`, async () => {
        const answer = await transcript(file, name);
        expect(comparable(file, await play(answer, answer.response.chunks))).to.deep.equal(right);
      });
    }
  }

  it('give the same events byte by byte', async () => {
    for (const answer of all) {
      const bytes = bytesOf(answer.response.chunks.join(''));
      const { file, name } = answer;
      expect(comparable(file, await play(answer, byteByByte(bytes))), `${name} of ${file}`).to.deep.equal(expected[file]?.[name]);
    }
  });

  for (const [file, name] of [
    [NEW, 'rendered-v1-chat-tools'],
    [LLAMA, 'chat-tools'],
    [LITELLM, 'runner-killed-midstream'],
    [OLD, 'rendered-v1-chat-whole'],
  ] as const) {
    it(`give the same events cut in two anywhere: ${name} of ${file}`, async () => {
      const answer = await transcript(file, name);
      const whole = JSON.stringify(expected[file]?.[name]);
      for (const pieces of everyCut(bytesOf(answer.response.chunks.join('')))) {
        const cut = JSON.stringify(await play(answer, pieces));
        // Compared before it is handed to chai, which is slower than the reading.
        if (cut !== whole) expect(cut, `cut at ${pieces[0]?.length}`).to.equal(whole);
      }
    });
  }
});

describe('OpenAIApi.chat', () => {
  describe('sends', () => {
    const sent = async (changes: Partial<ChatRequest>): Promise<Record<string, unknown>> => {
      const calls = stubFetch(() => sse(finish()));
      await events(changes);
      return JSON.parse(String(calls[0]?.init.body)) as Record<string, unknown>;
    };
    const messages = async (...given: RequestMessage[]) => (await sent({ messages: given })).messages;

    it('the question by POST to the server’s own path', async () => {
      const calls = stubFetch(() => sse(finish()));
      await events();
      expect(calls.map(call => call.url)).to.deep.equal([`${url}/v1/chat/completions`]);
      expect(calls[0]?.init).to.include({ method: 'POST', credentials: 'same-origin', referrerPolicy: 'no-referrer' });
    });

    it('model and messages, and asks for a stream and for the counters', async () => {
      expect(await sent({})).to.deep.equal({ ...request, stream: true, stream_options: { include_usage: true } });
    });

    it('tools as they are given', async () => {
      const tools = [{ type: 'function', function: { name: 'a', parameters: { type: 'object' } } }];
      expect((await sent({ tools })).tools).to.deep.equal(tools);
    });

    it('no empty answer, and the questions around one as one', async () => {
      const asked: RequestMessage[] = [
        { role: 'user', content: 'One', images: ['a'] },
        { role: 'assistant', content: '' },
        { role: 'user', content: 'Two', images: ['b'] },
      ];
      const picture = (data: string) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } });
      expect(await messages(...asked)).to.deep.equal([
        { role: 'user', content: [{ type: 'text', text: 'One\n\nTwo' }, picture('a'), picture('b')] },
      ]);
    });

    it('settings under the names that they have here', async () => {
      const options = {
        ...{ num_predict: 100, temperature: 0, top_p: 0.5, seed: 7, stop: ['\n'] },
        ...{ presence_penalty: 0.1, frequency_penalty: 0.2 },
      };
      expect(await sent({ options })).to.deep.equal({
        ...{ ...request, stream: true, stream_options: { include_usage: true } },
        ...{ max_tokens: 100, temperature: 0, top_p: 0.5, seed: 7, stop: ['\n'], presence_penalty: 0.1, frequency_penalty: 0.2 },
      });
    });

    it('no limit of tokens where Ollama’s word is that there is none', async () => {
      expect(await sent({ options: { num_predict: -1, temperature: null, seed: undefined } })).to.have.all.keys(
        ...['model', 'messages', 'stream', 'stream_options'],
      );
    });

    it('JSON as the format, any or by a schema', async () => {
      expect((await sent({ format: 'json' })).response_format).to.deep.equal({ type: 'json_object' });
      const schema = { type: 'object', properties: { city: { type: 'string' } } };
      expect((await sent({ format: schema })).response_format).to.deep.equal({
        type: 'json_schema',
        json_schema: { name: 'answer', schema },
      });
    });

    it('thinking as an effort', async () => {
      for (const [think, effort] of [
        [true, 'medium'],
        [false, 'none'],
        ['low', 'low'],
        ['max', 'max'],
      ] as const)
        expect((await sent({ think })).reasoning_effort).to.equal(effort);
    });

    it('nothing that only Ollama’s own API knows', async () => {
      const body = await sent({ keep_alive: '5m', options: { num_ctx: 8, toString: 1, top_k: 3 } });
      expect(body).to.have.all.keys('model', 'messages', 'stream', 'stream_options');
      expect(await messages({ role: 'assistant', content: 'Hi', thinking: 'Hm' })).to.deep.equal([{ role: 'assistant', content: 'Hi' }]);
    });

    it('tool calls with their arguments as text, and results by the id of their call', async () => {
      expect(
        await messages(
          {
            role: 'assistant',
            content: '',
            tool_calls: [{ id: 'x', function: { name: 'a', arguments: { city: 'Oslo' }, index: 3 } }],
          },
          { role: 'tool', content: '4 °C', tool_name: 'a', tool_call_id: 'x' },
        ),
      ).to.deep.equal([
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'x', type: 'function', function: { name: 'a', arguments: '{"city":"Oslo"}' } }],
        },
        { role: 'tool', tool_call_id: 'x', content: '4 °C' },
      ]);
    });

    it('no half of a character within arguments', async () => {
      const call = { function: { name: 'a', arguments: { city: '\ud83d' } } };
      const [made] = (await messages({ role: 'assistant', content: '', tool_calls: [call] })) as {
        tool_calls: { function: { arguments: string } }[];
      }[];
      expect(JSON.parse(made!.tool_calls[0]!.function.arguments)).to.deep.equal({ city: '\ufffd' });
    });

    it('ids of its own where a model gave none, the same each time, and finds the call of a result by name and order', async () => {
      const call = (name: string) => ({ function: { name, arguments: {} } });
      const conversation: RequestMessage[] = [
        { role: 'user', content: 'Go' },
        { role: 'assistant', content: '', tool_calls: [call('a'), call('b'), call('a'), call('b')] },
        { role: 'tool', content: '1', tool_name: 'b' },
        { role: 'tool', content: '2', tool_name: 'a' },
        { role: 'tool', content: '3' },
        { role: 'tool', content: '4' },
      ];
      const made = (await messages(...conversation)) as { tool_calls?: { id: string }[]; tool_call_id?: string }[];
      const [first, second, third, fourth] = made[1]!.tool_calls!.map(({ id }) => id);
      expect(new Set([first, second, third, fourth])).to.have.property('size', 4);
      expect(made.slice(2).map(result => result.tool_call_id)).to.deep.equal([second, first, third, fourth]);
      expect(await messages(...conversation)).to.deep.equal(made);
    });

    it('pictures as parts, each with the type that it has', async () => {
      const start = { png: 'iVBORw0KGgoAAAA', jpeg: '/9j/4AAQSkZJRg', webp: 'UklGRiQAAABXRUJQ', gif: 'R0lGODlhAQAB' };
      expect(await messages({ role: 'user', content: 'What is it?', images: Object.values(start) })).to.deep.equal([
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            ...Object.entries(start).map(([type, data]) => ({
              type: 'image_url',
              image_url: { url: `data:image/${type};base64,${data}` },
            })),
          ],
        },
      ]);
    });

    it('a picture alone without a part of no text, and text alone as text', async () => {
      const image_url = { url: `data:image/gif;base64,R0lGODlhAQAB` };
      expect(
        await messages(
          { role: 'user', content: '', images: ['R0lGODlhAQAB'] },
          { role: 'assistant', content: 'A dot.' },
          { role: 'user', content: 'Hi', images: [] },
        ),
      ).to.deep.equal([
        { role: 'user', content: [{ type: 'image_url', image_url }] },
        { role: 'assistant', content: 'A dot.' },
        { role: 'user', content: 'Hi' },
      ]);
    });
  });

  describe('that is refused', () => {
    const bodies = async (
      refuse: (body: Record<string, unknown>) => string | undefined,
      changes: Partial<ChatRequest>,
      times = 1,
      server: Partial<ServerOptions> = {},
    ) => {
      const calls = stubFetch(({ init }) => {
        const message = refuse(JSON.parse(String(init.body)) as Record<string, unknown>);
        return message ? json({ error: { message, type: 'invalid_request_error', code: 400 } }, 400) : sse(finish());
      });
      const own = new OpenAIApi({ url, ...server });
      const outcomes: Outcome[] = [];
      for (let time = 0; time < times; time++) outcomes.push(await outcome(changes, own));
      const fields = calls.map(({ init }) => Object.keys(JSON.parse(String(init.body)) as object).filter(key => !(key in request)));
      return { outcomes, fields: fields.map(names => names.filter(name => name !== 'stream')) };
    };

    it('because of thinking is asked once more without it, and from then on', async () => {
      const words = "Unsupported parameter: 'reasoning_effort' is not supported with this model.";
      const { outcomes, fields } = await bodies(body => (body.reasoning_effort ? words : undefined), { think: true }, 2);
      expect(outcomes).to.deep.equal([[done()], [done()]]);
      expect(fields).to.deep.equal([['reasoning_effort', 'stream_options'], ['stream_options'], ['stream_options']]);
    });

    it('by a server that does not count is asked once more without the counters', async () => {
      const { outcomes, fields } = await bodies(body => (body.stream_options ? 'Unknown field: stream_options' : undefined), {});
      expect(outcomes).to.deep.equal([[done()]]);
      expect(fields).to.deep.equal([['stream_options'], []]);
    });

    it('because of the name of its limit is asked once more under the other name', async () => {
      const words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
      const { outcomes, fields } = await bodies(body => (body.max_tokens ? words : undefined), { options: { num_predict: 5 } });
      expect(outcomes).to.deep.equal([[done()]]);
      expect(fields).to.deep.equal([
        ['max_tokens', 'stream_options'],
        ['stream_options', 'max_completion_tokens'],
      ]);
    });

    it('because of one value is asked without it, and another value is tried', async () => {
      const words = "'none' is no reasoning_effort";
      const calls = stubFetch(({ init }) =>
        String(init.body).includes('"none"') ? json({ error: { message: words } }, 400) : sse(finish()),
      );
      const own = new OpenAIApi({ url });
      for (const think of [false, 'high', false] as const) expect(await outcome({ think }, own)).to.deep.equal([done()]);
      const efforts = calls.map(({ init }) => (JSON.parse(String(init.body)) as { reasoning_effort?: string }).reasoning_effort);
      expect(efforts).to.deep.equal(['none', undefined, 'high', undefined]);
    });

    for (const [server, words] of [
      ['Ollama', 'example/library/asked:latest does not support tools'],
      ['llama-server', 'tools param requires --jinja flag'],
      ['LiteLLM', "litellm.UnsupportedParamsError: ollama does not support parameters: ['tools'], for model=tiny."],
      ['vLLM', '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
      ['OpenRouter', 'No endpoints found that support tool use.'],
    ]) {
      it(`because of tools, by ${server}, is asked once more without them, which is told once`, async () => {
        const told: unknown[][] = [];
        const onRefused = (...refused: unknown[]) => void told.push(refused);
        const tools = [{ type: 'function', function: { name: 'add', parameters: {} } }];
        const { outcomes, fields } = await bodies(body => (body.tools ? words : undefined), { tools }, 2, { onRefused });
        expect(outcomes).to.deep.equal([[done()], [done()]]);
        expect(fields).to.deep.equal([['tools', 'stream_options'], ['stream_options'], ['stream_options']]);
        expect(told).to.deep.equal([[request.model, 'tools']]);
      });
    }

    it('because of a tool that is written wrongly is told, and nothing is left out', async () => {
      const words = "Invalid schema for function 'add': [] is not of type 'object'";
      const tools = [{ type: 'function', function: { name: 'add', parameters: [] } }];
      const { outcomes, fields } = await bodies(() => words, { tools });
      expect(outcomes).to.deep.equal([[{ kind: 'bad-request', text: words }]]);
      expect(fields).to.have.lengthOf(1);
    });

    it('by FastAPI is read, too', async () => {
      const detail = [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }];
      const calls = stubFetch(({ init }) => (String(init.body).includes('stream_options') ? json({ detail }, 422) : sse(finish())));
      expect(await outcome({}, new OpenAIApi({ url }))).to.deep.equal([done()]);
      expect(calls).to.have.lengthOf(2);
    });

    it('by a busy server is not asked without anything', async () => {
      const calls = stubFetch(() => json({ error: { message: 'phi-4-reasoning_effort is rate-limited' } }, 429));
      expect(await outcome({ think: 'high' }, new OpenAIApi({ url }))).to.have.lengthOf(1);
      expect(calls).to.have.lengthOf(1);
    });

    it('again and again, or for anything else, is told', async () => {
      const again = await bodies(() => 'reasoning_effort is not for you', { think: true });
      expect(again.outcomes).to.deep.equal([[{ kind: 'bad-request', text: 'reasoning_effort is not for you' }]]);
      expect(again.fields).to.have.lengthOf(2);
      const other = await bodies(() => 'response_format is not supported', { think: true, format: 'json' });
      expect(other.outcomes).to.deep.equal([[{ kind: 'bad-request', text: 'response_format is not supported' }]]);
      expect(other.fields).to.have.lengthOf(1);
    });
  });

  describe('takes from a chunk', () => {
    it('thinking by both its names, then text', async () => {
      stubFetch(() => sse(said({ content: 'Hi', reasoning: 'Hm' }), said({ reasoning_content: 'So', reasoning: null }), finish()));
      expect(await outcome()).to.deep.equal([thinking('Hm'), text('Hi'), thinking('So'), done()]);
    });

    it('what comes with the reason for its end', async () => {
      stubFetch(() => sse({ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }));
      expect(await outcome()).to.deep.equal([text('Hi'), done()]);
    });

    it('nothing where there is nothing', async () => {
      const empty = [{}, { choices: [] }, { choices: null }, { choices: [null] }, { choices: [{}] }, { choices: [{ delta: null }] }];
      const noText = [null, '', 7, ['a'], { text: 'a' }].map(content => said({ content, reasoning: content, tool_calls: content }));
      stubFetch(() => sse(...empty, { error: null, usage: null }, ...noText, finish()));
      expect(await outcome()).to.deep.equal([done()]);
    });

    it('the counters, wherever they stand', async () => {
      const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
      for (const last of [{ usage }, { choices: [], usage }, { ...said({}), usage }]) {
        stubFetch(() => sse(said({ content: 'Hi' }), finish(), last, '[DONE]'));
        expect(await outcome()).to.deep.equal([text('Hi'), done('stop', { prompt_eval_count: 3, eval_count: 4 })]);
      }
      stubFetch(() => sse({ ...finish(), usage: { prompt_tokens: '3', completion_tokens: null } }));
      expect(await outcome()).to.deep.equal([done()]);
    });

    for (const [reason, kind] of [
      ['stop', 'stop'],
      ['length', 'length'],
      ['tool_calls', 'tool-calls'],
      ['content_filter', 'stop'],
    ] as const) {
      it(`the end for the reason “${reason}” as “${kind}”`, async () => {
        stubFetch(() => sse(finish(reason), '[DONE]'));
        expect(await outcome()).to.deep.equal([done(kind)]);
      });
    }

    it('an error, whatever else it holds, and what came before it is kept', async () => {
      stubFetch(() =>
        sse(said({ content: 'Hi' }), { ...said({ content: ' you' }), error: { message: 'out of words' } }, finish(), '[DONE]'),
      );
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'server', text: 'out of words' }]);
      stubFetch(() => sse(finish(), { error: 'too late' }));
      expect(await outcome()).to.deep.equal([{ kind: 'server', text: 'too late' }]);
    });

    it('an error that comes as an event of that name', async () => {
      stubFetch(() => new Response(streamOf(['event: error\ndata: {"error":{"message":"out of memory"}}\n\n'])));
      expect(await outcome()).to.deep.equal([{ kind: 'out-of-memory', text: 'out of memory' }]);
    });

    it('text that comes in parts, and a refusal in the place of one', async () => {
      stubFetch(() =>
        sse(said({ content: [{ type: 'text', text: 'Hi' }, { type: 'image' }] }), said({ content: null, refusal: ' No.' }), finish()),
      );
      expect(await outcome()).to.deep.equal([text('Hi No.'), done()]);
    });

    it('no comment, and no event that it does not know', async () => {
      const noise = ': PROCESSING\n\nevent: ping\ndata: 12:00\n\nevent: status\ndata: {"queue":3}\n\ndata:\n\nid: 7\n\n';
      const pieces = [noise, data(said({ content: 'Hi' })), noise, data(finish()), noise, data('[DONE]')];
      stubFetch(() => new Response(streamOf(pieces)));
      expect(await outcome()).to.deep.equal([text('Hi'), done()]);
    });

    for (const bad of ['null', '[]', '3', '"text"', 'oops', '{"choices":[', '[DONE']) {
      it(`no answer from ${bad}, and what came before it is kept`, async () => {
        stubFetch(() => sse(said({ content: 'Hi' }), bad, finish()));
        expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'bad-line', text: bad }]);
      });
    }
  });

  describe('puts tool calls together', () => {
    const part = (index: number | undefined, name?: string, args?: unknown, id?: string) => ({
      ...(index !== undefined && { index }),
      ...(id !== undefined && { id }),
      function: { name, arguments: args },
    });
    const calls = async (...parts: object[][]): Promise<Outcome> => {
      stubFetch(() => sse(...parts.map(tool_calls => said({ tool_calls })), finish('tool_calls'), '[DONE]'));
      return outcome();
    };
    const called = (name: string, args: object, id?: string) => ({
      type: 'tool-call',
      call: { ...(id && { id }), function: { name, arguments: args } },
    });
    const unread = (name: string, text: string, id?: string) => ({
      type: 'tool-call',
      call: { ...called(name, {}, id).call, unread: text },
    });

    it('of pieces that are mixed, in the order in which they began', async () => {
      expect(
        await calls(
          [part(0, 'a', '{"x"', 'one')],
          [part(1, 'b', '', 'two')],
          [part(0, undefined, ':1}'), part(1, undefined, '{"y":')],
          [part(1, undefined, '"ü"}')],
        ),
      ).to.deep.equal([called('a', { x: 1 }, 'one'), called('b', { y: 'ü' }, 'two'), done('tool-calls')]);
    });

    it('of pieces that repeat id and name, or hold an empty id', async () => {
      expect(await calls([part(0, 'a', '{', 'one')], [part(0, 'a', '}', 'one')], [part(0, '', '', '')])).to.deep.equal([
        called('a', {}, 'one'),
        done('tool-calls'),
      ]);
    });

    it('and begins another one where a different id comes at the same index', async () => {
      const pieces = [[part(0, 'a', '{"x":1}', 'one'), part(0, 'a', '{"x":', 'two')], [part(0, undefined, '2}')]];
      expect(await calls(...pieces)).to.deep.equal([called('a', { x: 1 }, 'one'), called('a', { x: 2 }, 'two'), done('tool-calls')]);
    });

    it('by their place where they have no index, and leaves out an id that there is not', async () => {
      expect(await calls([part(undefined, 'a', '{"x":1}'), part(undefined, 'b', '{"x":2}')])).to.deep.equal([
        called('a', { x: 1 }),
        called('b', { x: 2 }),
        done('tool-calls'),
      ]);
    });

    it('with no arguments where they are empty, and with those of an object', async () => {
      expect(await calls([part(0, 'a', ''), part(1, 'b', ' \n'), part(2, 'c'), part(3, 'd', { x: 1 })])).to.deep.equal([
        ...['a', 'b', 'c'].map(name => called(name, {})),
        called('d', { x: 1 }),
        done('tool-calls'),
      ]);
    });

    it('and leaves out what has no name', async () => {
      const junk = [null, 'call', [], {}, { function: null }, part(8, '', '{}'), part(9, undefined, 'no JSON')];
      expect(await calls(junk as object[])).to.deep.equal([done('tool-calls')]);
    });

    for (const bad of ['{"city":"Os', '{"a":1}{"b":2}', '[1]', '"x"', 'null']) {
      it(`and says which arguments nobody can read: ${bad}`, async () => {
        expect(await calls([part(0, 'a', bad)])).to.deep.equal([unread('a', bad), done('tool-calls')]);
      });
    }

    it('and loses none of the calls beside one that nobody can read', async () => {
      expect(await calls([part(0, 'a', '{"city": "Oslo"', 'one'), part(1, 'b', '{"x":1}', 'two')])).to.deep.equal([
        unread('a', '{"city": "Oslo"', 'one'),
        called('b', { x: 1 }, 'two'),
        done('tool-calls'),
      ]);
    });

    it('and keeps no more than the beginning of what nobody can read', async () => {
      expect(await calls([part(0, 'a', 'x'.repeat(1000))])).to.deep.equal([unread('a', 'x'.repeat(200)), done('tool-calls')]);
    });

    it('and leaves out what the limit of tokens has cut off', async () => {
      const call = { index: 0, id: 'x', function: { name: 'a', arguments: '{"city":' } };
      stubFetch(() => sse(said({ content: 'Hm', tool_calls: [call] }), finish('length')));
      expect(await outcome()).to.deep.equal([text('Hm'), done('length')]);
    });

    it('only of an answer that is complete', async () => {
      stubFetch(() => sse(said({ tool_calls: [part(0, 'a', '{}')] })));
      expect(await outcome()).to.deep.equal([{ kind: 'interrupted' }]);
    });
  });

  describe('ends', () => {
    const hi = data(said({ content: 'Hi' }));
    const complete: Record<string, { pieces: string[]; end?: End }> = {
      'with [DONE]': { pieces: [hi, data(finish()), data('[DONE]')] },
      'with [DONE], although the connection breaks then': { pieces: [hi, data(finish()), data('[DONE]')], end: 'breaks' },
      'with [DONE], although no reason for it was given': { pieces: [hi, data('[DONE]')] },
      'with the connection after a reason to end': { pieces: [hi, data(finish())] },
      'with a connection that breaks after a reason to end': { pieces: [hi, data(finish()), 'data: [DO'], end: 'breaks' },
      'with an empty line missing behind [DONE]': { pieces: [hi, data(finish()), 'data: [DONE]'] },
    };
    for (const [how, { pieces, end }] of Object.entries(complete)) {
      it(how, async () => {
        stubFetch(() => new Response(streamOf(pieces, end)));
        expect(await outcome()).to.deep.equal([text('Hi'), done()]);
      });
    }

    it('at once with [DONE], although the connection stays open, which is then closed', async () => {
      const body = streamOf([hi, data(finish()) + data('[DONE]') + data({ error: 'late' })], 'stays open');
      stubFetch(() => new Response(body));
      expect(await outcome()).to.deep.equal([text('Hi'), done()]);
      await body.cancelled;
    });

    it('with the silence of a server that has finished', async () => {
      stubFetch(likeABrowser(() => new Response(streamOf([hi, data(finish())], 'stays open'))));
      expect(await outcome({}, new OpenAIApi({ url, timeout: 0.05 }))).to.deep.equal([text('Hi'), done()]);
    });

    it('with a timeout where a server falls silent before that', async () => {
      stubFetch(likeABrowser(() => new Response(streamOf([hi], 'stays open'))));
      expect(await outcome({}, new OpenAIApi({ url, timeout: 0.05 }))).to.deep.equal([
        text('Hi'),
        { kind: 'timeout', seconds: 0.05, phase: 'answering' },
      ]);
    });

    const interrupted: Record<string, { pieces: string[]; end?: End }> = {
      'without a reason': { pieces: [hi] },
      'with an empty reason': { pieces: [hi, data({ choices: [{ delta: {}, finish_reason: '' }] })] },
      'within an event': { pieces: [hi, 'data: {"choices":[{"delta":{"content":" the'] },
      'with a broken connection': { pieces: [hi], end: 'breaks' },
    };
    for (const [how, { pieces, end }] of Object.entries(interrupted)) {
      it(`interrupted ${how}, and keeps the text before it`, async () => {
        stubFetch(() => new Response(streamOf(pieces, end)));
        expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'interrupted' }]);
      });
    }

    it('interrupted when nothing is answered at all', async () => {
      for (const end of ['ends', 'breaks'] as const) {
        stubFetch(() => new Response(streamOf([], end)));
        expect(await outcome()).to.deep.equal([{ kind: 'interrupted' }]);
      }
    });
  });

  describe('of a server that does not stream', () => {
    it('takes the whole answer', async () => {
      const message = {
        content: 'Hi',
        reasoning_content: 'Hm',
        tool_calls: [
          { id: 'one', function: { name: 'a', arguments: '{"x":1}' } },
          { id: 'two', function: { name: 'b', arguments: '' } },
        ],
      };
      stubFetch(() => json({ choices: [{ message, finish_reason: 'length' }], usage: { completion_tokens: 4 } }));
      expect(await outcome()).to.deep.equal([
        thinking('Hm'),
        text('Hi'),
        { type: 'tool-call', call: { id: 'one', function: { name: 'a', arguments: { x: 1 } } } },
        { type: 'tool-call', call: { id: 'two', function: { name: 'b', arguments: {} } } },
        done('length', { eval_count: 4 }),
      ]);
    });

    it('needs no reason for its end', async () => {
      stubFetch(() => json({ choices: [{ message: { content: 'Hi' } }] }));
      expect(await outcome()).to.deep.equal([text('Hi'), done()]);
    });

    it('reads an error that comes with status 200', async () => {
      stubFetch(() => json({ error: { message: 'out of words' } }));
      expect(await outcome()).to.deep.equal([{ kind: 'server', text: 'out of words' }]);
    });

    for (const other of [{ detail: 'hello' }, { status: 'ok' }, [], null, 'text']) {
      it(`takes ${JSON.stringify(other)} for the answer of another server`, async () => {
        stubFetch(() => json(other));
        expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 200, url }]);
      });
    }

    it('keeps to the limit of silence', async () => {
      const headers = { 'Content-Type': 'application/json' };
      stubFetch(likeABrowser(() => new Response(streamOf(['{"choices":['], 'stays open'), { headers })));
      expect(await outcome({}, new OpenAIApi({ url, timeout: 0.05 }))).to.deep.equal([
        { kind: 'timeout', seconds: 0.05, phase: 'answering' },
      ]);
    });

    it('is interrupted when the connection breaks', async () => {
      const headers = { 'Content-Type': 'application/json' };
      stubFetch(() => new Response(streamOf(['{"choices":[{"message":{"content":"Hi"'], 'breaks'), { headers }));
      expect(await outcome()).to.deep.equal([{ kind: 'interrupted' }]);
    });
  });

  describe('knows that no model server has answered', () => {
    it('by an HTML page', async () => {
      const body = streamOf(['<!doctype html><title>Welcome</title>'], 'stays open');
      stubFetch(() => new Response(body, { headers: { 'Content-Type': 'text/HTML; charset=utf-8' } }));
      expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 200, url }]);
      await body.cancelled;
    });

    it('by an answer without a body', async () => {
      stubFetch(() => new Response(null, { status: 204 }));
      expect(await outcome()).to.deep.equal([{ kind: 'not-ollama', status: 204, url }]);
    });
  });

  it('takes any other content type that parses', async () => {
    for (const type of ['text/plain', 'application/octet-stream', '']) {
      stubFetch(() => new Response(streamOf([data(said({ content: 'Hi' })), data('[DONE]')]), { headers: { 'Content-Type': type } }));
      expect(await outcome(), type).to.deep.equal([text('Hi'), done()]);
    }
  });

  it('refuses an event that never ends', async () => {
    const piece = 'x'.repeat(1024 * 1024);
    stubFetch(() => new Response(streamOf(['data: ', ...Array.from({ length: 9 }, () => piece)], 'stays open')));
    expect(await outcome()).to.deep.equal([{ kind: 'too-large', limit: 8 * 1024 * 1024 }]);
  });

  describe('stopped', () => {
    const reason = new Error('stopped by the visitor');

    it('before the headers came throws the reason', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Promise(() => controller.abort(reason))));
      expect(await rejection(events({}, { signal: controller.signal }))).to.equal(reason);
    });

    it('in the middle of the answer throws the reason, and what came is kept', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Response(streamOf([data(said({ content: 'Hi' })), data(finish())], 'stays open'))));
      const received: ChatEvent[] = [];
      const reading = (async () => {
        for await (const event of client.chat(request, { signal: controller.signal })) {
          received.push(event);
          setTimeout(() => controller.abort(reason));
        }
      })();
      expect(await rejection(reading)).to.equal(reason);
      expect(received).to.deep.equal([text('Hi')]);
    });

    it('while a whole answer is being read throws the reason', async () => {
      const controller = new AbortController();
      const headers = { 'Content-Type': 'application/json' };
      const answer = () =>
        new Response(
          whenRead(() => controller.abort(reason)),
          { headers },
        );
      stubFetch(likeABrowser(answer));
      expect(await rejection(events({}, { signal: controller.signal }))).to.equal(reason);
    });

    it('by leaving the loop closes the connection', async () => {
      const body = streamOf([data(said({ content: 'Hi' }))], 'stays open');
      stubFetch(() => new Response(body));
      for await (const event of client.chat(request)) {
        expect(event).to.deep.equal(text('Hi'));
        break;
      }
      await body.cancelled;
    });

    it('by a chunk that cannot be read closes the connection', async () => {
      const body = streamOf([data('null')], 'stays open');
      stubFetch(() => new Response(body));
      expect(await failure(events())).to.deep.equal({ kind: 'bad-line', text: 'null' });
      await body.cancelled;
    });
  });
});

describe('OpenAIApi.models', () => {
  for (const [file, name, models, context_length] of [
    [NEW, 'v1-models', ['native:latest', 'plain:latest', 'rendered:latest']],
    [OLD, 'v1-models', ['plain:latest', 'rendered:latest']],
    [LLAMA, 'models', ['scripted'], 1024],
    [LITELLM, 'models', ['scripted']],
  ] as const) {
    it(`lists those of ${file}`, async () => {
      const { response } = await transcript(file, name);
      const calls = stubFetch(() => new Response(response.chunks.join(''), response));
      expect(await client.models()).to.deep.equal(models.map(model => ({ name: model, ...(context_length && { context_length }) })));
      expect(calls.map(call => call.url)).to.deep.equal([`${url}/v1/models`]);
      expect(calls[0]?.init).not.to.have.any.keys('method', 'body');
    });
  }

  it('is all of /v1 that was recorded besides chats, and a path that is not there', async () => {
    const others = (await transcripts()).filter(({ request: { path } }) => /^\/v1\/(?!chat\/)/.test(path));
    expect(others.map(({ file, name }) => `${file} ${name}`).toSorted()).to.deep.equal(
      [`${NEW} v1-models`, `${OLD} v1-models`, ...[LLAMA, LITELLM].flatMap(file => [`${file} models`, `${file} unknown-path`])].toSorted(),
    );
  });

  it('takes a list that is null as an empty one', async () => {
    stubFetch(() => json({ object: 'list', data: null }));
    expect(await client.models()).to.deep.equal([]);
  });

  it('knows how much each reads where vLLM says it', async () => {
    stubFetch(() =>
      json({
        data: [
          { id: 'a', max_model_len: 4096 },
          { id: 'b', max_model_len: '9', meta: null },
        ],
      }),
    );
    expect(await client.models()).to.deep.equal([{ name: 'a', context_length: 4096 }, { name: 'b' }]);
  });

  it('leaves out what has no name', async () => {
    stubFetch(() => json({ data: [null, 'a', {}, { id: '' }, { id: 7 }, { id: 'b' }] }));
    expect(await client.models()).to.deep.equal([{ name: 'b' }]);
  });

  for (const other of [{ models: [] }, [], null, 'Ollama is running']) {
    it(`takes ${JSON.stringify(other)} for the answer of another server`, async () => {
      stubFetch(() => json(other));
      expect(await failure(client.models())).to.deep.equal({ kind: 'not-ollama', status: 200, url });
    });
  }

  it('takes a path that is not there for another server’s', async () => {
    const answers = await Promise.all([LLAMA, LITELLM].map(file => transcript(file, 'unknown-path')));
    for (const { response } of answers) {
      stubFetch(() => new Response(response.chunks.join(''), response));
      expect(await failure(client.models())).to.deep.equal({ kind: 'not-ollama', status: 404, url });
    }
  });
});

function text(content: string): ChatEvent {
  return { type: 'text', text: content };
}

function thinking(content: string): ChatEvent {
  return { type: 'thinking', text: content };
}

function done(reason: 'stop' | 'length' | 'tool-calls' = 'stop', stats = {}): ChatEvent {
  return { type: 'done', reason, stats };
}

/** A chunk that says this. */
function said(delta: object) {
  return { id: 'chatcmpl-7', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }] };
}

/** A chunk that ends the answer. */
function finish(reason = 'stop') {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }] };
}

/** An event as it travels. */
function data(value: unknown): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
}

async function events(
  changes: Partial<ChatRequest> = {},
  options?: RequestOptions,
  received: ChatEvent[] = [],
  asked = client,
): Promise<ChatEvent[]> {
  for await (const event of asked.chat({ ...request, ...changes }, options)) received.push(event);
  return received;
}

async function outcome(changes?: Partial<ChatRequest>, asked = client): Promise<Outcome> {
  const received: ChatEvent[] = [];
  const reading = events(changes, undefined, received, asked);
  const failed = await reading.then(
    () => false,
    () => true,
  );
  return failed ? [...joined(received), await failure(reading)] : joined(received);
}

function joined(received: ChatEvent[]): ChatEvent[] {
  const result: ChatEvent[] = [];
  for (const event of received) {
    const last = result.at(-1);
    if ('text' in event && last?.type === event.type)
      result[result.length - 1] = { ...event, text: (last as typeof event).text + event.text };
    else result.push(event);
  }
  return result;
}
