/**
 * A page with a chat, an Ollama to talk to, and what a reader finds there: by roles and names, as assistive technology does.
 * A test also fails for whatever the browser complains about: an exception, an unhandled rejection, an error on the console.
 */
import { expect, test as base, type Frame, type Locator, type Page } from '@playwright/test';
import type { ChatMessage } from '../../src/conversation/message.ts';
import type { ChatErrorDetail } from '../../src/errors.ts';
import type { OllamaChat } from '../../src/ollama-chat.ts';
import { type OllamaServer, type ServerOptions, startOllama } from '../support/ollama-server.ts';
import { type Page as StaticPage, servePages, type StaticServer } from '../support/static-server.ts';

export { expect } from '@playwright/test';
export type { OllamaChat } from '../../src/ollama-chat.ts';

export interface PageOptions {
  /** What the page holds; by default the tag alone. */
  body?: (tag: string) => string;
  head?: string;
  lang?: string;
  headers?: Record<string, string>;
  server?: ServerOptions;
  /** An address, with a slash at its end, to have the page at instead of the static server's own. No request leaves for it. */
  at?: string;
}

/** Attributes of the tag; `true` is one without a value, `null` leaves out a default. */
export type Attributes = Record<string, string | true | null>;

/** What `document` heard of the chat. */
export interface HeardEvent {
  type: string;
  text?: string;
  phase?: string;
  message?: ChatMessage;
  kind?: string;
  detail?: ChatErrorDetail;
  open?: boolean;
  model?: string;
}

export class ChatPage {
  readonly chat: Locator;
  readonly box: Locator;
  readonly log: Locator;
  readonly alert: Locator;
  readonly answers: Locator;
  readonly questions: Locator;

  constructor(
    readonly page: Page,
    readonly ollama: OllamaServer,
    readonly site: StaticServer,
    names = { answer: 'Answer', you: 'You' },
    /** The frame of the page that holds the chat. */
    readonly frame: Page | Frame = page,
  ) {
    this.chat = frame.locator('ollama-chat');
    this.box = this.chat.getByRole('textbox');
    this.log = this.chat.getByRole('log');
    this.alert = this.chat.getByRole('alert');
    this.answers = this.log.getByRole('article', { name: names.answer });
    this.questions = this.log.getByRole('article', { name: names.you });
  }

  button(name: string): Locator {
    return this.chat.getByRole('button', { name, exact: true });
  }

  /** Asks as a visitor does: words, Enter. */
  async ask(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press('Enter');
  }

  /** Resolves when nothing is being answered any more. */
  async idle(): Promise<void> {
    await expect.poll(() => this.chat.evaluate((chat: OllamaChat) => chat.phase), { timeout: 30_000 }).toBe('idle');
  }

  messages(): Promise<ChatMessage[]> {
    return this.chat.evaluate((chat: OllamaChat) => chat.messages);
  }

  /** The messages as `role: content`, which is how a failure reads best. */
  async said(): Promise<string[]> {
    return (await this.messages()).map(({ role, content }) => `${role}: ${content}`);
  }

  set(properties: Partial<Pick<OllamaChat, 'model' | 'url' | 'system' | 'open' | 'draft' | 'theme' | 'lang'>>): Promise<void> {
    return this.chat.evaluate((chat: OllamaChat, changes) => void Object.assign(chat, changes), properties);
  }

  /** Begins with a conversation, without asking anybody. */
  async begin(...said: string[]): Promise<void> {
    const messages = said.map((content, index) => ({ role: index % 2 ? ('assistant' as const) : ('user' as const), content }));
    await this.chat.evaluate((chat: OllamaChat, given) => void (chat.messages = given), messages);
  }

  /** Those of one type, or all; phases included. */
  async events(type?: string): Promise<HeardEvent[]> {
    const heard = await this.frame.evaluate(() => (window as unknown as { heard: HeardEvent[] }).heard);
    return type ? heard.filter(event => event.type === type) : heard;
  }
}

