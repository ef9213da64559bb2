import { expect } from '@open-wc/testing';
import { jsonAsCode } from '../../../src/ui/json-answer.ts';

const code = (text: string) => `\`\`\`json\n${text}\n\`\`\``;

describe('an answer in JSON', () => {
  it('is shown as code once it is whole, also where nobody asked for it', () => {
    expect(jsonAsCode('{\n  "a": 1\n}\n', true, false)).to.equal(code('{\n  "a": 1\n}'));
  });

  it('gets line breaks where it has none', () => {
    expect(jsonAsCode('{"a":[1,2]}', true, true)).to.equal(code('{\n  "a": [\n    1,\n    2\n  ]\n}'));
  });

  it('is code from its first sign on where it was asked for, and as far as it has come', () => {
    expect(jsonAsCode('{"a', false, true)).to.equal(code('{"a'));
    expect(jsonAsCode('{"a', true, true)).to.equal(code('{"a'));
  });

  for (const [what, text] of [
    ['prose', 'Four. {"a": 1}'],
    ['a reference', '[1] is the first source.'],
    ['a link', '[a](https://example.com)'],
    ['a number', '4'],
    ['nothing', ''],
  ] as const) {
    it(`leaves ${what} as it is`, () => {
      expect(jsonAsCode(text, true, false)).to.equal(text);
      expect(jsonAsCode(text, false, false)).to.equal(text);
    });
  }
});
