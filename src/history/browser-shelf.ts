/**
 * Keeps conversations in the browser: in IndexedDB, one record for each conversation and for each message, pictures as blobs.
 * A record of another version is migrated, or left alone.
 */
import type { ChatMessage } from '../conversation/message';
import { type ConversationRecord, type Database, type MessageRecord, openDatabase, type Transaction } from './database';
import { fromBase64, toBase64 } from './picture-bytes';
import { examine, type Examined, migrate, readDesk, readMessage, readText, VERSION } from './record';
import { type Change, type Kept, type Library, NOTHING, ShelfError, shelfError, type Summary } from './shelf';

/** What is being written. */
interface Writing {
  id: string;
  change: Change;
  /** The last writing, which wrote this as well. */
  last?: Promise<void>;
}

/** How many records are read at a time: more would hold up the page. */
const BATCH = 200;

/** How long what was discarded is kept where nobody said that it can go, in milliseconds: the page may have crashed. */
const KEPT_FOR_UNDO = 600_000;

/** The largest picture, in bytes. */
const PICTURE_LIMIT = 20 * 2 ** 20;

/** The name of the very first conversation: two tabs that begin at the same time begin the same one. */
const FIRST = 'first';

/** Greater than every text, in the order of keys. */
const END: never[] = [];

export class BrowserShelf implements Library {
  readonly isLibrary = true;
  #opening: Promise<Database> | undefined;
  /** While it is open: a page that is leaving cannot wait for a promise. */
  #db: Database | undefined;
  /** As they were last seen. */
  readonly #records = new Map<string, ConversationRecord | undefined>();
  readonly #orders = new Map<string, number>();
  #last = 0;
  /** What is not known to be there, in its order. */
  readonly #writings = new Set<Writing>();
  /** They wait for the page. */
  readonly #waiting = new Set<Transaction<IDBTransactionMode>>();
  /** How many last writings there were. */
  #lasts = 0;
  #isClosed = false;
  /** How many are done once more. */
  #again = 0;

  constructor(readonly key: string) {}

