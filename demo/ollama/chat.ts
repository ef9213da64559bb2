/**
 * Answers `POST /api/chat` from a script: as a stream of lines, whole, or by loading the model alone.
 * Does not know where the script comes from.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Chat } from './chat-request.ts';
import type { Model } from './models.ts';
import { goJson, goTime, pause, sendError, sendJson } from './wire.ts';

/** One step of a reply; a plain string is a delta of the answer. */
export type Piece = string | { readonly thinking: string } | { readonly tool_calls: readonly object[] } | Failure | Wait;

interface Failure {
  readonly error: string;
}

/** A pause in milliseconds. */
interface Wait {
  readonly wait: number;
}

/** Milliseconds before a model is loaded, before the first piece, and before each further one. */
export interface Pace {
  readonly load: number;
  readonly first: number;
  readonly next: number;
}

export interface Answer {
  readonly chat: Chat;
  readonly model: Model;
  readonly pieces: Iterable<Piece>;
  readonly pace: Pace;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

/** What comes back when there are no messages: the model is only loaded, or only unloaded. */
export function sendLoaded(response: ServerResponse, model: string, reason: 'load' | 'unload'): void {
  sendJson(response, 200, line(model, {}, { done: true, done_reason: reason }));
}

export async function streamAnswer(answer: Answer): Promise<void> {
  const { chat, response, signal } = answer;
  const count = new Counter(chat);
  for await (const piece of paced(answer, count)) {
    if (isError(piece)) return failStream(response, piece.error);
    // The status goes out with the first line, never before it.
    if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    await write(response, `${goJson(line(chat.model, delta(piece)))}\n`, signal);
  }
  if (signal.aborted) return;
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.end(`${goJson(line(chat.model, {}, count.last()))}\n`);
}

export async function sendWhole(answer: Answer): Promise<void> {
  const { chat, response, signal } = answer;
  const count = new Counter(chat);
  const message = { content: '', thinking: '', tool_calls: [] as object[] };
  for await (const piece of paced(answer, count)) {
    if (isError(piece)) return sendError(response, 500, piece.error);
    const { content = '', thinking = '', tool_calls = [] } = delta(piece);
    message.content += content;
    message.thinking += thinking;
    message.tool_calls.push(...tool_calls);
  }
  const { content, thinking, tool_calls } = message;
  const said = { content, ...(thinking && { thinking }), ...(tool_calls.length && { tool_calls }) };
  if (!signal.aborted) sendJson(response, 200, line(chat.model, said, count.last()));
}

/** A whole stream as its lines, for whoever wants to send them in an unusual way. */
export function chatLines(chat: Chat, pieces: Iterable<Piece>): string[] {
  const count = new Counter(chat);
  const objects = [...pieces].map(piece => (isError(piece) ? piece : line(chat.model, delta(piece))));
  return [...objects, line(chat.model, {}, count.last())].map(object => `${goJson(object)}\n`);
}

async function* paced({ chat, model, pieces, pace, signal }: Answer, count: Counter): AsyncGenerator<Exclude<Piece, Wait>> {
  const thinks = chat.think !== false && model.capabilities.includes('thinking');
  await pause(pace.first, signal);
  for (const piece of pieces) {
    if (signal.aborted || count.full) return;
    if (isWait(piece)) {
      await pause(piece.wait, signal);
      continue;
    }
    if (!thinks && typeof piece === 'object' && 'thinking' in piece) continue;
    if (count.add()) await pause(pace.next, signal);
    if (signal.aborted) return;
    yield piece;
  }
}

/** The numbers of the last line. */
class Counter {
  readonly #start = process.hrtime.bigint();
  readonly #limit: number;
  readonly #prompt: number;
  #pieces = 0;

  constructor({ messages, options }: Chat) {
    this.#limit = Number(options?.['num_predict'] ?? -1);
    // About four characters a token, and a few for each message's frame.
    this.#prompt = messages.reduce((sum, { content }) => sum + 4 + Math.ceil((content?.length ?? 0) / 4), 0);
  }

  get full(): boolean {
    return this.#limit > 0 && this.#pieces >= this.#limit;
  }

  /** How many there were before this one. */
  add(): number {
    return this.#pieces++;
  }

  last(): object {
    const total = Number(process.hrtime.bigint() - this.#start);
    const durations = { total_duration: total, load_duration: 1_250_000, prompt_eval_count: this.#prompt, prompt_eval_duration: 7_000_000 };
    const evaluation = { eval_count: this.#pieces + 1, eval_duration: total };
    return { done: true, done_reason: this.full ? 'length' : 'stop', ...durations, ...evaluation };
  }
}

interface Delta {
  readonly content?: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly object[];
}

function line(model: string, message: Delta, rest: object = { done: false }): object {
  return { model, created_at: goTime(), message: { role: 'assistant', content: '', ...message }, ...rest };
}

function delta(piece: Piece): Delta {
  if (typeof piece === 'string') return { content: piece };
  return isWait(piece) || isError(piece) ? {} : piece;
}

const isError = (piece: Piece): piece is Failure => typeof piece === 'object' && 'error' in piece;
const isWait = (piece: Piece): piece is Wait => typeof piece === 'object' && 'wait' in piece;

/** After the first line the status is gone, so that an error can only be one more line. */
function failStream(response: ServerResponse, error: string): void {
  if (response.headersSent) response.end(`${goJson({ error })}\n`);
  else sendError(response, 500, error);
}

async function write(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (response.write(text)) return;
  await once(response, 'drain', { signal }).catch(() => undefined); // aborted: the loop ends by itself
}
