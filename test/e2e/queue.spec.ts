/** Messages that wait for the end of an answer, and the last one brought back. */
import { SAMPLE } from '../support/behaviours.ts';
import { type ChatPage, expect, test } from './chat-page.ts';

const waiting = (at: ChatPage) => at.chat.getByRole('list', { name: 'Next messages' }).getByRole('listitem');

/** Asks a first question, whose answer is held, and enters these behind it. */
async function queue(at: ChatPage, ...texts: string[]): Promise<void> {
  await at.ask('First');
  await expect(at.answers).toContainText('Hello!');
  for (const [index, text] of texts.entries()) {
    await at.ask(text);
    await expect(waiting(at)).toHaveCount(index + 1);
  }
}

test('a message entered while an answer streams is shown as waiting, and goes when the answer has ended', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second', 'Third');
  await expect(at.box).toHaveValue('');
  await expect(waiting(at)).toHaveText([/Second/, /Third/]);
  await expect(at.chat.getByText('Waits for the end of the answer')).toBeVisible();
  expect(at.ollama.chats()).toHaveLength(1);

  at.ollama.release();
  await expect(waiting(at)).toHaveText([/Third/]);
  await expect(at.answers).toHaveCount(2);
  expect(at.ollama.chats()).toHaveLength(2);
  at.ollama.release();
  await expect(waiting(at)).toHaveCount(0);
  await expect(at.answers).toHaveCount(3);
  at.ollama.release();
  await at.idle();
  const answer = `assistant: ${SAMPLE}`;
  expect(await at.said()).toEqual(['user: First', answer, 'user: Second', answer, 'user: Third', answer]);
});

test('it can be edited before it goes: its text is in the composer again, before what is there', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Secnod');
  await at.box.fill('a draft');
  await at.button('Edit: Secnod').click();
  await expect(at.box).toHaveValue('Secnod\n\na draft');
  await expect(at.box).toBeFocused();
  await expect(waiting(at)).toHaveCount(0);
  at.ollama.release();
  await at.idle();
  expect(at.ollama.chats()).toHaveLength(1);
});

test('it can be removed before it goes', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second', 'Third');
  await at.button('Remove: Second').click();
  await expect(waiting(at)).toHaveText([/Third/]);
  await expect(at.box).toBeFocused();
  at.ollama.release();
  await expect(at.answers).toHaveCount(2);
  at.ollama.release();
  await at.idle();
  expect((await at.said()).filter(said => said.startsWith('user'))).toEqual(['user: First', 'user: Third']);
});

test('after Stop the next one goes', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second');
  await at.button('Stop').click();
  await expect(at.questions).toHaveCount(2);
  await expect(waiting(at)).toHaveCount(0);
  expect((await at.messages())[1]?.status).toBe('stopped');
});

test('after a failure it is held until the visitor sends it', async ({ open }) => {
  const at = await open({ model: 'reset' });
  await at.ask('First');
  await expect(at.answers).toContainText('The answer begins well');
  await at.ask('Second');
  await expect(waiting(at)).toHaveCount(1);
  at.ollama.release();
  await expect(at.alert).toBeVisible();
  await expect(waiting(at)).toHaveText([/Second/]);
  await expect(at.chat.getByText('Held until you send it')).toBeVisible();
  expect(at.ollama.chats()).toHaveLength(1);

  await at.set({ model: 'tiny' });
  await at.button('Send now').click();
  await expect(at.questions).toHaveCount(2);
  await at.idle();
  await expect(waiting(at)).toHaveCount(0);
});

test('it survives a reload, and is held then', async ({ open }) => {
  const at = await open({ model: 'held', persist: 'tab' });
  await queue(at, 'Second');
  await at.page.reload();
  await expect(waiting(at)).toHaveText([/Second/]);
  await expect(at.chat.getByText('Held until you send it')).toBeVisible();
  expect(at.ollama.chats()).toHaveLength(1);
});

test('what the page keeps back by chat-send is in the composer again', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second');
  await at.page.evaluate(() => document.addEventListener('chat-send', event => event.preventDefault()));
  at.ollama.release();
  await expect(at.box).toHaveValue('Second');
  await expect(waiting(at)).toHaveCount(0);
});

test('New chat holds it: it was meant for the old one', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second');
  await at.button('New chat').click();
  await expect(at.chat.getByText('Held until you send it')).toBeVisible();
  expect(await at.messages()).toEqual([]);
});

test('the up arrow in an empty composer brings back the last message', async ({ open }) => {
  const at = await open({ model: 'tiny' });
  await at.ask('What is new?');
  await at.idle();
  await at.box.press('ArrowUp');
  await expect(at.box).toHaveValue('What is new?');
  await at.box.press('ArrowUp');
  await expect(at.box).toHaveValue('What is new?');
});

test('while one waits, the up arrow takes that one back', async ({ open }) => {
  const at = await open({ model: 'held' });
  await queue(at, 'Second', 'Third');
  await at.box.press('ArrowUp');
  await expect(at.box).toHaveValue('Third');
  await expect(waiting(at)).toHaveText([/Second/]);
});
