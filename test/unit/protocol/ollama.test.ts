import { expect } from '@open-wc/testing';
import type { ChatErrorDetail } from '../../../src/errors.ts';
import type { ChatEvent, ChatRequest, RequestOptions } from '../../../src/protocol/client.ts';
import { OllamaApi } from '../../../src/protocol/ollama.ts';
import { transcript } from '../../support/transcripts-browser.ts';
import { streamOf, type End } from './byte-stream.ts';
import { failure, rejection } from './chat-error.ts';
import { json, likeABrowser, ndjson, restoreFetch, stubFetch, whenRead } from './fetch-stub.ts';

const NEW = 'ollama-0.33.0-rc2';
const OLD = 'ollama-0.24.0';
const url = 'http://ollama.test:11434';
/** Asks once: what a second attempt is worth is the request's own test. */
const client = new OllamaApi({ url, retries: 0 });
const request = { model: 'tiny', messages: [{ role: 'user' as const, content: 'Say hi' }] };
/** A last line. */
const DONE = { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' };
const done: ChatEvent = { type: 'done', reason: 'stop', stats: {} };

afterEach(restoreFetch);

describe('OllamaApi.chat', () => {
  describe('sends', () => {
    it('the request as JSON by POST, and asks for a stream', async () => {
      const calls = stubFetch(() => ndjson(DONE));
      await events();
      expect(calls).to.have.lengthOf(1);
      expect(calls[0]?.url).to.equal(`${url}/api/chat`);
      expect(calls[0]?.init.method).to.equal('POST');
      expect(new Headers(calls[0]?.init.headers).get('Content-Type')).to.equal('application/json');
      expect(JSON.parse(String(calls[0]?.init.body))).to.deep.equal({ ...request, stream: true });
    });

    it('no cookies to another origin, no referrer, and nothing from a cache', async () => {
      const calls = stubFetch(() => ndjson(DONE));
      await events();
      expect(calls[0]?.init).to.include({ credentials: 'same-origin', referrerPolicy: 'no-referrer', cache: 'no-store' });
    });

    it('nothing before somebody listens', () => {
      const calls = stubFetch(() => ndjson(DONE));
      client.chat(request);
      expect(calls).to.have.lengthOf(0);
    });
  });

  describe('reads what servers have answered:', () => {
    const weather = (id: string): ChatEvent => ({
      type: 'tool-call',
      call: { id, function: { index: 0, name: 'get_weather', arguments: { city: 'Oslo' } } },
    });
    const hello =
      'Hello! This is a **Markdown** answer with `code`, a [link](https://example.com) and a list:\n\n- first\n- second item\n\nDone.';
    const cases: { file: string; name: string; about: string; expected: (ChatEvent | ChatErrorDetail)[] }[] = [
      {
        file: NEW,
        name: 'native-chat',
        about: 'a plain answer',
        expected: [
          ...['Hello!', ' This', ' is', ' a', ' **Markdown**', ' answer', ' with', ' `code`,'].map(text),
          ...[' a [link](https://example.com)', ' and', ' a list:', '\n\n-', ' first', '\n-', ' second', ' item', '\n\nDone.'].map(text),
          finished('stop', [11418866, 1436488, 26, 1978000, 18, 3762000]),
        ],
      },
      ...(
        [
          [NEW, [8950201, 717202, 27, 1567000, 14, 4711000]],
          [OLD, [35845142, 3259011, 27, 6630659, 14, 24353102]],
        ] as const
      ).map(([file, counts]) => ({
        file,
        name: 'rendered-chat-think',
        about: 'thinking, then the answer',
        expected: [
          ...['The', ' user', ' wants', ' thought.', '\nSo', ' I', ' think', ' hard.', '\n'].map(thinking),
          ...['The', ' answer is', ' 42.'].map(text),
          finished('stop', counts),
        ],
      })),
      {
        file: NEW,
        name: 'native-chat-tools',
        about: 'a tool call on the last line',
        expected: [weather('OCLaY2eWH6g0pCK2eUYVmWAPe7JXpPK1'), finished('stop', [26659010, 1273726, 363, 19311000, 8, 3245000])],
      },
      {
        file: NEW,
        name: 'rendered-chat-tools',
        about: 'a tool call on a line of its own',
        expected: [weather('call_vk5yhfmk'), finished('stop', [18887051, 1247196, 303, 12522000, 8, 2588000])],
      },
      {
        file: OLD,
        name: 'rendered-chat-tools',
        about: 'the same of an older server',
        expected: [weather('call_w3krbtv4'), finished('stop', [109371048, 3872604, 228, 88457910, 8, 15287842])],
      },
      {
        file: NEW,
        name: 'native-chat-whole',
        about: 'an answer in one object',
        expected: [text(hello), finished('stop', [22244338, 1242809, 26, 781000, 18, 9848000])],
      },
      {
        file: NEW,
        name: 'rendered-chat-tools-whole',
        about: 'a tool call in one object',
        expected: [weather('call_mtduyecj'), finished('stop', [4831841, 850676, 303, 705000, 8, 1654000])],
      },
      {
        file: NEW,
        name: 'rendered-chat-logprobs',
        about: 'fields nobody asked about, and the end by length',
        expected: [...['Hello!', ' This', ' is'].map(text), finished('length', [6484873, 1916653, 27, 508000, 3, 727000])],
      },
      { file: NEW, name: 'native-preload', about: 'a model that was loaded', expected: [{ type: 'done', reason: 'load', stats: {} }] },
      { file: NEW, name: 'unload', about: 'a model that was unloaded', expected: [{ type: 'done', reason: 'unload', stats: {} }] },
      ...[NEW, OLD].map(file => ({
        file,
        name: 'rendered-chat-stutter',
        about: 'an end without "done": interrupted',
        expected: [...Array.from({ length: 31 }, () => text(' ho')), { kind: 'interrupted' as const }],
      })),
      {
        file: OLD,
        name: 'rendered-chat-closed',
        about: 'a connection that was lost: interrupted',
        expected: [
          ...[' Water', ' runs', ' past', ' stones,', ' under', ' bridges,', ' through'].map(text),
          ...[' meadows,', ' round', ' hills,', ' over', ' weirs,', ' between', ' reeds,'].map(text),
          { kind: 'interrupted' },
        ],
      },
      {
        file: NEW,
        name: 'native-runner-killed-midstream',
        about: 'an error as the last line',
        expected: [
          ...['Water', ' runs', ' past', ' stones,', ' under', ' bridges,', ' Then', '\n\nagain:', ' Water', ' runs', ' past'].map(text),
          { kind: 'crashed', text: 'an error was encountered while running the model: unexpected EOF' },
        ],
      },
      {
        file: OLD,
        name: 'rendered-runner-killed-midstream',
        about: 'the same of an older server',
        expected: [
          ...[' Water', ' runs', ' past', ' stones,'].map(text),
          { kind: 'crashed', text: 'an error was encountered while running the model: unexpected EOF' },
        ],
      },
      {
        file: NEW,
        name: 'native-overflow',
        about: 'JSON inside the error string, put into words and numbers',
        expected: [
          {
            kind: 'too-long',
            text: 'request (2421 tokens) exceeds the available context size (1024 tokens), try increasing it',
            promptTokens: 2421,
            contextLength: 1024,
          },
        ],
      },
      {
        file: OLD,
        name: 'rendered-overflow-noshift',
        about: 'an overflow of which only words are known',
        expected: [{ kind: 'too-long', text: 'the input length exceeds the context length' }],
      },
      { file: NEW, name: 'error-unknown-model', about: 'a model that is not there', expected: [{ kind: 'model-missing', model: 'nope' }] },
      {
        file: NEW,
        name: 'native-queue-full',
        about: 'a full queue',
        expected: [{ kind: 'busy', status: 503, text: 'server busy, please try again.  maximum pending requests exceeded' }],
      },
      { file: NEW, name: 'cors-post-refused', about: 'a 403 without a body', expected: [{ kind: 'host-refused', url }] },
      {
        file: NEW,
        name: 'cloud-model',
        about: 'a cloud that was not reached',
        expected: [
          {
            kind: 'cloud-unavailable',
            text: 'Post "https://ollama.com:443/api/chat?ts=1795344765": dial tcp: lookup ollama.com: no such host',
          },
        ],
      },
      {
        file: NEW,
        name: 'native-image',
        about: 'a picture for a model that cannot see',
        expected: [
          {
            kind: 'capability-missing',
            model: 'native',
            capability: 'vision',
            text: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
          },
        ],
      },
      {
        file: 'llama-server-0.7.0',
        name: 'ollama-path',
        about: 'an error object of another server',
        expected: [{ kind: 'not-ollama', status: 404, url }],
      },
      {
        file: 'litellm-1.106.2',
        name: 'ollama-path',
        about: 'JSON that is no error of Ollama',
        expected: [{ kind: 'not-ollama', status: 404, url }],
      },
    ];
    for (const { file, name, about, expected } of cases) {
      it(`${about} (${name} of ${file})`, async () => {
        const { request: sent, response } = await transcript(file, name);
        stubFetch(() => new Response(streamOf(response.chunks, response.cut ? 'breaks' : 'ends'), response));
        expect(await outcome({ model: (JSON.parse(sent.body ?? '{}') as { model: string }).model })).to.deep.equal(expected);
      });
    }
  });

  describe('ends', () => {
    it('after "done", although the connection stays open, which is then closed', async () => {
      const body = streamOf([line({ ...DONE, message: { content: 'Hi' } })], 'stays open');
      stubFetch(() => new Response(body));
      expect(await outcome()).to.deep.equal([text('Hi'), done]);
      await body.cancelled;
    });

    it('with the first "done", whatever follows', async () => {
      stubFetch(() => ndjson(said('Hi'), DONE, said(' again'), { error: 'late' }, 'no JSON'));
      expect(await outcome()).to.deep.equal([text('Hi'), done]);
    });

    it('with a reason for being done, although "done" itself is missing', async () => {
      stubFetch(() => ndjson(said('Hi'), { message: { content: '' }, done_reason: 'length' }));
      expect(await outcome()).to.deep.equal([text('Hi'), { type: 'done', reason: 'length', stats: {} }]);
    });

    it('only with "done", not with an empty reason for it', async () => {
      stubFetch(() => ndjson({ ...said('Hi'), done: false, done_reason: '' }));
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'interrupted' }]);
    });

    it('only with a "done" that is true', async () => {
      stubFetch(() => ndjson({ done: 'true' }, { done: 1 }, { done: {} }));
      expect(await outcome()).to.deep.equal([{ kind: 'interrupted' }]);
    });

    it('without a reason that is known as "stop"', async () => {
      stubFetch(() => ndjson({ done: true, done_reason: 'aliens' }));
      expect(await outcome()).to.deep.equal([done]);
      stubFetch(() => ndjson({ done: true }));
      expect(await outcome()).to.deep.equal([done]);
    });
  });

  describe('is interrupted', () => {
    const broken: Record<string, { pieces: string[]; end?: End }> = {
      'when nothing is answered at all': { pieces: [] },
      'when only blank lines come': { pieces: ['\n\n \n'] },
      'when the connection is lost before the first line': { pieces: [], end: 'breaks' },
    };
    for (const [when, { pieces, end }] of Object.entries(broken)) {
      it(when, async () => {
        stubFetch(() => new Response(streamOf(pieces, end)));
        expect(await outcome()).to.deep.equal([{ kind: 'interrupted' }]);
      });
    }

    it('when the connection is lost within a line, and keeps the text before it', async () => {
      stubFetch(() => new Response(streamOf([line(said('Hi')), '{"message":{"content":" the'], 'breaks')));
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'interrupted' }]);
    });

    it('when the answer ends within a line, and keeps the text before it', async () => {
      stubFetch(() => new Response(streamOf([line(said('Hi')), '{"message":{"content":" the'], 'ends')));
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'interrupted' }]);
    });
  });

  describe('takes from a line', () => {
    it('thinking, text and tool calls, in this order, also from the last one', async () => {
      const tool_calls = [{ function: { name: 'a', arguments: { x: 1 } } }, { id: 'two', function: { name: 'b', arguments: {} } }];
      stubFetch(() => ndjson({ message: { tool_calls, content: 'Hi', thinking: 'Hm' }, done: true, eval_count: 3 }));
      expect(await outcome()).to.deep.equal([
        thinking('Hm'),
        text('Hi'),
        { type: 'tool-call', call: { function: { name: 'a', arguments: { x: 1 } } } },
        { type: 'tool-call', call: { id: 'two', function: { name: 'b', arguments: {} } } },
        { type: 'done', reason: 'stop', stats: { eval_count: 3 } },
      ]);
    });

    it('an error before anything else', async () => {
      stubFetch(() => ndjson(said('Hi'), { ...DONE, message: { content: ' you' }, error: 'out of words' }, said('!')));
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'server', text: 'out of words' }]);
    });

    it('an error whose words are in an object', async () => {
      stubFetch(() => ndjson({ error: { message: 'out of words', code: 500 } }));
      expect(await outcome()).to.deep.equal([{ kind: 'server', text: 'out of words' }]);
    });

    it('no text that is none', async () => {
      const messages = [...[1, true, null, ['a'], { text: 'a' }].map(content => ({ content, thinking: content })), 'a', ['a'], null, 7];
      stubFetch(() => ndjson(...messages.map(message => ({ message })), {}, { response: ['a'] }, DONE));
      expect(await outcome()).to.deep.equal([done]);
    });

    it('arguments as an object, or as its JSON, and says what is neither', async () => {
      const given = [{ x: 1 }, '{"x":1}', ' ', null, undefined, '{"x":', '[1]', [1], 7];
      stubFetch(() => ndjson({ message: { tool_calls: given.map(value => ({ function: { name: 'a', arguments: value } })) } }, DONE));
      const calls = (await outcome()).flatMap(event => ('call' in event ? [event.call] : []));
      expect(calls.map(({ function: { arguments: args }, unread }) => unread ?? args)).to.deep.equal([
        ...[{ x: 1 }, { x: 1 }, {}, {}, {}],
        ...['{"x":', '[1]', '[1]', '7'],
      ]);
      expect(calls.at(-1)?.function.arguments).to.deep.equal({});
    });

    it('no tool call without a name, and no id or index of another kind', async () => {
      const tool_calls = [null, 'call', [], {}, { function: null }, { function: { name: '' } }, { function: { name: 7 } }];
      const named = { id: 7, function: { name: 'a', index: '0' } };
      stubFetch(() => ndjson({ message: { tool_calls } }, { message: { tool_calls: named } }, { message: { tool_calls: [named] } }, DONE));
      expect(await outcome()).to.deep.equal([{ type: 'tool-call', call: { function: { name: 'a', arguments: {} } } }, done]);
    });

    it('no counter that is no number', async () => {
      stubFetch(() => ndjson({ done: true, eval_count: '3', total_duration: null, load_duration: 5, prompt_tokens: 9 }));
      expect(await outcome()).to.deep.equal([{ type: 'done', reason: 'stop', stats: { load_duration: 5 } }]);
    });
  });

  for (const bad of ['null', '[]', '[{"done":true}]', '3', '"text"', 'true', 'data: {}']) {
    it(`refuses the line ${bad} and keeps the text before it`, async () => {
      stubFetch(() => ndjson(said('Hi'), bad, DONE));
      expect(await outcome()).to.deep.equal([text('Hi'), { kind: 'bad-line', text: bad }]);
    });
  }

  describe('knows that no Ollama has answered', () => {
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

    it('by the HTML of a proxy that failed, which is told apart', async () => {
      stubFetch(() => new Response('<html><h1>502 Bad Gateway</h1></html>', { status: 502, headers: { 'Content-Type': 'text/html' } }));
      expect(await outcome()).to.deep.equal([{ kind: 'proxy', status: 502, url }]);
    });
  });

  it('takes any other content type that parses', async () => {
    for (const type of ['text/plain', 'application/octet-stream', '']) {
      stubFetch(() => new Response(streamOf([line(said('Hi')), line(DONE)]), { headers: { 'Content-Type': type } }));
      expect(await outcome(), type).to.deep.equal([text('Hi'), done]);
    }
  });

  it('says which address does not answer', async () => {
    stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await outcome()).to.deep.equal([{ kind: 'unreachable', url }]);
  });

  describe('of a model that cannot do what is asked', () => {
    const cannot = (what: string) => json({ error: `"tiny" does not support ${what}` }, 400);
    const tools = [{ type: 'function', function: { name: 'a' } }];
    /** Refuses each of `fields` as long as it is sent. Tells which of them each request held. */
    const refusing = (...fields: ('thinking' | 'tools')[]) => {
      const asked: string[][] = [];
      stubFetch(({ init }) => {
        const sent = JSON.parse(String(init.body)) as Record<string, unknown>;
        asked.push(['think', 'tools'].filter(field => field in sent));
        const refused = fields.find(field => sent[field === 'thinking' ? 'think' : field] !== undefined);
        return refused ? cannot(refused) : ndjson(said('Hi'), DONE);
      });
      return asked;
    };
    const hi = [text('Hi'), done];

    it('asks once more without thinking, and never again for that', async () => {
      const own = new OllamaApi({ url });
      const asked = refusing('thinking');
      expect(await outcome({ think: true }, own)).to.deep.equal(hi);
      expect(await outcome({ think: true }, own)).to.deep.equal(hi);
      expect(asked).to.deep.equal([['think'], [], []]);
    });

    it('asks once more without tools, and never again for them', async () => {
      const own = new OllamaApi({ url });
      const asked = refusing('tools');
      expect(await outcome({ tools, think: false }, own)).to.deep.equal(hi);
      expect(await outcome({ tools: [...tools, ...tools], think: false }, own)).to.deep.equal(hi);
      expect(asked).to.deep.equal([['think', 'tools'], ['think'], ['think']]);
    });

    it('asks without both where it refuses both', async () => {
      const asked = refusing('tools', 'thinking');
      expect(await outcome({ tools, think: true }, new OllamaApi({ url }))).to.deep.equal(hi);
      expect(asked).to.deep.equal([['think', 'tools'], ['think'], []]);
    });

    it('keeps asking another model', async () => {
      const own = new OllamaApi({ url });
      const asked = refusing('thinking');
      await outcome({ think: true }, own);
      await outcome({ think: true, model: 'other' }, own);
      expect(asked).to.deep.equal([['think'], [], ['think'], []]);
    });

    it('keeps asking for another way of thinking, or for none', async () => {
      const own = new OllamaApi({ url });
      const ways: unknown[] = [];
      stubFetch(({ init }) => {
        const { think } = JSON.parse(String(init.body)) as { think?: unknown };
        ways.push(think);
        return think === 'low' ? json({ error: 'think value "low" is not supported for this model' }, 400) : ndjson(DONE);
      });
      for (const think of ['low', 'low', true, false] as const) expect(await outcome({ think }, own)).to.deep.equal([done]);
      expect(ways).to.deep.equal(['low', undefined, undefined, true, false]);
    });

    it('says so where the model refuses what was not asked for', async () => {
      const calls = stubFetch(() => cannot('thinking'));
      const refused = { kind: 'capability-missing', model: 'tiny', capability: 'thinking', text: '"tiny" does not support thinking' };
      expect(await outcome()).to.deep.equal([refused]);
      expect(calls).to.have.lengthOf(1);
      expect(await outcome({ think: true }, new OllamaApi({ url }))).to.deep.equal([refused]);
      expect(calls).to.have.lengthOf(3);
    });

    it('says so at once where nothing can be left out', async () => {
      const calls = stubFetch(() => cannot('chat'));
      const refused = { kind: 'capability-missing', model: 'tiny', capability: 'completion', text: '"tiny" does not support chat' };
      expect(await outcome({ think: true, tools })).to.deep.equal([refused]);
      expect(calls).to.have.lengthOf(1);
    });

    for (const [name, changes] of [
      ['plain-think-true', { think: true }],
      ['plain-tools', { tools }],
    ] as const) {
      it(`knows the refusal of a real server (${name})`, async () => {
        const { response } = await transcript(NEW, name);
        const answers = [new Response(response.chunks.join(''), response), ndjson(DONE)];
        stubFetch(() => answers.shift()!);
        expect(await outcome(changes, new OllamaApi({ url }))).to.deep.equal([done]);
      });
    }
  });

  describe('stopped', () => {
    const reason = new Error('stopped by the visitor');

    it('before it began asks nothing', async () => {
      const calls = stubFetch(likeABrowser(() => ndjson(DONE)));
      expect(await rejection(events({}, { signal: AbortSignal.abort(reason) }))).to.equal(reason);
      expect(calls[0]?.init.signal?.aborted).to.equal(true);
    });

    it('before the headers came throws the reason', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Promise(() => controller.abort(reason))));
      expect(await rejection(events({}, { signal: controller.signal }))).to.equal(reason);
    });

    it('while a refusal is being read throws the reason', async () => {
      const controller = new AbortController();
      const refused = () =>
        new Response(
          whenRead(() => controller.abort(reason)),
          { status: 500 },
        );
      stubFetch(likeABrowser(refused));
      expect(await rejection(events({}, { signal: controller.signal }))).to.equal(reason);
    });

    it('in the middle of the answer throws the reason, and what came is kept', async () => {
      const controller = new AbortController();
      stubFetch(likeABrowser(() => new Response(streamOf([line(said('Hi')), line(said(' there'))], 'stays open'))));
      const received: ChatEvent[] = [];
      const reading = (async () => {
        for await (const event of client.chat(request, { signal: controller.signal })) {
          received.push(event);
          if (received.length === 2) setTimeout(() => controller.abort(reason));
        }
      })();
      expect(await rejection(reading)).to.equal(reason);
      expect(received).to.deep.equal([text('Hi'), text(' there')]);
    });

    it('by leaving the loop closes the connection', async () => {
      const body = streamOf([line(said('Hi'))], 'stays open');
      stubFetch(() => new Response(body));
      for await (const event of client.chat(request)) {
        expect(event).to.deep.equal(text('Hi'));
        break;
      }
      await body.cancelled;
    });

    it('by a line that cannot be read closes the connection', async () => {
      const body = streamOf(['null\n'], 'stays open');
      stubFetch(() => new Response(body));
      expect(await failure(events())).to.deep.equal({ kind: 'bad-line', text: 'null' });
      await body.cancelled;
    });
  });
});

