/** The Ollama that OLLAMA_HOST names, over its own API, also behind nginx.conf, and over OpenAI's. Its model has no script that we know. */
import { expect, holdsAConversation, orSkip, test } from './conversation.ts';
import { startGateway } from './gateway.ts';
import { loadClient } from './node-client.ts';
import { findOllama } from './ollama.ts';
import { Missing } from './program.ts';
import { QUESTIONS } from './scripted-model.ts';

const close = async () => {};

holdsAConversation('Ollama, by /api', async () => ({ ...(await findOllama()), close }), { scripted: false, refusesModels: true });

holdsAConversation(
  'Ollama, by /v1',
  async () => {
    const { url, version, ...ollama } = await findOllama();
    return { ...ollama, url: `${url}/v1`, version: () => `${version()}-v1`, close };
  },
  { scripted: false, refusesModels: true },
);

holdsAConversation(
  'Ollama behind nginx, by /api',
  async () => {
    const { url, model, callsTools } = await findOllama();
    const { host, protocol } = new URL(url);
    if (protocol !== 'http:') throw new Missing('The Ollama that was named speaks https: nginx.conf is for one on the same machine');
    return { ...(await startGateway([host])), model, callsTools };
  },
  { scripted: false, refusesModels: true },
);

test('Ollama answers every call of the client in Node that only reads', async () => {
  const { url, model, version } = await orSkip(findOllama);
  const { OllamaClient } = await loadClient();
  const client = new OllamaClient({ url });
  const isThere = (models: { name: string }[]) => models.some(({ name }) => name === model || name === `${model}:latest`);

  expect(`ollama-${await client.version()}`).toBe(version());
  expect(isThere(await client.tags())).toBe(true);
  expect(await client.show(model)).toMatchObject({ model_info: expect.any(Object), capabilities: expect.arrayContaining(['completion']) });
  const whole = await client.generate({ model, prompt: QUESTIONS.code, options: { num_predict: 2000 } });
  expect(whole).toMatchObject({ response: expect.stringMatching(/\S/), done_reason: 'stop' });
  expect(whole.eval_count).toBeGreaterThan(0);
  let written = '';
  for await (const event of client.generate({ model, prompt: QUESTIONS.forever, options: { num_predict: 12 } })) {
    if (event.type === 'text' || event.type === 'thinking') written += event.text;
    else expect(event).toMatchObject({ type: 'done', reason: 'length' });
  }
  expect(written).not.toBe('');
  // What has just answered is loaded.
  expect(isThere(await client.ps())).toBe(true);
});
