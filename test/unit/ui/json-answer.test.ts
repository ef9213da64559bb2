import { expect } from '@open-wc/testing';
import { isJsonBegun, jsonAsCode, jsonSoFar } from '../../../src/ui/json-answer.ts';

const code = (text: string) => `\`\`\`json\n${text}\n\`\`\``;

describe('an answer in JSON', () => {
  it('is shown as code once it is whole, also where nobody asked for it', () => {
    expect(jsonAsCode('{\n  "a": 1\n}\n', false)).to.equal(code('{\n  "a": 1\n}'));
  });

  it('gets line breaks where it has none, and keeps every sign of it', () => {
    expect(jsonAsCode('{"a":[1.0,9007199254740993],"b":{},"c":[ ],"a":"x: [\\"y\\", {}]"}', true)).to.equal(
      code('{\n  "a": [\n    1.0,\n    9007199254740993\n  ],\n  "b": {},\n  "c": [ ],\n  "a": "x: [\\"y\\", {}]"\n}'),
    );
  });

  it('is left on its line where it is nested too deep', () => {
    const deep = '['.repeat(4000) + ']'.repeat(4000);
    expect(jsonAsCode(deep, false).length).to.be.lessThan(deep.length + 20);
  });

  it('is code as far as it has come where it was asked for, whole or cut off', () => {
    expect(isJsonBegun(' \n')).to.equal(undefined);
    expect(isJsonBegun(' \n{"a')).to.equal(true);
    expect(jsonSoFar('{"a')).to.equal('```json\n{"a');
    expect(jsonAsCode('{"a', true)).to.equal(code('{"a'));
  });

  for (const [what, text] of [
    ['prose', 'Four. {"a": 1}'],
    ['a reference', '[1] is the first source.'],
    ['a link', '[a](https://example.com)'],
    ['a number', '4'],
    ['nothing', ''],
  ] as const) {
    it(`leaves ${what} as it is`, () => {
      expect(jsonAsCode(text, false)).to.equal(text);
    });
  }
});
