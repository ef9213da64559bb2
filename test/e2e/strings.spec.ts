/** A page's own words in the place of ours: before the first render, after it, and back. */
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

type Own = OllamaChat['strings'];

const say = ({ chat }: ChatPage, strings: unknown) =>
  chat.evaluate((element: OllamaChat, own) => void (element.strings = own as Own), strings);

const OWN: Own = {
  newChat: 'Start over',
  send: 'Go',
  placeholder: 'What is it?',
  greeting: '<b>Ask</b> the {shop}',
  copy: 'Take',
  log: 'What was said',
  answer: 'The shop',
  errors: { 'model-missing': { title: 'No {model} here', hint: 'Ask for another one:' } },
  tryAgain: 'Once more',
};

test('words that are there before the first render are those of the first render, as text, and of what comes later', async ({
  open,
  page,
}) => {
  const { ollama } = await open({}, { body: () => '' });
  await page.evaluate(
    ([url, strings]) => {
      document.body.append(Object.assign(document.createElement('ollama-chat'), { url, model: 'tiny', strings }));
    },
    [ollama.url, OWN] as const,
  );
  const chat = page.locator('ollama-chat');
  await expect(chat.getByRole('button', { name: 'Start over' })).toBeVisible();
  await expect(chat.getByRole('heading', { name: '<b>Ask</b> the {shop}' })).toBeVisible();
  await expect(chat.getByRole('textbox')).toHaveAttribute('placeholder', 'What is it?');
  await chat.evaluate(element => element.setAttribute('model', 'nope'));
  await chat.getByRole('textbox').fill('Why?');
  await chat.getByRole('button', { name: 'Go' }).click();
  await expect(chat.getByRole('alert')).toContainText('No nope here');
});

test('any words can be replaced at any time, in the header, in the log and in a failure, and come back', async ({ open }) => {
  const at = await open({ model: 'nope' });
  await at.begin('Q1', 'A1');
  await at.ask('Q2');
  await expect(at.alert).toContainText('The model nope isn’t installed');

  await say(at, OWN);
  await expect(at.alert).toContainText('No nope here');
  await expect(at.alert).toContainText('Ask for another one:');
  await expect(at.alert).not.toContainText('isn’t installed');
  await expect(at.alert).toContainText('ollama pull nope');
  await expect(at.button('Once more')).toBeVisible();
  await expect(at.button('Start over')).toBeVisible();
  await expect(at.log).toHaveAccessibleName('What was said');
  await expect(at.log.getByRole('article', { name: 'The shop' }).getByRole('button', { name: 'Take' })).toBeVisible();
  await expect(at.questions, 'what is not replaced is as it was').toHaveCount(2);

  await say(at, { errors: { 'model-missing': { title: 'Still none' } } });
  await expect(at.alert).toContainText('Still none');
  await expect(at.alert, 'the other half is ours again').toContainText('Download it, then try again:');
  await expect(at.button('New chat')).toBeVisible();

  for (const nothing of [{}, null]) {
    await say(at, OWN);
    await expect(at.button('Start over')).toBeVisible();
    await say(at, nothing);
    await expect(at.button('New chat')).toBeVisible();
    await expect(at.button('Try again')).toBeVisible();
    await expect(at.alert).toContainText('The model nope isn’t installed');
  }
});

test('they hold in every language, and the others change', async ({ open }) => {
  const at = await open({ model: 'nope' });
  await say(at, { newChat: 'Start over', errors: { 'model-missing': { title: 'No {model} here' } } });
  await at.ask('Why?');
  await expect(at.alert).toContainText('Download it, then try again:');
  await at.set({ lang: 'vi' });
  await expect(at.alert).toContainText('Hãy tải về rồi thử lại:');
  await expect(at.alert).toContainText('No nope here');
  await expect(at.button('Start over')).toBeVisible();
  await say(at, {});
  await expect(at.alert).toContainText('Chưa cài đặt mô hình nope');
  await expect(at.button('Cuộc trò chuyện mới')).toBeVisible();
});

test('what is no text changes nothing, and harms nobody', async ({ open }) => {
  const at = await open({ model: 'nope' });
  for (const wrong of [7, 'text', [], { newChat: 7, send: null, errors: 'none', alerts: [], notAvailable: { title: {} } }]) {
    await say(at, wrong);
    await expect(at.button('New chat')).toBeVisible();
    await expect(at.button('Send')).toBeVisible();
  }
  await at.ask('Why?');
  await expect(at.alert).toContainText('The model nope isn’t installed');
});
