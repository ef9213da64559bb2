import { expect } from '@open-wc/testing';
import { type ChatEvent, OllamaClient } from '../../../src/client/index.ts';
import { transcript } from '../../support/transcripts-browser.ts';
import { streamOf } from '../protocol/byte-stream.ts';
import { failure, rejection } from '../protocol/chat-error.ts';
import { json, likeABrowser, ndjson, restoreFetch, stubFetch } from '../protocol/fetch-stub.ts';

const NEW = 'ollama-0.33.0-rc2';
const url = 'http://models.test:11434';
const HELLO =
  'Hello! This is a **Markdown** answer with `code`, a [link](https://example.com) and a list:\n\n- first\n- second item\n\nDone.';

afterEach(restoreFetch);

/** Answers as was recorded; returns what is asked. */
async function recorded(name: string) {
  restoreFetch();
  const { response } = await transcript(NEW, name);
  return stubFetch(() => new Response(streamOf(response.chunks), response));
}

const bodyOf = (call: { init: RequestInit } | undefined) => JSON.parse(String(call?.init.body)) as unknown;

describe('OllamaClient', () => {
  it('asks the Ollama of this computer by itself', async () => {
    const calls = stubFetch(() => json({ models: [] }));
    await new OllamaClient().tags();
    expect(calls[0]?.url).to.equal('http://localhost:11434/api/tags');
  });

  it('reads an address as people write it, in a page also a relative one', async () => {
    const calls = stubFetch(() => json({ models: [] }));
    await new OllamaClient({ url: 'models.test/api/' }).tags();
    await new OllamaClient({ url: '/ollama' }).tags();
    expect(calls.map(call => call.url)).to.deep.equal(['http://models.test:11434/api/tags', `${location.origin}/ollama/api/tags`]);
  });

  it('refuses an address that is none, at once', () => {
    expect(() => new OllamaClient({ url: 'ftp://models.test' })).to.throw('bad-url');
  });

  it('chats: a message ready to be sent back, with the counters', async () => {
    const calls = await recorded('native-chat');
    const { message, ...rest } = await new OllamaClient({ url }).chat({ model: 'native', messages: [{ role: 'user', content: 'hello' }] });
    expect(message).to.deep.equal({ role: 'assistant', content: HELLO });
    expect(rest).to.include({ done_reason: 'stop', prompt_eval_count: 26, eval_count: 18 });
    expect(bodyOf(calls[0])).to.deep.equal({ stream: true, model: 'native', messages: [{ role: 'user', content: 'hello' }] });
  });

  it('chats: as it comes', async () => {
    await recorded('native-chat-think');
    const types: string[] = [];
    for await (const event of new OllamaClient({ url }).chat({ model: 'native', messages: [] }))
      if (event.type !== types.at(-1)) types.push(event.type);
    expect(types).to.deep.equal(['thinking', 'text', 'done']);
  });

  it('gives thoughts and tool calls along with the message', async () => {
    await recorded('native-chat-think');
    const thoughtful = await new OllamaClient({ url }).chat({ model: 'native', messages: [] });
    expect(thoughtful.message).to.include({ thinking: 'The user wants thought.\nSo I think hard.\n', content: 'The answer is 42.' });
    await recorded('native-chat-tools');
    const { message } = await new OllamaClient({ url }).chat({ model: 'native', messages: [] });
    expect(message.tool_calls?.map(call => call.function.name)).to.deep.equal(['get_weather']);
  });

  it('refuses arguments that are no JSON object', async () => {
    stubFetch(() => ndjson({ message: { tool_calls: [{ function: { name: 'a', arguments: '{"x":' } }] }, done: true }));
    expect((await failure(new OllamaClient({ url }).chat({ model: 'tiny', messages: [] }))).kind).to.equal('bad-tool-call');
  });

  it('loads a model ahead by a chat without messages', async () => {
    stubFetch(() => json({ model: 'tiny', message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' }));
    const answer = await new OllamaClient({ url }).chat({ model: 'tiny', messages: [], keep_alive: '30m' });
    expect(answer).to.deep.equal({ message: { role: 'assistant', content: '' }, done_reason: 'load' });
  });

  for (const name of ['native-generate', 'rendered-generate', 'native-generate-whole']) {
    it(`completes a prompt: ${name}`, async () => {
      const calls = await recorded(name);
      const answer = await new OllamaClient({ url }).generate({ model: 'native', prompt: 'hello', raw: true, suffix: '.' });
      expect(answer).to.include({ response: HELLO, done_reason: 'stop', eval_count: 18 });
      expect(calls[0]?.url).to.equal(`${url}/api/generate`);
      expect(bodyOf(calls[0])).to.deep.equal({ stream: true, model: 'native', prompt: 'hello', raw: true, suffix: '.' });
    });
  }

  it('gives the thoughts of a completion apart', async () => {
    stubFetch(() => ndjson({ response: '', thinking: 'Hm.' }, { response: 'Yes.' }, { response: '', done: true, done_reason: 'stop' }));
    expect(await new OllamaClient({ url }).generate({ model: 'tiny', prompt: '?' })).to.deep.equal({
      response: 'Yes.',
      thinking: 'Hm.',
      done_reason: 'stop',
    });
  });

  it('makes vectors of texts', async () => {
    const { response } = await transcript('ollama-0.24.0', 'rendered-embed');
    const calls = stubFetch(() => new Response(response.chunks.join(''), response));
    const { embeddings } = await new OllamaClient({ url }).embed({ model: 'rendered', input: ['hello', 'code'] });
    expect(embeddings.map(vector => vector.length)).to.deep.equal([448, 448]);
    expect(bodyOf(calls[0])).to.deep.equal({ model: 'rendered', input: ['hello', 'code'] });
  });

  it('says in the server’s words why a model makes none', async () => {
    await recorded('native-embed');
    expect(await failure(new OllamaClient({ url }).embed({ model: 'native', input: 'x' }))).to.deep.equal({
      kind: 'server',
      status: 501,
      text: 'This server does not support embeddings. Start it with `--embeddings`',
    });
    await recorded('error-unknown-embed');
    expect(await failure(new OllamaClient({ url }).embed({ model: 'nope', input: 'x' }))).to.deep.equal({
      kind: 'model-missing',
      model: 'nope',
    });
  });

  it('takes an answer without vectors for another server’s', async () => {
    stubFetch(() => json({ embedding: [1] }));
    expect((await failure(new OllamaClient({ url }).embed({ model: 'tiny', input: 'x' }))).kind).to.equal('not-ollama');
  });

  it('downloads: line by line in a loop, its success when awaited', async () => {
    const lines = [{ status: 'pulling manifest' }, { status: 'pulling 0123', digest: 'sha256:0123', total: 7 }, { status: 'success' }];
    stubFetch(() => ndjson(...lines));
    const seen: unknown[] = [];
    for await (const progress of new OllamaClient({ url }).pull('tiny')) seen.push(progress);
    expect(seen).to.deep.equal(lines);
    stubFetch(() => ndjson(...lines));
    expect(await new OllamaClient({ url }).pull('tiny')).to.deep.equal({ status: 'success' });
  });

  it('is as patient with all calls, and tries them as often', async () => {
    stubFetch(likeABrowser(() => new Promise(() => {})));
    const client = new OllamaClient({ url, timeout: 0.02 });
    for (const call of [client.version(), client.ps(), client.tags(), client.show('tiny'), client.embed({ model: 'tiny', input: 'x' })])
      expect(await failure(call)).to.deep.equal({ kind: 'timeout', seconds: 0.02, phase: 'waiting' });
    const calls = stubFetch(() => json({}, 503));
    await rejection(new OllamaClient({ url, retries: 1, headers: { 'X-Key': 'a' } }).version());
    expect(calls.map(({ init }) => (init.headers as Record<string, string>)['x-key'])).to.deep.equal(['a', 'a']);
  });

  it('ends one call by its signal, and no other', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    stubFetch(likeABrowser(() => new Response(streamOf(['{"message":{"content":"Hi"}}\n'], 'stays open'))));
    const client = new OllamaClient({ url });
    const request = { model: 'tiny', messages: [] };
    const stopped = client.chat(request, { signal: controller.signal });
    const going = client.chat(request)[Symbol.asyncIterator]();
    const events: ChatEvent[] = [];
    const reading = (async () => {
      for await (const event of stopped) {
        events.push(event);
        controller.abort(reason);
      }
    })();
    expect(await rejection(reading)).to.equal(reason);
    expect(await rejection(stopped)).to.equal(reason);
    expect(events).to.deep.equal([{ type: 'text', text: 'Hi' }]);
    expect((await going.next()).value).to.deep.equal({ type: 'text', text: 'Hi' });
    await going.return?.();
  });

  it('says that an answer is no whole one whose loop was left', async () => {
    stubFetch(() => ndjson({ message: { content: 'Hi' } }, { message: { content: '!' }, done: true }));
    const answer = new OllamaClient({ url }).chat({ model: 'tiny', messages: [] });
    for await (const _ of answer) break;
    expect(await failure(answer)).to.deep.equal({ kind: 'interrupted' });
  });

  it('reads more than a line of vectors, and not without end', async () => {
    const vector = Array.from({ length: 1000 }, () => 0.123456789);
    const embeddings = Array.from({ length: 800 }, () => vector);
    stubFetch(() => json({ model: 'tiny', embeddings }));
    expect((await new OllamaClient({ url }).embed({ model: 'tiny', input: [] })).embeddings).to.have.lengthOf(800);
    stubFetch(() => json({ models: embeddings }));
    expect(await failure(new OllamaClient({ url }).tags())).to.deep.equal({ kind: 'too-large', limit: 8 * 1024 * 1024 });
  });

  it('prints no key', () => {
    const client = new OllamaClient({ url, headers: { Authorization: 'Bearer s3cr3t' } });
    expect(JSON.stringify(client)).not.to.contain('s3cr3t');
    expect(Object.keys(client)).not.to.include('server');
  });

  it('knows what Node says of a redirect, and of a header that it does not send', async () => {
    for (const [cause, detail] of [
      [new Error('unexpected redirect'), { kind: 'redirected', url }],
      [Object.assign(new Error('invalid connection header'), { code: 'UND_ERR_INVALID_ARG' }), { kind: 'bad-headers' }],
    ] as const) {
      stubFetch(() => Promise.reject(new TypeError('fetch failed', { cause })));
      expect(await failure(new OllamaClient({ url }).tags())).to.deep.equal(detail);
    }
  });

  it('knows the wait of Node’s own fetch for what it is', async () => {
    const cause = Object.assign(new Error('Headers Timeout Error'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
    stubFetch(() => Promise.reject(new TypeError('fetch failed', { cause })));
    expect(await failure(new OllamaClient({ url, timeout: 0 }).tags())).to.deep.equal({ kind: 'timeout', seconds: 300, phase: 'waiting' });
  });
});
