/**
 * A conversation as a file, and back from one. Pure; knows no browser.
 *
 * The file, JSON in UTF-8:
 *
 * ```jsonc
 * {
 *   "format": "ollama-chat",
 *   "version": 1,
 *   "title": "…",                            // may be empty
 *   "exported": "2026-01-31T09:30:00.000Z",  // ISO 8601; not read back
 *   "messages": [
 *     {
 *       "id": "…",                           // 1 to 200 characters; left out, or twice in a file: a new one
 *       "role": "user",                      // or "assistant", "tool"
 *       "content": "…",                      // what was typed, or the answer's Markdown
 *       "thinking": "…",                     // this and all below may be left out
 *       "images": ["…"],                     // base64, without a prefix
 *       "tool_calls": [{ "id": "…", "function": { "name": "…", "arguments": {} } }],
 *       "tool_name": "…", "tool_call_id": "…",
 *       "status": "complete",                // or "stopped", "interrupted"; left out: complete
 *       "stats": { "eval_count": 12 }        // Ollama's counters, durations in nanoseconds
 *     }
 *   ]
 * }
 * ```
 *
 * The list of messages alone can be read too. Unknown fields are ignored. Names are those of Ollama's `/api/chat`.
 */
import { type ChatMessage, createMessage } from '../conversation/message';
import { examine, type Field, readText, TEXT_LIMIT } from './record';

/** What travels. */
export interface Transfer {
  title: string;
  messages: ChatMessage[];
}

type Given = Readonly<Omit<Transfer, 'messages'>> & { readonly messages: readonly ChatMessage[] };

const FORMAT = 'ollama-chat';
const FILE_VERSION = 1;
const FILE_LIMIT = 64 * 2 ** 20;
const MESSAGES_LIMIT = 20_000;
const TITLE_LIMIT = 1000;

export type ImportFault = 'not-json' | 'not-a-conversation' | 'newer' | 'bad-message' | 'too-large';

/** Why a file was not taken over. `message` says it in English, with the next step. */
export class ImportError extends TypeError {
  override readonly name = 'ImportError';

