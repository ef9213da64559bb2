/** Looks at values that came as JSON, of which nothing is certain until asked; and writes what is sent. */

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A string that holds something. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** A number of things that a server counted. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every(item => typeof item === 'string');

/** The value of `text`, or `undefined` where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As JSON that strict parsers take, too: half a character, where a text was cut, becomes U+FFFD. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Halves alone are written as escapes; what only looks like one stands behind an escaped backslash. Looked for first: pictures are long.
  return text.includes('\\ud') ? text.replace(/\\\\|\\ud.../g, found => (found[2] ? '\\ufffd' : found)) : text;
}
