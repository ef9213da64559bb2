import { expect } from '@open-wc/testing';
import { SilenceLimit } from '../../../src/protocol/silence.ts';
import { fakeClock, restoreClock, type FakeClock } from './fake-clock.ts';

describe('SilenceLimit', () => {
  let clock: FakeClock;
  beforeEach(() => (clock = fakeClock()));
  afterEach(restoreClock);

  const timeout = (phase: 'waiting' | 'answering') => ({ kind: 'timeout', seconds: 10, phase });

  it('ends after that many seconds in which nothing came, and says so', () => {
    const silence = new SilenceLimit(10);
    clock.advance(9990);
    expect(silence.signal.aborted).to.equal(false);
    expect(silence.failure).to.equal(undefined);
    clock.advance(10);
    expect(silence.failure?.detail).to.deep.equal(timeout('waiting'));
    expect(silence.signal.reason).to.equal(silence.failure);
    expect(clock.waiting).to.equal(0);
  });

  it('counts anew from whatever comes', () => {
    const silence = new SilenceLimit(10);
    for (let second = 0; second < 60; second++) {
      clock.advance(1000);
      silence.heard();
    }
    clock.advance(9990);
    expect(silence.signal.aborted).to.equal(false);
    clock.advance(10);
    expect(silence.failure?.detail).to.deep.equal(timeout('answering'));
  });

  it('ends on time, whenever something came last', () => {
    const silence = new SilenceLimit(10);
    clock.advance(3000);
    silence.heard();
    clock.advance(9990);
    expect(silence.signal.aborted).to.equal(false);
    clock.advance(10);
    expect(silence.failure?.detail).to.deep.equal(timeout('answering'));
  });

  it('takes half a second as such', () => {
    const silence = new SilenceLimit(0.5);
    clock.advance(500);
    expect(silence.failure?.detail).to.deep.equal({ kind: 'timeout', seconds: 0.5, phase: 'waiting' });
  });

  it('sets no timer for what comes, however much it is', () => {
    const silence = new SilenceLimit(10);
    for (let time = 0; time < 10_000; time++) silence.heard();
    expect(clock.waits).to.deep.equal([10_000]);
  });

  it('never ends where 0 seconds mean no limit', () => {
    const silence = new SilenceLimit(0);
    clock.advance(10 ** 9);
    expect(clock.waits).to.deep.equal([]);
    expect(silence.signal.aborted).to.equal(false);
  });

  it('waits no longer than timers can, which would run out at once', () => {
    const silence = new SilenceLimit(10 ** 9);
    expect(clock.waits).to.deep.equal([2 ** 31 - 1]);
    clock.advance(10 ** 9);
    expect(silence.signal.aborted).to.equal(false);
    silence.end();
  });

  it('is over with its end', () => {
    const outer = new AbortController();
    const silence = new SilenceLimit(10, outer.signal);
    silence.end();
    clock.advance(60_000);
    outer.abort();
    expect(silence.signal.aborted).to.equal(false);
    expect(silence.failure).to.equal(undefined);
  });

  describe('when somebody stops it', () => {
    const reason = new Error('stopped by the visitor');

    it('ends at once with their reason, which is no failure', () => {
      const outer = new AbortController();
      const silence = new SilenceLimit(10, outer.signal);
      outer.abort(reason);
      expect(silence.signal.reason).to.equal(reason);
      expect(silence.failure).to.equal(undefined);
      expect(clock.waiting).to.equal(0);
    });

    it('has ended where they had before', () => {
      const silence = new SilenceLimit(10, AbortSignal.abort(reason));
      expect(silence.signal.reason).to.equal(reason);
      expect(clock.waits).to.deep.equal([]);
    });

    it('does so also without a limit', () => {
      const outer = new AbortController();
      const silence = new SilenceLimit(0, outer.signal);
      outer.abort(reason);
      expect(silence.signal.reason).to.equal(reason);
    });

    it('keeps to the silence that ended it before', () => {
      const outer = new AbortController();
      const silence = new SilenceLimit(10, outer.signal);
      clock.advance(10_000);
      outer.abort(reason);
      expect(silence.signal.reason).to.equal(silence.failure);
    });
  });
});
