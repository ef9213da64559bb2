import { expect } from '@open-wc/testing';
import { progressText, textOfResult } from '../../../src/tools/mcp-result.ts';

const text = (words: string) => ({ type: 'text', text: words });
const image = { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' };

describe('textOfResult', () => {
  for (const [what, result, words] of [
    ['the texts, one a line', { content: [text('a'), text('b')] }, 'a\nb'],
    ['structured content where there is no text', { content: [], structuredContent: { sum: 5 } }, '{"sum":5}'],
    ['structured content beside a picture', { content: [image], structuredContent: [1] }, '[1]\n[image image/png]'],
    ['text instead of the same as structured content', { content: [text('5')], structuredContent: { sum: 5 } }, '5'],
    ['a word for a picture', { content: [text('Here:'), image] }, 'Here:\n[image image/png]'],
    ['a word for a sound', { content: [{ type: 'audio', data: 'aGVsbG8=', mimeType: 'audio/wav' }] }, '[audio audio/wav]'],
    ['the address of a link', { content: [{ type: 'resource_link', uri: 'file:///a.txt', name: 'a' }] }, 'file:///a.txt'],
    ['the text of a file', { content: [{ type: 'resource', resource: { uri: 'file:///a.txt', text: 'Hello' } }] }, 'Hello'],
    [
      'a word for any other file',
      { content: [{ type: 'resource', resource: { uri: 'file:///a.zip', mimeType: 'application/zip', blob: 'aGVsbG8=' } }] },
      '[resource application/zip]',
    ],
    ['a word for what nobody knows', { content: [{ type: 'hologram', data: 'aGVsbG8=' }] }, '[hologram]'],
    ['a short word for what wants to be long', { content: [{ type: 'x'.repeat(1000) }] }, `[${'x'.repeat(200)}]`],
    ['a word for nothing', { content: [] }, 'Done.'],
    ['a word for an empty text', { content: [text('')] }, 'Done.'],
  ] as [string, unknown, string][]) {
    it(`gives ${what}`, () => expect(textOfResult(result)).to.equal(words));
  }

  for (const result of [
    undefined,
    null,
    7,
    'text',
    [],
    {},
    { content: 'text' },
    { content: [null, 7, 'a', []] },
    { content: [{ type: 7 }] },
  ]) {
    it(`makes something of ${JSON.stringify(result)}`, () => expect(textOfResult(result)).to.be.a('string').that.is.not.empty);
  }

  it('throws what a tool says of its failure', () => {
    expect(() => textOfResult({ content: [text('No such file.')], isError: true })).to.throw(Error, /^No such file\.$/);
    expect(() => textOfResult({ isError: true })).to.throw('does not say why');
    expect(textOfResult({ content: [text('a')], isError: 'no' })).to.equal('a');
  });
});

describe('progressText', () => {
  it('is what the server says, else a number', () => {
    expect(progressText({ progress: 3, total: 10, message: 'Reading' })).to.equal('Reading');
    expect(progressText({ progress: 3, total: 10 })).to.equal('3/10');
    expect(progressText({ progress: 3 })).to.equal('3');
    expect(progressText({ progress: 3, message: 'x'.repeat(1000) })).to.have.lengthOf(200);
  });
});