describe('OllamaApi.models', () => {
  it('lists what is installed, newest first, with what is known of the loaded ones', async () => {
    stubFetch(await recorded(NEW, { '/api/tags': 'tags', '/api/ps': 'ps' }));
    const models = await client.models();
    expect(models.map(({ name }) => name)).to.deep.equal(['plain:latest', 'rendered:latest', 'native:latest']);
    expect(models.map(model => model.expires_at)).to.deep.equal([
      undefined,
      '2026-11-22T10:57:44.712177309Z',
      '2026-11-22T10:57:43.616083881Z',
    ]);
    expect(models.map(model => model.context_length)).to.deep.equal([undefined, 1024, 1024]);
    expect(models.map(model => model.capabilities)).to.deep.equal([['completion'], ['completion', 'tools', 'thinking'], ['completion']]);
    expect(models[1]?.size, 'the size on disk, not in memory').to.equal(3595321);
    expect(models[1]?.modified_at).to.equal('2026-11-22T10:50:29.877845857Z');
  });

  it('leaves capabilities unknown where an older server does not tell', async () => {
    stubFetch(await recorded(OLD, { '/api/tags': 'tags', '/api/ps': 'ps' }));
    const models = await client.models();
    expect(models.map(({ name }) => name)).to.deep.equal(['plain:latest', 'rendered:latest']);
    for (const model of models) expect(model).not.to.have.property('capabilities');
    expect(models[1]?.expires_at).to.equal('2026-11-22T11:08:09.184081016Z');
  });

  it('asks both lists at once, and by GET', async () => {
    const calls = stubFetch(() => json({ models: [] }));
    await client.models();
    expect(calls.map(call => call.url)).to.deep.equal([`${url}/api/tags`, `${url}/api/ps`]);
    for (const { init } of calls) {
      expect(init).to.include({ credentials: 'same-origin', referrerPolicy: 'no-referrer' });
      expect(init).not.to.have.any.keys('method', 'body');
    }
  });

  it('does without the list of the loaded ones where it fails', async () => {
    const tags = json({ models: [{ name: 'a' }] });
    const failing = [() => json({ error: 'no' }, 500), () => new Response('<html>'), () => Promise.reject(new TypeError())];
    for (const ps of failing) {
      stubFetch(call => (call.url.endsWith('/ps') ? ps() : tags.clone()));
      expect(await client.models()).to.deep.equal([{ name: 'a' }]);
    }
  });

  it('fails with the list of the installed ones', async () => {
    stubFetch(call => (call.url.endsWith('/ps') ? json({ models: [] }) : Promise.reject(new TypeError())));
    expect(await failure(client.models())).to.deep.equal({ kind: 'unreachable', url });
  });

  it('takes a list that is null as an empty one', async () => {
    stubFetch(() => json({ models: null }));
    expect(await client.models()).to.deep.equal([]);
  });

  it('leaves out what has no name', async () => {
    stubFetch(() => json({ models: [null, 'a', {}, { name: '' }, { name: 7 }, { name: 'b' }] }));
    expect(await client.models()).to.deep.equal([{ name: 'b' }]);
  });

  for (const other of [{ detail: 'hello' }, [], null, 'Ollama is running']) {
    it(`takes ${JSON.stringify(other)} for the answer of another server`, async () => {
      stubFetch(() => json(other));
      expect(await failure(client.models())).to.deep.equal({ kind: 'not-ollama', status: 200, url });
    });
  }

  it('takes a page for the answer of another server', async () => {
    stubFetch(() => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }));
    expect(await failure(client.models())).to.deep.equal({ kind: 'not-ollama', status: 200, url });
  });

  it('is interrupted where the connection breaks', async () => {
    stubFetch(() => new Response(streamOf(['{"models":[{"name"'], 'breaks')));
    expect(await failure(client.models())).to.deep.equal({ kind: 'interrupted' });
  });

  it('stopped throws the reason', async () => {
    const reason = new Error('the visitor left');
    const controller = new AbortController();
    stubFetch(likeABrowser(() => new Response(whenRead(() => controller.abort(reason)))));
    expect(await rejection(client.models({ signal: controller.signal }))).to.equal(reason);
  });
});

