/** What the tabs of a site tell each other about their conversations. */
import type { ChatMessage } from '../conversation/message';
import { Channel } from './tabs';

export type News =
  | Written
  /** Somebody has come, and would like to know whether a reply is being written. */
  | { type: 'hello'; conversation: string }
  /** The visitor wants the reply to end. */
  | { type: 'stop'; conversation: string }
  /** These conversations were put away. */
  | { type: 'gone'; conversations: readonly string[] }
  /** The list has changed. */
  | { type: 'list' };

export interface Written {
  type: 'written';
  conversation: string;
  put: readonly ChatMessage[];
  remove: readonly string[];
  stamp: string;
  /** The reply that is being written, and its phase. */
  writing: { id: string; name: 'waiting' | 'thinking' | 'answering' } | undefined;
}

/** Tells the others of what is being written, once. */
export class NewsChannel extends Channel<News> {
  #told = '';

  postWritten(news: Written): void {
    const { conversation, stamp, writing } = news;
    const told = JSON.stringify([conversation, stamp, writing]);
    if (told !== this.#told) this.post(news);
    this.#told = told;
  }

  /** Somebody new has not heard it. */
  forget(): void {
    this.#told = '';
  }
}
