/** `api="generate"`: a base model, one prompt at a time. */
import { SAMPLE } from '../support/behaviours.ts';
import type { RecordedRequest } from '../support/ollama-server.ts';
import { png } from '../support/png.ts';
import { recorded } from '../support/routes.ts';
import { expect, type OllamaChat, test } from './chat-page.ts';

const isPrompt = ({ method, path }: RecordedRequest) => method === 'POST' && path === '/api/generate';
const prompts = (requests: readonly RecordedRequest[]) => requests.filter(isPrompt).map(({ body }) => body);

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

test('thoughts are folded', async ({ open }) => {
  const at = await open({ api: 'generate', model: 'think-held' });
  await at.ask('2 + 2?');
  await expect(at.answers.locator('summary')).toHaveText(/^Thinking …/);
  at.ollama.release();
  await at.idle();
  await expect(at.answers.locator('summary')).toHaveText(/^Thought for \d+ s$/);
  expect((await at.messages())[1]).toMatchObject({ content: SAMPLE, thinking: 'Two plus two is four. Let me see that again.' });
});

test('Stop closes the connection and keeps what had come', async ({ open }) => {
  const at = await open({ api: 'generate', model: 'never-ends' });
  await at.ask('Why?');
  await expect(at.answers).toContainText('word 5 ');
  await at.button('Stop').click();
  await at.ollama.waitForClose(await at.ollama.waitForRequest(isPrompt));
  await at.idle();
  expect((await at.messages())[1]?.status).toBe('stopped');
  expect(await at.events('chat-error')).toEqual([]);
});

for (const [model, kind] of [
  ['out-of-memory', 'out-of-memory'],
  ['error-midstream', 'crashed'],
  ['ends-early', 'interrupted'],
  ['embed', 'capability-missing'],
] as const) {
  test(`a failure has the name that it has everywhere: ${kind}`, async ({ open }) => {
    const at = await open({ api: 'generate', model, preload: 'none' });
    await at.ask('Why?');
    await expect(at.alert).toBeVisible();
    await at.idle();
    expect((await at.events('chat-error')).map(event => event.kind)).toEqual([kind]);
  });
}

test('a picture goes along with its own question alone', async ({ open }) => {
  const image = png(8, 6).toString('base64');
  const at = await open(
    { api: 'generate', model: 'sees' },
    { server: { models: [{ name: 'sees', capabilities: ['completion', 'vision'] }] } },
  );
  await at.chat.evaluate((chat: OllamaChat, data) => chat.send('What is it?', { images: [data] }), image);
  await at.ask('And what else?');
  await at.idle();
  expect(prompts(at.ollama.requests)).toEqual([
    { model: 'sees', stream: true, prompt: 'What is it?', images: [image] },
    { model: 'sees', stream: true, prompt: 'And what else?' },
  ]);
});

test('what was said before fills no context: it is not sent', async ({ open }) => {
  const at = await open(
    { api: 'generate' },
    { server: { models: [{ name: 'tiny:latest', capabilities: ['completion'], contextLength: 512 }] } },
  );
  await at.begin(...Array.from({ length: 20 }, (_, index) => `Message ${index} ${'long '.repeat(60)}`));
  await at.ask('And now?');
  await at.idle();
  await expect(at.chat.getByText(/tokens|longer than the model/)).toHaveCount(0);
});
