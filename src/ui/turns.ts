/** What belongs together in a conversation: a question, and all that came behind it up to the next one. Pure. */
import type { ChatMessage } from '../conversation/message';

type Messages = readonly ChatMessage[];

export interface Turn {
  /** Absent for what came before the first question. */
  question: ChatMessage | undefined;
  tail: Messages;
}

export function turnsOf(messages: Messages): Turn[] {
  const turns: { question: ChatMessage | undefined; tail: ChatMessage[] }[] = [];
  for (const message of messages) {
    if (message.role === 'user') turns.push({ question: message, tail: [] });
    else if (turns.length) turns.at(-1)?.tail.push(message);
    else turns.push({ question: undefined, tail: [message] });
  }
  return turns;
}

export const messagesOf = (turns: readonly Turn[]): Messages =>
  turns.flatMap(({ question, tail }) => (question ? [question, ...tail] : tail));

/**
 * What is left where the visitor deletes a message: a question goes with its answers, an answer alone. One for which tools were
 * called goes with all of that: no server takes the half of it.
 */
export function without(messages: Messages, id: string): Messages {
  const turn = turnsOf(messages).find(({ question, tail }) => question?.id === id || tail.some(message => message.id === id));
  if (!turn) return messages;
  const { question, tail } = turn;
  const isWhole = question?.id === id;
  const isOne = tail.some(({ role }) => role === 'tool');
  const gone = new Set(isWhole || isOne ? tail : tail.filter(message => message.id === id));
  return messages.filter(message => !gone.has(message) && !(isWhole && message === question));
}