describe('OllamaApi.load', () => {
  it('asks for the model without a message, and resolves when it is loaded', async () => {
    const { response } = await transcript(NEW, 'native-preload');
    const calls = stubFetch(() => new Response(response.chunks.join(''), response));
    await client.load('native');
    expect(calls.map(call => call.url)).to.deep.equal([`${url}/api/chat`]);
    expect(JSON.parse(String(calls[0]?.init.body))).to.deep.equal({ model: 'native', messages: [] });
  });

  it('says how long the model stays, where it is told', async () => {
    const calls = stubFetch(() => json({ done: true, done_reason: 'unload' }));
    for (const keep_alive of [0, '30m', -1]) await client.load('native', { keep_alive });
    expect(calls.map(({ init }) => (JSON.parse(String(init.body)) as { keep_alive: unknown }).keep_alive)).to.deep.equal([0, '30m', -1]);
  });

  it('tries once, and asks nobody why it failed', async () => {
    const told: unknown[] = [];
    const tell = (value: unknown) => told.push(value);
    const diagnose = async (): Promise<ChatErrorDetail> => ({ kind: 'offline', url: String(tell('asked why')) });
    const own = new OllamaApi({ url, onRetry: tell, diagnose });
    const calls = stubFetch(() => new Response('', { status: 503, headers: { 'Retry-After': '0' } }));
    expect(await failure(own.load('native'))).to.deep.equal({ kind: 'proxy', status: 503, url });
    expect(calls).to.have.lengthOf(1);
    stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await failure(own.load('native'))).to.deep.equal({ kind: 'unreachable', url });
    expect(told).to.deep.equal([]);
  });

  it('keeps to the server’s limit of silence', async () => {
    stubFetch(likeABrowser(() => new Promise(() => {})));
    const own = new OllamaApi({ url, timeout: 0.02 });
    expect(await failure(own.load('native'))).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
  });

  it('names the model that is missing', async () => {
    const { response } = await transcript(NEW, 'error-unknown-model');
    stubFetch(() => new Response(response.chunks.join(''), response));
    expect(await failure(client.load('nope'))).to.deep.equal({ kind: 'model-missing', model: 'nope' });
  });

  it('stopped ends the loading', async () => {
    const reason = new Error('the visitor left');
    const controller = new AbortController();
    const calls = stubFetch(likeABrowser(() => new Promise(() => controller.abort(reason))));
    expect(await rejection(client.load('native', undefined, { signal: controller.signal }))).to.equal(reason);
    expect(calls[0]?.init.signal?.aborted).to.equal(true);
  });
});

