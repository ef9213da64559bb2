/**
 * Which conversation this tab is in, and whether its popup is open. A tab that was opened from another one begins with a
 * copy of all this, and must not take itself for the other.
 */
import { createId } from '../conversation/message';
import { readText } from './record';
import { Channel } from './tabs';

/** How long another tab has to say that it is the one, in milliseconds. */
const PATIENCE = 250;

interface Head {
  version: 1;
  /** Whether a page is using it. First, since the element reads it before this file is loaded, see history-controller.ts. */
  live: boolean;
  open: boolean;
  tab: string;
  conversation: string;
}

type Question = { ask: string; nonce: string } | { answer: 'here' | 'elsewhere'; nonce: string };

export class Seat {
  #head: Head;
  #channel: Channel<Question> | undefined;

  private constructor(
    readonly key: string,
    head: Partial<Head> | undefined,
    /** Whether the visitor comes back: from another page of this tab, or by a reload. */
    readonly isOld: boolean,
    /** Whether the page before has ended without a word. */
    readonly hasCrashed: boolean,
  ) {
    const tab = readText(head?.tab) || createId();
    this.#head = { version: 1, live: true, open: head?.open === true, tab, conversation: readText(head?.conversation, 200) };
  }

  /** @param open Whether the popup is open now. */
  static async take(key: string, open: boolean): Promise<Seat> {
    const found = read(key);
    const isCopy = found?.live === true && (await isTaken(found.tab));
    // Another frame of this very tab shares it, and so does another element of this page.
    const head = isCopy === 'here' ? found : isCopy ? undefined : found && { ...found, ...(found.live && { tab: '' }) };
    const seat = new Seat(key, head, head !== undefined, found?.live === true && !isCopy);
    if (!seat.hasCrashed) seat.#head.open = open;
    seat.sit();
    return seat;
  }

  get tab(): string {
    return this.#head.tab;
  }

  get open(): boolean {
    return this.#head.open;
  }

  get conversation(): string {
    return this.#head.conversation;
  }

  set(change: { open?: boolean; conversation?: string }): void {
    const head = { ...this.#head, ...change };
    const isSame = head.open === this.#head.open && head.conversation === this.#head.conversation;
    this.#head = head;
    if (!isSame) this.#write();
  }

  /** A page is using it, and says so if it is asked. */
  sit(): void {
    this.#head.live = true;
    this.#write();
    this.#channel ??= new Channel(NAME, question => {
      if (!('ask' in question) || question.ask !== this.tab) return;
      const { nonce } = question;
      this.#channel?.post({ answer: get(NONCE) === nonce ? 'here' : 'elsewhere', nonce });
    });
  }

  /** No page is using it; the next one in this tab will. */
  leave(): void {
    this.#head.live = false;
    this.#write();
    this.#channel?.close();
    this.#channel = undefined;
  }

  #write() {
    const { live, open, version, tab, conversation } = this.#head;
    put(name(this.key), JSON.stringify({ live, open, version, tab, conversation }));
  }
}

const NAME = 'ollama-chat';
const NONCE = 'ollama-chat:asking';
const name = (key: string) => `ollama-chat:${key}`;

/** Whether a page that is alive has this seat: in this tab, where it sees what is written here, or in another. */
async function isTaken(tab: unknown): Promise<'here' | 'elsewhere' | false> {
  const nonce = createId();
  put(NONCE, nonce);
  return new Promise(resolve => {
    const channel = new Channel<Question>(NAME, news => {
      if ('answer' in news && news.nonce === nonce) end(news.answer);
    });
    const end = (answer: 'here' | 'elsewhere' | false) => {
      clearTimeout(timer);
      channel.close();
      put(NONCE, undefined);
      resolve(answer);
    };
    const timer = setTimeout(end, PATIENCE, false);
    channel.post({ ask: readText(tab), nonce });
  });
}

function read(key: string): Partial<Head> | undefined {
  try {
    const head = JSON.parse(get(name(key)) ?? 'null') as Partial<Head> | null;
    return typeof head === 'object' && head ? head : undefined;
  } catch {
    return undefined;
  }
}

// Where the browser keeps nothing, each page is a new one.
function get(item: string): string | null {
  try {
    return sessionStorage.getItem(item);
  } catch {
    return null;
  }
}

function put(item: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(item);
    else sessionStorage.setItem(item, text);
  } catch {
    // Nothing is kept there, or no more.
  }
}
