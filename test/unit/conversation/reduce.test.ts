import { expect } from '@open-wc/testing';
import { type ChatMessage, createMessage } from '../../../src/conversation/message.ts';
import { reduce } from '../../../src/conversation/reduce.ts';
import type { ChatEvent } from '../../../src/protocol/client.ts';

const call = (name: string): ChatEvent => ({ type: 'tool-call', call: { function: { name, arguments: {} } } });

describe('reduce', () => {
  const empty = createMessage({ id: 'a', role: 'assistant', content: '', status: 'interrupted' });

  it('adds text to text, thoughts to thoughts and calls to calls', () => {
    const events: ChatEvent[] = [
      { type: 'thinking', text: 'H' },
      { type: 'text', text: 'Xin ' },
      call('one'),
      { type: 'thinking', text: 'm' },
      { type: 'text', text: 'chào' },
      call('two'),
    ];
    const { tool_calls = [], ...rest } = events.reduce(reduce, empty);
    expect(rest).to.deep.equal({ ...empty, content: 'Xin chào', thinking: 'Hm' });
    expect(tool_calls.map(made => made.function)).to.deep.equal([
      { name: 'one', arguments: {} },
      { name: 'two', arguments: {} },
    ]);
  });

  it('gives a call an id where the server gave none, and keeps the one that it gave', () => {
    const given: ChatEvent = { type: 'tool-call', call: { id: 'x', function: { name: 'one', arguments: {} } } };
    const ids = [call('one'), call('one'), given].reduce<ChatMessage>(reduce, empty).tool_calls?.map(({ id }) => id) ?? [];
    expect(ids[0]).to.match(/^\d+$/);
    expect(new Set(ids)).to.have.property('size', 3);
    expect(ids[2]).to.equal('x');
  });

  it('calls a reply complete only by "done", and keeps what was measured before', () => {
    const measured = { ...empty, stats: { thinking_duration: 5 } };
    expect(reduce(measured, { type: 'text', text: 'x' }).status).to.equal('interrupted');
    expect(reduce(measured, { type: 'done', reason: 'stop', stats: { eval_count: 2 } })).to.deep.equal({
      ...empty,
      status: 'complete',
      stats: { thinking_duration: 5, eval_count: 2 },
    });
  });

  it('leaves the reply it was given as it is', () => {
    const before = Object.freeze({ ...empty, tool_calls: Object.freeze([]) as unknown as [] });
    for (const event of [call('one'), { type: 'text', text: 'x' }, { type: 'thinking', text: 'x' }] as ChatEvent[]) {
      expect(reduce(before, event)).not.to.equal(before);
    }
    expect(before.tool_calls).to.have.lengthOf(0);
  });
});
