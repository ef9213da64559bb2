import { expect } from '@open-wc/testing';
import { en } from '../../../src/i18n/en.ts';
import { extras } from '../../../src/i18n/extras-en.ts';
import { extras as extrasVi } from '../../../src/i18n/extras-vi.ts';
import { vi } from '../../../src/i18n/vi.ts';
import type { ChatStats } from '../../../src/protocol/client.ts';
import { details, exactDuration } from '../../../src/ui/message-details.ts';

const STATS: ChatStats = {
  ...{ total_duration: 3.42e9, load_duration: 2.31e9, prompt_eval_count: 1226, prompt_eval_duration: 1e9 },
  ...{ eval_count: 118, eval_duration: 3.3e9, thinking_duration: 1e9 },
};

const inEnglish = (stats: object) => details(stats, extras, en, 'en');

describe('the details of an answer', () => {
  it('are what the server counted, the most telling first', () => {
    expect(inEnglish(STATS)).to.deep.equal(['118 tokens', '35.8 tokens/s', '1,226 tokens read', 'loaded in 2.3 s', '3.4 s in all']);
  });

  it('are written as the language writes numbers', () => {
    expect(details(STATS, extrasVi, vi, 'vi')).to.deep.equal([
      '118 token trả lời',
      '35,8 token/giây',
      'đọc 1.226 token',
      'nạp trong 2,3 giây',
      'tổng cộng 3,4 giây',
    ]);
  });

  it('are none where the server counted nothing', () => {
    for (const stats of [{}, { thinking_duration: 1e9 }, { prompt_eval_duration: 5 }]) expect(inEnglish(stats)).to.deep.equal([]);
  });

  it('leave out what the server left out', () => {
    expect(inEnglish({ eval_count: 12 })).to.deep.equal(['12 tokens']);
    expect(inEnglish({ total_duration: 12.4e9 })).to.deep.equal(['12 s in all']);
    expect(inEnglish({ prompt_eval_count: 0 })).to.deep.equal(['0 tokens read']);
  });

  it('have no rate where it took no time, or nothing came of it', () => {
    expect(inEnglish({ eval_count: 12, eval_duration: 0 })).to.deep.equal(['12 tokens']);
    expect(inEnglish({ eval_count: 0, eval_duration: 1e9 })).to.deep.equal(['0 tokens']);
    expect(inEnglish({ eval_duration: 1e9 })).to.deep.equal([]);
  });

  for (const [rate, shown] of [
    [4.26, '4.3'],
    [99.94, '99.9'],
    [99.96, '100'],
    [4785.2, '4,785'],
  ] as const) {
    it(`show a rate of ${rate} as ${shown}`, () => {
      expect(inEnglish({ eval_count: rate * 100, eval_duration: 100e9 })[1]).to.equal(`${shown} tokens/s`);
    });
  }

  it('are none of what a page may have put there instead', () => {
    const odd = { eval_count: '12', eval_duration: null, prompt_eval_count: NaN, load_duration: -1, total_duration: Infinity };
    expect(inEnglish(odd)).to.deep.equal([]);
  });

  it('hold where the page names a language that is none', () => {
    expect(details({ eval_count: 12 }, extras, en, 'en_US')).to.deep.equal(['12 tokens']);
    expect(details({ eval_count: 12 }, extras, en, '')).to.deep.equal(['12 tokens']);
  });
});

describe('a short span of time', () => {
  for (const [milliseconds, shown] of [
    [0.4, '0.001 s'],
    [1.4, '0.001 s'],
    [23, '0.02 s'],
    [96, '0.1 s'],
    [420, '0.4 s'],
    [2000, '2.0 s'],
    [2310, '2.3 s'],
    [9940, '9.9 s'],
    [9960, '10 s'],
    [72_000, '1 min 12 s'],
  ] as const) {
    it(`of ${milliseconds} ms is ${shown}`, () => expect(exactDuration(en, milliseconds, 'en')).to.equal(shown));
  }
});
