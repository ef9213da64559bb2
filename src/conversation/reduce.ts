/** Pure: what a reply becomes by one event. */
import type { ChatEvent, ToolCall } from '../protocol/client';
import { type ChatMessage, createId } from './message';

/** Servers leave it out, and its result has to name it. */
const withId = (call: ToolCall): ToolCall => ({ ...call, id: call.id || createId() });

export function reduce(reply: ChatMessage, event: ChatEvent): ChatMessage {
  switch (event.type) {
    case 'thinking':
      return { ...reply, thinking: (reply.thinking ?? '') + event.text };
    case 'text':
      return { ...reply, content: reply.content + event.text };
    case 'tool-call':
      return { ...reply, tool_calls: [...(reply.tool_calls ?? []), withId(event.call)] };
    case 'done':
      // At its limit a model ends in the middle of a sentence.
      return {
        ...reply,
        status: event.reason === 'length' && !reply.tool_calls ? 'interrupted' : 'complete',
        stats: { ...reply.stats, ...event.stats },
      };
    default:
      // A page's own client may yield anything.
      event satisfies never;
      return reply;
  }
}