describe('OllamaApi.show', () => {
  it('tells what a model can do', async () => {
    const { response } = await transcript(NEW, 'native-show');
    const calls = stubFetch(() => new Response(response.chunks.join(''), response));
    const shown = await client.show('native');
    expect(shown.capabilities).to.deep.equal(['tools', 'thinking', 'completion']);
    expect(shown.model_info).to.include({ 'llama.context_length': 8192 });
    expect(calls[0]?.url).to.equal(`${url}/api/show`);
    expect(calls[0]?.init.method).to.equal('POST');
    expect(JSON.parse(String(calls[0]?.init.body))).to.deep.equal({ model: 'native' });
  });

  for (const shown of [{}, { capabilities: null }, { capabilities: 'completion' }, { capabilities: [1] }, null, [], 'text']) {
    it(`takes ${JSON.stringify(shown)} as unknown, not as nothing`, async () => {
      stubFetch(() => json(shown));
      expect(await client.show('tiny')).to.deep.equal({});
    });
  }

  it('names the model that is missing as it was asked for', async () => {
    const { response } = await transcript(NEW, 'error-unknown-show');
    stubFetch(() => new Response(response.chunks.join(''), response));
    expect(await failure(client.show('nope'))).to.deep.equal({ kind: 'model-missing', model: 'nope' });
  });
});

