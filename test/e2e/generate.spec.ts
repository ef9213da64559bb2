/** `api="generate"`: a base model, one prompt at a time. */
import { SAMPLE } from '../support/behaviours.ts';
import { recorded } from '../support/routes.ts';
import { expect, type OllamaChat, test } from './chat-page.ts';

const prompts = (requests: readonly { method: string; path: string; body?: unknown }[]) =>
  requests.filter(({ method, path }) => method === 'POST' && path === '/api/generate').map(({ body }) => body);

test('each question goes alone, with the system prompt and the settings, and its answer streams', async ({ open }) => {
  const at = await open({ api: 'generate', system: 'Be brief.', think: 'false', 'keep-alive': '60' });
  await at.chat.evaluate((chat: OllamaChat) => void (chat.options = { seed: 7 }));
  await at.ask('One');
  await at.idle();
  await at.ask('Two');
  await at.idle();
  const settings = { model: 'tiny', stream: true, system: 'Be brief.', think: false, keep_alive: 60, options: { seed: 7 } };
  expect(prompts(at.ollama.requests)).toEqual([
    { ...settings, prompt: 'One' },
    { ...settings, prompt: 'Two' },
  ]);
  expect(at.ollama.chats()).toEqual([]);
  await expect(at.answers).toHaveCount(2);
  expect(await at.said()).toEqual(['user: One', `assistant: ${SAMPLE}`, 'user: Two', `assistant: ${SAMPLE}`]);
  expect((await at.messages()).at(-1)?.stats?.eval_count).toBeGreaterThan(0);
});

test('Continue lets the model go on where its text was stopped', async ({ open }) => {
  const at = await open({ api: 'generate', model: 'held' });
  await at.ask('Once');
  await expect(at.answers).toContainText('Hello!');
  await at.button('Stop').click();
  await at.idle();
  const said = (await at.messages()).at(-1)?.content ?? '';
  await at.button('Continue').click();
  at.ollama.release();
  await at.idle();
  expect(prompts(at.ollama.requests)).toMatchObject([{ prompt: 'Once' }, { prompt: `Once${said}` }]);
});

test('a model that is missing is named as in a chat', async ({ open }) => {
  const routes = { '/api/generate': recorded('ollama-0.33.0-rc2', 'error-unknown-generate') };
  const at = await open({ api: 'generate', model: 'nope' }, { server: { routes } });
  await at.ask('Hello');
  await expect(at.alert).toContainText('The model nope isn’t installed');
  await expect(at.questions).toHaveText('Hello');
});
