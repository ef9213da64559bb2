/** A site whose storage a test prepares before the chat comes, and what is in it afterwards. */
import type { Page } from '@playwright/test';
import type { ChatMessage } from '../../src/conversation/message.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, type PageOptions, pageHtml, test as base } from './chat-page.ts';

export { expect } from './chat-page.ts';
export type { ChatPage, OllamaChat } from './chat-page.ts';

export const REACHES = ['tab', 'browser'] as const;
export type Reach = (typeof REACHES)[number];

/** How each notice begins. */
export const NOTICES = {
  blocked: 'The browser lets this page store nothing',
  full: 'The browser’s storage is full',
  newer: 'This conversation was kept by a newer version',
  damaged: 'A part of this conversation can’t be read',
};

/** The notices of the chat about what is kept, those that stand there now. */
export const notices = (at: ChatPage) => at.chat.getByRole('status').filter({ hasText: new RegExp(Object.values(NOTICES).join('|')) });

/** It says so, once, in the page's words, and the visitor can put that away. */
export async function saysOnce(at: ChatPage, notice: keyof typeof NOTICES) {
  await expect(notices(at)).toHaveText(new RegExp(`^${NOTICES[notice]}`));
  await expect(notices(at)).toBeVisible();
  await at.button('OK').click();
  await expect(notices(at)).toHaveCount(0);
}

/** The strictest policy that a page with a chat can have. */
const policy = (server: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; img-src blob:; connect-src ${server}; require-trusted-types-for 'script'; trusted-types ollama-chat ollama-chat-lit`;

export const test = base.extend<{
  /** A page of the site that has no chat, and the way to the one that has. */
  prepare: (attributes?: Attributes, options?: PageOptions & { isStrict?: boolean }) => Promise<ChatPage>;
}>({
  prepare: async ({ page, serve, pages }, use) => {
    await use(async (attributes = {}, { server, isStrict, ...options } = {}) => {
      const ollama = await serve(server);
      // Not the picture that keeps browsers from asking for one: the policy knows none of that kind.
      const body = pageHtml({ url: ollama.url, model: 'tiny', ...attributes }, options).replace('<link rel="icon" href="data:,">', '');
      const headers: Record<string, string> = isStrict ? { 'Content-Security-Policy': policy(ollama.url) } : {};
      const site = await pages({ 'index.html': { body, headers }, 'empty.html': '<!doctype html><title>Nothing</title>' });
      await page.goto(`${site.url}/empty.html`);
      return new ChatPage(page, ollama, site);
    });
  },
});

/** To the page with the chat, or to it again; what was kept is there. */
export async function come(at: ChatPage, url = at.site.url): Promise<void> {
  await at.page.goto(url);
  await settled(at);
}

/** Nothing is read from the storage any more. */
export async function settled(at: ChatPage): Promise<void> {
  await at.page.evaluate(() => customElements.whenDefined('ollama-chat'));
  await at.chat.evaluateAll(chats => Promise.all(chats.map(chat => (chat as OllamaChat).exportConversation())));
}

/** One question and its answer. */
export async function asks(at: ChatPage, text: string): Promise<void> {
  const before = at.ollama.chats().length;
  await at.ask(text);
  await expect.poll(() => at.ollama.chats().length).toBe(before + 1);
  await at.idle();
  expect((await at.messages()).at(-1)).toMatchObject({ role: 'assistant', status: 'complete' });
}

/** What is kept under `key`, in its order: of several conversations, the one that changed last. */
export const kept = (page: Page, reach: Reach, key = 'default'): Promise<ChatMessage[]> =>
  page.evaluate(reach === 'tab' ? keptInTab : keptInBrowser, key);

export const keptTexts = async (page: Page, reach: Reach, key?: string) => (await kept(page, reach, key)).map(({ content }) => content);

// These run in the page.

function keptInTab(key: string) {
  const item = (name: string) => JSON.parse(sessionStorage.getItem(`ollama-chat:${key}:chat${name}`) ?? 'null');
  return ((item('')?.order ?? []) as string[]).map(id => item(`:${id}`));
}

async function keptInBrowser(key: string) {
  const done = <Result>(request: IDBRequest<Result>) =>
    new Promise<Result>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  if (!(await indexedDB.databases()).some(({ name }) => name === 'ollama-chat')) return [];
  const db = await done(indexedDB.open('ollama-chat'));
  try {
    const both = db.transaction(['conversations', 'messages']);
    const [conversations, messages] = [both.objectStore('conversations'), both.objectStore('messages')];
    const own = (await done(conversations.getAll())).filter(conversation => conversation.key === key);
    const id = own.toSorted((a, b) => b.updated - a.updated)[0]?.id;
    return (await done(messages.index('order').getAll())).filter(message => message.key === key && message.conversation === id);
  } finally {
    db.close();
  }
}