  async read(id: string): Promise<Kept | undefined> {
    return this.#guarded(async db => {
      const found = await this.#conversations(db).get([this.key, id]);
      this.#records.set(id, found);
      const record = migrate(found);
      if (record === 'newer') throw new ShelfError('newer');
      const { messages, damaged } = await this.#messages(db, id);
      if (found === undefined && !messages.length && !damaged) return undefined;
      if (!record) return { ...NOTHING, messages, damaged: true };
      const desk = readDesk(record);
      return { ...desk, messages, damaged: desk.damaged || damaged || (!messages.length && !!record['size']) };
    });
  }

  async stampOf(id: string): Promise<string | undefined> {
    return this.#guarded(async db => readDesk(Object(await this.#conversations(db).get([this.key, id]))).stamp || undefined);
  }

  async write(id: string, change: Change, isLast = false): Promise<void> {
    const writing: Writing = { id, change };
    this.#writings.add(writing);
    try {
      await (isLast && this.#db ? this.#writeLast(this.#db) : this.#writeInTurn(writing));
    } finally {
      this.#writings.delete(writing);
    }
  }

  #writeInTurn(writing: Writing): Promise<void> {
    const { id, change } = writing;
    return this.#guarded(async db => {
      if (writing.last) return writing.last;
      const transaction = this.#begin(db, 'readwrite');
      await this.#lookUp(transaction, id, change);
      this.#putAll(transaction, id, change);
      // From here on it is done also without the page.
      transaction.commit();
      await transaction.done;
    });
  }

  /**
   * Looks nothing up and waits for nothing: the page may be gone in a moment. A browser gives up what waits for a page that is
   * gone, and with it all that comes after.
   */
  #writeLast(db: Database): Promise<void> {
    this.#lasts += 1;
    for (const transaction of this.#waiting) abort(transaction);
    const last = this.#writeAtOnce(db, [...this.#writings]);
    for (const writing of this.#writings) writing.last = last;
    return last;
  }

  async #writeAtOnce(db: Database, writings: Writing[]): Promise<void> {
    try {
      const transaction = this.#begin(db, 'readwrite');
      for (const { id, change } of writings) this.#putAll(transaction, id, change);
      transaction.commit();
      await transaction.done;
    } catch (cause) {
      throw shelfError(cause);
    }
  }

  #begin<Mode extends IDBTransactionMode>(db: Database, mode: Mode): Transaction<Mode> {
    const transaction = db.transaction(['conversations', 'messages'], mode);
    this.#waiting.add(transaction);
    // Whoever waits for it is told; nobody need be.
    quietly(transaction.done.finally(() => this.#waiting.delete(transaction)));
    return transaction;
  }

  /** What is there by now and must not be changed: a name, whether it was put away, the order of messages from another tab. */
  async #lookUp(writing: Transaction<'readwrite'>, id: string, { put }: Change): Promise<void> {
    const before = await writing.objectStore('conversations').get([this.key, id]);
    if (before && migrate(before) === 'newer') throw new ShelfError('newer');
    this.#records.set(id, before);
    for (const { id: name } of put) {
      const kept = this.#orders.has(name) ? undefined : await writing.objectStore('messages').get([this.key, id, name]);
      if (typeof kept?.order === 'number') this.#orders.set(name, kept.order);
    }
  }

  #putAll(writing: Transaction<'readwrite'>, id: string, change: Change) {
    const messages = writing.objectStore('messages');
    for (const name of change.remove) {
      quietly(messages.delete([this.key, id, name]));
      this.#orders.delete(name);
    }
    for (const message of change.put) {
      // What could not be read again is not worth a place: fields of a page's own, an id that is none.
      const readable = readMessage(message);
      if (readable) quietly(messages.put(this.#messageRecord(id, readable)));
    }
    const conversations = writing.objectStore('conversations');
    const before = this.#records.get(id);
    // What cannot be read gives way, and is not thrown away: whoever wrote it may want it back.
    if (before && !migrate(before)) quietly(conversations.put({ ...before, id: `unreadable:${id}` }));
    quietly(conversations.put(this.#record(id, change)));
  }

  #record(id: string, { title, size, draft, queue, stamp, name: given }: Change): ConversationRecord {
    const { name = given, discarded } = this.#records.get(id) ?? {};
    return {
      ...{ key: this.key, id, version: VERSION, title, size, updated: Date.now(), stamp, draft, queue: [...queue] },
      ...(typeof name === 'string' && { name }),
      ...(typeof discarded === 'number' && { discarded }),
    };
  }

  #messageRecord(conversation: string, { images, ...message }: ChatMessage): MessageRecord {
    const order = this.#orders.get(message.id) ?? Math.max(this.#last + 0.001, Date.now());
    this.#orders.set(message.id, order);
    this.#last = Math.max(this.#last, order);
    const blobs = images?.flatMap(image => fromBase64(image) ?? []);
    return { ...message, ...(blobs?.length && { images: blobs }), key: this.key, conversation, version: VERSION, order };
  }

  async #messages(db: Database, id: string): Promise<{ messages: ChatMessage[]; damaged: boolean }> {
    const messages = new Map<string, ChatMessage>();
    let damaged = false;
    let from = -Infinity;
    for (;;) {
      const range = IDBKeyRange.bound([this.key, id, from], [this.key, id, Infinity]);
      const records = await this.#begin(db, 'readonly').objectStore('messages').index('order').getAll(range, BATCH);
      for (const record of records) {
        const { message, lost } = await readRecord(record);
        damaged ||= lost.length > 0;
        if (!message) continue;
        messages.set(message.id, message);
        this.#orders.set(message.id, record.order);
        if (Number.isFinite(record.order)) this.#last = Math.max(this.#last, record.order);
      }
      const last = records.at(-1)?.order;
      if (records.length < BATCH || last === undefined || last === from) break;
      from = last;
    }
    // Those that have no place in the order, or too many the same one.
    const range = IDBKeyRange.bound([this.key, id], [this.key, id, END]);
    const all = await this.#begin(db, 'readonly').objectStore('messages').count(range);
    return { messages: [...messages.values()], damaged: damaged || all > messages.size };
  }

  async start(preferred: string): Promise<string> {
    const records = await this.#guarded(db => this.#conversations(db).getAll(this.#all()));
    const isDiscarded = (id: string) => records.some(record => record.id === id && typeof record.discarded === 'number');
    if (preferred && !isDiscarded(preferred)) return preferred;
    const newest = (await this.list())[0]?.id;
    return newest ?? (isDiscarded(FIRST) ? `${FIRST}-${Date.now()}` : FIRST);
  }

  async list(): Promise<Summary[]> {
    return this.#guarded(async db => {
      const found = await this.#conversations(db).getAll(this.#all());
      const summaries = found.flatMap(value => {
        const record = migrate(value);
        if (!record || record === 'newer' || typeof record['discarded'] === 'number') return [];
        const { draft, queue } = readDesk(record);
        // Nothing was said in it, and nothing is about to be.
        if (record['size'] === 0 && !draft && !queue.length) return [];
        const { id, name, title, updated } = record;
        if (typeof id !== 'string') return [];
        return {
          id,
          title: readText(name, 500) || readText(title, 500) || draft.slice(0, 500),
          updated: typeof updated === 'number' ? updated : 0,
        };
      });
      return summaries.toSorted((a, b) => b.updated - a.updated);
    });
  }

  async search(text: string, signal: AbortSignal): Promise<Set<string>> {
    const wanted = text.toLowerCase();
    const found = new Set<string>();
    return this.#guarded(async db => {
      // Not all in one go: a reply that is being saved would have to wait for it.
      for (let from: IDBValidKey = [this.key]; !signal.aborted;) {
        const records = await this.#begin(db, 'readonly')
          .objectStore('messages')
          .getAll(IDBKeyRange.bound(from, [this.key, END], true), BATCH);
        for (const { conversation, content } of records) {
          if (typeof content === 'string' && content.toLowerCase().includes(wanted)) found.add(conversation);
        }
        const last = records.at(-1);
        if (!last || records.length < BATCH) break;
        // One is enough: on to the next conversation.
        from = [this.key, last.conversation, found.has(last.conversation) ? END : last.id];
      }
      return found;
    });
  }

  rename(id: string, name: string): Promise<void> {
    return this.#change([id], record => ({ ...record, name }));
  }

  discard(ids: readonly string[]): Promise<void> {
    return this.#change(ids, record => ({ ...record, discarded: Date.now() }));
  }

  restore(ids: readonly string[]): Promise<void> {
    return this.#change(ids, record => ({ ...record, discarded: undefined }));
  }

  async purge(ids?: readonly string[]): Promise<void> {
    await this.#guarded(async db => {
      const writing = this.#begin(db, 'readwrite');
      const records = ids ? [] : await writing.objectStore('conversations').getAll(this.#all());
      const isOld = ({ discarded }: ConversationRecord) => typeof discarded === 'number' && discarded < Date.now() - KEPT_FOR_UNDO;
      const old = records.filter(record => isOld(record) && migrate(record) !== 'newer');
      for (const id of ids ?? old.map(record => record.id)) {
        quietly(writing.objectStore('conversations').delete([this.key, id]));
        quietly(writing.objectStore('messages').delete(IDBKeyRange.bound([this.key, id], [this.key, id, END])));
      }
      writing.commit();
      await writing.done;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#release();
  }

  /** Until it is needed again. */
  #release() {
    // Also one that is being opened.
    void this.#opening?.then(
      db => db.close(),
      () => {},
    );
    this.#db?.close();
    this.#db = undefined;
    this.#opening = undefined;
  }

  async #change(ids: readonly string[], change: (record: ConversationRecord) => ConversationRecord): Promise<void> {
    await this.#guarded(async db => {
      const writing = this.#begin(db, 'readwrite');
      const conversations = writing.objectStore('conversations');
      for (const id of ids) {
        const record = await conversations.get([this.key, id]);
        if (!record || migrate(record) === 'newer') continue;
        const changed = change(record);
        this.#records.set(id, changed);
        quietly(conversations.put(changed));
      }
      writing.commit();
      await writing.done;
    });
  }

  #all() {
    return IDBKeyRange.bound([this.key], [this.key, END]);
  }

  #conversations(db: Database) {
    return this.#begin(db, 'readonly').objectStore('conversations');
  }

  async #guarded<T>(act: (db: Database) => Promise<T>, isAgain = false): Promise<T> {
    const lasts = this.#lasts;
    try {
      if (this.#isClosed && !isAgain) throw new ShelfError('blocked');
      this.#opening ??= this.#open();
      // At once, where it is open: it may be closed in a moment.
      return await act(this.#db ?? (await this.#opening));
    } catch (cause) {
      if (lasts === this.#lasts) {
        const error = shelfError(cause);
        if (isAgain || this.#isClosed || cause === error || error.fault !== 'blocked') throw error;
        // Browsers drop the connection of a page in the background, and give a new one.
        this.#release();
        return this.#guarded(act, true);
      }
      // It was in the way of a last writing.
      this.#again += 1;
      return this.#guarded(act, true).finally(() => {
        this.#again -= 1;
        if (this.#isClosed && !this.#again) this.#release();
      });
    }
  }

  async #open(): Promise<Database> {
    try {
      this.#db = await openDatabase(() => this.#release());
      return this.#db;
    } catch (cause) {
      // One that hangs does so the next time.
      if (!(cause instanceof ShelfError)) this.#opening = undefined;
      throw cause;
    }
  }
}

/** A request that fails ends its transaction, which says so. */
const quietly = (request: Promise<unknown>) => void request.catch(() => {});

function abort(transaction: Transaction<IDBTransactionMode>) {
  try {
    transaction.abort();
  } catch {
    // It has all that it needs.
  }
}

async function readRecord(value: MessageRecord): Promise<Examined> {
  const record = migrate(value);
  if (!record || record === 'newer') return { lost: ['message'] };
  const { images } = record;
  if (!Array.isArray(images) || !images.every(isPicture)) return examine(record);
  return examine({ ...record, images: await Promise.all(images.slice(0, 33).map(toBase64)).catch(() => 'gone') });
}

const isPicture = (value: unknown) => value instanceof Blob && value.size <= PICTURE_LIMIT;
