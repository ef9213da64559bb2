/**
 * One conversation as this tab knows it: what of it is on the shelf, and what still has to get there.
 * Knows no shelf, no other tab, and nothing of what is shown.
 */
import { type ChatMessage, createId } from '../conversation/message';
import { byId, difference, isSameDesk, patched, rebaseDesk, type Stored } from './difference';
import type { Writing } from './news';
import { titleOf } from './record';
import { type Change, type Desk, type Kept, NOTHING } from './shelf';
import { WriterLock } from './tabs';

/** All that there is to be kept. */
export interface Said {
  readonly messages: readonly ChatMessage[];
  readonly desk: Desk;
}

export class Copy {
  readonly lock: WriterLock;
  /** On the shelf, in its order. */
  stored: Stored = new Map();
  stamp = '';
  /** On the shelf as well. */
  desk: Desk = NOTHING;
  /** Of this tab, when it was written or taken over. */
  #ownDesk: Desk = NOTHING;
  /** What waited already when it was taken over. */
  #handed: Desk['queue'] = [];
  /** Others have written since the model was asked: that is caught up with afterwards. */
  isBehind = false;
  /** The title that it was imported with. */
  name: string | undefined;
  /** Begun by the page: nothing to be kept yet. */
  isSeed = false;
  /** The model is being asked by this tab: until that has ended the reply is the last message. */
  isAsking = false;
  /** The reply that another tab is writing. */
  writing: Writing | undefined;
  /** What there was when this tab went on to another conversation. */
  left: Said | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  /** The writing that has not begun yet. */
  #next: Promise<void> | undefined;

  constructor(
    readonly id: string,
    scope: string,
  ) {
    this.lock = new WriterLock(`${scope}:${id}`);
  }

  /** Whether nothing is being read or written. */
  get isQuiet(): boolean {
    return !this.#count;
  }

  /** Reading and writing, one at a time: whoever has begun with one state of things ends with it. */
  inOrder(act: () => Promise<void>): Promise<void> {
    this.#count += 1;
    const done = this.#last.then(act).finally(() => (this.#count -= 1));
    this.#last = done.catch(() => {});
    return done;
  }

  /** The same, for something that need not be done twice if it has not begun yet. */
  inOrderOnce(act: () => Promise<void>): Promise<void> {
    return (this.#next ??= this.inOrder(() => {
      this.#next = undefined;
      return act();
    }));
  }

  /** This is on the shelf. */
  take({ stored, stamp, desk }: { stored: Stored; stamp: string; desk: Desk }): void {
    this.stored = stored;
    this.stamp = stamp;
    this.desk = desk;
  }

  /** This is what the visitor sees. */
  takeKept({ messages, stamp, draft, queue }: Kept): void {
    this.take({ stored: byId(messages), stamp, desk: { draft, queue } });
    this.#ownDesk = this.desk;
    this.#handed = queue;
  }

  isOwnDesk(desk: Desk): boolean {
    return isSameDesk(desk, this.#ownDesk);
  }

  /**
   * What has to be written, if anything.
   * @param isLast The tab may be gone in a moment: what is in its composer is there when it comes back.
   */
  changeTo({ messages, desk }: Said, isLast = false): Change | undefined {
    const { put, remove } = difference(this.stored, messages);
    const { draft, queue } = rebaseDesk(this.#ownDesk, desk, this.desk, this.#handed);
    const wanted = { draft: (isLast && desk.draft) || draft, queue };
    if (!put.length && !remove.length && isSameDesk(wanted, this.desk)) return undefined;
    const { name } = this;
    return { put, remove, title: titleOf(messages), size: messages.length, stamp: createId(), ...wanted, ...(name && { name }) };
  }

  /** Nothing new, to be written all the same. */
  asItIs({ messages }: Said): Change {
    return { put: [], remove: [], title: titleOf(messages), size: messages.length, stamp: this.stamp, ...this.desk };
  }

  /** It is being written. Returns the way back, for where that fails. */
  apply({ put, remove, stamp, draft, queue }: Change, { desk }: Said): () => void {
    const before = { stored: this.stored, stamp: this.stamp, desk: this.desk };
    const ownDesk = this.#ownDesk;
    this.take({ stored: patched(this.stored, put, remove), stamp, desk: { draft, queue } });
    this.#ownDesk = desk;
    return () => {
      if (this.stamp !== stamp) return;
      this.take(before);
      this.#ownDesk = ownDesk;
    };
  }
}
