/** A shelf in memory that several tabs share, and that fails, or hangs, when a test wants it to. */
import type { ChatMessage } from '../../../src/conversation/message.ts';
import { type Change, type Kept, type Shelf, ShelfError, type ShelfFault } from '../../../src/history/shelf.ts';

/** What is on it: each tab has a {@link MemoryShelf} of its own. */
export class Store {
  readonly conversations = new Map<string, Kept>();

  /** As `role: content`, or with the status where that is not complete; `undefined` where nothing is kept. */
  said(id: string): string[] | undefined {
    return this.conversations.get(id)?.messages.map(saying);
  }

  put(id: string, kept: Partial<Kept>): void {
    this.conversations.set(id, { messages: [], draft: '', queue: [], stamp: `put ${Math.random()}`, damaged: false, ...kept });
  }
}

export const saying = ({ role, content, status }: ChatMessage) => `${role}: ${content}${status === 'complete' ? '' : ` (${status})`}`;

export class MemoryShelf implements Shelf {
  readonly store: Store;
  readonly isLibrary: boolean;
  /** What was written, in its order. */
  readonly written: (Change & { id: string; isLast: boolean })[] = [];
  /** How often all of a conversation was read. */
  reads = 0;
  isClosed = false;
  /** Why nothing can be written, or read. */
  fault: ShelfFault | undefined;
  #held: Promise<void> | undefined;
  #isReadHeld = false;

  constructor(store: Store, isLibrary = true) {
    this.store = store;
    this.isLibrary = isLibrary;
  }

  /** Answers nothing, or only does not read, until the returned function is called. A reading is of when it began. */
  hold(isReadOnly = false): () => void {
    let release = () => {};
    this.#isReadHeld = isReadOnly;
    this.#held = new Promise(resolve => (release = resolve));
    return () => {
      this.#held = undefined;
      release();
    };
  }

  async read(id: string): Promise<Kept | undefined> {
    this.reads += 1;
    const kept = structuredClone(this.store.conversations.get(id));
    await this.#held;
    this.#check();
    return kept;
  }

  async stampOf(id: string): Promise<string | undefined> {
    if (!this.#isReadHeld) await this.#held;
    this.#check();
    return this.store.conversations.get(id)?.stamp;
  }

  async write(id: string, change: Change, isLast = false): Promise<void> {
    if (!isLast && !this.#isReadHeld) await this.#held;
    this.#check(true);
    const { put, remove, draft, queue, stamp } = structuredClone(change);
    const messages = new Map(this.store.conversations.get(id)?.messages.map(message => [message.id, message]));
    for (const name of remove) messages.delete(name);
    for (const message of put) messages.set(message.id, message);
    this.store.conversations.set(id, { messages: [...messages.values()], draft, queue, stamp, damaged: false });
    this.written.push({ id, isLast, ...change });
  }

  close(): void {
    this.isClosed = true;
  }

  /** Where there is no room one can still read. */
  #check(isWriting = false): void {
    if (this.fault && (isWriting || this.fault !== 'full')) throw new ShelfError(this.fault);
  }
}
