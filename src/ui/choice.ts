/** Attributes with a few allowed values. */
import type { ComplexAttributeConverter } from 'lit';

/** Any other value counts as the first one, with a warning on the console, since a typo would go unnoticed. */
export const choice = <T extends string>(name: string, [fallback, ...others]: readonly [T, ...T[]]): ComplexAttributeConverter<T> => ({
  fromAttribute(value) {
    const known = [fallback, ...others].find(allowed => allowed === value);
    if (known === undefined && value !== null) {
      console.warn(`<ollama-chat ${name}="${value}"> counts as ${fallback}`);
    }
    return known ?? fallback;
  },
});