interface Fixtures {
  /** A server of one's own, closed after the test. */
  serve: (options?: ServerOptions) => Promise<OllamaServer>;
  /** Pages of one's own, closed after the test. */
  pages: (pages: Record<string, StaticPage>) => Promise<StaticServer>;
  open: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;
}

export const test = base.extend<Fixtures>({
  serve: async ({}, use) => {
    const servers: OllamaServer[] = [];
    await use(async options => {
      const server = await startOllama(options);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map(server => server.close()));
  },

  pages: async ({}, use) => {
    const sites: StaticServer[] = [];
    await use(async pages => {
      const site = await servePages(pages);
      sites.push(site);
      return site;
    });
    await Promise.all(sites.map(site => site.close()));
  },

  page: async ({ page }, use) => {
    const complaints = await watch(page);
    await use(page);
    expect(complaints, 'the browser has nothing to complain about').toEqual([]);
  },

  open: async ({ page, serve, pages }, use) => {
    await use(async (attributes = {}, { server, at, ...options } = {}) => {
      const ollama = await serve(server);
      const html = pageHtml({ url: ollama.url, model: 'tiny', ...attributes }, options);
      const site = await pages({ 'index.html': { body: html, headers: options.headers ?? {} } });
      if (at)
        await page.route(`${at}**`, async route =>
          route.fulfill({ response: await route.fetch({ url: site.url + new URL(route.request().url()).pathname }) }),
        );
      await page.goto(at ?? site.url);
      await page.evaluate(() => customElements.whenDefined('ollama-chat'));
      return new ChatPage(page, ollama, site);
    });
  },
});

/** Whatever the browser complains about from now on. Listens to the chats, too. */
export async function watch(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  // Includes rejections that nobody handled.
  page.on('pageerror', error => complaints.push(`${error.name}: ${error.message}`));
  page.on('console', message => {
    if (message.type() === 'error' && !isNetworkLine(message.text())) complaints.push(message.text());
  });
  await page.addInitScript(listen);
  return complaints;
}

/** What the browser says by itself of a request that failed, and nobody can keep it from saying. */
export const isNetworkLine = (text: string) =>
  /^Failed to load resource: |^Access to fetch at .* has been blocked by CORS policy|^Mixed Content: .* has been blocked/.test(text);

export const tagHtml = (attributes: Attributes) =>
  `<ollama-chat${Object.entries(attributes)
    .map(([name, value]) => (value === null ? '' : value === true ? ` ${name}` : ` ${name}="${value.replaceAll('"', '&quot;')}"`))
    .join('')}></ollama-chat>`;

export function pageHtml(attributes: Attributes, { body = tag => tag, head = '', lang = 'en' }: PageOptions = {}): string {
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page with a chat</title>
<link rel="icon" href="data:,">
<script src="/cdn/ollama-chat.js" defer></script>
${head}
</head>
<body>${body(tagHtml(attributes))}</body>
</html>`;
}

/** Runs in the page, before anything of it. */
function listen() {
  const heard: HeardEvent[] = [];
  Object.assign(window, { heard });
  for (const type of ['chat-send', 'chat-reply', 'chat-phase', 'chat-error', 'chat-toggle', 'chat-model-change']) {
    document.addEventListener(type, event => {
      const { text, phase, message, error, open, model } = event as Event &
        HeardEvent & { error?: { kind: string; detail: ChatErrorDetail } };
      heard.push(
        JSON.parse(JSON.stringify({ type, text, phase, message, kind: error?.kind, detail: error?.detail, open, model })) as HeardEvent,
      );
    });
  }
}

/** The longest that the page's thread was busy with one thing, in milliseconds, from now on. */
export async function watchBlocks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const blocks: number[] = [0];
    new PerformanceObserver(list => blocks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
    Object.assign(window, { blocks });
  });
  return () => page.evaluate(() => Math.max(...(window as unknown as { blocks: number[] }).blocks));
}

/** Where an element is, in whole CSS pixels. */
export async function rect(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${String(locator)} is not shown`);
  const [left, top, width, height] = [box.x, box.y, box.width, box.height].map(Math.round) as [number, number, number, number];
  return { left, top, width, height, right: left + width, bottom: top + height };
}
