import { createHash } from 'node:crypto';

/** An edit of a library's code, for the CDN file alone. */
export interface Edit {
  file: RegExp;
  find: RegExp;
  replace: (...found: string[]) => string;
  why: string;
  /** How many places; one unless told. */
  times?: number;
  /** The digest of what was found, where the pattern says little more than from where to where. */
  digest?: string;
}

/** Takes out what these patterns find, each in one place. */
export const cutFrom =
  (file: RegExp) =>
  (why: string, ...parts: RegExp[]): Edit[] =>
    parts.map(find => ({ file, find, replace: () => '', why }));

/** Makes an edit, or says why it cannot be made: the next version may say it differently, and silence would ship the wrong file. */
export function apply({ find, replace, times = 1, digest }: Edit, text: string): { text: string } | { fault: string } {
  const places = text.match(new RegExp(find, `${find.flags}g`)) ?? [];
  if (places.length !== times) return { fault: `${places.length} places like ${find}` };
  const found = createHash('sha256').update(places.join('')).digest('hex').slice(0, 8);
  if (digest && digest !== found) return { fault: `another text (${found}) where ${find}` };
  return { text: text.replace(new RegExp(find, `${find.flags}g`), replace) };
}

/** This very text; of another version the build makes nothing. */
export const exactly = (text: string) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
