import { randomDocument, randomPieces, seeded } from '../support/markdown-documents';
import { expected, settled } from '../support/markdown-oracle';

const { seed, count } = (window as unknown as { fuzz: { seed: number; count: number } }).fuzz;

it(`holds for ${count} random documents from seed ${seed}`, async () => {
  const random = seeded(seed);
  const faults: string[] = [];
  for (let done = 1; done <= count && faults.length < 5; done++) {
    const pieces = randomPieces(random, randomDocument(random));
    const [shown, whole] = [settled(pieces), expected(pieces.join(''))];
    if (shown !== whole) faults.push(`case ${done}: ${JSON.stringify(pieces)}\n  shown    ${shown}\n  expected ${whole}`);
    if (done % 100 === 0) await new Promise(resolve => setTimeout(resolve));
    if (done % 10_000 === 0) console.log(`seed ${seed}: ${done} cases`);
  }
  if (faults.length) throw new Error(`seed ${seed}\n${faults.join('\n')}`);
});
