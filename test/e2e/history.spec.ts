/** Several conversations: the list, its search, names, delete and undo, export and import. */
import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { type Attributes, type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

const KEPT: Attributes = { persist: 'browser' };

const list = (at: ChatPage): Locator => at.chat.getByRole('region', { name: 'Conversations' });
const rows = (at: ChatPage): Locator => list(at).getByRole('listitem');

/** One conversation for each text, the last one open. */
async function say(at: ChatPage, ...texts: string[]): Promise<void> {
  for (const [index, text] of texts.entries()) {
    if (index) await at.button('New chat').click();
    await at.ask(text);
    await at.idle();
  }
}

async function openList(at: ChatPage): Promise<void> {
  await at.button('Conversations').click();
  await expect(list(at)).toBeVisible();
}

test('New chat begins another conversation, and both are in the list by the first words of their first message', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'What is the weather in Hanoi?', 'Tell me a story');
  await openList(at);
  await expect(rows(at)).toHaveText([/Tell me a story/, /What is the weather in Hanoi\?/]);
  await rows(at)
    .getByRole('button', { name: /^What is the weather/ })
    .click();
  await expect(list(at)).toBeHidden();
  await expect(at.questions).toHaveText(/What is the weather in Hanoi\?/);
  await expect(at.box).toBeFocused();
});

test('each conversation has a draft of its own', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First', 'Second');
  await at.box.fill('for the second');
  await openList(at);
  await rows(at)
    .getByRole('button', { name: /^First/ })
    .click();
  await expect(at.questions).toHaveText(/First/);
  await expect(at.box).toHaveValue('');
  await at.box.fill('for the first');
  await openList(at);
  await rows(at)
    .getByRole('button', { name: /^Second/ })
    .click();
  await expect(at.box).toHaveValue('for the second');
  await at.page.reload();
  await expect(at.questions).toHaveText(/Second/);
  await expect(at.box).toHaveValue('for the second');
});

test('New chat can be undone, and the old conversation goes on', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await at.button('New chat').click();
  await at.button('Undo').click();
  await expect(at.questions).toHaveText(/First/);
  await at.ask('More');
  await at.idle();
  await openList(at);
  await expect(rows(at)).toHaveText([/First/]);
});

test('search finds words in titles and in answers', async ({ open }) => {
  const at = await open({ ...KEPT, model: 'echo', system: '' });
  await say(at, 'About bananas', 'About cherries');
  await openList(at);
  const search = list(at).getByRole('searchbox');
  await search.fill('BANANAS');
  await expect(rows(at)).toHaveText([/About bananas/]);
  await search.fill('"role":"user"');
  await expect(rows(at)).toHaveCount(2);
  await search.fill('nowhere');
  await expect(list(at).getByText('Nothing found')).toBeVisible();
});

test('a conversation can be renamed, and keeps that name', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await openList(at);
  await rows(at).first().hover();
  await at.button('Rename “First”').click();
  const field = list(at).getByRole('textbox', { name: 'New title of “First”' });
  await expect(field).toBeFocused();
  await field.fill('The first of all');
  await field.press('Enter');
  await expect(rows(at)).toHaveText([/The first of all/]);
  await list(at).getByRole('button', { name: 'Close' }).click();
  await at.ask('More');
  await at.idle();
  await at.page.reload();
  await openList(at);
  await expect(rows(at)).toHaveText([/The first of all/]);
});

test('a deleted conversation can be brought back until the list is closed', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First', 'Second');
  await openList(at);
  await rows(at).last().hover();
  await at.button('Delete “First”').click();
  await expect(rows(at)).toHaveText([/Second/]);
  await list(at).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(at)).toHaveText([/Second/, /First/]);
  await rows(at).last().hover();
  await at.button('Delete “First”').click();
  await expect(rows(at)).toHaveCount(1);
  await list(at).getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => records(at)).toEqual({ conversations: 1, messages: 2 });
});

test('deleting the one that is open begins a new one', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await openList(at);
  await rows(at).first().hover();
  await at.button('Delete “First”').click();
  await expect(list(at).getByText('No conversations yet')).toBeVisible();
  await list(at).getByRole('button', { name: 'Close' }).click();
  expect(await at.messages()).toEqual([]);
  await say(at, 'Anew');
  await at.page.reload();
  await expect(at.questions).toHaveText(/Anew/);
  expect(await records(at)).toEqual({ conversations: 1, messages: 2 });
});

test('Undo leads back to the conversation that was open', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  const before = await at.messages();
  await openList(at);
  await rows(at).first().hover();
  await at.button('Delete “First”').click();
  await list(at).getByRole('button', { name: 'Undo' }).click();
  await expect(rows(at)).toHaveText([/First/]);
  await list(at).getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => at.messages()).toEqual(before);
  await at.ask('Second');
  await at.idle();
  await at.page.reload();
  await expect(at.questions).toHaveText([/First/, /Second/]);
});

