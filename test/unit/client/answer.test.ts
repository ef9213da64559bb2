import { expect } from '@open-wc/testing';
import { Answer } from '../../../src/client/answer.ts';
import type { RequestOptions } from '../../../src/protocol/client.ts';
import { failure, rejection } from '../protocol/chat-error.ts';

/** An answer of these numbers; `log` tells what its source is asked for. */
function answer(...numbers: (number | Error)[]) {
  const log: string[] = [];
  async function* source({ signal }: RequestOptions) {
    log.push('begun');
    signal?.addEventListener('abort', () => log.push('aborted'));
    try {
      for (const number of numbers) {
        if (typeof number !== 'number') throw number;
        log.push(`made ${number}`);
        yield number;
      }
    } finally {
      log.push('ended');
    }
  }
  return { log, answer: new Answer(source, all => all.reduce((sum, number) => sum + number, 0)) };
}

async function read(from: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const number of from) all.push(number);
  return all;
}

describe('Answer', () => {
  it('asks with the first await or loop, and not before', async () => {
    const { answer: asked, log } = answer(1);
    await Promise.resolve();
    expect(log).to.deep.equal([]);
    await asked;
    expect(log).to.deep.equal(['begun', 'made 1', 'ended']);
  });

  it('is the whole when awaited, and each event in a loop', async () => {
    expect(await answer(1, 2, 3).answer).to.equal(6);
    expect(await read(answer(1, 2, 3).answer)).to.deep.equal([1, 2, 3]);
  });

  it('asks once, and gives the same to whoever comes later', async () => {
    const { answer: asked, log } = answer(1, 2);
    expect(await read(asked)).to.deep.equal([1, 2]);
    expect(await asked).to.equal(3);
    expect(await asked).to.equal(3);
    expect(await read(asked)).to.deep.equal([1, 2]);
    expect(log.filter(entry => entry === 'begun')).to.have.lengthOf(1);
  });

  it('gives every event to a loop and to an await at the same time', async () => {
    const { answer: asked } = answer(1, 2, 3);
    expect(await Promise.all([asked, read(asked), read(asked)])).to.deep.equal([6, [1, 2, 3], [1, 2, 3]]);
  });

  it('ends its source when a loop is left', async () => {
    const { answer: asked, log } = answer(1, 2);
    for await (const _ of asked) break;
    await Promise.resolve();
    expect(log).to.deep.equal(['begun', 'made 1', 'aborted', 'ended']);
  });

  it('ends a source that is silent, also where somebody waits for the whole, and says so to whoever comes later', async () => {
    const asked = new Answer<number, number>(
      async function* ({ signal }) {
        yield 1;
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      all => all.length,
    );
    const whole = failure(asked);
    for await (const _ of asked) break;
    expect(await whole).to.deep.equal({ kind: 'interrupted' });
    expect(await failure(read(asked))).to.deep.equal({ kind: 'interrupted' });
  });

  it('fails for everybody in the same way, a loop after what had come', async () => {
    const failure = new Error('broken');
    const { answer: asked } = answer(1, failure);
    expect(await rejection(asked)).to.equal(failure);
    expect(await rejection(asked)).to.equal(failure);
    const seen: number[] = [];
    const loop = async () => {
      for await (const number of asked) seen.push(number);
    };
    expect(await rejection(loop())).to.equal(failure);
    expect(seen).to.deep.equal([1]);
  });

  it('does what a promise does', async () => {
    const failure = new Error('broken');
    let ended = 0;
    expect(await answer(failure).answer.catch(error => error as Error)).to.equal(failure);
    expect(await answer(2).answer.finally(() => ended++)).to.equal(2);
    expect(ended).to.equal(1);
  });
});
