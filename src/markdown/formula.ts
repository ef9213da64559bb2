/**
 * Where formulas stand: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. Pure. What is in them is TeX and not Markdown; mathml.ts shows it.
 * Sums of money and shell variables are none: a space behind the first `$`, a letter before it, a digit behind the last.
 */
import type { MarkedOptions, Token, Tokens } from 'marked';

/** A formula is not longer than this, so its end has to be looked for no farther. */
const LONGEST = 2000;

/** In a line. */
const INLINE =
  /^(?:\$\$((?:[^`$\\]|\\[^]){1,2000})\$\$|\$(?![\s$])((?:[^`$\\\n]|\\.){1,500})(?<!\s)\$(?![\d$])|\\\(((?:[^`\\]|\\[^()[\]]){1,2000})\\\)|\\\[((?:[^`\\]|\\[^()[\]]){1,2000})\\\])/;

/** As a block: its marks stand at the start of a line and at the end of one. */
const BLOCK =
  /^ {0,3}(?:\$\$((?:[^$\\\n]|\\.|\n(?![ \t]*\n)){1,2000})\$\$|\\\[((?:[^\\\n]|\\[^()[\]\n]|\\\n|\n(?![ \t]*\n)){1,2000})\\\])[ \t]*(?:\n|$)/;

/** The start of such a block. */
const OPENING = /(?<![^\n]) {0,3}(?:\$\$|\\\[)/g;

export const isFormula = (token: Token): boolean => token.type === 'code' && token.codeBlockStyle === 'formula';

function formulaBlock(src: string): Tokens.Generic | undefined {
  const [raw, ...found] = BLOCK.exec(src) ?? [];
  const text = found.find(Boolean)?.trim();
  // To the library it is a block of code in this language, as in ```math.
  return raw && text ? { type: 'code', codeBlockStyle: 'formula', lang: 'math', raw, text } : undefined;
}

function formula(src: string): Tokens.Generic | undefined {
  const [raw, ...found] = INLINE.exec(src) ?? [];
  const text = found.find(Boolean)?.trim();
  return raw && text ? { type: 'codespan', isFormula: true, isDisplay: /^(?:\$\$|\\\[)/.test(raw), raw, text } : undefined;
}

/** Where a block begins in the paragraph that `src` begins with, not at its start; -1 for nowhere. */
export function blockStart(src: string): number {
  if (!src.includes('$$') && !src.includes('\\[')) return -1;
  const paragraph = src.slice(0, /\n[ \t]*\n/.exec(src)?.index);
  let at = nextOpening(paragraph, 1);
  while (at > 0 && !formulaBlock(src.slice(at))) at = nextOpening(paragraph, at + 1);
  return at;
}

function inlineStart(src: string): number | undefined {
  for (let at = src.indexOf('$'); at >= 0; at = src.indexOf('$', at + 1)) if (!/[\w$]/.test(src[at - 1] ?? '')) return at;
  return undefined;
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
  const starts = /(?<![\w$\\])\$|(?<!\\)\\[([]/g;
  for (let start = starts.exec(source); start; start = starts.exec(source)) {
    const { raw } = formula(source.slice(start.index, start.index + LONGEST + 4)) ?? {};
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

/** The length of the formula in a line that the text begins with, or 0. */
export const formulaLength = (text: string): number => formula(text)?.raw.length ?? 0;
