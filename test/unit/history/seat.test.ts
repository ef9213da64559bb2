import { expect } from '@open-wc/testing';
import { Seat } from '../../../src/history/seat.ts';

const item = (key: string) => sessionStorage.getItem(`ollama-chat:${key}`);
const leave = (key: string, seat: object | string) =>
  sessionStorage.setItem(`ollama-chat:${key}`, typeof seat === 'string' ? seat : JSON.stringify(seat));

describe('Seat', () => {
  const seats: Seat[] = [];
  const take = async (key: string, open = false) => {
    const seat = await Seat.take(key, open);
    seats.push(seat);
    return seat;
  };

  afterEach(() => {
    for (const seat of seats.splice(0)) seat.leave();
    sessionStorage.clear();
  });

  it('is the same on the next page, with the conversation', async () => {
    const first = await take('a');
    first.set({ conversation: 'talk', open: true });
    first.leave();
    const next = await take('a', true);
    expect([next.tab, next.conversation, next.open, next.isOld, next.hasCrashed]).to.deep.equal([first.tab, 'talk', true, true, false]);
  });

  it('says so where the page before has ended without a word, and is another tab then, which may be that page’s copy', async () => {
    leave('a', { version: 1, live: true, open: true, tab: 'before', conversation: 'talk' });
    const seat = await take('a');
    expect([seat.hasCrashed, seat.open, seat.isOld, seat.conversation]).to.deep.equal([true, true, true, 'talk']);
    expect(seat.tab).not.to.equal('before');
  });

  it('is shared by all elements of a page that come at once, also after a crash', async () => {
    for (const key of ['fresh', 'crashed']) {
      if (key === 'crashed') leave(key, { version: 1, live: true, open: false, tab: 'before', conversation: 'talk' });
      const all = await Promise.all([take(key), take(key), take(key)]);
      expect(new Set(all.map(({ tab }) => tab)).size, key).to.equal(1);
      expect(all.every(({ isOld }) => isOld)).to.equal(true);
    }
  });

  it('is not mixed up with another one that is asked for at the same time', async () => {
    const before = await Promise.all(['a', 'b', 'c'].map(key => take(key)));
    const after = await Promise.all(['a', 'b', 'c'].map(key => take(key)));
    expect(after.map(({ tab, isOld }) => [tab, isOld])).to.deep.equal(before.map(({ tab }) => [tab, true]));
  });

  it('is a new one where another tab has it, and what is kept here is a copy', async () => {
    leave('a', { version: 1, live: true, open: true, tab: 'theirs', conversation: 'talk' });
    const other = new BroadcastChannel('ollama-chat');
    other.onmessage = ({ data }) => data.ask === 'theirs' && other.postMessage({ answer: 'elsewhere', nonce: data.nonce });
    const seat = await take('a');
    other.close();
    expect([seat.isOld, seat.hasCrashed, seat.conversation, seat.open]).to.deep.equal([false, false, '', false]);
    expect(seat.tab).not.to.equal('theirs');
  });

  it('leaves nothing behind but itself', async () => {
    await Promise.all([take('a'), take('a'), take('b')]);
    expect(Object.keys(sessionStorage).toSorted()).to.deep.equal(['ollama-chat:a', 'ollama-chat:b']);
  });

  it('keeps out of the way of a key that is called as something of its own', async () => {
    const names = ['asking', 'ollama-chat', '__proto__', 'constructor', ''];
    const all = await Promise.all(names.map(name => take(name)));
    const again = await Promise.all(names.map(name => take(name)));
    expect(again.map(({ tab }) => tab)).to.deep.equal(all.map(({ tab }) => tab));
  });

  describe('is taken all the same', () => {
    const huge = 'x'.repeat(100_000);
    const left: Record<string, string> = {
      'where it is no JSON': 'text',
      'where it is null': 'null',
      'where it is a number': '7',
      'where it is a list': '[]',
      'where its fields are of other kinds': '{"version":"1","live":1,"open":"true","tab":{"a":1},"conversation":["x"]}',
      'where it brings a prototype': '{"__proto__":{"live":true,"tab":"x"},"constructor":{"prototype":{"live":true}}}',
      'where its words are huge': JSON.stringify({ version: 1, live: false, tab: huge, conversation: huge }),
    };
    for (const [where, text] of Object.entries(left)) {
      it(where, async () => {
        leave('a', text);
        const seat = await take('a');
        expect([seat.isOld, seat.open, seat.hasCrashed]).to.deep.equal([true, false, false]);
        expect(seat.tab.length).to.be.within(1, 200);
        expect(seat.conversation.length).to.be.at.most(200);
        expect('live' in {}).to.equal(false);
      });
    }

    it('where nothing can be written any more, and by a second element of the page too', async () => {
      const first = await take('a');
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
      try {
        const [seat, second] = [await take('b'), await take('a')];
        seat.set({ conversation: 'talk', open: true });
        expect([seat.conversation, seat.open, seat.isOld]).to.deep.equal(['talk', true, true]);
        expect([second.tab, second.isOld]).to.deep.equal([first.tab, true]);
      } finally {
        Storage.prototype.setItem = setItem;
      }
    });
  });

  it('of a newer version stays as it is, and what is kept there is no copy', async () => {
    for (const live of [true, false]) {
      const text = JSON.stringify({ version: 2, live, tab: { new: 'shape' }, conversation: 'theirs' });
      leave('a', text);
      const seat = await take('a');
      seat.set({ conversation: 'ours', open: true });
      expect([seat.isOld, seat.hasCrashed, seat.conversation]).to.deep.equal([true, false, 'ours']);
      seat.leave();
      expect(item('a')).to.equal(text);
    }
  });

  it('does not mind what else is said where tabs ask for each other', async () => {
    await take('a');
    const channel = new BroadcastChannel('ollama-chat');
    const faults: string[] = [];
    const onError = (event: ErrorEvent) => faults.push(event.message);
    addEventListener('error', onError);
    for (const word of [null, 7, 'ask', [], {}, { ask: null }, { ask: {}, nonce: {} }, { answer: 'here' }]) channel.postMessage(word);
    await take('a');
    channel.close();
    removeEventListener('error', onError);
    expect(faults).to.deep.equal([]);
  });
});
