/**
 * Keeps one conversation for as long as the tab lives: in `sessionStorage`, which no other tab sees and which ends with it.
 * Each message is an item of its own, so that saving a growing reply costs what the reply costs.
 */
import { examine, type Examined, migrate, readDesk, readMessage, VERSION } from './record';
import { type Change, type Kept, NOTHING, type Shelf, ShelfError, shelfError } from './shelf';

export class TabShelf implements Shelf {
  readonly isLibrary = false;
  readonly #prefix: string;

  constructor(key: string) {
    this.#prefix = `ollama-chat:${key}:`;
  }

  async read(id: string): Promise<Kept | undefined> {
    return guarded(() => {
      const text = this.#get(id);
      if (text === undefined) return undefined;
      const head = migrate(parse(text));
      if (head === 'newer') throw new ShelfError('newer');
      if (!head) {
        // Not thrown away: whoever wrote it may want it back.
        sessionStorage.setItem(`${this.#prefix}unreadable`, text);
        sessionStorage.removeItem(this.#prefix + id);
        return { ...NOTHING, damaged: true };
      }
      const { damaged, ...desk } = readDesk(head);
      const ids = new Set(texts(head['order']));
      const found = [...ids].map(name => this.#message(id, name));
      const messages = found.flatMap(({ message }) => message ?? []);
      const isWhole = Array.isArray(head['order']) && ids.size === head['order'].length && found.every(({ lost }) => !lost.length);
      return { ...desk, messages, damaged: damaged || !isWhole };
    });
  }

  async stampOf(id: string): Promise<string | undefined> {
    return guarded(() => readDesk(Object(parse(this.#get(id) ?? ''))).stamp || undefined);
  }

  // All of it before the first pause: a page that is leaving has only this moment.
  async write(id: string, { put, remove, draft, queue, stamp }: Change): Promise<void> {
    guarded(() => {
      const before = texts((parse(this.#get(id) ?? '') as { order?: unknown } | null | undefined)?.order);
      const order = new Set(before);
      for (const name of remove) order.delete(name);
      // What could not be read again is not worth a place.
      const kept = put.flatMap(message => readMessage(message) ?? []);
      for (const message of kept) {
        order.add(message.id);
        sessionStorage.setItem(this.#name(id, message.id), JSON.stringify(message));
      }
      const head = { version: VERSION, stamp, draft, queue, order: [...order] };
      sessionStorage.setItem(this.#prefix + id, JSON.stringify(head));
      for (const name of remove) if (!order.has(name)) sessionStorage.removeItem(this.#name(id, name));
    });
  }

  /** Forgets all of it: a copy of what belongs to another tab. */
  clear(): void {
    try {
      for (const name of Object.keys(sessionStorage)) if (name.startsWith(this.#prefix)) sessionStorage.removeItem(name);
    } catch {
      // Then there is nothing to be forgotten.
    }
  }

  close(): void {}

  #message(id: string, name: string): Examined {
    const found = examine(parse(sessionStorage.getItem(this.#name(id, name)) ?? ''));
    return !found.message || found.message.id === name ? found : { lost: ['id'] };
  }

  #get(id: string): string | undefined {
    return sessionStorage.getItem(this.#prefix + id) ?? undefined;
  }

  #name(id: string, message: string): string {
    return `${this.#prefix}${id}:${message}`;
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(text => typeof text === 'string') : []);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw shelfError(cause);
  }
}
