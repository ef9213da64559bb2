import { expect } from '@open-wc/testing';
import { en } from '../../../src/i18n/en';
import { MarkdownView } from '../../../src/ui/markdown-view';

/** Texts that cost a Markdown parser more than their length. */
const LENGTH = 60_000;
const fill = (part: string) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);
const steps = (make: (index: number) => string) => Array.from({ length: Math.sqrt(LENGTH * 2) }, (_, index) => make(index));
const nested = ['> ', '>', '- ', '1. ', '> - ', '> a\n- b\n'].map(fill);
const stairs = [steps(index => `${'>'.repeat(index)} a`).join('\n'), steps(index => `${' '.repeat(index)}- a`).join('\n')];
const marks = ['*', '*a ', '**a *b ', '_a ', '*a**', 'a_*', 'a**b', '~a ', '***a_'].map(fill);
const brackets = ['[', '[a]', '[a](b', '[a](<b', '![', '[a](('].map(fill).concat('['.repeat(LENGTH / 2) + ']'.repeat(LENGTH / 2));
const others = [
  '`a',
  '|',
  '|a',
  '<',
  '<a ',
  '<a b="',
  '<!--',
  '<div>\n',
  '<u>',
  '&',
  '\\',
  'a@b.c',
  'http://a.b/',
  '[a]: b\n',
  'a\n',
  '\n',
  ' \n',
].map(fill);
const ticks = steps(index => '`'.repeat(index)).join(' ');
const table = `${'|a'.repeat(LENGTH / 4)}|\n${'|-'.repeat(LENGTH / 4)}|\n`;

/** The longest time that the main thread was busy with one thing. */
async function longestTask(view: MarkdownView, text: string, deltas: number): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const measure = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  for (let count = 1; count <= deltas; count++) {
    view.show(text.slice(0, (text.length * count) / deltas), false);
    await new Promise(requestAnimationFrame);
    measure();
  }
  view.show(text, true);
  measure();
  for (let quiet = 0; quiet < 3; quiet++) {
    await new Promise(requestAnimationFrame);
    measure();
  }
  return longest;
}

describe('a hostile text', function () {
  this.timeout(120_000);
  let view: MarkdownView;
  beforeEach(() => {
    view = new MarkdownView(() => ({ strings: en, codeRenderers: {}, imageSources: '', linkSources: '', isJson: false }));
    document.body.append(view.element);
  });
  afterEach(() => view.element.remove());

  for (const text of [...nested, ...stairs, ...marks, ...brackets, ...others, ticks, table]) {
    it(`of ${JSON.stringify(text.slice(0, 12))} does not block the page`, async () => {
      // Twice the hard limit of two seconds, for machines that do other things too.
      expect(await longestTask(view, text, 12)).to.be.below(4000);
    });
  }
});
