import { expect } from '@open-wc/testing';
import type { ChatMessage } from '../../../src/conversation/message.ts';
import { byId, difference, patched, rebase, rebaseDesk, sameOf } from '../../../src/history/difference.ts';
import { seeded } from '../../support/seeded.mjs';

/** `a` is a message with the id `a`, `a!` the same one with another content. */
const known = new Map<string, ChatMessage>();
function message(name: string): ChatMessage {
  const found = known.get(name) ?? { id: name.replace('!', ''), role: 'user', content: name, status: 'complete' };
  known.set(name, found);
  return found;
}
const list = (names: string) => names.split(' ').filter(Boolean).map(message);
const stored = (names: string) => byId(list(names));
const told = (messages: Iterable<ChatMessage>) => [...messages].map(({ content }) => content).join(' ');

describe('difference', () => {
  for (const { was, is, put, remove } of [
    { was: '', is: '', put: '', remove: '' },
    { was: 'a b', is: 'a b', put: '', remove: '' },
    { was: 'a b', is: 'a b c', put: 'c', remove: '' },
    { was: 'a b', is: 'a b!', put: 'b!', remove: '' },
    { was: 'a b c', is: 'a', put: '', remove: 'b c' },
    { was: 'a b c', is: 'a! d', put: 'a! d', remove: 'b c' },
    { was: 'a b', is: '', put: '', remove: 'a b' },
    // What no longer stands in its order comes anew: so does what it stands before.
    { was: 'a b', is: 'b a', put: 'b a', remove: 'a b' },
    { was: 'a b', is: 'c a b', put: 'c a b', remove: 'a b' },
    { was: 'a b c', is: 'a d c', put: 'a d c', remove: 'a b c' },
  ]) {
    it(`from “${was}” to “${is}” puts “${put}” and removes “${remove}”`, () => {
      const change = difference(stored(was), list(is));
      expect([told(change.put), change.remove.join(' ')]).to.deep.equal([put, remove]);
      expect(told(patched(stored(was), change.put, change.remove).values())).to.equal(is);
    });
  }

  it('leads from any conversation to any other one', () => {
    const random = seeded(1);
    const some = () => 'a b c d e a! c!'.split(' ').filter(() => random() < 0.5);
    const shuffled = () =>
      some()
        .map(name => ({ name, at: random() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ name }) => name);
    for (let count = 0; count < 2000; count++) {
      const was = byId(list(shuffled().join(' ')));
      const is = [...byId(list(shuffled().join(' '))).values()];
      const { put, remove } = difference(was, is);
      expect(told(patched(was, put, remove).values())).to.equal(told(is));
    }
  });
});

describe('rebase', () => {
  for (const { base, mine, theirs, all, why } of [
    { base: 'a', mine: 'a', theirs: 'a b', all: 'a b', why: 'what is new there comes' },
    { base: 'a', mine: 'a c', theirs: 'a b', all: 'a b c', why: 'what is new here comes behind it' },
    { base: 'a', mine: 'a c', theirs: 'a', all: 'a c', why: 'what is new here stays' },
    { base: 'a b', mine: 'a b', theirs: 'a', all: 'a', why: 'what was removed there goes' },
    { base: 'a b', mine: 'a', theirs: 'a b c', all: 'a c', why: 'what was removed here stays away' },
    { base: 'a b', mine: 'a b!', theirs: 'a b c', all: 'a b! c', why: 'what was changed here keeps its place' },
    { base: 'a b', mine: 'a b', theirs: 'a b! c', all: 'a b! c', why: 'what was changed there is taken over' },
    { base: 'a b', mine: 'a b!', theirs: 'a', all: 'a b!', why: 'what was changed here is not removed there' },
    { base: 'a b', mine: 'b a', theirs: 'a b', all: 'b a', why: 'where nothing happened there it is as it is here' },
    { base: '', mine: 'c', theirs: 'a b', all: 'a b c', why: 'a question that came before what is kept comes after it' },
    { base: 'a', mine: 'a c', theirs: 'a c', all: 'a c', why: 'what both have is there once' },
  ]) {
    it(`of “${mine}” from “${base}” to “${theirs}” is “${all}”: ${why}`, () => {
      expect(told(rebase(stored(base), list(mine), stored(theirs)))).to.equal(all);
    });
  }

  it('loses nothing that is new on either side, and doubles nothing', () => {
    const random = seeded(2);
    const some = (names: string) => names.split(' ').filter(() => random() < 0.6);
    for (let count = 0; count < 2000; count++) {
      const base = 'a b c d'.split(' ');
      const mine = [...some('a b c d'), ...some('e f')];
      const theirs = [...some('a b c d'), ...some('g h')];
      const all = rebase(byId(list(base.join(' '))), list(mine.join(' ')), byId(list(theirs.join(' ')))).map(({ id }) => id);
      const wanted = [...'abcdefgh'].filter(id =>
        base.includes(id) ? mine.includes(id) && theirs.includes(id) : mine.includes(id) || theirs.includes(id),
      );
      expect(all.toSorted()).to.deep.equal(wanted);
    }
  });
});

