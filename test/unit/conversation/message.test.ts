import { expect } from '@open-wc/testing';
import { type ChatMessage, type ChatMessageInput, createMessage, isEmpty } from '../../../src/conversation/message.ts';

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
