/**
 * What of a conversation is still sent once it is longer than the model's context. Pure.
 * By whole turns, oldest first: a question goes with its answer, a tool call with its result. The system prompt and the newest turn stay.
 */
import type { RequestMessage } from '../protocol/client';
import { type Count, estimate, tokensOf } from './context';

/** The part of the context that a prompt may fill before it is trimmed, and what it is trimmed to: seldom, since a server has to read a trimmed prompt anew. */
const FULL = 0.9;
const TARGET = 0.65;

/** What is sent of a request, and how many messages after the system prompt are left out of it. */
export interface Fitted {
  messages: RequestMessage[];
  skipped: number;
}

/**
 * @param all The system prompt, if any, first.
 * @param limit In tokens; `undefined` where it is not known: all is sent.
 * @param skipped How many were left out before: the beginning moves seldom, since a server keeps what it has read.
 */
export function fit(all: readonly RequestMessage[], limit: number | undefined, before: Count | undefined, skipped = 0): Fitted {
  let left = estimate(all, before);
  // A limit that is no number is none.
  if (!limit || !(left > limit * (skipped ? TARGET : FULL))) return { messages: [...all], skipped: 0 };
  const system = all.filter(({ role }) => role === 'system');
  const rest = all.slice(system.length);
  const turns: { start: number; tokens: number }[] = [];
  for (const [start, message] of rest.entries()) {
    if (!start || message.role === 'user') turns.push({ start, tokens: left });
    left -= tokensOf([message], before?.ratio);
  }
  // Nearly empty: the context has become larger, or the guess was far too high.
  const same = turns.find(({ start, tokens }) => start === skipped && tokens <= limit * FULL && tokens > (limit * TARGET) / 2);
  const { start = 0 } = same ?? turns.find(({ tokens }) => tokens <= limit * TARGET) ?? turns.at(-1) ?? {};
  return { messages: [...system, ...rest.slice(start)], skipped: start };
}
