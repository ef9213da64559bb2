/** Where conversations are kept, as those who keep them need it. Knows no browser. */
import type { ChatMessage } from '../conversation/message';

/** A conversation as a list names it. */
export interface Summary {
  id: string;
  /** What the visitor named it, else the first words of its first message; empty where there are none. */
  title: string;
  /** When it last changed, in milliseconds since 1970. */
  updated: number;
}

/** What of the widget is kept beside the messages. */
export interface Desk {
  /** The text in the composer. */
  draft: string;
  /** What waits for the end of an answer. */
  queue: readonly string[];
}

/** What is kept of a conversation. */
export interface Kept extends Desk {
  messages: ChatMessage[];
  /** Changes with each writing. */
  stamp: string;
  /** Whether something of it could not be read: it stays where it is, and is neither shown nor sent. */
  damaged: boolean;
}

/** What is kept where nothing is. */
export const NOTHING: Kept = { messages: [], draft: '', queue: [], stamp: '', damaged: false };

/** What becomes of a conversation by one writing. */
export interface Change extends Desk {
  /** New messages, in their order, and changed ones. */
  put: readonly ChatMessage[];
  /** By their ids. */
  remove: readonly string[];
  /** The first words of it. */
  title: string;
  /** The title that it was imported with. */
  name?: string;
  /** How many messages it has now. */
  size: number;
  stamp: string;
}

/** A place to keep conversations in. All of it rejects with a {@link ShelfError}. */
export interface Shelf {
  /** `undefined` where nothing is kept under this name. */
  read(id: string): Promise<Kept | undefined>;
  /** Only the stamp, which is cheap. */
  stampOf(id: string): Promise<string | undefined>;
  /**
   * All of it or nothing.
   * @param isLast The page may be gone in a moment: there is no time to look anything up.
   */
  write(id: string, change: Change, isLast?: boolean): Promise<void>;
  close(): void;
  /** Whether it is a {@link Library}. */
  readonly isLibrary: boolean;
}

/** A shelf for more than one conversation. */
export interface Library extends Shelf {
  readonly isLibrary: true;
  /**
   * Which conversation to begin with: `preferred` where that has not been put away, else the newest, else one that all
   * tabs will agree on.
   */
  start(preferred: string): Promise<string>;
  /** The newest first. */
  list(): Promise<Summary[]>;
  /** The ids of the conversations in which a message contains `text`, in any case. */
  search(text: string, signal: AbortSignal): Promise<Set<string>>;
  rename(id: string, title: string): Promise<void>;
  /** Out of the list. {@link restore} brings them back until they are removed for good by {@link purge}. */
  discard(ids: readonly string[]): Promise<void>;
  restore(ids: readonly string[]): Promise<void>;
  /** @param ids What cannot be restored any more; by default whatever was discarded more than a minute ago. */
  purge(ids?: readonly string[]): Promise<void>;
}

/** @returns which fault a browser's exception stands for. */
export function shelfError(cause: unknown): ShelfError {
  if (cause instanceof ShelfError) return cause;
  const name = cause instanceof DOMException ? cause.name : '';
  return new ShelfError(name === 'QuotaExceededError' ? 'full' : name === 'VersionError' ? 'newer' : 'blocked', { cause });
}

/** `blocked`: the browser lets nobody store anything here. `full`: no room. `newer`: a later version of this chat wrote it. */
export type ShelfFault = 'blocked' | 'full' | 'newer';

export class ShelfError extends Error {
  override readonly name = 'ShelfError';

  constructor(
    readonly fault: ShelfFault,
    options?: ErrorOptions,
  ) {
    super(`The conversation cannot be kept: ${fault}.`, options);
  }
}
