import { expect } from '@open-wc/testing';
import { seeded } from '../../support/seeded.mjs';
import { safeFileName } from '../../../src/ui/file-name.ts';

describe('safeFileName', () => {
  it('leaves a usual name as it is', () => {
    for (const name of ['notes.txt', 'Bản ghi – 2.md', 'ملف.csv', '报告.json', '👩‍👩‍👧 photo.png', 'a_b*c.js', 'می‌خواهم.txt']) {
      expect(safeFileName(name)).to.equal(name);
    }
  });

  it('takes out what turns text around, hides in it, or ends its line', () => {
    expect(safeFileName('a\u202egpj.exe')).to.equal('agpj.exe');
    expect(safeFileName('a\u2066\u2069\u200e\u200f\u061c\u200b\ufeff\u00ad.txt')).to.equal('a .txt');
    expect(safeFileName('a\r\n\u2028b\u0000\t\u001bc')).to.equal('a b c');
    expect(safeFileName('a\u{e0041}\u{e0042}.txt')).to.equal('a.txt');
    expect(safeFileName('a\ud83d.txt')).to.equal('a.txt');
    expect(safeFileName('```\n# a')).to.equal("''' # a");
  });

  it('is never empty, and never longer than 100 characters, with its ending', () => {
    expect(safeFileName('')).to.equal('file');
    expect(safeFileName(' \u202e ')).to.equal('file');
    const long = safeFileName(`${'😀'.repeat(500)}.tar.gz`);
    expect(Array.from(long).length).to.equal(100);
    expect(long).to.match(/^(?:😀)+…(?:😀)+\.tar\.gz$/u);
  });

  it('stays as it is when it is made safe again', () => {
    const pieces = ['a', '.', ' ', '\n', '`', '😀', '\u202e', '\u200d', '\ud83d', '\ude00', '…', 'ä'.repeat(40), ' '.repeat(40)];
    const random = seeded(3);
    for (let round = 0; round < 2000; round++) {
      const name = safeFileName(Array.from({ length: random() * 12 }, () => pieces[Math.floor(random() * pieces.length)]).join(''));
      expect(safeFileName(name), JSON.stringify(name)).to.equal(name);
    }
  });
});
