import { expect } from '@open-wc/testing';
import { formatBytes, formatBytesOf, formatSpeed } from '../../../src/ui/bytes.ts';

describe('bytes', () => {
  const amounts: [bytes: number, text: string][] = [
    [0, '0 kB'],
    [120, '0.1 kB'],
    [1000, '1.0 kB'],
    [9_940, '9.9 kB'],
    [9_960, '10 kB'],
    [820_000, '820 kB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [24_300_000, '24 MB'],
    [1_234_567_890, '1.2 GB'],
    [2_019_393_189, '2.0 GB'],
    [42_500_000_000, '43 GB'],
    [1.2e12, '1.2 TB'],
    [5e15, '5,000 TB'],
  ];
  for (const [bytes, text] of amounts) {
    it(`${bytes} are ${text}`, () => expect(formatBytes(bytes, 'en')).to.equal(text));
  }

  it('of a whole are told in its unit', () => {
    const whole = 2_019_393_189;
    expect(formatBytesOf(0, whole, 'en')).to.deep.equal({ part: '0', whole: '2.0 GB' });
    expect(formatBytesOf(24_000_000, whole, 'en')).to.deep.equal({ part: '0.0', whole: '2.0 GB' });
    expect(formatBytesOf(1_190_000_000, whole, 'en')).to.deep.equal({ part: '1.2', whole: '2.0 GB' });
    expect(formatBytesOf(whole, whole, 'en')).to.deep.equal({ part: '2.0', whole: '2.0 GB' });
    expect(formatBytesOf(1_190_000_000, 12_000_000_000, 'en')).to.deep.equal({ part: '1.2', whole: '12 GB' });
  });

  it('a second are a speed', () => {
    expect(formatSpeed(24_000_000, 'en')).to.equal('24 MB/s');
    expect(formatSpeed(0, 'en')).to.equal('0 kB/s');
  });

  it('are written as the language does', () => {
    expect(formatBytes(1_234_567_890, 'vi')).to.equal('1,2 GB');
    expect(formatBytesOf(1_190_000_000, 2_019_393_189, 'vi')).to.deep.equal({ part: '1,2', whole: '2,0 GB' });
  });
});
