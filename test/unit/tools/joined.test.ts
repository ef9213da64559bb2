import { expect } from '@open-wc/testing';
import { Joined } from '../../../src/tools/joined.ts';

const signal = () => new AbortController().signal;
const settled = (promise: Promise<unknown>) =>
  promise.then(
    value => value,
    error => `throws ${error}`,
  );

describe('Joined', () => {
  it('is done once for all who wait', async () => {
    let count = 0;
    const joined = new Joined(async () => ++count);
    expect(await Promise.all([joined.join(signal()), joined.join(signal())])).to.deep.equal([1, 1]);
    expect(await joined.join(signal())).to.equal(1);
    expect(joined.left).to.equal(false);
  });

  it('goes on while one waits, and ends when the last has left', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const joined = new Joined(shared => new Promise((_, reject) => shared.addEventListener('abort', () => reject(new Error('ended')))));
    const both = [one, two].map(controller => settled(joined.join(controller.signal)));
    one.abort('first');
    expect(await both[0]).to.equal('throws first');
    expect(joined.left).to.equal(false);
    two.abort('second');
    expect(await both[1]).to.equal('throws second');
    expect(joined.left).to.equal(true);
  });

  it('tells all of a failure', async () => {
    const joined = new Joined(() => Promise.reject(new Error('no')));
    expect(await Promise.all([settled(joined.join(signal())), settled(joined.join(signal()))])).to.deep.equal([
      'throws Error: no',
      'throws Error: no',
    ]);
  });

  it('is not waited for by one who has left before', async () => {
    const joined = new Joined(async () => 1);
    expect(await settled(joined.join(AbortSignal.abort('gone')))).to.equal('throws gone');
    expect(joined.left).to.equal(false);
  });
});