describe('OllamaApi.version', () => {
  it('gives the version as the server writes it', async () => {
    const { response } = await transcript(NEW, 'version');
    const calls = stubFetch(() => new Response(response.chunks.join(''), response));
    expect(await client.version()).to.equal('0.33.0-rc2');
    expect(calls[0]?.url).to.equal(`${url}/api/version`);
  });

  for (const answer of [{}, { version: 7 }, null, []]) {
    it(`gives none for ${JSON.stringify(answer)}`, async () => {
      stubFetch(() => json(answer));
      expect(await client.version()).to.equal('');
    });
  }
});

function text(content: string): ChatEvent {
  return { type: 'text', text: content };
}

function thinking(content: string): ChatEvent {
  return { type: 'thinking', text: content };
}

/** `counts` in the order of the last line. */
function finished(reason: 'stop' | 'length', counts: readonly number[]): ChatEvent {
  const [total_duration, load_duration, prompt_eval_count, prompt_eval_duration, eval_count, eval_duration] = counts as [
    ...[number, number, number, number, number, number],
  ];
  return {
    type: 'done',
    reason,
    stats: { total_duration, load_duration, prompt_eval_count, prompt_eval_duration, eval_count, eval_duration },
  };
}

/** A line that carries text. */
const said = (content: string) => ({ message: { role: 'assistant', content }, done: false });

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

async function events(
  changes: Partial<ChatRequest> = {},
  options?: RequestOptions,
  received: ChatEvent[] = [],
  asked = client,
): Promise<ChatEvent[]> {
  for await (const event of asked.chat({ ...request, ...changes }, options)) received.push(event);
  return received;
}

/** The events, and behind them the failure that ended them. */
async function outcome(changes?: Partial<ChatRequest>, asked = client): Promise<(ChatEvent | ChatErrorDetail)[]> {
  const received: ChatEvent[] = [];
  const reading = events(changes, undefined, received, asked);
  const failed = await reading.then(
    () => false,
    () => true,
  );
  return failed ? [...received, await failure(reading)] : received;
}

/** Answers each path by the recorded case of that name. */
async function recorded(file: string, names: Record<string, string>): Promise<Parameters<typeof stubFetch>[0]> {
  const cases = Object.entries(names).map(async ([path, name]) => [path, (await transcript(file, name)).response] as const);
  const responses = new Map(await Promise.all(cases));
  return call => {
    const response = responses.get(new URL(call.url).pathname);
    if (!response) throw new TypeError(`${call.url} was not expected`);
    return new Response(response.chunks.join(''), response);
  };
}
