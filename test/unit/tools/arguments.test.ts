import { expect } from '@open-wc/testing';
import { faultOf } from '../../../src/tools/arguments.ts';

const city = { type: 'object', properties: { city: { type: 'string', minLength: 2 } }, required: ['city'], additionalProperties: false };

/** Whether they fit, by a schema of the page, and by one of a server. */
async function fits(args: Record<string, unknown>, schema: object): Promise<[boolean, boolean]> {
  return [(await faultOf(args, schema, true)) === '', (await faultOf(args, schema)) === ''];
}

describe('faultOf', () => {
  it('says in words what does not fit', async () => {
    for (const isOwn of [true, false]) {
      expect(await faultOf({ city: 'Oslo' }, city, isOwn)).to.equal('');
      expect(await faultOf({}, city, isOwn)).to.contain('required property "city"');
      expect(await faultOf({ city: 7 }, city, isOwn)).to.match(/^\/city: .*type "number"/i);
      expect(await faultOf({ city: 'Oslo', day: 1 }, city, isOwn)).to.contain('day');
    }
  });

  it('lets nothing but {} pass where a tool takes nothing', async () => {
    const none = { type: 'object', properties: {}, additionalProperties: false };
    expect(await fits({}, none)).to.deep.equal([true, true]);
    expect(await fits({ a: 1 }, none)).to.deep.equal([false, false]);
  });

  it('leaves the schema as it is, also a frozen one', async () => {
    const frozen = Object.freeze({ ...city, properties: Object.freeze({ city: Object.freeze({ type: 'string' }) }) });
    expect(await fits({ city: 'Oslo' }, frozen)).to.deep.equal([true, true]);
    expect(await fits({ city: 7 }, frozen)).to.deep.equal([false, false]);
    const own = { type: 'object' };
    await fits({}, own);
    expect(Object.getOwnPropertyNames(own)).to.deep.equal(['type']);
  });

  for (const [what, part] of [
    ['a pattern of another language', { type: 'string', pattern: '(?i)x' }],
    ['a reference to nowhere', { type: 'string', $ref: '#/nowhere' }],
    ['the same $id twice', { type: 'string', anyOf: [{ $id: 'a' }, { $id: 'a', title: 'b' }] }],
    ['an $id that is no address', { type: 'string', $id: 'http://[' }],
    ['a reference to itself', { type: 'string', $ref: '#/properties/a' }],
    ['a word of the wrong kind', { type: 'string', anyOf: 7, allOf: { a: 1 } }],
  ] as const) {
    it(`checks the rest of a schema with ${what}`, async () => {
      const schema = { type: 'object', properties: { a: part, b: { type: 'number' } }, required: ['b'] };
      expect(await fits({ a: 'x', b: 1 }, schema)).to.deep.equal([true, true]);
      expect(await fits({ a: 'x', b: 'y' }, schema)).to.deep.equal([false, false]);
    });
  }

  it('runs nothing of a server that could take for ever', async () => {
    const start = performance.now();
    const doubled = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => [level, { allOf: [{ $ref: `#/$defs/${level + 1}` }, { $ref: `#/$defs/${level + 1}` }] }]),
    );
    expect(await faultOf({ a: `${'a'.repeat(40)}!` }, { properties: { a: { pattern: '^(a+)+$' } } })).to.equal('');
    expect(await faultOf({ [`${'a'.repeat(40)}!`]: 1 }, { patternProperties: { '^(a+)+$': {} } })).to.equal('');
    expect(await faultOf({}, { $ref: '#/$defs/0', $defs: { ...doubled, 40: {} } })).to.equal('');
    expect(performance.now() - start).to.be.below(1000);
  });

  it('refuses nothing of a server for what is not checked', async () => {
    for (const [args, schema] of [
      [{ x_a: 1 }, { patternProperties: { '^x_': {} }, additionalProperties: false }],
      [{ a: 'x' }, { properties: { a: { not: { pattern: 'y' } } } }],
      [{ a: 'x' }, { properties: { a: { oneOf: [{ pattern: 'x' }, { pattern: 'y' }] } } }],
      [{ a: 'x' }, { properties: { a: { if: { pattern: 'x' }, else: false } } }],
      [{ a: ['x'] }, { properties: { a: { contains: { pattern: 'x' }, maxContains: 1 } } }],
      [{ a: 1 }, { $ref: '#/$defs/a', unevaluatedProperties: false, $defs: { a: { properties: { a: {} } } } }],
    ] as const)
      expect(await fits(args, schema)).to.deep.equal([true, true]);
  });

  it('checks patterns, references and conditions of the page itself', async () => {
    for (const [args, schema] of [
      [{ a: 'x' }, { properties: { a: { pattern: 'y' } } }],
      [{ a: 1 }, { properties: { a: { $ref: '#/$defs/text' } }, $defs: { text: { type: 'string' } } }],
      [{ a: 1 }, { not: { required: ['a'] } }],
    ] as const)
      expect(await fits(args, schema)).to.deep.equal([false, true]);
  });
});
