import { expect } from '@open-wc/testing';
import type { ChatClient, ChatEvent, ModelInfo } from '../../../src/protocol/client.ts';
import { OwnClient } from '../../../src/protocol/own-client.ts';
import { rejection } from './chat-error.ts';

const request = { model: '', messages: [] };

/** What becomes of these events. */
async function told(...events: unknown[]): Promise<ChatEvent[]> {
  const client: ChatClient = {
    async *chat() {
      yield* events as ChatEvent[];
    },
  };
  const all: ChatEvent[] = [];
  for await (const event of new OwnClient(client).chat(request)) all.push(event);
  return all;
}

const wrong = async (event: unknown) => ((await rejection(told(event))) as Error).message;

describe('OwnClient', () => {
  it('passes on what the chat knows, and nothing else of it', async () => {
    const call = { id: 'a', function: { name: 'get_time', arguments: { city: 'Oslo' } } };
    expect(
      await told(
        { type: 'thinking', text: 'Hm', more: 1 },
        { type: 'weather' },
        { type: 'text', text: '' },
        { type: 'tool-call', call: { ...call, index: 7 } },
        { type: 'done', reason: 'length', stats: { eval_count: 3, eval_duration: -1, load_duration: 'many' } },
      ),
    ).to.deep.equal([
      { type: 'thinking', text: 'Hm' },
      { type: 'text', text: '' },
      { type: 'tool-call', call },
      { type: 'done', reason: 'length', stats: { eval_count: 3 } },
    ]);
  });

  it('reads the JSON of arguments, and marks what is no object', async () => {
    const call = (given: unknown) => ({ type: 'tool-call', call: { function: { name: 'a', arguments: given } } });
    expect(await told(call('{"x":1}'), call('{"x":'), call(undefined))).to.deep.equal([
      call({ x: 1 }),
      { type: 'tool-call', call: { ...call({}).call, unread: '{"x":' } },
      call({}),
    ]);
  });

  it('needs no more of an end than that it is one', async () => {
    expect(await told({ type: 'done' })).to.deep.equal([{ type: 'done', reason: 'stop', stats: {} }]);
  });

  it('says what is wrong with an event', async () => {
    expect(await wrong(null)).to.equal('chat() yielded null, which is no event.');
    expect(await wrong('Hello')).to.equal('chat() yielded Hello, which is no event.');
    expect(await wrong({ type: 'text' })).to.equal('chat() yielded an event "text" whose text is undefined, not a string.');
    expect(await wrong({ type: 'thinking', text: 7 })).to.equal('chat() yielded an event "thinking" whose text is number, not a string.');
    for (const call of [undefined, null, {}, { function: null }, { function: { name: '' } }])
      expect(await wrong({ type: 'tool-call', call })).to.equal('chat() yielded a "tool-call" whose call.function has no name.');
  });

  it('keeps those models that have a name, and none where there is no list', async () => {
    const models = (list: unknown) => new OwnClient({ chat: () => told() as never, models: async () => list as ModelInfo[] }).models();
    expect(await models([null, {}, { name: 7 }, { name: 'a', size: 1 }])).to.deep.equal([{ name: 'a', size: 1 }]);
    for (const none of ['x', null, undefined, {}]) expect(await models(none)).to.deep.equal([]);
    expect(await new OwnClient({ chat: () => told() as never }).models()).to.deep.equal([]);
  });
});