  constructor(
    message: string,
    readonly reason: ImportFault,
    /** Which message is wrong, counted from 1. */
    readonly number?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The conversation as the file above. */
export function exportJson({ title, messages }: Given, now: Date): string {
  const file = { format: FORMAT, version: FILE_VERSION, title: readText(title, TITLE_LIMIT), exported: now.toISOString(), messages };
  return JSON.stringify(file, undefined, 2);
}

/**
 * The conversation of a file: all of it or nothing.
 * @throws {ImportError}
 */
export function importJson(text: string): Transfer {
  if (typeof text === 'string' && text.length > FILE_LIMIT) {
    throw new ImportError(`The file is longer than ${FILE_LIMIT} characters. Split it, or leave pictures out.`, 'too-large');
  }
  const { title, messages } = unwrap(parse(text));
  if (messages.length > MESSAGES_LIMIT) {
    throw new ImportError(`The file holds more than ${MESSAGES_LIMIT} messages. Split it into smaller ones.`, 'too-large');
  }
  const ids = new Set<string>();
  return { title: readText(title, TITLE_LIMIT), messages: messages.map((message, index) => readImported(message, index + 1, ids)) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const message = 'The file is not JSON, or it has lost its end. Choose a conversation that was exported as JSON.';
    throw new ImportError(message, 'not-json', undefined, { cause });
  }
}

function unwrap(file: unknown): { title: unknown; messages: unknown[] } {
  if (Array.isArray(file)) return { title: '', messages: file };
  const { format, version, title, messages } = Object(file) as Record<string, unknown>;
  if (format !== FORMAT || !Number.isSafeInteger(version) || (version as number) < 1) throw noConversation('not of the format');
  if ((version as number) > FILE_VERSION) {
    const problem = `The file has version ${String(version)} of its format, and this chat knows ${FILE_VERSION}.`;
    throw new ImportError(`${problem} Open it with a newer release of ollama-chat.`, 'newer');
  }
  if (!Array.isArray(messages)) throw noConversation('without the list of messages');
  return { title, messages };
}

const noConversation = (what: string) =>
  new ImportError(`The file is JSON, but ${what} of ollama-chat. Choose a conversation that was exported as JSON.`, 'not-a-conversation');

/** What is wrong with a message that cannot be read without loss. */
const PROBLEMS: Record<Field, string> = {
  message: 'is no object',
  id: 'has an id that is no string of 1 to 200 characters',
  role: 'has another role than user, assistant or tool',
  content: `has a content that is no string, or one of more than ${TEXT_LIMIT} characters`,
  thinking: `has a thinking that is no string, or one of more than ${TEXT_LIMIT} characters`,
  images: 'has images that are no list of up to 32 base64 strings without a prefix',
  tool_calls: 'has tool_calls with one that has no name or no arguments, or is too large',
  tool_name: 'has a tool_name that is no string of up to 1000 characters',
  tool_call_id: 'has a tool_call_id that is no string of up to 1000 characters',
};

function readImported(value: unknown, number: number, ids: Set<string>): ChatMessage {
  const { id, status } = Object(value) as { id?: unknown; status?: unknown };
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const { message, lost } = examine(isObject ? { ...value, id: id ?? 'none', status: status ?? 'complete' } : value);
  const [problem = 'message'] = lost;
  if (!message || lost.length) {
    throw new ImportError(
      `Nothing was imported: message ${number} ${PROBLEMS[problem]}. Correct it in the file, or take it out.`,
      'bad-message',
      number,
    );
  }
  const { id: given, ...rest } = message;
  const result = createMessage(id == null || ids.has(given) ? rest : message);
  ids.add(result.id);
  return result;
}

/** The words of the visitor's language that a Markdown file has. */
export interface MarkdownWords {
  you: string;
  answer: string;
  thoughts: string;
  picture: string;
  tool: string;
}

/**
 * The conversation for people to read. What was said stands in quotes and in code, and whose it is above it: whatever Markdown
 * it holds, finished or not, ends with its quote, and a name outside of one is never part of what was said.
 */
export function exportMarkdown({ title, messages }: Given, words: MarkdownWords): string {
  const name = inLine(title);
  const blocks = [...(name ? [`# ${escapeMarkdown(name)}`] : []), ...messages.flatMap(message => messageBlocks(message, words))];
  return `${blocks.join('\n\n')}\n`;
}

function messageBlocks({ role, content, thinking, images, tool_calls, tool_name }: ChatMessage, words: MarkdownWords): string[] {
  const speaker = { user: words.you, assistant: words.answer, tool: `${words.tool} ${tool_name ?? ''}` }[role];
  const text = content.trimEnd();
  return [
    `**${escapeMarkdown(inLine(speaker))}**`,
    ...(thinking?.trim() ? [`<details>\n<summary>${escapeHtml(inLine(words.thoughts))}</summary>`, quote(thinking), '</details>'] : []),
    ...(role === 'tool' ? [codeBlock(content)] : text.trim() ? [quote(text)] : []),
    ...(images?.length ? [`*${escapeMarkdown(inLine(words.picture))} × ${images.length}*`] : []),
    ...(tool_calls ?? []).map(({ function: { name, arguments: args } }) =>
      codeBlock(JSON.stringify({ name, arguments: args }, undefined, 2), 'json'),
    ),
  ];
}

const inLine = (text: string) => text.trim().replace(/\s+/g, ' ');

const escapeMarkdown = (text: string) => text.replace(/[\\`*_[\]<>#&~$]/g, '\\$&');

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** The ends of lines that Markdown knows. */
const LINE_END = /\r\n|\r|\n/;

function codeBlock(text: string, language = ''): string {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}${/[\r\n]$/.test(text) ? '' : '\n'}${fence}`;
}

function quote(text: string): string {
  let fence = '';
  const lines = text
    .trimEnd()
    .split(LINE_END)
    .map(line => {
      const before = fence;
      fence = fenceAfter(line, before);
      const shown = before || fence ? line : withoutHtml(line);
      return shown ? `> ${shown}` : '>';
    });
  return lines.join('\n');
}

/** The fence of the code block that is open after `line`; empty for none. A guess inside of lists, where little depends on it. */
function fenceAfter(line: string, open: string): string {
  const [all, before = '', mark = ''] = /^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(`{3,}|~{3,})/.exec(line) ?? [''];
  const rest = line.slice(all.length);
  if (!open) return mark.startsWith('`') && rest.includes('`') ? '' : mark;
  const closes = mark.startsWith(open) && !rest.trim() && !/[^ \t>]/.test(before);
  return closes ? '' : open;
}

/**
 * What stays as it is: what is escaped already, code, addresses, and small tags within a line. Then the beginning of other HTML.
 * A guess for code that goes over several lines.
 */
const HTML = /\\[^]|(?<!`)(`+)(?!`)[^`]*\1(?!`)|<[a-z][a-z\d+.-]+:|(?<=[^\s>]|br ?\/?>|su[bp]>)<\/?(?:br|sub|sup)\b|<(?=[a-z/!?])/gi;

/** HTML as text: a tag or a comment that is never closed would swallow what follows, and one that closes would end what surrounds it. */
const withoutHtml = (line: string) => line.replace(HTML, found => (found === '<' ? '&lt;' : found));
