import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/errors.ts';

describe('ChatError', () => {
  it('is an error with a kind, its facts and its cause', () => {
    const cause = new TypeError('Failed to fetch');
    const error = new ChatError({ kind: 'unreachable', url: 'http://x' }, { cause });
    expect(error).to.be.instanceOf(Error);
    expect(error.name).to.equal('ChatError');
    expect(error.kind).to.equal('unreachable');
    expect(error.detail).to.deep.equal({ kind: 'unreachable', url: 'http://x' });
    expect(error.cause).to.equal(cause);
  });

  it('says for a log what is known', () => {
    expect(new ChatError({ kind: 'busy', status: 503, text: 'no' }).message).to.equal('busy {"status":503,"text":"no"}');
    expect(new ChatError({ kind: 'interrupted' }).message).to.equal('interrupted');
  });
});
