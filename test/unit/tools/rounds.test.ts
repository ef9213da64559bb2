import { expect } from '@open-wc/testing';
import { Rounds } from '../../../src/tools/rounds.ts';

const call = (city: string) => [{ function: { name: 'get_time', arguments: { city } } }];

describe('rounds of calls', () => {
  it('end at their limit: the model is asked once without tools, and what it calls then is over', () => {
    const rounds = new Rounds();
    const seen = ['Oslo', 'Lima', 'Hanoi'].map(city => [rounds.isOver, rounds.next(call(city), 2)]);
    expect(seen).to.deep.equal([
      [false, 'with'],
      [false, 'without'],
      [true, 'no more'],
    ]);
  });

  it('end where the model repeats itself, in whatever order it writes the arguments', () => {
    const rounds = new Rounds();
    const both = (args: object) => [{ function: { name: 'get_time', arguments: args as Record<string, unknown> } }];
    expect(rounds.next(both({ city: 'Oslo', when: 'today' }), 9)).to.equal('with');
    expect(rounds.next(both({ when: 'today', city: 'Oslo' }), 9)).to.equal('without');
  });

  it('a call that comes again later is none that repeats', () => {
    const rounds = new Rounds();
    expect(['Oslo', 'Lima', 'Oslo'].map(city => rounds.next(call(city), 9))).to.deep.equal(['with', 'with', 'with']);
  });
});
