/**
 * Whether the arguments of a call fit the schema of its tool. The validator comes with the first call. What a schema says that nobody can
 * follow, a pattern of another language or a reference to nowhere, is no fault of the arguments.
 */
import { isObject } from '../protocol/json';

/**
 * What is wrong with them, in words that a model can act on; empty for nothing.
 * @param isOwn whether the schema is the page's. Of another's only {@link plain} words are checked, no patterns, references or conditions:
 * a few of these can keep a page busy for ever, and who wrote them checks them, too.
 * @throws where the validator is not to be had.
 */
export async function faultOf(args: Record<string, unknown>, schema: object, isOwn = false): Promise<string> {
  const { Validator } = await import('./validator');
  const check = (checked: unknown) => new Validator(checked as object, '2020-12', false).validate(args).errors;
  const errors = (isOwn ? tried(() => check(structuredClone(schema))) : undefined) ?? tried(() => check(plain(schema))) ?? [];
  // The last ones are the closest to what is wrong; the first only say that something below them is.
  const words = errors
    .filter(({ keyword }) => keyword !== 'properties' && keyword !== 'items')
    .map(({ instanceLocation, error }) => `${instanceLocation.slice(1) || '/'}: ${error}`);
  return [...new Set(words)].slice(0, 10).join(' ');
}

function tried<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

type Kept = (value: unknown) => unknown;
const same: Kept = value => value;
const each: Kept = value => (Array.isArray(value) ? value.map(plain) : undefined);
const named: Kept = value =>
  isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)])) : value;

/** Words whose check takes no longer than the schema and the arguments are long, and forbids no more where others are missing. */
const PLAIN: Readonly<Record<string, Kept>> = {
  ...Object.fromEntries(
    'type enum const required dependentRequired minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties'
      .split(' ')
      .map(word => [word, same]),
  ),
  properties: named,
  additionalProperties: plain,
  items: value => each(value) ?? plain(value),
  prefixItems: each,
  allOf: each,
  anyOf: each,
};

/** A copy with those words alone. */
function plain(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([word]) => Object.hasOwn(PLAIN, word));
  // What further properties are depends on them.
  const isOpen = 'patternProperties' in schema;
  return Object.fromEntries(
    kept.flatMap(([word, value]) => (isOpen && word === 'additionalProperties' ? [] : [[word, PLAIN[word]?.(value)]])),
  );
}
