/**
 * What an unfinished text shows meanwhile: half-typed marks are shown as they will most likely end, or not yet.
 * Only for the part that is still open, which is rendered anew with each delta; a finished text never comes by here.
 */

import { formulaEnd, looksLikeTex } from './formula';

/** A last line that may still become anything: nothing but marks so far, or the opening of a code block or a fold. */
const UNDECIDED =
  /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?:[\s\-=*+_>#~`|:.)\d$]*|(?:```|~~~).*|\[(?:!\w*|[ x])?\]?[ \t]*|\\\[?|<\/?\w{0,7}>?|<(?:details|summary)>.*)$/i;

/** The text without a last line of which it cannot be said what it is. */
export function withoutUndecided(text: string, inTable: boolean): string {
  const start = text.lastIndexOf('\n') + 1;
  const decided = withoutOpenFold(UNDECIDED.test(text.slice(start)) ? text.slice(0, start) : text);
  return inTable ? decided : withoutTableHead(decided);
}

/** A fold waits for its title. */
const withoutOpenFold = (text: string) => text.replace(/(?<![^\n]) {0,3}<details>\s*$/i, '');

/** A line that begins with a bar is most likely the head of a table: the next line will tell. */
function withoutTableHead(text: string): string {
  const start = text.lastIndexOf('\n', text.length - 2) + 1;
  if (!/^[ \t>]*\|/.test(text.slice(start, start + 99))) return text;
  return /(?:^|\n)[ \t>]*[|:-][^\n]*\n$/.test(text.slice(0, start)) ? text : text.slice(0, start);
}

/** Longer texts are shown as they are: this looks at each mark of the whole. */
const LONGEST = 4096;

/** An entity, a tag, an escape or a mark that is not complete. */
const HALF = /(?:&#?\w{0,31}|<\/?[a-z]{0,4}|\\?[*_~`]+|\$+|\\)$/i;

/** A mark that waits for its other half, and where it stands. */
interface Opener {
  mark: string;
  at: number;
}

/** Inline text whose half-typed end is taken away and whose open marks are closed. */
export function complete(source: string): string {
  if (source.length > LONGEST) return source;
  const text = source.replace(HALF, '');
  const open: Opener[] = [];
  const marks = /\\[([]|\$\$?|\\[^]|`+|[*_]+|~~?|!?\[|\]/g;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    const opener = { mark: found[0], at: found.index };
    const end = follow(text, opener, open);
    if (end === undefined) return close(text, open);
    marks.lastIndex = end;
  }
  return close(text, open);
}

/** Takes one mark into account and says where to go on; `undefined` where the text ends before it does. */
function follow(text: string, { mark, at }: Opener, open: Opener[]): number | undefined {
  const end = at + mark.length;
  if (/^[$\\]./.test(mark) || mark === '$') return endOfFormula(text, { mark, at }, open);
  if (mark.endsWith('[')) open.push({ mark, at });
  else if (mark === ']') return endOfLink(text, end, open);
  else if (mark.startsWith('`')) return endOfCode(text, { mark, at }, open);
  else if (!mark.startsWith('\\')) pair(text, { mark, at }, open);
  return end;
}

const CLOSING: Record<string, string> = { $: '$', $$: '$$', '\\(': '\\)', '\\[': '\\]' };

function endOfFormula(text: string, { mark, at }: Opener, open: Opener[]): number | undefined {
  const end = formulaEnd(text, at);
  const closing = CLOSING[mark] ?? '';
  if (end || !looksLikeTex(text.slice(at + mark.length)) || !formulaEnd(text.trimEnd() + closing, at)) return end || at + mark.length;
  open.push({ mark: closing, at });
  return undefined;
}

function endOfCode(text: string, { mark, at }: Opener, open: Opener[]): number | undefined {
  const start = at + mark.length;
  const runs = /`+/g;
  runs.lastIndex = start;
  for (let run = runs.exec(text); run; run = runs.exec(text)) if (run[0] === mark) return runs.lastIndex;
  open.push({ mark, at });
  return undefined;
}

const isBracket = ({ mark }: Opener) => mark.endsWith('[');

function endOfLink(text: string, end: number, open: Opener[]): number | undefined {
  const opener = open.findLastIndex(isBracket);
  if (opener < 0) return end;
  const rest = text.slice(end);
  // An address that has not ended, or has not begun: the bracket stays open, and is dealt with at the end.
  if (!rest || /^\((?:\\.|[^()\\]|\([^()]*\))*$/.test(rest)) return undefined;
  open.length = opener;
  return end + (/^\((?:\\.|[^()\\]|\([^()]*\))*\)/.exec(rest)?.[0].length ?? 0);
}

function pair(text: string, { mark, at }: Opener, open: Opener[]) {
  const before = text[at - 1] ?? ' ';
  const after = text[at + mark.length] ?? ' ';
  const index = /\s/.test(before) ? -1 : open.findLastIndex(({ mark: other }) => other[0] === mark[0] || other.endsWith('['));
  const opener = open[index];
  if (opener && !isBracket(opener)) {
    opener.mark = opener.mark.slice(mark.length);
    open.length = index + (opener.mark ? 1 : 0);
  } else if (/\S/.test(after) && !(mark !== '**' && /[\p{L}\p{N}]/u.test(before))) open.push({ mark, at });
}

/** Closes what is open. A link without its address is not one yet: only its words are shown, of a picture nothing. */
function close(text: string, open: Opener[]): string {
  const bracket = open.findLastIndex(isBracket);
  const opener = open[bracket];
  if (opener) {
    const words = opener.mark === '[' ? text.slice(opener.at + 1).replace(/\](?:\([^]*)?$/, '') : '';
    return close(text.slice(0, opener.at) + words, open.toSpliced(bracket, words ? 1 : Infinity));
  }
  // Marks close behind a word, not behind the space after it.
  return open.length
    ? text.trimEnd() +
        open
          .map(({ mark }) => mark)
          .toReversed()
          .join('')
    : text;
}
