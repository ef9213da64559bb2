/** What has become of a conversation here, and elsewhere, since both were the same. Pure. */
import type { ChatMessage } from '../conversation/message';
import type { Desk } from './shelf';

/** A conversation by the ids of its messages, in its order. */
export type Stored = ReadonlyMap<string, ChatMessage>;

export const byId = (messages: Iterable<ChatMessage>): Stored => new Map([...messages].map(message => [message.id, message]));

/** The one that is known, if nothing about it has changed: then nothing of it need be shown anew. */
export const sameOf = (known: ChatMessage | undefined, message: ChatMessage): ChatMessage =>
  known && isEqual(known, message) ? known : message;

/** As JSON has it: the order of fields says nothing, and one that is not defined is not there. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every(name => isEqual((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]));
}

/** Whether both hold the very same messages in the same order. */
export function isSame(a: Iterable<ChatMessage>, b: Iterable<ChatMessage>): boolean {
  const others = [...b];
  const all = [...a];
  return all.length === others.length && all.every((message, index) => message === others[index]);
}

/** What has to be put and removed so that `stored` becomes `said`: those that are no longer in their order come anew. */
export function difference(stored: Stored, said: readonly ChatMessage[]) {
  const ids = new Set(said.map(({ id }) => id));
  const remove = [...stored.keys()].filter(id => !ids.has(id));
  const kept = [...stored.keys()].filter(id => ids.has(id));
  const isInOrder = kept.every((id, index) => said[index]?.id === id);
  if (!isInOrder) return { put: said, remove: [...stored.keys()] };
  return { put: said.filter(message => stored.get(message.id) !== message), remove };
}

/** What `stored` becomes by that. */
export function patched(stored: Stored, put: readonly ChatMessage[], remove: readonly string[]): Stored {
  const result = new Map(stored);
  for (const id of remove) result.delete(id);
  for (const message of put) result.set(message.id, message);
  return result;
}

/** `theirs` and on top of it what was done to `base` here: what is new here comes behind what is new there. */
export function rebase(base: Stored, mine: readonly ChatMessage[], theirs: Stored): readonly ChatMessage[] {
  if (isSame(base.values(), theirs.values())) return mine;
  const said = byId(mine);
  const isChanged = (message: ChatMessage | undefined) => message !== undefined && base.get(message.id) !== message;
  const kept = [...theirs.values()].flatMap(message => {
    const own = said.get(message.id);
    if (!own) return base.has(message.id) ? [] : message;
    return isChanged(own) ? own : message;
  });
  return [...kept, ...mine.filter(message => isChanged(message) && !theirs.has(message.id))];
}

/** `theirs`, with what is not in `base` at its end. */
export const behind = (base: Stored, theirs: Stored): Stored =>
  new Map([...theirs].toSorted(([a], [b]) => Number(base.has(b)) - Number(base.has(a))));

/**
 * As {@link rebase} for what lies beside the messages. Texts in a queue are told apart by their words.
 * @param handed What this tab has not queued itself: whoever has removed that has sent it.
 */
export function rebaseDesk(base: Desk, mine: Desk, theirs: Desk, handed: readonly string[] = base.queue): Desk {
  const draft = mine.draft === base.draft ? theirs.draft : mine.draft;
  if (isEqual(base.queue, theirs.queue)) return { draft, queue: mine.queue };
  const kept = theirs.queue.filter(text => mine.queue.includes(text) || !base.queue.includes(text));
  const added = mine.queue.filter(text => !handed.includes(text) && !theirs.queue.includes(text));
  return { draft, queue: [...kept, ...added] };
}

export const isSameDesk = (a: Desk, b: Desk) => a.draft === b.draft && isEqual(a.queue, b.queue);
