/** The last writing of a page that is leaving does not wait for what else is going on with the store, and costs it nothing. */
import { expect } from '@open-wc/testing';
import { createMessage } from '../../../src/conversation/message.ts';
import { BrowserShelf } from '../../../src/history/browser-shelf.ts';
import type { Change } from '../../../src/history/shelf.ts';

const question = createMessage({ role: 'user', content: 'A question' });
const half = createMessage({ role: 'assistant', content: 'Half an', status: 'interrupted' });
const whole = { ...half, content: 'Half an answer', status: 'complete' as const };

const change = (fields: Partial<Change>): Change => ({
  put: [],
  remove: [],
  title: 'T',
  size: 0,
  stamp: 's',
  draft: '',
  queue: [],
  ...fields,
});

let count = 0;
const shelves: BrowserShelf[] = [];

async function shelf(): Promise<BrowserShelf> {
  const opened = new BrowserShelf(`last-writing-${++count}`);
  shelves.push(opened);
  await opened.list();
  return opened;
}

afterEach(() => {
  for (const one of shelves.splice(0)) one.close();
});

describe('The last writing', () => {
  it('holds what was being written and had not got there', async () => {
    const one = await shelf();
    const first = one.write('c', change({ put: [question, half], size: 2, stamp: '1', draft: 'Before' }));
    const last = one.write('c', change({ put: [whole], size: 2, stamp: '2', draft: 'After' }), true);
    await Promise.all([first, last]);
    expect(await one.read('c')).to.deep.equal({ messages: [question, whole], draft: 'After', queue: [], stamp: '2', damaged: false });
  });

  it('with nothing new holds it as well', async () => {
    const one = await shelf();
    const first = one.write('c', change({ put: [question], size: 1, stamp: '1' }));
    const last = one.write('c', change({ size: 1, stamp: '2' }), true);
    await last;
    expect((await one.read('c'))?.messages).to.deep.equal([question]);
    await first;
  });

  it('is not undone by another one, which a page also has when it is hidden and then left', async () => {
    const one = await shelf();
    const first = one.write('c', change({ put: [question, half], size: 2, stamp: '1', draft: 'Before' }));
    const hidden = one.write('c', change({ put: [whole], size: 2, stamp: '2', draft: 'After' }), true);
    const left = one.write('c', change({ size: 2, stamp: '3', draft: 'After' }), true);
    await Promise.all([first, hidden, left]);
    expect(await one.read('c')).to.deep.equal({ messages: [question, whole], draft: 'After', queue: [], stamp: '3', damaged: false });
  });

  it('leaves no message behind that was removed meanwhile, nor one of another conversation', async () => {
    const one = await shelf();
    await one.write('c', change({ put: [question, half], size: 2 }));
    const other = one.write('d', change({ put: [question], size: 1 }));
    const last = one.write('c', change({ remove: [half.id], size: 1 }), true);
    await Promise.all([other, last]);
    expect((await one.read('c'))?.messages).to.deep.equal([question]);
    expect((await one.read('d'))?.messages).to.deep.equal([question]);
  });

  it('is not undone by the one that was on its way', async () => {
    const one = await shelf();
    await one.write('c', change({ put: [question], size: 1, stamp: '1', draft: 'Old' }));
    const first = one.write('c', change({ put: [half], size: 2, stamp: '2', draft: 'Older' }));
    const last = one.write('c', change({ put: [whole], size: 2, stamp: '3', draft: 'New' }), true);
    await Promise.all([first, last]);
    expect(await one.stampOf('c')).to.equal('3');
    expect((await one.read('c'))?.messages).to.deep.equal([question, whole]);
  });

  it('ends nothing else for good: what is being read, searched and renamed comes to its end', async () => {
    const one = await shelf();
    await one.write('c', change({ put: [question], size: 1 }));
    const others = Promise.all([
      one.read('c'),
      one.stampOf('c'),
      one.list(),
      one.search('question', new AbortController().signal),
      one.rename('c', 'N'),
    ]);
    await one.write('c', change({ put: [half], size: 2, stamp: '2' }), true);
    const [kept, stamp, list, found] = await others;
    expect(kept?.messages[0]).to.deep.equal(question);
    expect(stamp).to.equal('2');
    expect(list).to.have.length(1);
    expect([...found]).to.deep.equal(['c']);
    expect((await one.list())[0]?.title).to.equal('N');
  });

  it('is there, and nothing fails, also where the shelf is closed in the next moment', async () => {
    const one = await shelf();
    const others = Promise.all([one.read('c'), one.write('c', change({ put: [question], size: 1, stamp: '1' }))]);
    const last = one.write('c', change({ put: [half], size: 2, stamp: '2' }), true);
    one.close();
    await Promise.all([others, last]);
    const again = new BrowserShelf(one.key);
    shelves.push(again);
    expect((await again.read('c'))?.messages).to.deep.equal([question, half]);
  });

  it('keeps its name and its place to a conversation', async () => {
    const one = await shelf();
    await one.write('c', change({ put: [question, half], size: 2 }));
    await one.rename('c', 'Mine');
    await one.read('c');
    await one.write('c', change({ put: [{ ...question, content: 'Another' }], size: 2 }), true);
    expect((await one.list())[0]?.title).to.equal('Mine');
    expect((await one.read('c'))?.messages.map(({ id }) => id)).to.deep.equal([question.id, half.id]);
  });
});

describe('search', () => {
  it('finds each conversation once, among more messages than are read at a time', async () => {
    const one = await shelf();
    const many = Array.from({ length: 450 }, (_, index) => createMessage({ role: 'user', content: index % 50 ? 'hay' : 'Needle' }));
    await one.write('a', change({ put: many, size: many.length }));
    await one.write('b', change({ put: many.map(message => ({ ...message, content: 'hay' })), size: many.length }));
    await one.write('c', change({ put: [question, ...many.slice(1, 30)], size: 30 }));
    await one.write('d', change({ put: [...many.slice(1, 300), { ...question, content: 'a needle' }], size: 300 }));
    expect([...(await one.search('NEEDLE', new AbortController().signal))].toSorted()).to.deep.equal(['a', 'd']);
    expect([...(await one.search('a question', new AbortController().signal))]).to.deep.equal(['c']);
  });
});
