/** The database in the browser: what is in it, and how it is opened. One file knows the library for it. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { ChatMessage } from '../conversation/message';
import { within } from '../patience';
import { VERSION } from './record';
import { ShelfError } from './shelf';

/** As it is stored, if nobody has changed it. */
export interface ConversationRecord {
  key: string;
  id: string;
  version: number;
  /** The first words of it. */
  title: string;
  /** What the visitor has named it. */
  name?: string;
  size: number;
  updated: number;
  stamp: string;
  draft: string;
  queue: readonly string[];
  /** When it was put out of the list. */
  discarded?: number | undefined;
}

export interface MessageRecord extends Omit<ChatMessage, 'images'> {
  key: string;
  conversation: string;
  version: number;
  /** Milliseconds since 1970 when it came, and a fraction where several came at once. */
  order: number;
  images?: Blob[];
}

interface Schema extends DBSchema {
  conversations: { key: [string, string]; value: ConversationRecord };
  messages: { key: [string, string, string]; value: MessageRecord; indexes: { order: [string, string, number] } };
}

export type Database = IDBPDatabase<Schema>;
export type Transaction<Mode extends IDBTransactionMode> = IDBPTransaction<Schema, ('conversations' | 'messages')[], Mode>;

/** How long the browser may take to open the store, in milliseconds: some never do. */
const PATIENCE = 10_000;

/**
 * @param onGone A later version of this chat wants to change it, or the visitor has cleared it.
 * @throws {ShelfError} where the browser takes too long; whatever else keeps it from opening.
 */
export function openDatabase(onGone: () => void): Promise<Database> {
  return inTime(
    openDB<Schema>('ollama-chat', VERSION, {
      upgrade(db) {
        db.createObjectStore('conversations', { keyPath: ['key', 'id'] });
        const messages = db.createObjectStore('messages', { keyPath: ['key', 'conversation', 'id'] });
        messages.createIndex('order', ['key', 'conversation', 'order']);
      },
      blocking: onGone,
      terminated: onGone,
    }),
  );
}

/** Some browsers never open a store, and do not say so either. */
async function inTime(opening: Promise<Database>): Promise<Database> {
  if (await within(opening, PATIENCE)) return opening;
  void opening.then(
    db => db.close(),
    () => {},
  );
  throw new ShelfError('blocked');
}
