/** What has become of a conversation since it was last written down. Pure. */
import type { ChatMessage } from '../conversation/message';

/** A conversation by the ids of its messages, in its order. */
export type Stored = ReadonlyMap<string, ChatMessage>;

export const byId = (messages: readonly ChatMessage[]): Stored => new Map(messages.map(message => [message.id, message]));

/** The one that is known, if nothing about it has changed: then nothing of it need be shown anew. */
export function sameOf(known: ChatMessage | undefined, message: ChatMessage): ChatMessage {
  return known && sorted(known) === sorted(message) ? known : message;
}

const sorted = (message: ChatMessage) => JSON.stringify(Object.entries(message).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** What has to be put and removed so that `stored` becomes `said`: those that are no longer in their order come anew. */
export function difference(stored: Stored, said: readonly ChatMessage[]) {
  const ids = new Set(said.map(({ id }) => id));
  const remove = [...stored.keys()].filter(id => !ids.has(id));
  const kept = [...stored.keys()].filter(id => ids.has(id));
  const isInOrder = kept.every((id, index) => said[index]?.id === id);
  if (!isInOrder) return { put: said, remove: [...stored.keys()] };
  return { put: said.filter(message => stored.get(message.id) !== message), remove };
}
