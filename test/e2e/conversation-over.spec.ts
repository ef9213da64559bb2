/**
 * One conversation, over each way to a model: Ollama's own API, OpenAI's, and an object of the page's own. What a visitor sees and
 * what a page is told does not depend on the way; where it has to, the way says so below.
 */
import type { ChatError } from '../../src/errors.ts';
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { png } from '../support/png.ts';
import { type Attributes, type ChatPage, expect, type OllamaChat, type PageOptions, test as base } from './chat-page.ts';

interface Way {
  name: string;
  attributes: Attributes;
  /** Where questions go. */
  path: string;
  /** A message with a picture, as it travels. */
  shown: (content: string, image: string) => object;
  /** The kinds of failure: a way that loses the server's words can only tell less. */
  outOfMemory: string;
  brokeOff: string;
  /** The page has an object of its own, which alone knows the server. */
  own?: true;
}

const WAYS: readonly Way[] = [
  {
    name: 'Ollama’s own API',
    attributes: { api: 'ollama' },
    path: '/api/chat',
    shown: (content, image) => ({ role: 'user', content, images: [image] }),
    outOfMemory: 'out-of-memory',
    brokeOff: 'crashed',
  },
  {
    name: 'OpenAI’s API',
    attributes: { api: 'openai' },
    path: '/v1/chat/completions',
    shown: (text, image) => ({
      role: 'user',
      content: [
        { type: 'text', text },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } },
      ],
    }),
    outOfMemory: 'out-of-memory',
    // That an error came is nowhere to be read: only that the end is missing.
    brokeOff: 'interrupted',
  },
  {
    name: 'an object of the page’s own',
    attributes: { url: 'http://nobody.invalid' },
    path: '/api/chat',
    shown: (content, image) => ({ role: 'user', content, images: [image] }),
    // Its errors are shown in their own words.
    outOfMemory: 'server',
    brokeOff: 'server',
    own: true,
  },
];

/** What the owner of a site could write: runs in the page. */
function ownClient(chat: OllamaChat, url: string) {
  chat.client = {
    async *chat(request, options) {
      const response = await fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify(request), signal: options?.signal ?? null });
      if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
      let rest = '';
      for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          const { error, message, done, done_reason, eval_count, prompt_eval_count } = JSON.parse(line);
          if (error) throw new Error(error);
          if (message.thinking) yield { type: 'thinking', text: message.thinking };
          if (message.content) yield { type: 'text', text: message.content };
          if (done) yield { type: 'done', reason: done_reason, stats: { eval_count, prompt_eval_count } };
        }
      }
    },
    async models() {
      return ((await (await fetch(`${url}/api/tags`)).json()) as { models: { name: string }[] }).models;
    },
  };
}

