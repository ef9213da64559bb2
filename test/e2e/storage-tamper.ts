/**
 * Puts into the store what no chat would have put there. What is kept in version 1 is written down here once more: a test that
 * asked the chat would not notice a change.
 */
import { type ChatPage, expect, type Reach, test as base } from './storage-site.ts';

/** A record, each of whose fields is what it is, or the name of some garbage. */
export type Sketch = Record<string, unknown>;

export interface Tamper {
  /** Puts records into the stores of version 1; `{ garbage: name }` as a field is made here, since not all of it travels. */
  put(store: 'conversations' | 'messages', sketches: Sketch[]): Promise<void>;
  /** All records as texts, by their keys, so that they can be compared. */
  dump(): Promise<Record<string, string>>;
  /** Makes a store of this version, with nothing in it that belongs there. */
  make(version: number): Promise<void>;
}

/** What a field may hold that it should not, and what of it can be told as JSON. */
export const GARBAGE = [
  ...['nothing', 'null', 'false', 'true', 'zero', 'minus one', 'a half', 'huge number', 'empty text', 'text', 'name of a prototype'],
  ...['HTML', 'half a character', 'empty list', 'list of texts', 'list of nulls', 'empty object', 'prototype of its own', 'deep object'],
  ...['NaN', 'Infinity', 'date', 'map', 'pattern', 'bytes', 'blob', 'error', 'bigint', 'huge text'],
] as const;
export type Garbage = (typeof GARBAGE)[number];

/** Those that survive JSON. */
export const JSON_GARBAGE: readonly Garbage[] = GARBAGE.slice(0, GARBAGE.indexOf('NaN'));
export const TEXTS: readonly Garbage[] = ['empty text', 'text', 'name of a prototype', 'HTML', 'half a character'];
export const NUMBERS: readonly Garbage[] = ['zero', 'minus one', 'a half', 'huge number', 'Infinity'];
export const NOTHINGS: readonly Garbage[] = ['nothing', 'null'];

/** What each test ends with, too: nothing has run, and no prototype has changed. */
export const test = base.extend({
  prepare: async ({ prepare, page }, use) => {
    await page.addInitScript(install);
    await page.addInitScript(() => {
      const names = () => [Object, Array, String, Function, Map].map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join());
      const before = names();
      Object.assign(window, {
        pwned: () => console.error('its code ran'),
        isClean: () => names().every((text, index) => text === before[index]),
      });
    });
    await use(prepare);
    expect(await page.evaluate(() => (window as unknown as { isClean: () => boolean }).isClean()), 'the prototypes are as they were').toBe(
      true,
    );
  },
});

type Page = ChatPage['page'];
type InPage = Window & { tamper: Tamper };

export const put = (page: Page, store: 'conversations' | 'messages', sketches: Sketch[]) =>
  page.evaluate(([name, given]) => (window as unknown as InPage).tamper.put(name, given), [store, sketches] as const);
export const dump = (page: Page) => page.evaluate(() => (window as unknown as InPage).tamper.dump());
export const make = (page: Page, version: number) => page.evaluate(given => (window as unknown as InPage).tamper.make(given), version);

export const conversation = (key: string, changes: Sketch = {}): Sketch => ({
  ...{
    key,
    id: 'first',
    version: 1,
    title: `Title of ${key}`,
    size: 2,
    updated: 1_700_000_000_000,
    stamp: 'a stamp',
    draft: '',
    queue: [],
  },
  ...changes,
});

export const message = (key: string, id: string, changes: Sketch = {}): Sketch => ({
  ...{ key, conversation: 'first', id, version: 1, order: 1000, role: 'user', content: `content ${id}`, status: 'complete' },
  ...changes,
});

/** All that has been sent to the server as said before. */
export const sent = ({ ollama }: ChatPage) => ollama.chats().flatMap(({ body }) => body.messages);

export interface Outcome {
  key: string;
  /** By their ids. */
  said: string[];
  texts: string[];
  draft: string;
  waiting: string[];
  notice: string;
  answered: string;
  length: number;
}

/** A chat for each key, twenty at a time: what it has found, and its answer to one question. */
export const tryAll = ({ page, ollama }: ChatPage, keys: string[], persist: Reach = 'browser'): Promise<Outcome[]> =>
  page.evaluate(
    async ([all, server, reach]) => {
      const outcomes: Outcome[] = [];
      const tryOne = async (storageKey: string) => {
        const chat = Object.assign(document.createElement('ollama-chat'), {
          storageKey,
          persist: reach,
          url: server,
          model: 'tiny',
        });
        document.body.append(chat);
        await chat.exportConversation();
        await chat.updateComplete;
        const texts = (selector: string) => [...chat.shadowRoot!.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '');
        const said = chat.messages.map(({ id }) => id);
        const found = {
          key: storageKey,
          said,
          texts: chat.messages.map(({ content }) => content),
          draft: chat.draft,
          waiting: texts('.queued'),
        };
        const [notice = ''] = texts('.dock-notice [role=status]');
        const answer = await chat.send(`asked in ${storageKey}`);
        outcomes.push({ ...found, notice, answered: answer?.content ?? '', length: chat.messages.length });
        chat.remove();
      };
      for (let start = 0; start < all.length; start += 20) await Promise.all(all.slice(start, start + 20).map(tryOne));
      return outcomes;
    },
    [keys, ollama.url, persist] as const,
  );

