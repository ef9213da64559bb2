/** What the tabs of a site tell each other about their conversations. */
import type { ChatMessage } from '../conversation/message';
import type { Desk } from './shelf';
import { Channel } from './tabs';

export type News =
  | Written
  /** Somebody has come, and would like to know whether a reply is being written. */
  | { type: 'hello'; conversation: string }
  /** The visitor wants this reply to end. */
  | { type: 'stop'; conversation: string; reply: string }
  /** These conversations were put away. */
  | { type: 'gone'; conversations: readonly string[] }
  /** The list has changed. */
  | { type: 'list' };

/** One writing. Who knows what was there before it need not read what is there now. */
export interface Written {
  type: 'written';
  conversation: string;
  /** The stamp of what it was written on, and the one that it has now. */
  from: string;
  stamp: string;
  put: readonly ChatMessage[];
  remove: readonly string[];
  desk: Desk;
  /** `null`: none. Absent: this tab does not know. */
  writing?: Writing | null;
}

/** The reply that is being written, and its phase. */
export interface Writing {
  id: string;
  name: 'waiting' | 'thinking' | 'answering' | 'tool';
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
