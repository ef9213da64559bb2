import { expect } from '@open-wc/testing';
import { createMessage } from '../../../src/conversation/message.ts';
import { ThinkTags } from '../../../src/conversation/think-tags.ts';

/** What becomes of an answer that comes in these pieces. */
function read(pieces: Iterable<string>, thinking?: string) {
  const tags = new ThinkTags();
  let reply = createMessage({ role: 'assistant', content: '', ...(thinking && { thinking }) });
  for (const piece of pieces) reply = tags.sort({ ...reply, content: reply.content + piece }, piece);
  return { thinking: reply.thinking, content: reply.content, isOpen: tags.isOpen };
}

/** Whole, and in pieces of every length. */
const everyWay = (text: string) =>
  Array.from({ length: Math.min(text.length, 12) }, (_, index) => text.match(new RegExp(`[^]{1,${index + 1}}`, 'g')) ?? []).concat([
    [text],
  ]);

describe('thoughts in tags', () => {
  for (const [what, text, expected] of [
    ['between both tags', '<think>\nTwo and two.\n</think>\n\nFour.', { thinking: 'Two and two.', content: 'Four.' }],
    ['behind a blank line', '\n\n<think>Two and two.</think>Four.', { thinking: 'Two and two.', content: 'Four.' }],
    ['before a closing tag alone', 'Two and two.\n</think>\n\nFour.', { thinking: 'Two and two.', content: 'Four.' }],
    ['that are none', '<think>\n\n</think>\n\nFour.', { thinking: '', content: 'Four.' }],
    ['that mention a tag', '<think>Is <think> a tag?</think>Yes.', { thinking: 'Is <think> a tag?', content: 'Yes.' }],
    ['and no later tags', '<think>A</think>B <think>C</think> D', { thinking: 'A', content: 'B <think>C</think> D' }],
  ] as const) {
    it(`finds those ${what}, however the text is cut`, () => {
      for (const pieces of everyWay(text)) expect(read(pieces), JSON.stringify(pieces)).to.deep.equal({ ...expected, isOpen: false });
    });
  }

  it('counts all as a thought until the tag is closed', () => {
    expect(read(['<think>', 'Two and', ' two'])).to.deep.equal({ thinking: 'Two and two', content: '', isOpen: true });
  });

  for (const [what, text] of [
    ['code that mentions the closing tag', 'Models write `</think>` at the end.'],
    ['a block of code with it', 'So:\n```\nA</think>B\n```\n'],
    ['an answer that speaks of the opening tag', 'The tag <think> opens a thought.'],
    ['an answer that speaks of both tags', 'It thinks between <think> and </think>, so there.'],
    ['a fence of tildes with it', 'So:\n~~~\nA</think>B\n~~~\n'],
    ['a longer word', '<thinking>about it</thinking>'],
    ['blanks at the beginning', '  \n Four.'],
  ] as const) {
    it(`leaves ${what} as it is`, () => {
      for (const pieces of everyWay(text)) expect(read(pieces)).to.deep.equal({ thinking: undefined, content: text, isOpen: false });
    });
  }

  it('leaves tags alone where the server has told the thoughts by itself', () => {
    expect(read(['A</think>B'], 'Hm')).to.deep.equal({ thinking: 'Hm', content: 'A</think>B', isOpen: false });
  });
});
