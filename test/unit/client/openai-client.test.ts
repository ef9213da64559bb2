import { expect } from '@open-wc/testing';
import { OpenAIClient } from '../../../src/client/index.ts';
import { transcript } from '../../support/transcripts-browser.ts';
import { streamOf } from '../protocol/byte-stream.ts';
import { failure } from '../protocol/chat-error.ts';
import { json, restoreFetch, sse, stubFetch } from '../protocol/fetch-stub.ts';

afterEach(restoreFetch);

const client = new OpenAIClient({ url: 'https://models.test/v1', headers: () => ({ Authorization: 'Bearer 7' }) });

describe('OpenAIClient', () => {
  it('gives the same message as Ollama’s client, and its key to each call', async () => {
    const { response } = await transcript('llama-server-0.7.0', 'chat-usage');
    const calls = stubFetch(() => new Response(streamOf(response.chunks), response));
    const { message, done_reason, eval_count } = await client.chat({ model: 'scripted', messages: [{ role: 'user', content: 'hello' }] });
    expect(message.role).to.equal('assistant');
    expect(message.content).to.match(/^Hello! .*Done\.$/s);
    expect({ done_reason, eval_count }).to.deep.equal({ done_reason: 'stop', eval_count: 18 });
    expect(calls[0]?.url).to.equal('https://models.test/v1/chat/completions');
    expect(calls[0]?.init.headers).to.include({ authorization: 'Bearer 7' });
  });

  it('refuses arguments that are no JSON object', async () => {
    const call = { index: 0, id: 'a', function: { name: 'a', arguments: '{"city": "Oslo"' } };
    const choice = { delta: { tool_calls: [call] }, finish_reason: 'tool_calls' };
    stubFetch(() => sse({ choices: [choice] }, '[DONE]'));
    expect(await failure(client.chat({ model: 'tiny', messages: [] }))).to.deep.equal({ kind: 'bad-tool-call', text: '{"city": "Oslo"' });
  });

  it('makes vectors of texts', async () => {
    const answer = { object: 'list', data: [{ index: 0, embedding: [0.6, 0.8] }], usage: { prompt_tokens: 1, total_tokens: 1 } };
    const calls = stubFetch(() => json(answer));
    expect(await client.embeddings({ model: 'tiny', input: 'x' })).to.deep.equal(answer);
    expect(calls[0]?.url).to.equal('https://models.test/v1/embeddings');
    stubFetch(() => json({ data: null }));
    expect((await failure(client.embeddings({ model: 'tiny', input: 'x' }))).kind).to.equal('not-ollama');
  });
});
