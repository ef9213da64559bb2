/**
 * Where formulas stand: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. Pure. What is in them is TeX and not Markdown; mathml.ts shows it.
 * Prices, variables of a shell, patterns and escaped brackets are none, as far as their neighbours tell.
 */
import type { Lexer, MarkedOptions, Token, Tokens } from 'marked';

/** A formula is not longer than this, so its end has to be looked for no farther. */
const LONGEST = 2000;

/**
 * In a line; what stands before and behind decides too. One dollar sign closes behind what may end a formula where a letter
 * follows, as in `$n$th`, and never before a digit: `$5-$10`.
 */
const INLINE = new RegExp(
  [
    /(?<![\w$])\$\$(?![,;.])((?:[^`$\\]|\\[^]){1,2000})\$\$/,
    /(?<![\w$])\$(?![\s$/])((?:[^`$\\\n"]|\\.){1,500})(?<!\s)\$(?![\d$({])(?:(?<=[\w})]\$)|(?![A-Za-z_]))/,
    /(?<![\w:\\])\\\(((?:[^`\\]|\\[^()[\]]){1,2000})\\\)/,
    /(?<![\w)\]\\])\\\[((?:[^`\\]|\\[^()[\]]){1,2000})\\\](?![([:])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/** What prose in escaped brackets, as in `\[1\]` and `\[Note\]`, does not have. */
const TEX = /[\\^_=+<>{]/;

/** As a block: its marks stand at the start of a line and at the end of one. */
const BLOCK =
  /^ {0,3}(?:\$\$((?:[^$\\\n]|\\.|\n(?![ \t]*\n)){1,2000})\$\$|\\\[((?:[^\\\n]|\\[^()[\]\n]|\\\n|\n(?![ \t]*\n)){1,2000})\\\])[ \t]*(?:\n|$)/;

/** The start of such a block. */
const OPENING = /(?<![^\n]) {0,3}(?:\$\$|\\\[)/g;

export const isFormula = (token: Token): boolean => token.type === 'code' && token.codeBlockStyle === 'formula';

function formulaBlock(src: string): Tokens.Generic | undefined {
  const [raw = '', dollars, brackets] = BLOCK.exec(src) ?? [];
  const text = (dollars ?? brackets)?.trim();
  const isProse = brackets !== undefined && !brackets.includes('\n') && !TEX.test(brackets);
  // To the library it is a block of code in this language, as in ```math.
  return text && !isProse ? { type: 'code', codeBlockStyle: 'formula', lang: 'math', raw, text } : undefined;
}

/** The formula that stands in the source at this place. */
function formulaAt(source: string, at: number): Tokens.Generic | undefined {
  INLINE.lastIndex = at;
  const [raw = '', double, single, round, square] = INLINE.exec(source) ?? [];
  const text = (double ?? single ?? round ?? square)?.trim();
  const isProse =
    (double !== undefined && /^\s/.test(double) !== /\s$/.test(double)) ||
    (single !== undefined && /^\d[\d.,]*\s+[a-z]{2}/i.test(single)) ||
    (square !== undefined && !TEX.test(square));
  return text && !isProse ? { type: 'codespan', isFormula: true, isDisplay: !!(double ?? square), raw, text } : undefined;
}

/** Called with the lexer that is at work, see lexer.ts: it knows what stands before. */
function formula(this: { lexer: Lexer & { source: string } }, src: string): Tokens.Generic | undefined {
  const { source } = this.lexer;
  return /^[$\\]/.test(src) ? formulaAt(source, source.length - src.length) : undefined;
}

/** Where a block begins in the paragraph that `src` begins with, not at its start; -1 for nowhere. */
export function blockStart(src: string): number {
  if (!src.includes('$$') && !src.includes('\\[')) return -1;
  const paragraph = src.slice(0, /\n[ \t]*\n/.exec(src)?.index);
  let at = nextOpening(paragraph, 1);
  while (at > 0 && !formulaBlock(src.slice(at))) at = nextOpening(paragraph, at + 1);
  return at;
}

/** Where plain text has to stop for a formula, if it does not stop before for another mark. */
function inlineStart(src: string): number {
  const at = src.search(/[$\\<![`*~_]/);
  return src[at] === '$' ? at : -1;
}

/** The library's own way to be told of more syntax. */
export const formulas = {
  block: [formulaBlock],
  startBlock: [blockStart],
  inline: [formula],
  startInline: [inlineStart],
} as unknown as NonNullable<MarkedOptions['extensions']>;

/** `masked` is as long as `source`; what is in formulas is blotted out too, so that no emphasis begins or ends there. */
export function maskFormulas(source: string, masked: string): string {
  if (!source.includes('$') && !source.includes('\\')) return masked;
  let shown = masked;
  const starts = /\$|\\[^]/g;
  for (let start = starts.exec(source); start; start = starts.exec(source)) {
    const { raw } = formulaAt(source, start.index) ?? {};
    if (!raw) continue;
    starts.lastIndex = start.index + raw.length;
    shown = shown.slice(0, start.index) + 'a'.repeat(raw.length) + shown.slice(starts.lastIndex);
  }
  return shown;
}

/**
 * A text that ends within such a block, as it will most likely go on: the block closed, or not there yet; `at` is where it
 * begins. `undefined` for all other texts.
 */
export function withFormulaClosed(text: string): { text: string; at: number } | undefined {
  for (let at = nextOpening(text, 0); at >= 0;) {
    const rest = text.slice(at);
    const raw = formulaBlock(rest)?.raw;
    if (!raw && mayBeClosed(rest)) {
      const mark = rest.trimStart().startsWith('$') ? '$$' : '\\]';
      return { text: formulaBlock(rest + mark) ? text + mark : text.slice(0, at), at };
    }
    at = nextOpening(text, at + (raw?.length ?? 1));
  }
  return undefined;
}

function nextOpening(text: string, from: number): number {
  OPENING.lastIndex = from;
  return OPENING.exec(text)?.index ?? -1;
}

/** Nothing in a block that has been opened may be a blank line, or a mark that would have closed it. */
const mayBeClosed = (rest: string) =>
  rest.length < LONGEST + 9 &&
  !/\n[ \t]*\n/.test(rest) &&
  /^ {0,3}(?:\$\$(?:[^$\\]|\\[^])*\$?\\?|\\\[(?:[^\\]|\\[^()[\]])*\\?)$/.test(rest);

/** Whether a piece of plain text may begin a formula that ends behind it; `rest` is the length of the text from there on. */
export function mayOpenFormula(raw: string, rest: number): boolean {
  const at = raw.lastIndexOf('$');
  return rest - Math.max(at, 0) <= LONGEST + 4 && (at >= 0 || /^\\[([]/.test(raw));
}

/** Where the formula in a line ends that begins at this place; 0 where there is none. */
export const formulaEnd = (text: string, at: number): number => at + (formulaAt(text, at)?.raw.length ?? -at);

/** Whether a text that ends in an open formula is to be taken for one: it has more than words. */
export const looksLikeTex = (text: string): boolean => TEX.test(text);
