import { CATEGORY_NAMES, PAYLOADS } from '../support/hostile-payloads.ts';
import { testHostile } from './hostile-test.ts';

const plan = { seed: Number(process.env.HOSTILE_SEED), rounds: Number(process.env.HOSTILE_ROUNDS) };

for (const name of CATEGORY_NAMES) {
  const payloads = PAYLOADS.filter(({ category }) => category === name);
  testHostile(`“${name}” (${payloads.length} replies, each cut in ${plan.rounds} ways)`, payloads, plan);
}
