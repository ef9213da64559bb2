import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../../src/conversation/message.ts';
import { messagesOf, turnsOf, without } from '../../../src/ui/turns.ts';

/** `q1` is a question, `t1` what a tool gave, all others are answers; the name is the id as well. */
const said = (...ids: string[]): ChatMessage[] =>
  ids.map(id => ({ id, role: id[0] === 'q' ? 'user' : id[0] === 't' ? 'tool' : 'assistant', content: id, status: 'complete' }));

const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id);

describe('turns', () => {
  it('are a question each, with what came behind it', () => {
    const turns = turnsOf(said('q1', 'a1', 'q2', 'q3', 'a3', 'b3'));
    expect(turns.map(({ question, tail }) => [question?.id, ...ids(tail)])).to.deep.equal([['q1', 'a1'], ['q2'], ['q3', 'a3', 'b3']]);
  });

  it('begin with what came before the first question', () => {
    expect(turnsOf(said('a0', 'b0', 'q1')).map(({ question, tail }) => [question?.id, ...ids(tail)])).to.deep.equal([
      [undefined, 'a0', 'b0'],
      ['q1'],
    ]);
    expect(turnsOf([])).to.deep.equal([]);
  });

  it('hold all that was said', () => {
    for (const messages of [said('a0', 'q1', 'q2', 'a2', 't2', 'b2'), said('q1'), []]) {
      expect(messagesOf(turnsOf(messages))).to.deep.equal(messages);
    }
  });

  const cases: [what: string, before: string[], id: string, after: string[]][] = [
    ['a question with all its answers', ['q1', 'a1', 'b1', 'q2', 'a2'], 'q1', ['q2', 'a2']],
    ['a question without an answer', ['q1', 'a1', 'q2'], 'q2', ['q1', 'a1']],
    ['an answer alone', ['q1', 'a1', 'q2', 'a2'], 'a1', ['q1', 'q2', 'a2']],
    ['one of several answers', ['q1', 'a1', 'b1'], 'b1', ['q1', 'a1']],
    ['a greeting', ['a0', 'q1', 'a1'], 'a0', ['q1', 'a1']],
    ['an answer with the tools it was made with', ['q1', 'a1', 't1', 'b1', 'q2', 'a2'], 'b1', ['q1', 'q2', 'a2']],
    ['a question with the tools its answer was made with', ['q1', 'a1', 't1', 'b1', 'q2'], 'q1', ['q2']],
    ['the last that there is', ['q1', 'a1'], 'q1', []],
  ];
  for (const [what, before, id, after] of cases) {
    it(`are left without ${what}`, () => expect(ids(without(said(...before), id))).to.deep.equal(after));
  }

  it('are the very same where nothing of that name is there', () => {
    const messages = said('q1', 'a1');
    expect(without(messages, 'nobody')).to.equal(messages);
  });
});
