import { expect } from '@open-wc/testing';
import { gfmExamples, randomDocument, randomPieces, seeded, specExamples } from '../../support/markdown-documents';
import { expected, settled, settledFaults, streamed } from '../../support/markdown-oracle';

function check(pieces: string[]) {
  const text = pieces.join('');
  const whole = expected(text);
  expect(streamed(pieces), JSON.stringify(pieces)).to.equal(whole);
  expect(settledFaults(pieces, whole), JSON.stringify(pieces)).to.deep.equal([]);
}

describe('the oracle', () => {
  it('holds for the examples of CommonMark, whole and letter by letter', async function () {
    this.timeout(60_000);
    const examples = await specExamples();
    expect(examples.length).to.be.above(600);
    for (const text of examples) {
      check([text]);
      check([...text]);
    }
  });

  it('holds for GFM, cut at every place', () => {
    for (const text of gfmExamples)
      for (let cut = 0; cut < text.length; cut++) check([text.slice(0, cut), text.slice(cut)].filter(Boolean));
  });

  it('holds for random documents', () => {
    const seed = Number(new URLSearchParams(location.search).get('seed')) || 1;
    const random = seeded(seed);
    const started = performance.now();
    let count = 0;
    while (performance.now() - started < 4000) {
      const pieces = randomPieces(random, randomDocument(random));
      if (count++ % 50 === 0) check(pieces);
      else expect(settled(pieces), JSON.stringify(pieces)).to.equal(expected(pieces.join('')));
    }
    console.log(`oracle: ${count} random documents from seed ${seed}`);
  });
});
