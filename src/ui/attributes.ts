/** Attributes that are more than text. A value that is none counts as the default, with a warning on the console: a typo would go unnoticed. */
import type { ComplexAttributeConverter } from 'lit';

const fallBack = <T>(name: string, value: string, fallback: T): T => {
  console.warn(`<ollama-chat ${name}="${value}"> counts as its default`);
  return fallback;
};

/** One of a few values; the first is the default. */
export const choice = <T extends string>(name: string, [fallback, ...others]: readonly [T, ...T[]]): ComplexAttributeConverter<T> => ({
  fromAttribute: value =>
    value === null ? fallback : ([fallback, ...others].find(allowed => allowed === value) ?? fallBack(name, value, fallback)),
});

/** Seconds, also given as `500ms`, `30s`, `5m`, `1h`. */
export const duration = (name: string, fallback: number): ComplexAttributeConverter<number> => ({
  fromAttribute(value) {
    if (value === null) return fallback;
    const [, amount, unit = 's'] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(value) ?? [];
    return amount === undefined ? fallBack(name, value, fallback) : Number(amount) * ({ ms: 1e-3, m: 60, h: 3600 }[unit] ?? 1);
  },
});

/** A whole number, from 0. */
export const count = (name: string, fallback: number): ComplexAttributeConverter<number> => ({
  fromAttribute: value => (value === null ? fallback : /^\s*\d+\s*$/.test(value) ? Number(value) : fallBack(name, value, fallback)),
});

/** No, one of a few levels, or what the attribute means without a value; `undefined` without the attribute. */
export const level = <T extends string | true>(
  name: string,
  bare: T,
  levels: readonly T[],
): ComplexAttributeConverter<T | false | undefined> => ({
  fromAttribute(value) {
    if (value === null) return undefined;
    if (value === '' || value === 'true') return bare;
    if (value === 'false') return false;
    return levels.find(known => known === value) ?? fallBack(name, value, undefined);
  },
  toAttribute: value => (value === undefined || value === null ? null : String(value)),
});
