/** How much of a long paragraph's inline text is final while more of it is coming. */
import type { Token } from 'marked';
import { mayOpenFormula } from './formula';

/** What may pair with something later on: a literal mark of emphasis, code, or a tag. Not those that stand between spaces or in a word. */
const OPEN = /`|<(?![\s\d=])|~|(?<!\s|^)\*|\*(?!\s)|(?<![\p{L}\p{N}])_(?!\s)|_(?![\p{L}\p{N}\s])/u;

/**
 * The length of a prefix of the text whose tokens these are that reads the same whatever follows, or 0.
 * It ends before a word, outside all brackets and tags, and behind it nothing waits for its other half.
 */
export function settledLength(tokens: Token[]): number {
  let position = 0;
  let settled = 0;
  let brackets = 0;
  const tags: string[] = [];
  const length = tokens.reduce((sum, { raw }) => sum + raw.length, 0);
  for (const token of tokens) {
    if (/text|escape/.test(token.type) && mayOpenFormula(token.raw, length - position)) return settled;
    if (token.type === 'html' && !followTag(token.raw, tags)) return settled;
    if (token.type === 'text') {
      if (OPEN.test(token.raw)) return settled;
      for (const { 0: found, index } of token.raw.matchAll(/[[\]]|\S (?=\S)/g)) {
        if (found === '[') brackets++;
        else if (found === ']') brackets--;
        else if (!brackets && !tags.length) settled = position + index + 2;
      }
    } else if (token.raw.includes('<') && token.type !== 'codespan') return settled;
    position += token.raw.length;
  }
  return settled;
}

/** Keeps the list of open tags; false where tags do not match, which only the whole text can settle. */
function followTag(tag: string, open: string[]): boolean {
  const name = tag.slice(1, -1).toLowerCase();
  if (name.startsWith('br')) return true;
  if (!name.startsWith('/')) return open.push(name) > 0;
  return open.pop() === name.slice(1);
}
