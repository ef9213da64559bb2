import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../../src/conversation/message.ts';
import { Versions } from '../../../src/ui/versions.ts';

const message = (id: string, rest: Partial<ChatMessage> = {}): ChatMessage => ({
  ...{ id, role: id[0] === 'q' ? 'user' : 'assistant', content: id, status: 'complete' },
  ...rest,
});

const said = (...ids: string[]) => ids.map(id => message(id));
const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id);

describe('versions of an answer', () => {
  /** After all of these, one after the other. */
  const after = (...states: ChatMessage[][]) => {
    const versions = new Versions();
    for (const messages of states) versions.note(messages);
    return versions;
  };

  it('are none as long as there is one', () => {
    const versions = after(said('q1', 'a1', 'q2', 'a2'));
    expect(versions.placeOf('a1')).to.equal(undefined);
    expect(versions.placeOf('a2')).to.equal(undefined);
  });

  it('are counted in the order in which they came', () => {
    const versions = after(said('q1', 'a1'), said('q1', 'b1'), said('q1', 'c1'));
    expect(versions.placeOf('c1')).to.deep.equal({ question: 'q1', index: 2, count: 3 });
  });

  it('take each other’s place, with all that came behind a question; what comes later stays', () => {
    const messages = said('a0', 'q1', 'c1', 'q2', 'a2');
    const versions = after(said('a0', 'q1', 'a1', 'b1', 'q2', 'a2'), messages);
    const turned = versions.turned(messages, { question: 'q1', index: 0, count: 2 });
    expect(ids(turned)).to.deep.equal(['a0', 'q1', 'a1', 'b1', 'q2', 'a2']);
    expect(versions.note(turned)).to.equal(true);
    expect(versions.placeOf('b1')).to.deep.equal({ question: 'q1', index: 0, count: 2 });
    expect(ids(versions.turned(turned, { question: 'q1', index: 1, count: 2 }))).to.deep.equal(ids(messages));
  });

  it('are not there before the first and behind the last', () => {
    const messages = said('q1', 'b1');
    const versions = after(said('q1', 'a1'), messages);
    for (const index of [-1, 2]) expect(versions.turned(messages, { question: 'q1', index, count: 2 })).to.equal(messages);
    expect(versions.turned(messages, { question: 'nobody', index: 0, count: 2 })).to.equal(messages);
  });

  it('are the same one, gone on, where they begin with the same message', () => {
    const versions = after(
      said('q1', 'a1'),
      [message('q1'), message('b1', { status: 'stopped' })],
      [message('q1'), message('b1', { content: 'b1 whole' })],
    );
    expect(versions.placeOf('b1')).to.deep.equal({ question: 'q1', index: 1, count: 2 });
    const first = versions.turned(said('q1', 'b1'), { question: 'q1', index: 0, count: 2 });
    expect(versions.turned(first, { question: 'q1', index: 1, count: 2 })[1]?.content).to.equal('b1 whole');
  });

  it('are two where what tools gave was answered twice, and one where the first answer had no word', () => {
    const turn = (last: ReturnType<typeof message>) => [message('q1'), message('a1'), message('t1', { role: 'tool' }), last];
    const cut = message('b1', { status: 'interrupted' });
    const versions = after(turn(cut), turn(message('c1')));
    expect(versions.placeOf('c1')).to.deep.equal({ question: 'q1', index: 1, count: 2 });
    expect(ids(versions.turned(turn(message('c1')), { question: 'q1', index: 0, count: 2 }))).to.deep.equal(['q1', 'a1', 't1', 'b1']);
    expect(after(turn(message('b1', { content: '', status: 'stopped' })), turn(message('c1'))).placeOf('c1')).to.equal(undefined);
  });

  it('count where they broke off, and not where nothing had come', () => {
    const broken = after(said('q1', 'a1'), [message('q1'), message('b1', { status: 'interrupted' })]);
    expect(broken.placeOf('b1')?.count).to.equal(2);
    const empty = after([message('q1'), message('a1', { content: '', status: 'stopped' })], said('q1', 'b1'));
    expect(empty.placeOf('b1')).to.equal(undefined);
  });

  it('are found at the last reply that has controls, where what a tool gave comes behind it', () => {
    const versions = after(said('q1', 'a1'), [...said('q1', 'b1'), message('t1', { role: 'tool' }), message('t2', { role: 'tool' })]);
    expect(versions.placeOf('b1')).to.deep.equal({ question: 'q1', index: 1, count: 2 });
    expect(versions.placeOf('t2')).to.equal(undefined);
  });

  it('begin anew where the question is another one', () => {
    const versions = after(said('q1', 'a1'), said('q1', 'b1'), [message('q1', { content: 'edited' }), message('c1')]);
    expect(versions.placeOf('c1')).to.equal(undefined);
  });

  it('are forgotten with what is no longer said', () => {
    const versions = after(said('q1', 'a1'), said('q1', 'b1'), [], said('q1', 'b1'));
    expect(versions.placeOf('b1')).to.equal(undefined);
    const answerGone = after(said('q1', 'a1'), said('q1', 'b1'), said('q1'), said('q1', 'c1'));
    expect(answerGone.placeOf('c1')).to.equal(undefined);
  });

  it('come back with what was deleted', () => {
    const messages = said('q1', 'b1');
    const versions = after(said('q1', 'a1'), messages);
    const { known } = versions;
    expect(versions.note([])).to.equal(true);
    versions.restore(known);
    expect(versions.note(messages)).to.equal(true);
    expect(versions.placeOf('b1')).to.deep.equal({ question: 'q1', index: 1, count: 2 });
  });

  it('say whether something of them is to be shown anew', () => {
    const versions = new Versions();
    expect(versions.note(said('q1', 'a1'))).to.equal(false);
    expect(versions.note(said('q1', 'a1', 'q2', 'a2'))).to.equal(false);
    expect(versions.note(said('q1', 'a1', 'q2', 'b2'))).to.equal(true);
    expect(versions.note(said('q1', 'a1', 'q2', 'b2', 'q3', 'a3'))).to.equal(false);
  });
});
