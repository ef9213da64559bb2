/** What becomes of a turn with tools where it ends early, is asked again, or is looked at from another tab. */
import type { Call } from '../support/behaviours.ts';
import { ChatPage, expect, type OllamaChat, test, watch } from './chat-page.ts';
import { call, consent, giveTools, ran, script, sent } from './tools-page.ts';

test('after Stop in a tool the answer is asked on, and no tool runs again', async ({ open }) => {
  const calls = [call('hangs', { city: 'Oslo' }), call('get_time', { city: 'Lima' })];
  const at = await open({}, script(['Let me see. ', { tool_calls: calls }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await expect.poll(() => ran(at)).toHaveLength(2);
  await at.button('Stop').click();
  await at.idle();
  await expect(at.button('Continue')).toHaveCount(0);
  await at.button('Answer again').click();
  await at.idle();
  expect((await ran(at)).filter(entry => !entry.endsWith('aborted'))).toHaveLength(2);
  expect(
    sent(at)
      .at(-1)
      ?.map(({ role }) => role),
  ).toEqual(['assistant', 'tool', 'tool']);
  await expect(at.answers.last()).toContainText('I was told: Error: This call was not finished. | {"city":"Lima"');
});

test('Stop before the first word behind a result: the answer is asked on, and the tool does not run again', async ({ open }) => {
  const { server } = script([{ tool_calls: [call('get_time', { city: 'Lima' })] }]);
  let asked = 0;
  const answer = async (question: Call) => {
    if (++asked === 2) await question.released();
    return server.answer(question);
  };
  const at = await open({}, { server: { ...server, answer } });
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await expect.poll(() => at.ollama.chats().length).toBe(2);
  await at.button('Stop').click();
  await at.idle();
  await at.button('Answer again').click();
  await at.idle();
  expect(await ran(at)).toHaveLength(1);
  await expect(at.answers.last()).toContainText('I was told: {"city":"Lima"');
});

test('an earlier answer can be paged back to where the newer one ended in a tool', async ({ open }) => {
  const at = await open({}, script(['It is nine.'], [{ tool_calls: [call('hangs', { city: 'Oslo' })] }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await at.idle();
  await at.button('Answer again').click();
  await expect.poll(() => ran(at)).toHaveLength(1);
  await at.button('Stop').click();
  await at.idle();
  await at.button('Previous version').click();
  await expect(at.answers).toHaveText([/It is nine\./]);
});

test('what Stop left of a turn, sent back by the page, is answered as a whole', async ({ open }) => {
  const at = await open({}, script(['Fine.']));
  await at.chat.evaluate((chat: OllamaChat) => {
    const made = (id: string) => ({ id, function: { name: 'get_time', arguments: {} } });
    chat.messages = [
      { role: 'user', content: 'Go' },
      { role: 'assistant', content: '', tool_calls: [made('a'), made('b')] },
      { role: 'tool', content: '09:02', tool_call_id: 'b' },
    ];
  });
  await at.ask('And now?');
  await at.idle();
  expect(at.ollama.chats()[0]?.body.messages.map(({ role, content }) => `${role}: ${content}`)).toEqual([
    ...['user: Go', 'assistant: ', 'tool: Error: This call was not finished.', 'tool: 09:02', 'assistant: ', 'user: And now?'],
  ]);
});

test('another tab sees a call that waits for the visitor as one that waits, and then what came of it', async ({ open, context }) => {
  const at = await open({ persist: 'browser' }, script([{ tool_calls: [call('get_weather', { city: 'Oslo' })] }]));
  await at.chat.evaluate(giveTools);
  const page = await context.newPage();
  const complaints = await watch(page);
  await page.goto(at.site.url);
  const other = new ChatPage(page, at.ollama, at.site);
  await at.ask('Go');
  await expect(consent(at)).toBeVisible();
  await expect(other.answers.locator('.step')).toContainText('waiting');
  await consent(at).getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  await expect(other.answers.last()).toContainText('I was told: 4 °C in Oslo');
  await expect(other.answers.first().locator('summary')).toContainText('done');
  expect(complaints).toEqual([]);
});
