/**
 * A page that many faults share, each with a widget of its own, and the one check that they all have in common: the cause is named,
 * nothing typed or received is lost, and the next question is answered.
 */
import type { Browser } from '@playwright/test';
import type { ChatErrorKind } from '../../src/errors.ts';
import { SAMPLE } from '../support/behaviours.ts';
import { type Fault, type FaultServer, startFaultServer } from '../support/fault-server.ts';
import { healthy } from '../support/faults.ts';
import { servePages, type StaticServer } from '../support/static-server.ts';
import {
  type Attributes,
  ChatPage,
  type HeardEvent,
  type OllamaChat,
  expect,
  pageHtml,
  tagHtml,
  test as base,
  watch,
} from './chat-page.ts';

export { expect } from './chat-page.ts';
export type { OllamaChat } from './chat-page.ts';

export const QUESTION = 'Why is the sky blue?';
export const UNSENT = 'And the sea?';

/** What a visitor reads. A page of this computer's own server sees the cause itself. */
const TITLES: Partial<Record<ChatErrorKind, string>> = {
  unreachable: 'Ollama on this computer doesn’t answer',
  'origin-refused': 'Ollama is running, but doesn’t accept this page',
  'no-answer': 'The connection ended without an answer',
  redirected: 'The server sends this chat elsewhere',
  'host-refused': 'The server refused without a word',
  proxy: 'The model server doesn’t answer',
  'not-ollama': 'Something else than Ollama answered',
  unauthorized: 'The server refused this request',
  'sign-in': 'This model runs in Ollama’s cloud',
  'cloud-unavailable': 'Ollama’s cloud can’t be reached',
  busy: 'The server is busy',
  'no-model': 'Ollama has no model to chat with',
  'out-of-memory': 'Not enough memory for this model',
  crashed: 'The model stopped on the server',
  'load-timeout': 'The model took too long to load',
  'too-long': 'This chat is too long for the model',
  'bad-request': 'The server doesn’t accept this request',
  'bad-tool-call': 'The model wrote a tool call that can’t be read',
  interrupted: 'The answer was interrupted',
  'bad-line': 'The answer can’t be read',
  'too-large': 'The answer is too long to show',
  'empty-reply': 'The model answered nothing',
  server: 'The server reported a problem',
};

/** What becomes of a question. */
export interface Outcome {
  /** How it failed; absent where the visitor gets an answer. */
  kind?: ChatErrorKind;
  /** The alert's title, where the kind alone does not say it. */
  title?: string;
  /** What the alert says besides. */
  says?: readonly string[];
  /** What remains of the answer; of a whole one {@link SAMPLE}. */
  kept?: string;
  /** How often the server was asked. */
  asked?: number;
  /** Whether the next question goes without this one: the model is known to read less. */
  forgotten?: boolean;
}

export interface Case extends Outcome {
  /** What the server answers to the question. */
  fault?: Fault;
  /** What happens to it before it is asked. */
  before?: (at: FaultPage) => void | Promise<void>;
  attributes?: Attributes;
  /** How a well server answers the next question. */
  well?: Fault;
  /** Whether the server leaves the connection open: the widget has to close it. */
  open?: boolean;
}

export class FaultPage extends ChatPage {
  constructor(
    page: ChatPage['page'],
    readonly server: FaultServer,
    site: StaticServer,
  ) {
    super(page, server, site);
  }

  /** A new widget in the place of all others. It loads nothing ahead and tries nothing again unless told to. */
  async fresh(attributes: Attributes = {}): Promise<void> {
    const tag = tagHtml({ url: this.server.url, model: 'm', preload: 'none', retries: '0', ...attributes });
    await this.page.evaluate(html => {
      document.body.innerHTML = html;
      (window as unknown as { heard: unknown[] }).heard.length = 0;
    }, tag);
  }

  /** Told by the widget: polling for it would take most of the time of these tests. */
  override async idle(): Promise<void> {
    await this.chat.evaluate(async (chat: OllamaChat) => {
      while (chat.phase !== 'idle') await new Promise(resolve => chat.addEventListener('chat-phase', resolve, { once: true }));
    });
  }

  /** Asks, with more typed than sent. */
  async askAndType(): Promise<void> {
    await this.ask(QUESTION);
    await this.box.fill(UNSENT);
  }

  /** Waits until the page has read what came: what a browser has not passed on when a connection breaks, it drops. */
  async hasRead(text: string): Promise<void> {
    await expect.poll(async () => (await this.messages()).at(-1)?.content).toBe(text);
  }

