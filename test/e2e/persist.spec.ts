/** What survives a page change and a reload in a tab, and what does not reach another tab. */
import { type Attributes, ChatPage, expect, type OllamaChat, pageHtml, test } from './chat-page.ts';

const ATTRIBUTES: Attributes = { layout: 'popup' };

/** A site of two pages with the same chat, and the chat on the first of them. */
const twoPages =
  (open: (attributes?: Attributes, options?: { body: (tag: string) => string }) => Promise<ChatPage>) =>
  (attributes: Attributes = ATTRIBUTES) =>
    open(attributes, {
      body: tag => `<h1>A page</h1><p><a href="?two">The other page</a> <a href="?" target="_blank" rel="opener">Another tab</a></p>${tag}`,
    });

test.describe('A popup', () => {
  test('keeps the conversation, the half answer, the draft and its being open when the visitor follows a link in mid-answer', async ({
    open,
  }) => {
    const chat = await twoPages(open)({ layout: 'popup', model: 'held' });
    await chat.button('Open chat').click();
    await chat.ask('What is new?');
    await expect(chat.answers).toContainText('Hello! This is');
    await chat.box.fill('And the next');
    const before = await chat.messages();

    await chat.page.getByRole('link', { name: 'The other page' }).click();
    await expect(chat.page).toHaveURL(/two/);
    await expect(chat.box).toBeVisible();
    await expect(chat.questions).toHaveText(/What is new\?/);
    await expect(chat.answers).toContainText('Hello! This is');
    await expect(chat.box).toHaveValue('And the next');
    expect(await chat.messages()).toEqual(
      before.map(message => ({ ...message, status: message.role === 'user' ? 'complete' : 'interrupted' })),
    );
    expect(chat.ollama.chats()).toHaveLength(1);
  });

  test('offers to go on with the answer that broke off, and the model goes on where it was', async ({ open }) => {
    const chat = await twoPages(open)({ layout: 'popup', model: 'held' });
    await chat.button('Open chat').click();
    await chat.ask('What is new?');
    await expect(chat.answers).toContainText('Hello! This is');
    await chat.page.reload();
    await expect(chat.log.getByText('The answer broke off here')).toBeVisible();
    await expect(chat.button('Try again')).toBeVisible();
    const [, half] = await chat.messages();
    await chat.set({ model: 'tiny' });
    await chat.button('Continue').click();
    await chat.idle();
    const [, whole, ...rest] = await chat.messages();
    expect(rest).toEqual([]);
    expect(whole).toMatchObject({ id: half?.id, status: 'complete' });
    expect(whole?.content.startsWith(half?.content ?? '-')).toBe(true);
    expect(chat.ollama.chats().at(-1)?.body.messages).toEqual([
      { role: 'user', content: 'What is new?' },
      { role: 'assistant', content: half?.content },
    ]);
  });

  test('stays closed on the next page when the visitor has closed it', async ({ open }) => {
    const chat = await twoPages(open)({ layout: 'popup', open: true });
    await chat.ask('Hello');
    await chat.idle();
    await chat.button('Close').click();
    await chat.page.reload();
    await expect.poll(async () => (await chat.messages()).length).toBe(2);
    await expect(chat.box).toBeHidden();
  });

  test('that was never opened loads nothing for it', async ({ open }) => {
    const chat = await twoPages(open)();
    await chat.page.getByRole('link', { name: 'The other page' }).click();
    await chat.page.waitForLoadState('networkidle');
    expect(chat.site.requests.filter(path => path.includes('parts/'))).toEqual([]);
    expect(await chat.page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('that is open again after a page change asks the server nothing until it is touched', async ({ open }) => {
    const chat = await twoPages(open)();
    await chat.button('Open chat').click();
    await chat.ask('Hello');
    await chat.idle();
    const before = chat.ollama.requests.length;
    await chat.page.reload();
    await expect(chat.answers).toHaveCount(1);
    await chat.page.waitForLoadState('networkidle');
    expect(chat.ollama.requests.length).toBe(before);
  });

  test('shares nothing with a tab that was opened from its page', async ({ open, context }) => {
    const chat = await twoPages(open)();
    await chat.button('Open chat').click();
    await chat.ask('Hello');
    await chat.idle();
    const opened = context.waitForEvent('page');
    await chat.page.getByRole('link', { name: 'Another tab' }).click();
    const other = new ChatPage(await opened, chat.ollama, chat.site);
    await other.button('Open chat').click();
    await other.ask('Another question');
    await other.idle();
    expect(await other.said()).toEqual(['user: Another question', expect.stringContaining('assistant: ')]);
    expect(await chat.said()).toEqual(['user: Hello', expect.stringContaining('assistant: ')]);
    await other.page.reload();
    await expect(other.questions).toHaveText(/Another question/);
    await chat.page.reload();
    await expect(chat.questions).toHaveText(/Hello/);
  });
});

test('An inline chat keeps nothing by itself', async ({ open }) => {
  const chat = await open();
  await chat.ask('Hello');
  await chat.idle();
  await chat.page.reload();
  await expect(chat.box).toBeVisible();
  expect(await chat.messages()).toEqual([]);
  expect(await chat.page.evaluate(async () => [sessionStorage.length, localStorage.length, (await indexedDB.databases()).length])).toEqual([
    0, 0, 0,
  ]);
});

test('With persist="browser" the conversation is there in another tab, and in step', async ({ open, context }) => {
  const chat = await open({ persist: 'browser', model: 'held' });
  await chat.ask('Hello');
  await expect(chat.answers).toContainText('Hello! This is');
  const page = await context.newPage();
  await page.goto(chat.site.url);
  const other = new ChatPage(page, chat.ollama, chat.site);
  await expect(other.answers).toContainText('Hello! This is');
  await expect(other.button('Stop')).toBeVisible();
  chat.ollama.release();
  await chat.idle();
  await other.idle();
  expect(await other.messages()).toEqual(await chat.messages());
  await other.ask('And now');
  await expect(chat.questions).toHaveCount(2);
  await expect(chat.button('Stop')).toBeVisible();
  await chat.button('Stop').click();
  await other.idle();
  expect((await other.messages()).at(-1)?.status).toBe('stopped');
  await chat.idle();
  await expect.poll(() => chat.messages()).toEqual(await other.messages());
  await page.close();
  await chat.page.reload();
  await expect.poll(async () => (await chat.messages()).length).toBe(4);
  expect(pageHtml({})).toContain('ollama-chat');
  expect(await chat.chat.evaluate((element: OllamaChat) => element.phase)).toBe('idle');
});
