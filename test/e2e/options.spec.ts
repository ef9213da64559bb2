/** What the page says of the answers: Ollama's options, and answers in JSON, which are shown as code. */
import { chatLines } from '../../demo/ollama/chat.ts';
import { type Call, sendAll } from '../support/behaviours.ts';
import type { RecordedRequest } from '../support/ollama-server.ts';
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

type Given = Partial<Pick<OllamaChat, 'options' | 'format'>>;
const give = ({ chat }: ChatPage, given: Given) =>
  chat.evaluate((element: OllamaChat, properties) => void Object.assign(element, properties), given);

const isLoad = ({ path, body }: RecordedRequest) =>
  path === '/api/chat' && (body as { messages?: unknown[] } | undefined)?.messages?.length === 0;

const OPTIONS = { temperature: 0.2, num_ctx: 8192, seed: 7, stop: ['\n\n', '<end>'], top_k: 0 };
const SCHEMA = { type: 'object', properties: { city: { type: 'string' }, degrees: { type: 'number' } }, required: ['city'] };

async function answered(at: ChatPage, question = 'Why?') {
  await at.ask(question);
  await at.idle();
}

test.describe('On the wire', () => {
  test('options and format arrive as the page gave them, from the next question on, and no longer once they are taken back', async ({
    open,
  }) => {
    const at = await open();
    await answered(at);
    for (const given of [
      { options: OPTIONS, format: 'json' },
      { options: {}, format: SCHEMA },
    ] satisfies Given[]) {
      await give(at, given);
      await answered(at);
      expect(at.ollama.chats().at(-1)?.body).toMatchObject(given);
      expect(at.ollama.chats().at(-1)?.body.options).toEqual(given.options);
    }
    await at.chat.evaluate((element: OllamaChat) => (element.options = element.format = undefined));
    await answered(at);
    for (const index of [0, -1]) {
      expect(at.ollama.chats().at(index)?.body).not.toHaveProperty('options');
      expect(at.ollama.chats().at(index)?.body).not.toHaveProperty('format');
    }
  });

  test('the model is loaded ahead as it will be asked: other options would load it anew', async ({ open }) => {
    const at = await open(
      {},
      {
        head: '<script>addEventListener("DOMContentLoaded", () => (document.querySelector("ollama-chat").options = { num_ctx: 2048 }))</script>',
      },
    );
    await at.box.focus();
    const load = await at.ollama.waitForRequest(isLoad);
    expect(load.body).toEqual({ model: 'tiny', messages: [], options: { num_ctx: 2048 } });
    await expect(at.chat.locator('header').getByText('loaded', { exact: true })).toBeAttached();
  });

  test('a larger context that the visitor chose goes along with the page’s options', async ({ open }) => {
    const at = await open({}, { server: { models: [{ name: 'tiny', capabilities: ['completion'], contextLength: 16_384 }] } });
    await give(at, { options: { temperature: 0, num_ctx: 4096 } });
    await answered(at, 'four'.repeat(3400));
    await at.chat.getByRole('button', { name: 'Let it read 8,192 tokens' }).click();
    await answered(at);
    expect(at.ollama.chats().map(({ body }) => body.options)).toEqual([
      { temperature: 0, num_ctx: 4096 },
      { temperature: 0, num_ctx: 8192 },
    ]);
  });
});

test.describe('An answer in JSON', () => {
  const SOURCE = '{"city": "Huế", "degrees": [4, 12.5], "wet": true}';
  const PRETTY = JSON.stringify(JSON.parse(SOURCE), null, 2);
  const CUT = 20;

  /** The source, held in the middle. */
  const held = async (call: Call) => {
    const lines = chatLines(call.chat, [SOURCE.slice(0, CUT), SOURCE.slice(CUT)]);
    call.response.setHeader('Content-Type', 'application/x-ndjson');
    call.response.write(lines[0]);
    await call.released();
    call.response.end(lines.slice(1).join(''));
  };

  const code = ({ answers }: ChatPage) => answers.locator('pre code');
  const isColoured = (at: ChatPage) =>
    code(at).evaluate(element =>
      [...CSS.highlights.values()].some(highlight => [...highlight].some(({ startContainer }) => element.contains(startContainer))),
    );

  for (const [what, format] of [
    ['for which JSON was asked is code from its beginning', 'json'],
    ['for which a schema was given is code from its beginning', SCHEMA],
    ['that comes unasked is code once it is whole', undefined],
  ] as const) {
    test(`${what}; Copy gives the source`, async ({ open, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const at = await open({}, { server: { answer: held } });
      if (format) await give(at, { format });
      await at.ask('Where?');
      await expect(at.answers).toContainText(SOURCE.slice(0, CUT).trim());
      await expect(code(at)).toHaveCount(format ? 1 : 0);
      at.ollama.release();
      await at.idle();
      await expect(code(at)).toHaveText(PRETTY, { useInnerText: true });
      await expect.poll(() => isColoured(at)).toBe(true);
      expect((await at.messages())[1]?.content).toBe(SOURCE);
      await at.answers.getByRole('button', { name: 'Copy' }).last().click();
      await expect.poll(() => at.page.evaluate(() => navigator.clipboard.readText())).toBe(SOURCE);
    });
  }

  test('that a model has laid out itself stays as it is, and words are no code, asked for or not', async ({ open }) => {
    const own = '[\n    1,\n\n    2\n]';
    const answer = (call: Call) =>
      sendAll(call, chatLines(call.chat, [call.chat.messages.at(-1)?.content === 'list' ? own : '{so} they *say*']));
    const at = await open({}, { server: { answer } });
    await answered(at, 'list');
    await expect(code(at)).toHaveText(own, { useInnerText: true });
    await answered(at, 'words');
    await expect(at.answers.last().getByText('{so} they say')).toBeVisible();
    await expect(code(at)).toHaveCount(1);
  });

  test('that broke off is code where it was asked for', async ({ open }) => {
    const answer = async (call: Call) => {
      call.response.setHeader('Content-Type', 'application/x-ndjson');
      call.response.write(chatLines(call.chat, [SOURCE.slice(0, CUT)])[0]);
      await call.released();
      call.hangUp();
    };
    const at = await open({}, { server: { answer } });
    await give(at, { format: 'json' });
    await at.ask('Where?');
    await expect(code(at)).toBeVisible();
    at.ollama.release();
    await at.idle();
    await expect(code(at)).toContainText(SOURCE.slice(0, CUT).trim());
    expect((await at.messages())[1]).toMatchObject({ content: SOURCE.slice(0, CUT), status: 'interrupted' });
  });
});
