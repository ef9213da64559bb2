/** A message as the page and the interface see it, and how it is made. */
import type { ChatStats, RequestMessage } from '../protocol/client';

/** What travels on the wire, and what became of it. */
export interface ChatMessage extends Omit<RequestMessage, 'role'> {
  /** Unique within the conversation. */
  id: string;
  role: 'user' | 'assistant' | 'tool';
  /** `stopped` by the visitor, `interrupted` by a failure: `content` is what had come until then. */
  status: 'complete' | 'stopped' | 'interrupted';
  stats?: ChatStats;
}

/** A message as a page may give it: `id` and `status` can be left out, and `images` be `data:` URLs or `Blob`s. */
export type ChatMessageInput = Omit<ChatMessage, 'id' | 'status' | 'images'> &
  Partial<Pick<ChatMessage, 'id' | 'status'>> & { images?: readonly (string | Blob)[] };

/** Completes a message, without pictures that have still to be read. Throws a `TypeError` that says what is wrong with it. */
export function createMessage(input: ChatMessageInput): ChatMessage {
  if (!['user', 'assistant', 'tool'].includes(input?.role)) {
    throw new TypeError(`A message's role is user, assistant or tool, not ${JSON.stringify(input?.role)}.`);
  }
  if (typeof input.content !== 'string') throw new TypeError(`A message's content is a string, not ${typeof input.content}.`);
  const { images, ...rest } = input;
  const known = images?.flatMap(image => (typeof image === 'string' ? image.replace(/^data:[^,]*,/, '') : []));
  if (known?.some(image => /[^\w+/=]/.test(image.slice(0, 200)))) throw new TypeError('Images are Base64, data: URLs or Blobs.');
  return { ...rest, ...(known && { images: known }), id: input.id ?? createId(), status: input.status ?? 'complete' };
}

/** Whether nothing has come yet. */
export const isEmpty = (message: ChatMessage) => !message.content && !message.thinking && !message.tool_calls?.length;

/** Whether it is an answer that was cut off and can go on: a model takes the beginning of its answer as its own. */
export const mayContinue = ({ role, status, content }: ChatMessage) => role === 'assistant' && status !== 'complete' && content !== '';

/**
 * What is sent to the server: the system prompt, then the whole history.
 * Many chat templates refuse two turns of the visitor in a row, so a question that never got an answer is followed by an
 * empty one.
 */
export function requestMessages(system: string, history: readonly ChatMessage[]): RequestMessage[] {
  const sent: RequestMessage[] = system.trim() ? [{ role: 'system', content: system }] : [];
  for (const message of history) {
    if (message.role === 'assistant' && !message.content && !message.tool_calls?.length) continue;
    if (message.role === 'user' && sent.at(-1)?.role === 'user') sent.push({ role: 'assistant', content: '' });
    sent.push(toRequest(message));
  }
  return sent;
}

function toRequest({ role, content, images, tool_calls, tool_name, tool_call_id }: ChatMessage): RequestMessage {
  return {
    role,
    content,
    ...(images?.length && { images }),
    ...(tool_calls?.length && { tool_calls }),
    ...(tool_name && { tool_name }),
    ...(tool_call_id && { tool_call_id }),
  };
}

// Not crypto.randomUUID: it is missing on plain-http pages.
export const createId = () => crypto.getRandomValues(new Uint32Array(4)).join('');
