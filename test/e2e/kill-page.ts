/**
 * A chat in a tab that dies in the middle of an answer, by what a visitor or a machine can do to it; what had come by then, and
 * what the next page finds. Expects nothing: see `kill.spec.ts`.
 */
import type { Browser, CDPSession, Page } from '@playwright/test';
import type { ChatMessage } from '../../src/conversation/message.ts';
import type { OllamaServer } from '../support/ollama-server.ts';
import { type OwnChromium, startChromium } from '../support/own-chromium.ts';
import type { StaticServer } from '../support/static-server.ts';
import { Teller } from '../support/teller.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, pageHtml, test as base, watch } from './chat-page.ts';
import { readStore } from './stored.ts';

export { expect } from './chat-page.ts';

export type Reach = 'tab' | 'browser';

/** How a page ends. After `close` the next one is in a new tab; `hide` is a crash behind another tab. */
export type Way = 'crash' | 'reload' | 'link' | 'blank' | 'close' | 'hide';

/** When: at once after Enter, when the server has the request, at a token that the page has, at the end, half a second later. */
export type Moment = 'asked' | 'requested' | number | 'done' | 'rested';

/** What the page had, from the question on. */
export interface Seen {
  /** As `Date.now()` counts. */
  at: number;
  /** The last message. */
  id: string;
  /** Of the answer. */
  tokens: number;
  isDone: boolean;
  draft: string;
  isHidden: boolean;
}

export interface Death {
  way: Way;
  /** When the end began, as `Date.now()` counts. */
  at: number;
  /** What had come by then, in its order. */
  seen: Seen[];
  /** When the server sent each token, until the next page was there. */
  sent: number[];
  /** Whether it had sent the last line. */
  isSentWhole: boolean;
  /** What the page had at its very end, where it had the time to say so. */
  left: Found | undefined;
}

/** What the next page has. */
export interface Found {
  messages: ChatMessage[];
  draft: string;
}

/** One tab; its page is another one after each death. */
export class Mortal extends ChatPage {
  readonly #complaints: string[][] = [];
  #browser: Browser;
  #cdp: CDPSession | undefined;
  /** What is in front of it. */
  #other: Page | undefined;
  #seen: Seen[] = [];
  /** The last message before the question. */
  #last = '';
  #onSeen = () => {};

  constructor(
    readonly reach: Reach,
    readonly started: OwnChromium,
    readonly teller: Teller,
    browser: Browser,
    page: Page,
    ollama: OllamaServer,
    site: StaticServer,
  ) {
    super(page, ollama, site);
    this.#browser = browser;
  }

  /** Whatever the browser complained about on any of the pages. */
  get complaints(): string[] {
    return this.#complaints.flat();
  }

