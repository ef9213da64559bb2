/**
 * Which conversation this tab is in, and whether its popup is open. A tab that was opened from another one begins with a
 * copy of all this, and must not take itself for the other.
 */
import { createId } from '../conversation/message';
import { readText } from './record';
import { Channel } from './tabs';

/** How long another tab has to say that it is the one, in milliseconds. */
const PATIENCE = 250;

/** Of a name that is kept here, in characters. */
const NAME_LIMIT = 200;

const VERSION = 1;

interface Head {
  version: typeof VERSION;
  /** Whether a page is using it. First, since the element reads it before this file is loaded, see history-controller.ts. */
  live: boolean;
  open: boolean;
  tab: string;
  conversation: string;
}

/** A question or an answer. Whatever else may be said there is neither. */
interface Question {
  ask?: string;
  answer?: 'here' | 'elsewhere';
  nonce: string;
}

/** By key, the seat that an element of this page is about to take: the next one finds it taken, and shares it. */
const taking = new Map<string, Promise<void>>();

export class Seat {
  #head: Head;
  #channel: Channel<Question> | undefined;

  private constructor(
    readonly key: string,
    head: Partial<Head> | undefined,
    /** Whether what this tab keeps is its own, and not a copy of what another one does. */
    readonly isOld: boolean,
    /** Whether the page before has ended without a word. */
    readonly hasCrashed: boolean,
    /** A newer version of this chat has left it: that stays as it is. */
    private readonly isForeign: boolean,
  ) {
    const tab = readText(head?.tab, NAME_LIMIT) || createId();
    this.#head = { version: VERSION, live: true, open: head?.open === true, tab, conversation: readText(head?.conversation, NAME_LIMIT) };
  }

  /** @param open Whether the popup is open now. */
  static take(key: string, open: boolean): Promise<Seat> {
    const before = taking.get(key);
    const taken = (async () => {
      await before;
      return Seat.#take(key, open);
    })();
    taking.set(
      key,
      taken.then(
        () => {},
        () => {},
      ),
    );
    return taken;
  }

  static async #take(key: string, open: boolean): Promise<Seat> {
    const kept = read(key);
    const isForeign = Number(kept?.version) > VERSION;
    const found = isForeign ? undefined : kept;
    const isLive = found?.live === true;
    const isCopy = isLive && (await isTaken(found.tab));
    // Another frame of this very tab shares it, and so does another element of this page.
    const head = isCopy === 'elsewhere' ? undefined : isLive && !isCopy ? { ...found, tab: '' } : found;
    const seat = new Seat(key, head, isCopy !== 'elsewhere', isLive && !isCopy, isForeign);
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
      const { ask, nonce } = Object(question) as Question;
      if (ask === this.tab) this.#channel?.post({ answer: get(asking(nonce)) ? 'here' : 'elsewhere', nonce });
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
    if (this.isForeign) return;
    const { live, open, version, tab, conversation } = this.#head;
    put(name(this.key), JSON.stringify({ live, open, version, tab, conversation }));
  }
}

const NAME = 'ollama-chat';
/** An item for each question, since many may be asked at once; under a name that no key can have. */
const asking = (nonce: string) => `ollama-chat-asking:${nonce}`;
const name = (key: string) => `ollama-chat:${key}`;

/** Whether a page that is alive has this seat: in this tab, where it sees what is written here, or in another. */
async function isTaken(tab: unknown): Promise<'here' | 'elsewhere' | false> {
  const nonce = createId();
  put(asking(nonce), nonce);
  // Where there is no room for the question, only the answer 'here' takes nothing from anybody.
  const isAsked = get(asking(nonce)) === nonce;
  return new Promise(resolve => {
    const channel = new Channel<Question>(NAME, news => {
      const { answer, nonce: asked } = Object(news) as Question;
      if (answer && asked === nonce) end(isAsked ? answer : 'here');
    });
    const end = (answer: 'here' | 'elsewhere' | false) => {
      clearTimeout(timer);
      channel.close();
      put(asking(nonce), undefined);
      resolve(answer);
    };
    const timer = setTimeout(end, PATIENCE, false);
    channel.post({ ask: readText(tab, NAME_LIMIT), nonce });
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
