/**
 * What of a conversation is still sent once it is longer than the model's context. Pure.
 * By whole turns, oldest first: a question goes with its answer, a tool call with its result. The system prompt and the newest turn stay.
 */
import type { RequestMessage } from '../protocol/client';
import { type Count, estimate } from './context';

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
  if (!limit || estimate(all, before) <= limit * FULL) return { messages: [...all], skipped: 0 };
  const system = all.filter(({ role }) => role === 'system');
  const rest = all.slice(system.length);
  const from = (start: number) => [...system, ...rest.slice(start)];
  let start = skipped;
  if (estimate(from(start), before) > limit * FULL) {
    while (estimate(from(start), before) > limit * TARGET) {
      const next = rest.findIndex(({ role }, index) => index > start && role === 'user');
      if (next < 0) break;
      start = next;
    }
  }
  return { messages: from(start), skipped: start };
}
