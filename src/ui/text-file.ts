/**
 * A text file as a visitor gives it, and how it travels: quoted in the message, which is all that a server knows of it.
 * Source of HTML or SVG is text like any other. Knows nothing of the chat.
 *
 * What was asked, a blank line, then for each file its name, its number, and its text in a fence longer than any in it:
 *
 *     What is wrong here?
 *
 *     `sum.py` (1/1):
 *
 *     ```py
 *     print(1 + '1')
 *     ```
 */
import { AttachmentError, readBytes } from './attachment-error';
import { safeFileName } from './file-name';

export interface QuotedFile {
  name: string;
  text: string;
}

export interface TextFile extends QuotedFile {
  /** By the ending of its name, as it stands at its fence; empty for none. */
  language: string;
}

const FILE_LIMIT = 100 * 2 ** 10;

/** @throws {AttachmentError} */
export async function readTextFile(file: File): Promise<TextFile> {
  const bytes = new Uint8Array(await readBytes(file, FILE_LIMIT));
  const text = decode(bytes);
  if (text === undefined || hasControls(text)) throw new AttachmentError('not-a-text', file);
  const name = safeFileName(file.name);
  return { name, text, language: languageOf(name) };
}

/** Takes off the mark at the beginning, if there is one. */
function decode(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** But those that texts have: tabs, ends of lines and pages, the colours of a log. */
const hasControls = (text: string) => /(?![\s\u0085])\p{Cc}/u.test(text.replaceAll('\u001b', ''));

function languageOf(name: string): string {
  const ending = /[^.]\.([a-z\d]{1,12})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return ending === 'txt' ? '' : ending;
}

/** Its name, and all of its text between two fences. */
export function quoteFile({ name, text }: QuotedFile, number = 1, count = 1): string {
  const safe = safeFileName(name);
  const fence = fenceAround(text);
  return `\`${safe}\` (${number}/${count}):\n\n${fence}${languageOf(safe)}\n${text}\n${fence}`;
}

function fenceAround(text: string): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(longest + 1);
}

/** The content of a message. Without files it is what was asked, as it is. */
export function joinFiles(content: string, files: readonly QuotedFile[]): string {
  const quotes = files.map((file, index) => quoteFile(file, index + 1, files.length));
  return [content, ...quotes].filter(Boolean).join('\n\n');
}

/**
 * The content of a message, taken apart again. What was not joined is text, and what only looks as if it were loses nothing:
 * joined again, the parts are always what was given.
 */
export function splitFiles(content: string): { text: string; files: QuotedFile[] } {
  const files: QuotedFile[] = [];
  let end = content.length;
  // From its end, where nothing of the visitor's own stands; the numbers tell where that begins again.
  let quote: Quote | undefined;
  do {
    quote = lastQuote(content, end);
    if (!quote) return { text: content, files: [] };
    files.push({ name: quote.name, text: quote.text });
    end = Math.max(0, quote.start - 2);
  } while (quote.number > 1);
  const parts = { text: content.slice(0, end), files: files.reverse() };
  return joinFiles(parts.text, parts.files) === content ? parts : { text: content, files: [] };
}

interface Quote extends QuotedFile {
  number: number;
  start: number;
}

/** What may be a quote that ends at `end`: nothing in it is as long as its fence, so that begins at the nearest one. */
function lastQuote(content: string, end: number): Quote | undefined {
  const close = content.lastIndexOf('\n', end - 1);
  const fence = content.slice(close + 1, end);
  if (close < 0 || !/^`{3,}$/.test(fence)) return undefined;
  const open = content.lastIndexOf(fence, close - 1);
  const start = content.lastIndexOf('\n', open - 3) + 1;
  const [, name, number] = /^`(.+)` \((\d{1,4})\/\d+\):\n\n$/.exec(content.slice(start, Math.max(start, open))) ?? [];
  if (!name) return undefined;
  return { name, text: content.slice(content.indexOf('\n', open) + 1, close), number: Number(number), start };
}
