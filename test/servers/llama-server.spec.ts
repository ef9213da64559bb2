/** llama.cpp's own server, without anything in front of it. */
import { expect, giveWeather, holdsAConversation, orSkip, ran, REFUSED, settled, test, WEATHER } from './conversation.ts';
import { llamaVersion, MODEL, startLlamaServer } from './llama-server.ts';
import { QUESTIONS } from './scripted-model.ts';

const KEY = 'sk-the-key-of-this-test';

const start = async () => ({ ...(await startLlamaServer()), model: MODEL, version: llamaVersion });

// It answers with the model it has, whatever is asked for.
holdsAConversation('llama-server', start, {
  scripted: true,
  refusesModels: false,
  locked: { start: async () => ({ ...(await startLlamaServer({ key: KEY })), key: KEY }), says: REFUSED },
});

test('llama-server without --jinja refuses tools: it is asked once more without them, and a notice says so', async ({ open, page }) => {
  const server = await orSkip(() => startLlamaServer({ tools: false }));
  try {
    const asked: { tools: number; status: number }[] = [];
    page.on('response', response => {
      const request = response.request();
      if (request.method() !== 'POST') return;
      const { tools = [] } = request.postDataJSON() as { tools?: object[] };
      asked.push({ tools: tools.length, status: response.status() });
    });
    const at = await open({ url: server.url, model: MODEL });
    await at.chat.evaluate(giveWeather, WEATHER);
    await at.ask(QUESTIONS.weather);
    await expect(at.chat.getByText(`${MODEL} can’t use tools. It answers without them.`)).toBeVisible();
    await settled(at);
    await at.ask(QUESTIONS.markdown);
    const expected = [
      { tools: 1, status: 500 },
      { tools: 0, status: 200 },
      { tools: 0, status: 200 },
    ];
    await expect.poll(() => asked).toEqual(expected);
    await settled(at);
    // What is in the way of this model is another thing.
    await expect(at.alert).toContainText('The model answered nothing');
    expect(await ran(at)).toEqual([]);
  } finally {
    await server.close();
  }
});