test('an exported conversation has the title that the visitor gave it, and keeps it when it is imported', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await openList(at);
  await rows(at).first().hover();
  await at.button('Rename “First”').click();
  const field = list(at).getByRole('textbox', { name: 'New title of “First”' });
  await field.fill('Rivers');
  await field.press('Enter');
  await expect(rows(at)).toHaveText([/Rivers/]);
  await list(at).getByRole('button', { name: 'Close' }).click();
  const json = await at.chat.evaluate((chat: OllamaChat) => chat.exportConversation());
  expect(JSON.parse(json)).toMatchObject({ title: 'Rivers' });
  await at.chat.evaluate((chat: OllamaChat, text) => chat.importConversation(text), json);
  await openList(at);
  await expect(rows(at)).toHaveText([/Rivers/, /Rivers/]);
  await at.page.reload();
  await openList(at);
  await expect(rows(at)).toHaveText([/Rivers/, /Rivers/]);
});

test('Delete all leaves nothing in the browser', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First', 'Second');
  await openList(at);
  await at.button('Delete all').click();
  await list(at).getByRole('button', { name: 'Close' }).click();
  await expect.poll(() => records(at)).toEqual({ conversations: 0, messages: 0 });
});

test('a conversation can be exported, deleted, and imported again', async ({ open, page }) => {
  const at = await open(KEPT);
  await say(at, 'What is new?');
  const before = await at.messages();
  await openList(at);
  await rows(at).first().hover();
  await at.button('Export “What is new?”').click();
  const download = page.waitForEvent('download');
  await at.button('To import again (JSON)').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('What-is-new.json');
  const path = await file.path();
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
    format: 'ollama-chat',
    version: 1,
    title: 'What is new?',
    messages: before,
  });

  await rows(at).first().hover();
  await at.button('Delete “What is new?”').click();
  await list(at)
    .locator('input[type=file]')
    .setInputFiles({ name: 'chat.json', mimeType: 'application/json', buffer: await readFile(path) });
  await expect(list(at)).toBeHidden();
  await expect(at.questions).toHaveText(/What is new\?/);
  expect(await at.messages()).toEqual(before);
});

test('a file that is no conversation is refused in words, and nothing changes', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await openList(at);
  const file = { name: 'chat.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"other"}') };
  await list(at).locator('input[type=file]').setInputFiles(file);
  await expect(list(at).getByRole('alert')).toContainText('This file holds no conversation');
  await expect(rows(at)).toHaveText([/First/]);
});

test('the page can export and import, in every reach', async ({ open }) => {
  const at = await open({ persist: 'false' });
  await say(at, 'First');
  const before = await at.messages();
  const json = await at.chat.evaluate((chat: OllamaChat) => chat.exportConversation());
  const markdown = await at.chat.evaluate((chat: OllamaChat) => chat.exportConversation('markdown'));
  expect(markdown).toContain('First');
  await at.chat.evaluate((chat: OllamaChat) => (chat.messages = []));
  await at.chat.evaluate((chat: OllamaChat, text) => chat.importConversation(text), json);
  expect(await at.messages()).toEqual(before);
  const refused = await at.chat.evaluate((chat: OllamaChat) =>
    chat.importConversation('{').catch((error: Error) => `${error.name}: ${error.message}`),
  );
  expect(refused).toMatch(/^ImportError: .*JSON/);
  expect(await at.messages()).toEqual(before);
});

test('Escape closes the list and leaves the popup open; the focus is in the composer', async ({ open }) => {
  const at = await open({ ...KEPT, layout: 'popup' });
  await at.button('Open chat').click();
  await say(at, 'First');
  await openList(at);
  await expect(list(at)).toBeFocused();
  await at.page.keyboard.press('Escape');
  await expect(list(at)).toBeHidden();
  await expect(at.box).toBeFocused();
});

test('while the list is open nothing behind it can be reached by keyboard', async ({ open }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  await openList(at);
  const inside = () => at.chat.evaluate(chat => !!chat.shadowRoot?.activeElement?.closest('.history'));
  expect(await inside()).toBe(true);
  await expect(at.box).toBeHidden();
});

test('another tab that shows a deleted conversation begins a new one', async ({ open, context }) => {
  const at = await open(KEPT);
  await say(at, 'First');
  const other = await context.newPage();
  await other.goto(at.site.url);
  await expect(other.getByRole('article', { name: 'You' })).toHaveText(/First/);
  await openList(at);
  await at.button('Delete all').click();
  await expect(other.getByRole('article', { name: 'You' })).toHaveCount(0);
});

/** How many there are in the browser. */
function records(at: ChatPage): Promise<{ conversations: number; messages: number }> {
  return at.page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>(resolve => {
      const request = indexedDB.open('ollama-chat');
      request.onsuccess = () => resolve(request.result);
    });
    const count = (store: string) =>
      new Promise<number>(resolve => {
        const request = db.transaction(store).objectStore(store).count();
        request.onsuccess = () => resolve(request.result);
      });
    const counted = { conversations: await count('conversations'), messages: await count('messages') };
    db.close();
    return counted;
  });
}
