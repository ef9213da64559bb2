/**
 * Plays the script of an answer: as a stream or whole, at a pace, and counted as Ollama counts.
 * Does not know how an endpoint writes it: that is a {@link Dialect}.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Chat } from './chat-request.ts';
import type { Model } from './models.ts';
import { pause, sendText } from './wire.ts';

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

/** What a model says, in one piece or all of it. */
export interface Said {
  readonly content?: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly object[];
}

/** Why an answer ends, and its numbers where a model has run, in the order in which they are written. */
export interface Counts {
  readonly done_reason: 'stop' | 'length' | 'load' | 'unload';
  readonly total_duration?: number;
  readonly load_duration?: number;
  readonly prompt_eval_count?: number;
  readonly prompt_eval_duration?: number;
  readonly eval_count?: number;
  readonly eval_duration?: number;
}

/** How one endpoint writes one answer. Its parts are written in order, and once. */
export interface Dialect {
  /** The content type of a stream. */
  readonly type: string;
  /** Whatever stands for itself in a stream. */
  frame(text: string): string;
  part(said: Said): string;
  end(counts: Counts): string;
  /** An error once the stream has begun: the status is gone then. */
  broken(error: string): string;
  /** An answer that is not streamed. */
  whole(said: Said, counts: Counts): { readonly text: string; readonly type: string };
  /** An error before anything of an answer; `streaming` where one was to begin. */
  refuse(response: ServerResponse, status: number, error: string, streaming?: boolean): void;
}

export interface Answer {
  readonly chat: Chat;
  readonly model: Model;
  readonly dialect: Dialect;
  readonly pieces: Iterable<Piece>;
  readonly pace: Pace;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
}

export async function streamAnswer(answer: Answer): Promise<void> {
  const { chat, dialect, response, signal } = answer;
  const count = new Counter(chat);
  for await (const piece of paced(answer, count)) {
    if (isError(piece)) {
      if (response.headersSent) response.end(dialect.broken(piece.error));
      else dialect.refuse(response, 500, piece.error, true);
      return;
    }
    await write(answer, dialect.part(said(piece)));
  }
  if (signal.aborted) return;
  await write(answer, dialect.end(count.last()));
  response.end();
}

export async function sendWhole(answer: Answer): Promise<void> {
  const { chat, dialect, response, signal } = answer;
  const count = new Counter(chat);
  let all: Said = {};
  for await (const piece of paced(answer, count)) {
    if (isError(piece)) return dialect.refuse(response, 500, piece.error);
    all = joined(all, said(piece));
  }
  if (signal.aborted) return;
  const { text, type } = dialect.whole(all, count.last());
  sendText(response, 200, text, type);
}

/** What comes back where nothing is asked: the model is only loaded, or only unloaded. */
export function sendLoaded(response: ServerResponse, dialect: Dialect, done_reason: 'load' | 'unload'): void {
  const { text, type } = dialect.whole({}, { done_reason });
  sendText(response, 200, text, type);
}

/** A whole stream as its parts, for whoever wants to send them in an unusual way. The last one is its end. */
export function partsOf(dialect: Dialect, chat: Chat, pieces: Iterable<Piece>): string[] {
  const count = new Counter(chat);
  const parts = [...pieces].map(piece => (isError(piece) ? dialect.broken(piece.error) : dialect.part(said(piece))));
  return [...parts, dialect.end(count.last())];
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

  last(): Counts {
    const total = Number(process.hrtime.bigint() - this.#start);
    const durations = { total_duration: total, load_duration: 1_250_000, prompt_eval_count: this.#prompt, prompt_eval_duration: 7_000_000 };
    return { done_reason: this.full ? 'length' : 'stop', ...durations, eval_count: this.#pieces + 1, eval_duration: total };
  }
}

function said(piece: Piece): Said {
  if (typeof piece === 'string') return { content: piece };
  return isWait(piece) || isError(piece) ? {} : piece;
}

function joined(before: Said, { content = '', thinking = '', tool_calls = [] }: Said): Said {
  return {
    content: (before.content ?? '') + content,
    thinking: (before.thinking ?? '') + thinking,
    tool_calls: [...(before.tool_calls ?? []), ...tool_calls],
  };
}

const isError = (piece: Piece): piece is Failure => typeof piece === 'object' && 'error' in piece;
const isWait = (piece: Piece): piece is Wait => typeof piece === 'object' && 'wait' in piece;

/** The status goes out with the first part, never before it. */
async function write({ dialect, response, signal }: Answer, text: string): Promise<void> {
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': dialect.type });
  if (response.write(text)) return;
  await once(response, 'drain', { signal }).catch(() => undefined); // aborted: the loop ends by itself
}
