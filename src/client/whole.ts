/** What the events of an answer are together, in the words of the wire. Pure. */
import { ChatError } from '../errors';
import type { ChatEvent, ChatStats, DoneReason, ToolCall } from '../protocol/client';

/** The longest list of vectors that is read, in characters: some ten thousand of them. */
export const VECTORS_LIMIT = 2 ** 27;

/** A whole answer to a conversation, with the server's counters. */
export interface ChatResponse extends ChatStats {
  /** Ready to be sent back with the next question. */
  message: { role: 'assistant'; content: string; thinking?: string; tool_calls?: ToolCall[] };
  done_reason: DoneReason;
}

/** A whole answer to a prompt, with the server's counters. */
export interface GenerateResponse extends ChatStats {
  response: string;
  thinking?: string;
  done_reason: DoneReason;
}

/** @throws {ChatError} `interrupted` where the end is missing, because the loop over them was left. */
export function chatResponse(events: readonly ChatEvent[]): ChatResponse {
  const { text, thinking, calls, end } = sumUp(events);
  const message = { role: 'assistant' as const, content: text, ...(thinking && { thinking }), ...(calls.length && { tool_calls: calls }) };
  return { message, ...end };
}

/** @throws {ChatError} `interrupted`, see {@link chatResponse}. */
export function generateResponse(events: readonly ChatEvent[]): GenerateResponse {
  const { text, thinking, end } = sumUp(events);
  return { response: text, ...(thinking && { thinking }), ...end };
}

/**
 * The same: a program has nobody who would ask the model to mend a call.
 * @throws {ChatError} `bad-tool-call` for arguments that are no JSON object.
 */
export async function* readable(events: AsyncIterable<ChatEvent>): AsyncGenerator<ChatEvent, void, undefined> {
  for await (const event of events) {
    const text = event.type === 'tool-call' ? event.call.unread : undefined;
    if (text !== undefined) throw new ChatError({ kind: 'bad-tool-call', text });
    yield event;
  }
}

function sumUp(events: readonly ChatEvent[]) {
  const last = events.at(-1);
  if (last?.type !== 'done') throw new ChatError({ kind: 'interrupted' });
  const written = (type: 'text' | 'thinking') => events.flatMap(event => (event.type === type ? [event.text] : [])).join('');
  return {
    text: written('text'),
    thinking: written('thinking'),
    calls: events.flatMap(event => (event.type === 'tool-call' ? [event.call] : [])),
    end: { done_reason: last.reason, ...last.stats },
  };
}
