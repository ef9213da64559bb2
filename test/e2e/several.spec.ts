/** Several chats on one page: what is one's own stays there. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { ChatPage, expect, type OllamaChat, type PageOptions, type Attributes, test as base } from './chat-page.ts';

const test = base.extend<{ openAll: (all: Attributes[], options?: PageOptions) => Promise<ChatPage[]> }>({
  /** A chat for each of `all`, on one page and with one server. */
  openAll: async ({ open }, use) => {
    await use(async (all, options = {}) => {
      const at = await open({}, { ...options, body: tag => all.map(() => tag).join('') });
      await at.chat.evaluateAll((chats, given) => {
        for (const [index, chat] of chats.entries()) {
          for (const [name, value] of Object.entries(given[index]!)) chat.setAttribute(name, value === true ? '' : value!);
        }
      }, all);
      return all.map((attributes, index) => {
        const one = new ChatPage(at.page, at.ollama, at.site, attributes['lang'] === 'vi' ? { answer: 'Trả lời', you: 'Bạn' } : undefined);
        return narrowed(one, index);
      });
    });
  },
});

/** The same page, seen by its `index`th chat alone. */
function narrowed(at: ChatPage, index: number): ChatPage {
  const chat = at.chat.nth(index);
  const log = chat.getByRole('log');
  const article = (name: string) => log.getByRole('article', { name });
  const parts = { chat, log, box: chat.getByRole('textbox'), alert: chat.getByRole('alert') };
  return Object.assign(at, parts, { answers: article('Answer').or(article('Trả lời')), questions: article('You').or(article('Bạn')) });
}

test('each streams its own answer at the same time, and is stopped alone', async ({ openAll }) => {
  const [first, second, third] = (await openAll([{ model: 'stalls' }, { model: 'held' }, { model: 'never-ends' }])) as [
    ChatPage,
    ChatPage,
    ChatPage,
  ];
  await first.ask('One?');
  await second.ask('Two?');
  await third.ask('Three?');
  await expect(first.answers).toContainText(PARTIAL);
  await expect(second.answers).toContainText('Hello!');
  await expect(third.answers).toContainText('word 20');
  await first.button('Stop').click();
  await expect(first.answers).toContainText('Stopped');
  expect(await second.chat.evaluate((chat: OllamaChat) => chat.phase)).toBe('answering');
  await third.chat.evaluate(chat => chat.remove());
  const asked = first.ollama.chats();
  await first.ollama.waitForClose(asked.find(({ body }) => body.model === 'never-ends')!);
  second.ollama.release();
  await second.idle();
  expect(await first.said()).toEqual(['user: One?', `assistant: ${PARTIAL}`]);
  expect(await second.said()).toEqual(['user: Two?', `assistant: ${SAMPLE}`]);
  expect(asked.map(({ body }) => body.messages.map(({ content }) => content))).toEqual([['One?'], ['Two?'], ['Three?']]);
});

test('drafts, messages, failures, meters and the offer to undo are each one’s own', async ({ openAll }) => {
  const [first, second, third] = (await openAll([{}, { model: 'nope', heading: 'Second' }, { lang: 'vi' }])) as [
    ChatPage,
    ChatPage,
    ChatPage,
  ];
  await third.box.fill('bản nháp');
  await first.ask('One?');
  await first.idle();
  await first.box.fill('a draft');
  await second.ask('Two?');
  await expect(second.alert).toContainText('The model nope isn’t installed');
  await expect(first.alert).toHaveCount(0);
  await expect(third.alert).toHaveCount(0);
  await expect(first.chat.getByRole('meter')).toHaveCount(1);
  await expect(third.chat.getByRole('meter')).toHaveCount(0);
  await expect(second.box).toHaveValue('');
  await expect(third.box).toHaveValue('bản nháp');

  await first.button('New chat').click();
  await expect(first.button('Undo')).toBeVisible();
  await expect(first.questions).toHaveCount(0);
  await expect(second.questions).toHaveText('Two?');
  await expect(second.button('Undo')).toHaveCount(0);
  await first.button('Undo').click();
  expect(await first.said()).toEqual(['user: One?', `assistant: ${SAMPLE}`]);
  expect(await second.said()).toEqual(['user: Two?']);
  expect(await third.messages()).toEqual([]);

  await second.set({ model: 'tiny' });
  await second.button('Try again').click();
  await second.idle();
  await expect(second.alert).toHaveCount(0);
  await expect(first.box).toHaveValue('a draft');
  expect(first.ollama.chats().at(-1)?.body.messages).toEqual([{ role: 'user', content: 'Two?' }]);
});

test('what one has found out about its model says nothing of another’s', async ({ openAll }) => {
  const [first, second] = (await openAll([{ model: 'tiny' }, { model: 'think' }])) as [ChatPage, ChatPage];
  await first.box.focus();
  await expect(first.chat.getByText('loaded', { exact: true })).toBeAttached();
  await expect(second.chat.getByText('loaded', { exact: true })).toHaveCount(0);
  expect(first.ollama.requests.some(({ body }) => (body as { model?: string } | undefined)?.model === 'think')).toBe(false);
  // Of what one model refuses, another one hears nothing.
  for (const one of [first, second]) {
    await one.chat.evaluate(chat => chat.setAttribute('think', ''));
    await one.ask('Why?');
    await one.idle();
  }
  expect(first.ollama.chats().map(({ body }) => [body.model, body.think])).toEqual([
    ['tiny', true],
    ['tiny', undefined],
    ['think', true],
  ]);
});

test('the choice of a system in one failure leaves the other failure’s as it is', async ({ openAll }) => {
  const [first, second] = (await openAll([{}, {}], { server: { origins: [] } })) as [ChatPage, ChatPage];
  for (const one of [first, second]) {
    await one.ask('Why?');
    await expect(one.alert.getByRole('radio')).toHaveCount(5);
  }
  const chosen = ({ alert }: ChatPage) => alert.getByRole('radio', { checked: true });
  await expect(chosen(first)).toHaveAccessibleName('Linux');
  await first.alert.getByRole('radio', { name: 'Docker' }).check();
  await expect(first.alert).toContainText('docker run');
  await expect(chosen(second)).toHaveAccessibleName('Linux');
  await expect(second.alert).not.toContainText('docker run');
  await second.alert.getByRole('radio', { name: 'Linux' }).focus();
  await second.page.keyboard.press('ArrowLeft');
  await expect(chosen(second)).toHaveAccessibleName('Once');
  await expect(chosen(first)).toHaveAccessibleName('Docker');
});
