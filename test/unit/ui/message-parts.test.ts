import { expect } from '@open-wc/testing';
import { joinParts, splitParts } from '../../../src/ui/message-parts.ts';

const FILE = { name: 'a.txt', text: 'words' };

describe('joinParts', () => {
  it('leaves a text with nothing beside it as it is', () => {
    expect(joinParts({ text: ' a\n', descriptions: [], files: [] })).to.equal(' a\n');
    expect(joinParts({ text: 'a', descriptions: ['', ''], files: [] })).to.equal('a');
  });

  it('says below the text what the pictures show, by their numbers and in one line each, before the files', () => {
    const content = joinParts({ text: 'Which?', descriptions: ['', ' a\nred  bicycle '], files: [FILE] });
    expect(content).to.equal('Which?\n\n> Picture 2: a red bicycle\n\n`a.txt` (1/1):\n\n```\nwords\n```');
  });
});

describe('splitParts', () => {
  for (const text of ['', 'Which?', 'Which?\n', 'Which?\n\n', '> Picture 1: typed', 'a\n\n\nb\n> quoted']) {
    for (const descriptions of [[], [''], ['a bicycle'], ['a: "b"', '', 'c'], ['', 'b']]) {
      for (const files of [[], [FILE], [FILE, { name: 'b.md', text: '> Picture 1: in a file' }]]) {
        it(`gives back ${JSON.stringify({ text, descriptions, files: files.length })}`, () => {
          const parts = { text, descriptions, files };
          const content = joinParts(parts);
          const split = splitParts({ content, images: descriptions.map(() => 'AAAA') });
          expect(joinParts(split)).to.equal(content);
          // What somebody typed in the same way, right before, counts as said of the pictures; nothing is lost.
          if (!text.startsWith('>')) expect(split).to.deep.equal(parts);
        });
      }
    }
  }

  for (const [what, content] of Object.entries({
    'a number without a picture': 'Which?\n\n> Picture 3: a tandem',
    'no blank line before': 'Which?\n> Picture 1: a bicycle',
    'numbers out of order': 'Which?\n\n> Picture 2: a tandem\n> Picture 1: a bicycle\nand more',
    'words below': '> Picture 1: a bicycle\n\nWhich?',
    'number nought': 'Which?\n\n> Picture 0: a bicycle',
  })) {
    it(`leaves to the visitor what was typed: ${what}`, () => {
      expect(splitParts({ content, images: ['AAAA', 'BBBB'] })).to.deep.equal({ text: content, descriptions: ['', ''], files: [] });
    });
  }

  it('finds no description without pictures', () => {
    expect(splitParts({ content: '> Picture 1: a bicycle' })).to.deep.equal({
      text: '> Picture 1: a bicycle',
      descriptions: [],
      files: [],
    });
  });
});
