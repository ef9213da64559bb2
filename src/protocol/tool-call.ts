/** A model's call of a function, as the wires and pages' own clients write it. */
import type { ChatRequest, ToolCall } from './client';
import { isObject, isText, parseJson } from './json';

/** `undefined` for what names no function. Arguments that are no object, nor the JSON of one, are `unread`. */
export function toolCall(call: unknown): ToolCall | undefined {
  const { id, function: fn } = isObject(call) ? call : {};
  if (!isObject(fn) || !isText(fn.name)) return undefined;
  const { name, arguments: given, index } = fn;
  const text = typeof given === 'string' ? given.trim() : undefined;
  // A function without parameters is often called with nothing.
  const read = text === undefined ? (given ?? {}) : parseJson(text || '{}');
  return {
    ...(isText(id) && { id }),
    function: { name, arguments: isObject(read) ? read : {}, ...(typeof index === 'number' && { index }) },
    ...(!isObject(read) && { unread: (text ?? JSON.stringify(given)).slice(0, 200) }),
  };
}

/** As it is sent: without a mark that is meant for whoever answers the calls. */
export const unmarked = (request: ChatRequest): ChatRequest => ({
  ...request,
  messages: request.messages?.map(message =>
    message.tool_calls ? { ...message, tool_calls: message.tool_calls.map(asWritten) } : message,
  ),
});

function asWritten(call: ToolCall): ToolCall {
  const { unread: _, ...written } = call;
  return written;
}