const test = base.extend<{ way: Way; begin: (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage> }>({
  contextOptions: { reducedMotion: 'reduce' },
  way: [WAYS[0]!, { option: true }],
  begin: async ({ open, way }, use) => {
    await use(async (attributes, options) => {
      const at = await open({ ...way.attributes, ...attributes }, options);
      if (way.own) await at.chat.evaluate(ownClient, at.ollama.url);
      return at;
    });
  },
});

const bodies = (at: ChatPage) => at.ollama.chats().map(({ body }) => body);
const waiting = (at: ChatPage) => at.chat.getByRole('list', { name: 'Next messages' }).getByRole('listitem');
const kinds = async (at: ChatPage) => (await at.events('chat-error')).map(({ kind }) => kind);
const image = png(8, 6).toString('base64');

for (const way of WAYS) {
  test.describe(`Over ${way.name}`, () => {
    test.use({ way });

    test('questions are answered, each sent with all that was said, the system prompt first, and nowhere else', async ({ begin }) => {
      const at = await begin({ system: 'Be brief.' });
      for (const question of ['Who are you?', 'And now?']) {
        await at.ask(question);
        await at.idle();
      }
      const system = { role: 'system', content: 'Be brief.' };
      const first = { role: 'user', content: 'Who are you?' };
      const second = [
        { role: 'assistant', content: SAMPLE },
        { role: 'user', content: 'And now?' },
      ];
      expect(bodies(at).map(({ model, messages }) => ({ model, messages }))).toEqual([
        { model: 'tiny', messages: [system, first] },
        { model: 'tiny', messages: [system, first, ...second] },
      ]);
      expect(at.ollama.chats().map(({ path }) => path)).toEqual([way.path, way.path]);
      await expect(at.answers.last()).toContainText('Hello! This is bold, code & 1 < 2. Xin chào 👋🏽, привет, 你好.');
      await expect(at.answers).toHaveCount(2);
      await expect(at.alert).toHaveCount(0);
    });

    test('an answer is shown as Markdown, also a long one', async ({ begin }) => {
      const at = await begin({ model: 'table' });
      await at.ask('A table');
      await expect(at.answers.getByRole('columnheader').first()).toBeVisible();
      await at.idle();
      await at.set({ model: 'code' });
      await at.ask('Code');
      await expect(at.answers.last().locator('pre > code').first()).toBeVisible();
      await at.idle();
    });

    test('thoughts are folded as they come, with the time that they took, and not sent back', async ({ begin }) => {
      const at = await begin({ model: 'think-held' });
      await at.ask('2 + 2?');
      await expect(at.answers.locator('summary')).toHaveText(/^Thinking …\s*\d+ s$/);
      await expect(at.chat).toHaveJSProperty('phase', 'thinking');
      at.ollama.release();
      await at.idle();
      await expect(at.answers.locator('summary')).toHaveText(/^Thought for \d+ s$/);
      const thoughts = at.answers.getByText('Two plus two is four. Let me see that again.');
      await expect(thoughts).toBeHidden();
      await at.answers.locator('summary').click();
      await expect(thoughts).toBeVisible();
      expect((await at.messages())[1]).toMatchObject({ content: SAMPLE, thinking: 'Two plus two is four. Let me see that again.' });
      await at.set({ model: 'tiny' });
      await at.ask('And then?');
      await at.idle();
      expect(bodies(at)[1]?.messages[1]).toEqual({ role: 'assistant', content: SAMPLE });
    });

    test('Stop closes the connection at once and keeps what had come, and the next question is answered', async ({ begin, page }) => {
      const at = await begin({ model: 'never-ends' });
      await at.ask('Why?');
      await expect(at.answers).toContainText('word 5 ');
      await page.evaluate(() =>
        addEventListener('click', () => Object.assign(window, { clicked: Date.now() }), { capture: true, once: true }),
      );
      await at.button('Stop').click();
      const closed = await at.ollama.waitForClose(at.ollama.chats()[0]!);
      expect(closed - (await page.evaluate(() => (window as unknown as { clicked: number }).clicked))).toBeLessThan(2000);
      await at.idle();
      await expect(at.answers).toContainText('Stopped');
      const { content, status } = (await at.messages())[1]!;
      expect(content).toContain('word 5 ');
      expect(status).toBe('stopped');
      expect(await kinds(at)).toEqual([]);
      await at.set({ model: 'tiny' });
      await at.ask('And now?');
      await at.idle();
      expect((await at.messages()).at(-1)).toMatchObject({ content: SAMPLE, status: 'complete' });
      expect(bodies(at)[1]?.messages.map(message => message.content)).toEqual(['Why?', content, 'And now?']);

      await at.set({ model: 'silent' });
      await at.ask('And before the first word?');
      await expect.poll(() => at.ollama.chats().length).toBe(3);
      await at.button('Stop').click();
      await at.ollama.waitForClose(at.ollama.chats()[2]!);
      await at.idle();
      expect((await at.messages()).at(-1)?.status).toBe('stopped');
      expect(await kinds(at)).toEqual([]);
    });

    test('an error before the answer is told, and Try again asks exactly once more', async ({ begin }) => {
      const at = await begin({ model: 'out-of-memory' });
      await at.ask('Why?');
      await expect(at.alert).toBeVisible();
      await at.idle();
      expect(await kinds(at)).toEqual([way.outOfMemory]);
      expect(await at.said()).toEqual(['user: Why?']);
      if (way.own) await expect(at.alert).toContainText('cudaMalloc failed');
      await at.set({ model: 'tiny' });
      await at.button('Try again').click();
      await at.idle();
      await expect(at.alert).toHaveCount(0);
      expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
      expect(bodies(at).map(({ model, messages }) => [model, messages])).toEqual([
        ['out-of-memory', [{ role: 'user', content: 'Why?' }]],
        ['tiny', [{ role: 'user', content: 'Why?' }]],
      ]);
    });

    for (const [what, button] of [
      ['Continue goes on with it', 'Continue'],
      ['Try again asks anew', 'Try again'],
    ] as const) {
      test(`an error in mid-answer keeps what had come, and ${what}`, async ({ begin }) => {
        const at = await begin({ model: 'error-midstream' });
        await at.ask('Why?');
        await expect(at.alert).toBeVisible();
        await at.idle();
        expect(await kinds(at)).toEqual([way.brokeOff]);
        expect((await at.messages()).map(({ content, status }) => [content, status])).toEqual([
          ['Why?', 'complete'],
          [PARTIAL, 'interrupted'],
        ]);
        await at.set({ model: 'tiny' });
        await at.button(button).click();
        await at.idle();
        await expect(at.alert).toHaveCount(0);
        const goesOn = button === 'Continue';
        const question = { role: 'user', content: 'Why?' };
        expect(bodies(at).length).toBe(2);
        expect(bodies(at)[1]?.messages).toEqual(goesOn ? [question, { role: 'assistant', content: PARTIAL }] : [question]);
        const last = (await at.messages()).at(-1);
        expect(last).toMatchObject({ content: goesOn ? PARTIAL + SAMPLE : SAMPLE, status: 'complete' });
        await expect(at.answers).toHaveCount(1);
      });
    }

    test('an answer that ends without its end is interrupted', async ({ begin }) => {
      const at = await begin({ model: 'ends-early' });
      await at.ask('Why?');
      await expect(at.alert).toContainText('The answer was interrupted');
      await at.idle();
      expect(await kinds(at)).toEqual(['interrupted']);
      expect((await at.messages())[1]).toMatchObject({ content: PARTIAL, status: 'interrupted' });
      await expect(at.button('Continue')).toBeVisible();
      await expect(at.button('Try again')).toBeVisible();
    });

    test('send() resolves with the message, which is counted and told by chat-reply, and rejects with what went wrong', async ({
      begin,
    }) => {
      const at = await begin();
      const message = await at.chat.evaluate((chat: OllamaChat) => chat.send('Why?'));
      expect(message).toMatchObject({ role: 'assistant', content: SAMPLE, status: 'complete' });
      expect(message?.stats?.eval_count).toBeGreaterThan(1);
      expect(message?.stats?.prompt_eval_count).toBeGreaterThan(1);
      expect((await at.events('chat-reply')).map(event => event.message)).toEqual([message]);
      expect((await at.events('chat-phase')).map(({ phase }) => phase)).toEqual(['waiting', 'answering', 'idle']);

      await at.set({ model: 'out-of-memory' });
      const failed = await at.chat.evaluate((chat: OllamaChat) =>
        chat.send('And now?').catch((error: ChatError) => `${error.name}: ${error.kind}`),
      );
      expect(failed).toBe(`ChatError: ${way.outOfMemory}`);
    });

    test('what is asked during an answer waits for its end', async ({ begin }) => {
      const at = await begin({ model: 'held' });
      await at.ask('First');
      await expect(at.answers).toContainText('Hello!');
      await at.ask('Second');
      await expect(waiting(at)).toHaveText([/Second/]);
      expect(at.ollama.chats()).toHaveLength(1);
      at.ollama.release();
      await expect(at.answers).toHaveCount(2);
      await expect(waiting(at)).toHaveCount(0);
      at.ollama.release();
      await at.idle();
      const answer = `assistant: ${SAMPLE}`;
      expect(await at.said()).toEqual(['user: First', answer, 'user: Second', answer]);
    });

    test('Answer again asks the last question once more, and an edited question is asked in its place', async ({ begin }) => {
      const at = await begin();
      await at.begin('Q1', 'A1', 'Q2', 'A2');
      await at.button('Answer again').click();
      await at.idle();
      expect(await at.said()).toEqual(['user: Q1', 'assistant: A1', 'user: Q2', `assistant: ${SAMPLE}`]);
      await at.questions.filter({ hasText: 'Q2' }).getByRole('button', { name: 'Edit', exact: true }).click();
      const editor = at.log.getByRole('textbox', { name: 'Edit the message' });
      await editor.fill('Q2, edited');
      await editor.press('Enter');
      await expect(editor).toHaveCount(0);
      await at.idle();
      expect(await at.said()).toEqual(['user: Q1', 'assistant: A1', 'user: Q2, edited', `assistant: ${SAMPLE}`]);
      expect(bodies(at).map(({ messages }) => messages.map(({ content }) => content))).toEqual([
        ['Q1', 'A1', 'Q2'],
        ['Q1', 'A1', 'Q2, edited'],
      ]);
    });

    test('a picture goes along, then and later', async ({ begin }) => {
      const at = await begin({ model: 'sees' }, { server: { models: [{ name: 'sees', capabilities: ['completion', 'vision'] }] } });
      await at.chat.evaluate((chat: OllamaChat, data) => chat.send('What is it?', { images: [data] }), image);
      await expect(at.questions.getByRole('img')).toBeVisible();
      await at.ask('And what else?');
      await at.idle();
      const shown = way.shown('What is it?', image);
      expect(bodies(at).map(({ messages }) => messages)).toEqual([
        [shown],
        [shown, { role: 'assistant', content: SAMPLE }, { role: 'user', content: 'And what else?' }],
      ]);
    });

    if (!way.own) {
      test('an answer is the same however the network and the server cut it', async ({ begin }) => {
        const at = await begin();
        for (const model of ['byte-slow', 'two-lines-per-read', 'split-lines', 'crlf', 'no-final-newline', 'single-object', 'done-open']) {
          await at.set({ model });
          await at.ask(model);
          await at.idle();
          expect((await at.messages()).at(-1), model).toMatchObject({
            content: model === 'byte-slow' ? 'Hi 👋🏽 chào' : SAMPLE,
            status: 'complete',
          });
        }
        expect(await kinds(at)).toEqual([]);
      });

      test('a line that cannot be read is told, and what came before it is kept', async ({ begin }) => {
        const at = await begin({ model: 'garbage-line' });
        await at.ask('Why?');
        await expect(at.alert).toBeVisible();
        await at.idle();
        expect(await kinds(at)).toEqual(['bad-line']);
        const { content, status } = (await at.messages())[1]!;
        expect([content !== '' && SAMPLE.startsWith(content), status]).toEqual([true, 'interrupted']);
      });

      test('a full queue is asked again by itself, and the answer comes', async ({ begin }) => {
        const at = await begin({ model: 'busy:1' });
        await at.ask('Why?');
        await at.idle();
        expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
        expect(bodies(at)).toHaveLength(2);
        expect(await kinds(at)).toEqual([]);
      });
    }

    test('where there are several models the visitor chooses among them', async ({ begin }) => {
      const chat = (name: string) => ({ name, capabilities: ['completion'] });
      const at = await begin({ model: null }, { server: { models: [chat('one'), chat('two'), chat('three')] } });
      await at.box.focus();
      const button = at.chat.getByRole('button', { name: /^Model: / });
      await button.click();
      await expect(at.chat.getByRole('option')).toHaveText([/^one/, /^two/, /^three/]);
      await at.chat.getByRole('option').filter({ hasText: 'two' }).click();
      await expect(button).toHaveAccessibleName(/^Model: two/);
      await at.ask('Why?');
      await at.idle();
      expect(bodies(at).map(({ model }) => model.replace(/:latest$/, ''))).toEqual(['two']);
      expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
    });
  });
}