  /** Asks, goes on typing where there is the time for it, and waits for the moment to end. */
  async askAndDie(way: Way, moment: Moment, question: string, draft: string): Promise<Death> {
    const cdp = await this.#look();
    await this.box.fill(question);
    // Whoever types for longer than a moment has it kept already.
    if (moment === 'asked') await expect.poll(async () => (await readStore(this.page, this.reach)).draft).toBe(question);
    const requested = this.teller.nextRequest();
    await this.box.press('Enter');
    if (moment === 'requested') await requested;
    else if (moment !== 'asked') await Promise.all([this.box.fill(draft), this.#reached(moment)]);
    if (way === 'hide') await this.#hide();
    const at = Date.now();
    await this.#ways[way](cdp);
    const left = await this.page.evaluate(() => {
      const text = localStorage.getItem('left') ?? 'null';
      localStorage.removeItem('left');
      return (JSON.parse(text) ?? undefined) as Death['left'];
    });
    const { sent, isSentWhole } = this.teller;
    return { way, at, seen: this.#seen.filter(one => one.at <= at), sent: [...sent], isSentWhole, left };
  }

  /** @returns whether it is the same page that is there again. */
  async askLeaveAndComeBack(moment: number, question: string): Promise<boolean> {
    const cdp = await this.#look();
    await this.ask(question);
    await this.#reached(moment);
    await this.page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }), { once: true });
    });
    await this.page.goto(`${this.site.url}/other.html`);
    await this.page.goBack({ waitUntil: 'commit' });
    await expect.poll(() => evaluate(cdp, 'document.querySelector("ollama-chat")?.messages.length > 0')).toBe(true);
    return evaluate(cdp, 'window.persisted === true');
  }

  /** What the new page shows, once it does. */
  restored(): Promise<Found> {
    return this.page.evaluate(async () => {
      await customElements.whenDefined('ollama-chat');
      const chat = document.querySelector('ollama-chat') as OllamaChat;
      while (!chat.messages.length && !chat.draft) await new Promise(resolve => setTimeout(resolve, 10));
      await chat.updateComplete;
      return { messages: chat.messages, draft: chat.draft };
    });
  }

  /** Told by the widget: polling for it would take longer than an answer. */
  override async idle(): Promise<void> {
    await this.chat.evaluate(async (chat: OllamaChat) => {
      while (chat.phase !== 'idle') await new Promise(resolve => chat.addEventListener('chat-phase', resolve, { once: true }));
    });
  }

  async listen(): Promise<void> {
    this.#complaints.push(await watch(this.page));
  }

  async end(): Promise<void> {
    await this.page.close();
    await this.#browser.close();
  }

  /** The page says from now on what it has. */
  async #look(): Promise<CDPSession> {
    if (!this.#cdp) {
      this.#cdp = await this.page.context().newCDPSession(this.page);
      this.#cdp.on('Runtime.bindingCalled', ({ payload }) => {
        const seen = JSON.parse(payload) as Seen;
        if (seen.id === this.#last) return;
        this.#seen.push(seen);
        this.#onSeen();
      });
      await this.#cdp.send('Runtime.enable');
      await this.#cdp.send('Runtime.addBinding', { name: 'tell' });
    }
    await this.page.evaluate(tellWhatIsThere);
    this.#last = (await this.messages()).at(-1)?.id ?? '';
    this.#seen = [];
    return this.#cdp;
  }

  #reached(moment: Exclude<Moment, 'asked' | 'requested'>): Promise<void> {
    if (typeof moment === 'number') return this.#until(() => this.#seen.some(({ tokens }) => tokens >= moment));
    const rest = moment === 'rested' ? 550 : 0;
    return this.#until(() => this.#seen.some(({ isDone, at }) => isDone && Date.now() - at > rest));
  }

  #until(isSo: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const check = () => {
        if (!isSo()) return;
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(check, 20);
      this.#onSeen = check;
      check();
    });
  }

  /** Another tab comes in front of it. */
  async #hide() {
    this.#other = await this.page.context().newPage();
    await this.#other.bringToFront();
    const started = Date.now();
    // Not every browser hides what is behind.
    await this.#until(() => this.#seen.some(({ isHidden }) => isHidden) || Date.now() - started > 5000);
  }

  readonly #ways: Record<Way, (cdp: CDPSession) => Promise<unknown>> = {
    crash: cdp => this.#crash(cdp),
    hide: cdp => this.#crash(cdp),
    reload: () => this.page.reload(),
    link: () => this.page.goto(this.page.url().endsWith('?two') ? this.site.url : `${this.site.url}?two`),
    blank: async () => {
      await this.page.goto('about:blank');
      await this.page.goto(this.site.url);
    },
    close: async () => {
      const context = this.page.context();
      await this.page.close();
      await this.#become(await context.newPage());
      await this.page.goto(this.site.url);
    },
  };

  async #crash(cdp: CDPSession) {
    const crashed = new Promise(resolve => cdp.once('Inspector.targetCrashed', resolve));
    cdp.send('Page.crash').catch(() => {});
    await crashed;
    await this.#other?.close();
    await cdp.send('Page.reload');
    // For Playwright a page that has crashed is lost. The tab is not.
    const browser = await this.started.connect();
    await this.#browser.close();
    this.#browser = browser;
    const page = browser
      .contexts()[0]
      ?.pages()
      .find(one => one.url().startsWith(this.site.url));
    if (!page) throw new Error('The tab has not come back.');
    await this.#become(page);
  }

  async #become(page: Page) {
    this.#cdp = undefined;
    this.#other = undefined;
    Object.assign(this, new ChatPage(page, this.ollama, this.site));
    await this.listen();
  }
}

async function evaluate<T>(cdp: CDPSession, expression: string): Promise<T> {
  return (await cdp.send('Runtime.evaluate', { expression, returnByValue: true })).result.value as T;
}

/** Runs in the page. */
function tellWhatIsThere() {
  const chat = document.querySelector('ollama-chat') as OllamaChat;
  const { tell } = window as unknown as { tell: (text: string) => void };
  let before = '';
  const look = () => {
    const { messages, phase, draft } = chat;
    const { id = '', role, thinking = '', content = '' } = messages.at(-1) ?? {};
    const tokens = role === 'assistant' ? `${thinking}${content}`.split(' ').length - 1 : 0;
    const now = { id, tokens, isDone: tokens > 0 && phase === 'idle', draft, isHidden: document.hidden };
    if (JSON.stringify(now) !== before) tell(JSON.stringify({ ...now, at: Date.now() }));
    before = JSON.stringify(now);
  };
  setInterval(look, 10);
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', () => {
    localStorage.setItem('left', JSON.stringify({ messages: chat.messages, draft: chat.draft }));
  });
}

interface Fixtures {
  /** A tab of its own, closed after the test. */
  mortal: (reach: Reach) => Promise<Mortal>;
}

export const test = base.extend<Fixtures, { started: OwnChromium }>({
  started: [
    async ({}, use) => {
      const browser = await startChromium();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],

  mortal: async ({ started, serve, pages }, use) => {
    const opened: Mortal[] = [];
    await use(async reach => {
      const teller = new Teller();
      const ollama = await serve({ answer: teller.answer });
      const persist: Attributes = reach === 'tab' ? { layout: 'popup' } : { persist: 'browser' };
      // As most sites have it: a browser may keep a page that was left.
      const headers = { 'Cache-Control': 'max-age=0' };
      const body = pageHtml({ url: ollama.url, model: 'think', ...persist });
      const site = await pages({ 'index.html': { body, headers }, 'other.html': { body: '<p>Another page</p>', headers } });
      const browser = await started.connect();
      const page = await browser.contexts()[0]!.newPage();
      const at = new Mortal(reach, started, teller, browser, page, ollama, site);
      opened.push(at);
      await at.listen();
      await page.goto(site.url);
      if (reach === 'tab') await at.button('Open chat').click();
      return at;
    });
    await Promise.all(opened.map(at => at.end()));
  },
});
