/** A message as the page and the interface see it, and how it is made. */
import type { ChatStats, RequestMessage } from '../protocol/client';

/** What travels on the wire, and what became of it. */
export interface ChatMessage extends Omit<RequestMessage, 'role'> {
  /** Unique within the conversation. */
  id: string;
  role: 'user' | 'assistant' | 'tool';
  /** `stopped` by the visitor, `interrupted` by a failure or at the model's limit: `content` is what had come until then. */
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
export const mayContinue = ({ role, status, content, tool_calls }: ChatMessage) =>
  role === 'assistant' && status !== 'complete' && content !== '' && !tool_calls?.length;

// Not crypto.randomUUID: it is missing on plain-http pages.
export const createId = () => crypto.getRandomValues(new Uint32Array(4)).join('');
