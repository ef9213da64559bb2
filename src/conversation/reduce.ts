/** Pure: what a reply becomes by one event. */
import type { ChatEvent } from '../protocol/client';
import type { ChatMessage } from './message';

export function reduce(reply: ChatMessage, event: ChatEvent): ChatMessage {
  switch (event.type) {
    case 'thinking':
      return { ...reply, thinking: (reply.thinking ?? '') + event.text };
    case 'text':
      return { ...reply, content: reply.content + event.text };
    case 'tool-call':
      return { ...reply, tool_calls: [...(reply.tool_calls ?? []), event.call] };
    case 'done':
      return { ...reply, status: 'complete', stats: { ...reply.stats, ...event.stats } };
    default:
      // A page's own client may yield anything.
      event satisfies never;
      return reply;
  }
}
