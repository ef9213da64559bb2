import { expect } from '@open-wc/testing';
import { type ChatMessage, type ChatMessageInput, createMessage, isEmpty, requestMessages } from '../../../src/conversation/message.ts';

describe('createMessage', () => {
  it('adds an id of its own and calls the message complete', () => {
    const one = createMessage({ role: 'user', content: 'Hi' });
    const two = createMessage({ role: 'user', content: 'Hi' });
    expect(one).to.include({ role: 'user', content: 'Hi', status: 'complete' });
    expect(one.id).to.be.a('string').and.not.equal('');
    expect(two.id).not.to.equal(one.id);
  });

  it('keeps what is given, and does not touch it', () => {
    const given: ChatMessage = {
      id: 'a',
      role: 'assistant',
      content: 'Hi',
      thinking: 'Hm',
      tool_calls: [{ function: { name: 'now', arguments: {} } }],
      status: 'stopped',
      stats: { eval_count: 2 },
    };
    expect(createMessage(Object.freeze(given))).to.deep.equal(given);
  });

  describe('refuses', () => {
    const refused: [input: unknown, says: RegExp][] = [
      [{ role: 'system', content: 'x' }, /user, assistant or tool, not "system"/],
      [{ role: 'robot', content: 'x' }, /not "robot"/],
      [{ content: 'x' }, /not undefined/],
      [{ role: 7, content: 'x' }, /not 7/],
      [undefined, /not undefined/],
      [null, /not undefined/],
      ['Hi', /not undefined/],
      [{ role: 'user' }, /content is a string, not undefined/],
      [{ role: 'user', content: 7 }, /content is a string, not number/],
      [{ role: 'user', content: ['x'] }, /content is a string, not object/],
      [{ role: 'user', content: null }, /content is a string, not object/],
    ];
    for (const [input, says] of refused) {
      it(`${JSON.stringify(input)} and says what is wrong with it`, () => {
        expect(() => createMessage(input as ChatMessageInput)).to.throw(TypeError, says);
      });
    }
  });
});

describe('isEmpty', () => {
  const base = createMessage({ role: 'assistant', content: '' });

  it('says yes to a reply of which nothing has come', () => {
    expect(isEmpty(base)).to.equal(true);
    expect(isEmpty({ ...base, thinking: '', tool_calls: [], stats: {} })).to.equal(true);
  });

  it('says no to words, thoughts and calls', () => {
    expect(isEmpty({ ...base, content: 'x' })).to.equal(false);
    expect(isEmpty({ ...base, thinking: 'x' })).to.equal(false);
    expect(isEmpty({ ...base, tool_calls: [{ function: { name: 'now', arguments: {} } }] })).to.equal(false);
  });
});

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
});
