import { CATEGORY_NAMES, PAYLOADS } from '../support/hostile-payloads.ts';
import { testHostile } from './hostile-test.ts';

const given = (name: string) => Number(process.env[`HOSTILE_${name}`]);
// Workers load this file anew, and must draw the same seed.
const seed = given('SEED') || Date.now() % 1e9;
process.env.HOSTILE_SEED = String(seed);
const rounds = given('ROUNDS') || 3;

for (const name of CATEGORY_NAMES) {
  const payloads = PAYLOADS.filter(({ category }) => category === name);
  testHostile(`“${name}” (${payloads.length} replies, each cut in ${rounds} ways)`, payloads, { seed, rounds });
}
