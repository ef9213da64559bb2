/** Which blocks are final: no text that may still come can change them or be joined to them. */
import type { Token, Tokens } from 'marked';
import { isFormula } from './formula';
import { isFold } from './lexer';

/** How many of the tokens, which are all of `source`, are final. What is behind `limit` is no more than a guess. */
export function countFinal(tokens: Token[], source: string, limit = Infinity): number {
  let end = source.length;
  for (let count = tokens.length; count > 0; count--) {
    const last = tokens[count - 1] as Token;
    if (end <= limit && isFinal(last, tokens[count - 2], tokens[count], source.slice(end))) return withoutHeld(tokens, count);
    end -= last.raw.length;
  }
  return 0;
}

/**
 * Without a paragraph, and what follows it, where an underline further down may still make a heading of it all: lists and
 * tables that are written so that they could as well be lines of the paragraph do not hold it off.
 */
function withoutHeld(tokens: Token[], count: number): number {
  for (let index = count - 1; index > 0; index--) {
    const token = tokens[index] as Token;
    if (token.type === 'space' || interruptsAnything(token, `${token.raw}\n`)) return count;
    if (tokens[index - 1]?.type === 'paragraph') return index - 1;
  }
  return count;
}

/** Whether `last` and all before it are final; `rest` is the text that follows, and begins with `next`. */
function isFinal(last: Token, before: Token | undefined, next: Token | undefined, rest: string): boolean {
  if (last.type === 'space') return /\n[ \t]*\n/.test(last.raw) && (!survivesBlankLine(before) || cannotContinue(rest));
  if (last.type === 'heading' || last.type === 'hr') return last.raw.endsWith('\n');
  if (isFence(last)) return isClosed(last);
  if (isFormula(last) || isFold(last, 'end')) return last.raw.endsWith('\n');
  if (isFold(last, 'begin')) return !mayBeSummary(last, rest);
  if (last.type === 'code') return /^ {0,3}\S/.test(rest);
  // From here on the first line of `next` decides, once it is complete.
  if (!next || next.type === 'space' || !rest.includes('\n')) return false;
  if (last.type === 'list' || last.type === 'table') return true;
  return interruptsAnything(next, rest) || (last.type === 'def' && next.type === 'def');
}

export const isFence = (token: Token): token is Tokens.Code => token.type === 'code' && !token.codeBlockStyle;

/** The opening line of a fence, or the line that closes one: indentation, mark, what follows. */
export const FENCE = /^( {0,3})(`{3,}|~{3,})([^\n]*)\n/;

function isClosed({ raw }: Tokens.Code): boolean {
  const mark = FENCE.exec(raw)?.[2] ?? '';
  const last = raw.slice(raw.lastIndexOf('\n', raw.length - 2) + 1);
  return closes(last, mark) && raw.endsWith('\n') && raw.length > last.length;
}

/** Whether `line` ends a block of code that was opened by `mark`. */
export function closes(line: string, mark: string): boolean {
  const found = /^ {0,3}(`{3,}|~{3,}) *\n?$/.exec(line)?.[1];
  return found?.startsWith(mark) ?? false;
}

/** A summary belongs to its fold, on the same line or the next. */
const mayBeSummary = (fold: Token, rest: string) => !/summary>|\n[ \t]*\n/i.test(fold.raw) && !/^[ \t]*(?:[^<\s]|<.*\n)/.test(rest);

/** A blank line ends all but these. */
const survivesBlankLine = (token: Token | undefined) => token?.type === 'list' || token?.type === 'code';

/** Whether `rest`, after a blank line, belongs neither to a list nor to indented code: no indentation, no bullet. */
const cannotContinue = (rest: string) => /^(?:[^\s*+\-\d]| {0,3}\S.*\n)/.test(rest);

/** Whether `next`, whose first line is complete, stands at a line that no block before it could have taken. */
function interruptsAnything(next: Token, rest: string): boolean {
  if (next.type === 'heading') return /^ {0,3}#{1,6}\s/.test(rest);
  // A tab, or nothing, after the bullet is not enough: an underline below would make it all a heading.
  if (next.type === 'list') return /^ {0,3}(?:[*+-]|\d+[.)]) /.test(rest);
  // The line below the head of a table has bars.
  if (next.type === 'table') return /^[^\n]*\n[^\n]*\|[^\n]*\n/.test(rest);
  if (isFormula(next)) return next.raw.endsWith('\n');
  return next.type === 'hr' || next.type === 'blockquote' || isFence(next) || isFold(next, 'begin') || isFold(next, 'end');
}
