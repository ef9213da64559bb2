import { expect } from '@open-wc/testing';
import { type ChatMessage, createMessage } from '../../../src/conversation/message.ts';
import { NOT_FINISHED, requestMessages } from '../../../src/conversation/request-messages.ts';

describe('requestMessages', () => {
  const user = (content: string) => createMessage({ role: 'user', content });
  const assistant = (content: string, more: Partial<ChatMessage> = {}) => createMessage({ role: 'assistant', content, ...more });
  const roles = (history: ChatMessage[]) => requestMessages('', history).map(({ role, content }) => `${role} ${content}`);

  it('puts the system prompt first, as it was given', () => {
    expect(requestMessages(' Be brief.\n', [user('one')])[0]).to.deep.equal({ role: 'system', content: ' Be brief.\n' });
  });

  it('leaves out a system prompt that says nothing', () => {
    for (const system of ['', ' \n\t']) {
      expect(requestMessages(system, [user('one')])).to.deep.equal([{ role: 'user', content: 'one' }]);
    }
  });

  it('sends only what belongs on the wire', () => {
    const message = assistant('first', { thinking: 'Hm', status: 'stopped', stats: { eval_count: 1 } });
    expect(requestMessages('', [message])).to.deep.equal([{ role: 'assistant', content: 'first' }]);
  });

  it('sends pictures, calls and their results', () => {
    const tool_calls = [{ id: 'x', function: { name: 'now', arguments: { zone: 'UTC' }, index: 0 } }];
    const history = [
      createMessage({ role: 'user', content: 'one', images: ['aGk='] }),
      assistant('', { tool_calls }),
      createMessage({ role: 'tool', content: '09:02', tool_name: 'now', tool_call_id: 'x' }),
    ];
    expect(requestMessages('', history)).to.deep.equal([
      { role: 'user', content: 'one', images: ['aGk='] },
      { role: 'assistant', content: '', tool_calls },
      { role: 'tool', content: '09:02', tool_name: 'now', tool_call_id: 'x' },
    ]);
  });

  it('sends no empty lists and names', () => {
    const history = [createMessage({ role: 'user', content: 'one', images: [], tool_calls: [], tool_name: '', tool_call_id: '' })];
    expect(requestMessages('', history)).to.deep.equal([{ role: 'user', content: 'one' }]);
  });

  it('puts an empty answer between two questions in a row, one only', () => {
    expect(roles([user('one'), user('two'), user('three')])).to.deep.equal([
      ...['user one', 'assistant ', 'user two', 'assistant ', 'user three'],
    ]);
    expect(roles([user('one'), assistant(''), user('two')])).to.deep.equal(['user one', 'assistant ', 'user two']);
    expect(roles([user('one'), assistant('', { thinking: 'Hm' }), user('two')])).to.deep.equal(['user one', 'assistant ', 'user two']);
  });

  it('leaves out an answer that never came, at the end and at the beginning', () => {
    expect(roles([user('one'), assistant('')])).to.deep.equal(['user one']);
    expect(roles([assistant(''), user('one')])).to.deep.equal(['user one']);
  });

  it('keeps an answer that was cut short', () => {
    const history = [user('one'), assistant('fir', { status: 'interrupted' }), user('two')];
    expect(roles(history)).to.deep.equal(['user one', 'assistant fir', 'user two']);
  });

  describe('with calls of tools', () => {
    const call = (id: string, name = 'now') => ({ ...(id && { id }), function: { name, arguments: {} } });
    const tool = (content: string, tool_call_id = '', tool_name = 'now') =>
      createMessage({ role: 'tool', content, tool_name, ...(tool_call_id && { tool_call_id }) });
    const results = (history: ChatMessage[]) =>
      requestMessages('', history)
        .filter(({ role }) => role === 'tool')
        .map(({ content, tool_name, tool_call_id }) => [content, tool_name, tool_call_id].join(' '));

    it('says of a call without a result that it was not finished', () => {
      const history = [user('one'), assistant('', { tool_calls: [call('a'), call('b', 'add')] }), tool('09:02', 'a'), user('two')];
      expect(results(history)).to.deep.equal(['09:02 now a', `${NOT_FINISHED} add b`]);
      expect(results([user('one'), assistant('', { tool_calls: [call('')] })])).to.deep.equal([`${NOT_FINISHED} now `]);
    });

    it('puts results in the order of the calls, by their ids, or as they come', () => {
      const calls = assistant('', { tool_calls: [call('a'), call('b')] });
      expect(results([calls, tool('two', 'b'), tool('one', 'a')])).to.deep.equal(['one now a', 'two now b']);
      expect(results([calls, tool('one'), tool('two')])).to.deep.equal(['one now a', 'two now b']);
      const nameless = assistant('', { tool_calls: [call(''), call('')] });
      expect(results([nameless, tool('one'), tool('two')])).to.deep.equal(['one now ', 'two now ']);
    });

    it('leaves out a result that no call asked for', () => {
      expect(results([user('one'), tool('09:02', 'a')])).to.deep.equal([]);
      expect(results([assistant('', { tool_calls: [call('a')] }), tool('one', 'a'), tool('two', 'z')])).to.deep.equal(['one now a']);
      expect(results([assistant('', { tool_calls: [call('a')] }), user('two'), tool('one', 'a')])).to.deep.equal([`${NOT_FINISHED} now a`]);
    });

    it('pairs by ids first: a result without one takes the place that is left', () => {
      const calls = assistant('', { tool_calls: [call('a'), call('b')] });
      expect(results([calls, tool('two'), tool('one', 'a')])).to.deep.equal(['one now a', 'two now b']);
      const half = assistant('', { tool_calls: [call(''), call('b')] });
      expect(results([half, tool('two', 'b'), tool('one')])).to.deep.equal(['one now ', 'two now b']);
    });

    it('takes a result for a call without an id, whatever id it has itself, and one without a name by that of its call', () => {
      const nameless = assistant('', { tool_calls: [call('')] });
      expect(results([nameless, tool('one', 'z')])).to.deep.equal(['one now ']);
      expect(results([nameless, createMessage({ role: 'tool', content: 'one', tool_call_id: '', tool_name: '' })])).to.deep.equal([
        'one now ',
      ]);
    });

    it('puts an answer that has words between results and the next question', () => {
      const calls = assistant('', { tool_calls: [call('a')] });
      const all = ['user one', 'assistant ', 'tool 09:02', 'assistant (No answer.)', 'user two'];
      expect(roles([user('one'), calls, tool('09:02', 'a'), user('two')])).to.deep.equal(all);
      expect(roles([user('one'), calls, tool('09:02', 'a'), assistant('', { status: 'stopped' }), user('two')])).to.deep.equal(all);
      expect(roles([user('one'), calls, user('two')])).to.deep.equal(all.with(2, `tool ${NOT_FINISHED}`));
    });

    it('sends what a model thought before its calls while it is still answering, and no longer', () => {
      const history = [user('one'), assistant('', { thinking: 'The time.', tool_calls: [call('a')] }), tool('09:02', 'a')];
      const thoughts = (all: ChatMessage[]) => requestMessages('', all).flatMap(({ thinking }) => thinking ?? []);
      expect(thoughts(history)).to.deep.equal(['The time.']);
      expect(thoughts([...history, assistant('It is two past nine.'), user('two')])).to.deep.equal([]);
    });
  });
});
