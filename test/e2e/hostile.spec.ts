/** Some of every kind of hostile content, always the same; `npm run test:hostile` tries all of it, cut in many ways. */
import { testHostile } from '../hostile/hostile-test.ts';
import { PAYLOADS, SPREAD } from '../support/hostile-payloads.ts';
import { expect, test } from './chat-page.ts';

test('the spread has some of every category', () => {
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(250);
  expect(new Set(SPREAD.map(({ category }) => category))).toEqual(new Set(PAYLOADS.map(({ category }) => category)));
});

testHostile(`a spread of ${SPREAD.length} hostile replies`, SPREAD, { seed: 1, rounds: 1 });
