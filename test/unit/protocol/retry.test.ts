import { expect } from '@open-wc/testing';
import { pause, retryDelay, secondsOf } from '../../../src/protocol/retry.ts';
import { rejection } from './chat-error.ts';
import { fakeClock, restoreClock } from './fake-clock.ts';

afterEach(restoreClock);

const middle = () => 0.5;

describe('retryDelay', () => {
  it('is given for what passes: a server behind a proxy that is away, a full queue', () => {
    for (const status of [502, 503, 504]) expect(retryDelay(status, 0, null, middle), String(status)).to.equal(1);
  });

  it('is not given for anything else', () => {
    for (const status of [400, 401, 403, 404, 408, 413, 429, 500, 501, 505]) {
      expect(retryDelay(status, 0, null), String(status)).to.equal(undefined);
      expect(retryDelay(status, 0, '1'), String(status)).to.equal(undefined);
    }
  });

  it('doubles with each attempt, up to a minute', () => {
    const delays = Array.from({ length: 9 }, (_, attempt) => retryDelay(503, attempt, null, middle));
    expect(delays).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('is spread by a quarter to both sides, so that not all come back at once', () => {
    expect(retryDelay(503, 2, null, () => 0)).to.equal(3);
    expect(retryDelay(503, 2, null, () => 1)).to.equal(5);
    const delay = retryDelay(503, 2, null);
    expect(delay).to.be.within(3, 5);
  });

  it('is what the server asks for, whichever attempt it is', () => {
    for (const asked of [0, 7, 60]) expect(retryDelay(503, 5, String(asked))).to.equal(asked);
  });

  it('is not given where the server asks for more than anybody waits', () => {
    expect(retryDelay(503, 0, '61')).to.equal(undefined);
  });

  it('is its own where the server asks for nothing that can be read', () => {
    expect(retryDelay(503, 1, 'soon', middle)).to.equal(2);
  });
});

describe('secondsOf a Retry-After header', () => {
  const NOW = 'Sun, 22 Nov 2026 00:00:01 GMT';
  const read: [header: string | null, seconds: number | undefined][] = [
    ['0', 0],
    ['120', 120],
    [' 5 ', 5],
    ['1.5', 1.5],
    [NOW, 0],
    ['Sun, 22 Nov 2026 00:00:31 GMT', 30],
    ['Sun, 22 Nov 2026 01:00:01 GMT', 3600],
    ['Sat, 21 Nov 2026 00:00:01 GMT', 0],
    // Date.parse() would make a date of most of these.
    ...[null, '', '  ', 'soon', '-5', '1 minute', '5, 10', '0x10', '1e3', 'Infinity', 'Sun, 99 Nov 2026 00:00:01 GMT', ' GMT'].map(
      (header): [string | null, undefined] => [header, undefined],
    ),
  ];
  for (const [header, seconds] of read) {
    it(`reads ${JSON.stringify(header)} as ${seconds ?? 'nothing'}`, () => {
      fakeClock();
      expect(new Date(Date.now()).toUTCString()).to.equal(NOW);
      expect(secondsOf(header)).to.equal(seconds);
    });
  }
});

describe('pause', () => {
  const reason = new Error('stopped by the visitor');

  it('lasts as many seconds as it is told', async () => {
    const clock = fakeClock();
    let over = false;
    const pausing = pause(2).then(() => (over = true));
    clock.advance(1999);
    await Promise.resolve();
    expect(over).to.equal(false);
    clock.advance(1);
    await pausing;
    expect(over).to.equal(true);
  });

  it('ends with the reason of whoever stops it, and leaves no timer', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const pausing = pause(60, controller.signal);
    controller.abort(reason);
    expect(await rejection(pausing)).to.equal(reason);
    expect(clock.waiting).to.equal(0);
  });

  it('does not begin where it was stopped before', async () => {
    const clock = fakeClock();
    expect(await rejection(pause(60, AbortSignal.abort(reason)))).to.equal(reason);
    expect(clock.waiting).to.equal(0);
  });

  it('leaves the signal alone once it is over', async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    let listening = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => (listening++, add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => (listening--, remove(...args));
    const pausing = pause(1, signal);
    expect(listening).to.equal(1);
    clock.advance(1000);
    await pausing;
    expect(listening).to.equal(0);
  });
});