  /** The cause is named, and nothing typed or received is lost. */
  async holds({ kind, title = kind && TITLES[kind], says = [], kept = kind ? undefined : SAMPLE }: Outcome): Promise<void> {
    await this.idle();
    expect(await this.failures()).toEqual(kind ? [kind] : []);
    if (kind) {
      await expect(this.alert).toHaveCount(1);
      await expect(this.alert.getByText(title ?? kind, { exact: true })).toBeVisible();
      const words = (await this.alert.innerText()).replace(/\s+/g, ' ');
      for (const said of says) expect(words).toContain(said.trim().replace(/\s+/g, ' '));
      // Neither a server's JSON or HTML nor ours.
      expect(words).not.toMatch(/[{}]|<\/?\w+>|\[object|undefined|NaN/);
      await expect(this.button('Try again')).toBeEnabled();
    } else {
      await expect(this.alert).toHaveCount(0);
    }
    await expect(this.questions).toHaveText([QUESTION]);
    await expect(this.box).toHaveValue(UNSENT);
    await expect(this.button('Stop')).toHaveCount(0);
    const status = kind ? 'interrupted' : 'complete';
    expect((await this.messages()).map(message => [message.role, message.content, message.status])).toEqual([
      ['user', QUESTION, 'complete'],
      ...(kept === undefined ? [] : [['assistant', kept, status]]),
    ]);
  }

  /** The kinds that `chat-error` told since this was last asked. */
  failures(): Promise<(string | undefined)[]> {
    return this.page.evaluate(() => {
      const { heard } = window as unknown as { heard: HeardEvent[] };
      return heard.splice(0).flatMap(({ type, kind }) => (type === 'chat-error' ? [kind] : []));
    });
  }

  /** Every text of the status from now on, in order. */
  async statuses(): Promise<() => Promise<string[]>> {
    const texts = await this.chat.evaluateHandle((chat: OllamaChat) => {
      const status = chat.shadowRoot!.querySelector('[role="status"]')!;
      const said: string[] = [];
      const look = () => {
        const text = status.textContent.trim();
        if (text && text !== said.at(-1)) said.push(text);
      };
      new MutationObserver(look).observe(status, { childList: true, characterData: true, subtree: true });
      return said;
    });
    return () => texts.evaluate(said => said);
  }

  /** Ends the answer in some way of the visitor's; the server sees it at once, and nobody calls it a failure. */
  async ends(end: () => Promise<void>): Promise<void> {
    const request = this.server.chats().at(-1);
    const before = Date.now();
    await end();
    if (request) expect((await this.server.waitForClose(request)) - before).toBeLessThan(2000);
    expect(await this.failures()).toEqual([]);
    await expect(this.alert).toHaveCount(0);
  }

  /** What was left in the box is sent by Enter, and answered; the whole history goes with it. */
  async goesOn(kept = '', forgotten = false): Promise<void> {
    const before = this.server.chats().length;
    await this.box.press('Enter');
    await this.idle();
    await expect(this.alert).toHaveCount(0);
    expect((await this.messages()).at(-1)).toMatchObject({ role: 'assistant', content: SAMPLE, status: 'complete' });
    expect((await this.messages()).filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([QUESTION, UNSENT]);
    const sent = this.server.chats().slice(before);
    const said = sent.map(({ body }) => body.messages.map(({ role, content }) => `${role}: ${content}`));
    // Over `/v1` there are no empty answers, and no two questions in a row.
    if (!kept && !forgotten && sent[0]?.path.startsWith('/v1/')) return expect(said).toEqual([[`user: ${QUESTION}\n\n${UNSENT}`]]);
    expect(said).toEqual([[...(forgotten ? [] : [`user: ${QUESTION}`, `assistant: ${kept}`]), `user: ${UNSENT}`]]);
  }

  /** One fault, from the question to the next one. */
  async survives({
    fault = healthy,
    before: befall,
    attributes = {},
    well = healthy,
    asked = 1,
    open = false,
    ...outcome
  }: Case): Promise<void> {
    const before = this.server.chats().length;
    await this.fresh(attributes);
    this.server.play(fault);
    await befall?.(this);
    await this.askAndType();
    const { kind, kept } = outcome;
    if (kind && kept !== undefined) await this.hasRead(kept);
    this.server.release();
    await this.holds(outcome);
    const requests = this.server.chats().slice(before);
    expect(requests).toHaveLength(asked);
    if (open) {
      const idle = Date.now();
      expect((await this.server.waitForClose(requests.at(-1)!)) - idle).toBeLessThan(2000);
    }
    await this.server.heal();
    this.server.play(well);
    // How patient a widget is was part of the fault.
    if ('timeout' in attributes) await this.chat.evaluate(chat => chat.removeAttribute('timeout'));
    await this.goesOn(kept ?? (kind ? '' : SAMPLE), outcome.forgotten);
  }
}

interface Workbench {
  at: FaultPage;
  complaints: string[];
  close: () => Promise<void>;
}

/** @param own Whether the page comes from the server itself, as behind a gateway. */
async function openWorkbench(browser: Browser, own: boolean): Promise<Workbench> {
  const server = await startFaultServer();
  const html = pageHtml({ url: server.url, model: 'm' });
  const site = await servePages({ 'index.html': html });
  server.page = html.replace('src="', `src="${site.url}`);
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(own ? `${server.url}/page` : site.url);
  await page.evaluate(() => customElements.whenDefined('ollama-chat'));
  const close = async () => {
    await context.close();
    await Promise.all([site.close(), server.close()]);
  };
  return { at: new FaultPage(page, server, site), complaints, close };
}

export const test = base.extend<{ at: FaultPage; own: boolean }, { workbenches: (own: boolean) => Promise<Workbench> }>({
  own: [false, { option: true }],

  workbenches: [
    async ({ browser }, use) => {
      const open = new Map<boolean, Promise<Workbench>>();
      await use(own => {
        const known = open.get(own) ?? openWorkbench(browser, own);
        open.set(own, known);
        return known;
      });
      for (const workbench of open.values()) await (await workbench).close();
    },
    { scope: 'worker' },
  ],

  at: async ({ workbenches, own }, use) => {
    const { at, complaints } = await workbenches(own);
    await at.server.heal();
    complaints.length = 0;
    await use(at);
    expect(complaints, 'the browser has nothing to complain about').toEqual([]);
  },
});
