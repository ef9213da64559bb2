/** Whom a conversation asks, and who answers what is called. Types only. */
import type { ChatClient, ChatRequest, RequestMessage } from '../protocol/client';
import type { ChatMessage } from './message';

/** Whom to ask, found out anew for each reply: a changed setting holds from the next one on. */
export interface Backend {
  client: ChatClient;
  request: Omit<ChatRequest, 'messages'>;
  /** The system prompt; empty for none. */
  system: string;
  /** What of a request is sent, where the whole of it is more than the model reads. */
  fit?: (messages: RequestMessage[]) => RequestMessage[];
  /** Answers the tool calls of a reply; without it a reply that calls tools is the end. */
  answerCalls?: AnswerCalls;
}

/**
 * Resolves with a result for every call, and with how the model is asked next; with nothing where it cannot. Never rejects, but when the signal aborts.
 * `tell` takes all results each time that there is something new: of what is not done, that it is not.
 */
export type AnswerCalls = (
  reply: ChatMessage,
  signal: AbortSignal,
  tell: (results: ChatMessage[]) => void,
) => Promise<CallAnswers | undefined>;

export interface CallAnswers {
  results: readonly ChatMessage[];
  /** How the model is asked next; `undefined` where it is not. */
  request: Omit<ChatRequest, 'messages'> | undefined;
}