describe('sameOf', () => {
  const before: ChatMessage = {
    ...{ id: 'a', role: 'assistant', content: 'Yes', status: 'complete' },
    ...{ tool_calls: [{ function: { name: 'f', arguments: { x: [1, { y: 2 }], z: null } } }], stats: { eval_count: 1, load_duration: 2 } },
  };

  it('is the one that is known, whatever the order of its fields', () => {
    const { id, role, content, status, tool_calls } = structuredClone(before);
    const read = { status, stats: { load_duration: 2, eval_count: 1 }, content, role, id, tool_calls: tool_calls!, images: undefined };
    expect(sameOf(before, read as unknown as ChatMessage)).to.equal(before);
  });

  for (const [what, change] of Object.entries({
    content: { content: 'No' },
    status: { status: 'stopped' },
    'a counter': { stats: { eval_count: 2, load_duration: 2 } },
    'a counter less': { stats: { eval_count: 1 } },
    'a picture more': { images: ['AAAA'] },
    'an argument deep down': { tool_calls: [{ function: { name: 'f', arguments: { x: [1, { y: 3 }], z: null } } }] },
    'a list for an object': { tool_calls: { 0: { function: { name: 'f', arguments: { x: [1, { y: 2 }], z: null } } } } },
  })) {
    it(`is the new one where there is another ${what}`, () => {
      const read = { ...structuredClone(before), ...change } as ChatMessage;
      expect(sameOf(before, read)).to.equal(read);
    });
  }
});

describe('rebaseDesk', () => {
  const desk = (draft: string, queue = '') => ({ draft, queue: queue.split(' ').filter(Boolean) });

  it('takes the draft from whoever has changed it, and from this tab where both have', () => {
    expect(rebaseDesk(desk('a'), desk('a'), desk('b')).draft).to.equal('b');
    expect(rebaseDesk(desk('a'), desk('c'), desk('a')).draft).to.equal('c');
    expect(rebaseDesk(desk('a'), desk('c'), desk('b')).draft).to.equal('c');
    expect(rebaseDesk(desk('a'), desk(''), desk('b')).draft).to.equal('');
  });

  it('sends off what either has sent, and keeps what either has added', () => {
    expect(rebaseDesk(desk('', 'a b'), desk('', 'b'), desk('', 'a b c')).queue).to.deep.equal(['b', 'c']);
    expect(rebaseDesk(desk('', 'a b'), desk('', 'a b d'), desk('', 'b')).queue).to.deep.equal(['b', 'd']);
    expect(rebaseDesk(desk('', 'a'), desk('', 'a d'), desk('', 'a c')).queue).to.deep.equal(['a', 'c', 'd']);
    // What was queued here is nobody else's to send: it was written over.
    expect(rebaseDesk(desk('', 'a b'), desk('', 'a b'), desk(''), ['a']).queue).to.deep.equal(['b']);
    expect(rebaseDesk(desk('', 'a a'), desk('', 'a'), desk('', 'a a')).queue).to.deep.equal(['a']);
  });
});
