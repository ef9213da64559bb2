/** A model's call of a function, as the wires and pages' own clients write it. */
import type { ToolCall } from './client';
import { isObject, isText, parseJson } from './json';

/** Deeper than anything that a person could look through, and than what is kept. */
const DEEPEST = 32;

/** `undefined` for what names no function. Arguments that are no object, nor the JSON of one, or too deep, are `unread`. */
export function toolCall(call: unknown): ToolCall | undefined {
  const { id, function: fn } = isObject(call) ? call : {};
  if (!isObject(fn) || !isText(fn.name)) return undefined;
  const { name, arguments: given, index } = fn;
  const text = typeof given === 'string' ? given.trim() : undefined;
  // A function without parameters is often called with nothing.
  const read = text === undefined ? (given ?? {}) : parseJson(text || '{}');
  const isRead = isObject(read) && isShallow(read, DEEPEST);
  return {
    ...(isText(id) && { id }),
    function: { name, arguments: isRead ? read : {}, ...(typeof index === 'number' && { index }) },
    ...(!isRead && { unread: (text ?? JSON.stringify(given)).slice(0, 200) }),
  };
}

/** As it is kept: without a mark that is meant for whoever answers the calls. */
export function withoutMark(call: ToolCall): ToolCall {
  const { unread: _, ...written } = call;
  return written;
}

/** Whether it goes no deeper than that. */
const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' || value === null || (levels > 0 && Object.values(value).every(item => isShallow(item, levels - 1)));
