/** An answer while it is being written, and what is known of it beside its words. */
import { type ChatMessage, createMessage } from './message';
import { ThinkTags } from './think-tags';

/** An answer being written: one reply, or several with tools between them. Whoever holds no longer the current one is too late and changes nothing. */
export interface Turn {
  controller: AbortController;
  finished: Promise<ChatMessage | undefined>;
  current: Reply;
  /** Of a reply that is written elsewhere: how to end it there, and how it ends here. */
  elsewhere?: { stop: () => void; end: () => void };
}

export interface Reply {
  id: string;
  /** The answer that this one replaces. It comes back where nothing takes its place. */
  replaced: readonly ChatMessage[];
  /** Of its calls, once they are being answered. */
  results: readonly ChatMessage[];
  tags: ThinkTags;
  /** When the first thought came, in `performance.now()`. */
  thinkingSince?: number;
}

export function turnElsewhere(stop: () => void): Turn {
  let end = () => {};
  const finished = new Promise<undefined>(resolve => (end = () => resolve(undefined)));
  return { ...newTurn(), finished, elsewhere: { stop, end } };
}

export const newTurn = (): Turn => ({
  controller: new AbortController(),
  finished: Promise.resolve(undefined),
  current: { id: '', replaced: [], results: [], tags: new ThinkTags() },
});

/** Until it is complete it is interrupted: that is what remains if everything ends here. */
export const createReply = () => createMessage({ role: 'assistant', content: '', status: 'interrupted' });

/** No server says how long a model thought: from its first thought to whatever came next. */
export function timeThinking(turn: Reply, isThought: boolean, reply: ChatMessage): ChatMessage {
  if (isThought) turn.thinkingSince ??= performance.now();
  if (isThought || turn.thinkingSince === undefined || reply.stats?.thinking_duration !== undefined) return reply;
  const nanoseconds = Math.round((performance.now() - turn.thinkingSince) * 1e6);
  return { ...reply, stats: { ...reply.stats, thinking_duration: nanoseconds } };
}