/** Runs in the page; installed as text, so it can use nothing from outside of it. */
function install(): void {
  const deep = () => {
    let value: unknown = 'deep';
    for (let depth = 0; depth < 500; depth++) value = { in: value };
    return value;
  };
  const makers: Record<string, () => unknown> = {
    nothing: () => undefined,
    null: () => null,
    false: () => false,
    true: () => true,
    zero: () => 0,
    'minus one': () => -1,
    'a half': () => 0.5,
    'huge number': () => 1e300,
    'empty text': () => '',
    text: () => 'text',
    'name of a prototype': () => '__proto__',
    HTML: () => '<img src=x onerror=pwned(0)>',
    'half a character': () => '\ud83d',
    'empty list': () => [],
    'list of texts': () => ['text'],
    'list of nulls': () => [null],
    'empty object': () => ({}),
    'prototype of its own': () => JSON.parse('{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}'),
    'deep object': deep,
    NaN: () => NaN,
    Infinity: () => Infinity,
    date: () => new Date(0),
    map: () => new Map([['content', 'text']]),
    pattern: () => /text/,
    bytes: () => new Uint8Array([1, 2, 3]),
    blob: () => new Blob(['text']),
    error: () => new RangeError('text'),
    bigint: () => 7n,
    'huge text': () => 'x'.repeat(10 * 2 ** 20),
  };

  const done = <Result>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });

  async function withStore<Result>(act: (db: IDBDatabase) => Promise<Result>): Promise<Result> {
    const request = indexedDB.open('ollama-chat');
    request.onupgradeneeded = () => {
      request.result.createObjectStore('conversations', { keyPath: ['key', 'id'] });
      const messages = request.result.createObjectStore('messages', { keyPath: ['key', 'conversation', 'id'] });
      messages.createIndex('order', ['key', 'conversation', 'order']);
    };
    const db = await done(request);
    try {
      return await act(db);
    } finally {
      db.close();
    }
  }

  function recordOf({ asList, ...sketch }: Record<string, unknown>): unknown {
    const record: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(sketch)) {
      const name = (value as { garbage?: string } | null)?.garbage;
      const made = name === undefined ? value : makers[name]!();
      // As JSON would: a field of that name, and not the prototype.
      Object.defineProperty(record, field, { value: made, enumerable: true, configurable: true, writable: true });
    }
    return asList ? Object.assign([], record) : record;
  }

  /** All of a value, also what JSON leaves out. Huge texts by their length and ends. */
  function textOf(value: unknown): string {
    if (typeof value === 'string')
      return value.length > 1000 ? `${value.slice(0, 9)}…${value.length}…${value.slice(-9)}` : JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof Date || value instanceof RegExp || value instanceof Error) return String(value);
    if (value instanceof Blob) return `blob of ${value.size}`;
    if (value instanceof Map) return `map ${textOf([...value])}`;
    const entries = Object.entries(value).map(([field, inner]) => `${field}: ${textOf(inner)}`);
    return `${Object.prototype.toString.call(value)}{ ${entries.sort().join(', ')} }`;
  }

  const tamper: Tamper = {
    put: (store, sketches) =>
      withStore(async db => {
        const transaction = db.transaction(store, 'readwrite');
        for (const sketch of sketches) transaction.objectStore(store).put(recordOf(sketch));
        await new Promise((resolve, reject) => {
          transaction.oncomplete = resolve;
          transaction.onabort = () => reject(transaction.error!);
        });
      }),

    dump: () =>
      withStore(async db => {
        const entries: [string, string][] = [];
        for (const name of db.objectStoreNames) {
          const store = db.transaction(name).objectStore(name);
          const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
          for (const [index, key] of keys.entries()) entries.push([`${name} ${JSON.stringify(key)}`, textOf(values[index])]);
        }
        return Object.fromEntries(entries);
      }),

    make: async version => {
      const request = indexedDB.open('ollama-chat', version);
      request.onupgradeneeded = () => request.result.createObjectStore('later', { autoIncrement: true }).put('kept by a later one');
      (await done(request)).close();
    },
  };
  Object.assign(window, { tamper });
}
