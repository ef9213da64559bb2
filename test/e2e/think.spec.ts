/** Thinking: the switch, what it asks for, the fold that thoughts go into, and where they never go. */
import { chatLines, type Piece } from '../../demo/ollama/chat.ts';
import { type Call, SAMPLE, sendAll } from '../support/behaviours.ts';
import { json, recorded } from '../support/routes.ts';
import { type ChatPage, expect, test } from './chat-page.ts';

const NEW = 'ollama-0.33.0-rc2';

const chat = (name: string, ...more: string[]) => ({ name, capabilities: ['completion', ...more] });

const thinkSwitch = (at: ChatPage) => at.button('Thinking');
const levels = ({ chat }: ChatPage) => chat.getByRole('button', { name: /^How much it thinks: / });
/** The line that thoughts are folded behind. */
const fold = ({ answers }: ChatPage) => answers.locator('summary');
const asked = ({ ollama }: ChatPage) => ollama.chats().map(({ body }) => body.think);

async function answered(at: ChatPage, question = 'Why?') {
  await at.ask(question);
  await at.idle();
}

/** Answers in these pieces, a line of the stream for each. */
const pieces = (...all: Piece[]) => ({ answer: (call: Call) => sendAll(call, chatLines(call.chat, all)) });

test.describe('The switch', () => {
  test('is there for a model that thinks, also where the server’s list leaves that out', async ({ open }) => {
    const at = await open(
      { model: 'native' },
      {
        server: {
          models: [chat('native', 'thinking')],
          routes: { '/api/tags': recorded(NEW, 'tags'), '/api/show': recorded(NEW, 'native-show') },
        },
      },
    );
    await at.box.focus();
    await expect(thinkSwitch(at)).toHaveAttribute('aria-pressed', 'true');
  });

  for (const [what, model, routes] of [
    ['for a model that does not think', 'plain', { '/api/tags': recorded(NEW, 'tags'), '/api/show': recorded(NEW, 'plain-show') }],
    ['where an older server does not say', 'think', { '/api/show': json({}) }],
  ] as const) {
    test(`is not there ${what}`, async ({ open }) => {
      const at = await open({ model }, { server: { routes, models: [chat(model, 'thinking')] } });
      await answered(at);
      await at.ollama.waitForRequest(({ method, path }) => method === 'POST' && path === '/api/show');
      await answered(at, 'And then?');
      await expect(thinkSwitch(at)).toHaveCount(0);
    });
  }

  test('off asks for no thoughts, on asks for them; untouched it leaves that to the model', async ({ open }) => {
    const at = await open({ model: 'think' });
    await answered(at);
    await expect(fold(at)).toHaveCount(1);
    await expect(thinkSwitch(at)).toHaveAttribute('aria-pressed', 'true');
    await thinkSwitch(at).click();
    await expect(thinkSwitch(at)).toHaveAttribute('aria-pressed', 'false');
    await answered(at);
    await expect(fold(at), 'not thought about').toHaveCount(1);
    await thinkSwitch(at).press('Enter');
    await expect(thinkSwitch(at)).toHaveAttribute('aria-pressed', 'true');
    await answered(at);
    await expect(fold(at)).toHaveCount(2);
    expect(asked(at)).toEqual([undefined, false, true]);
    expect(at.ollama.chats()[0]?.body).not.toHaveProperty('think');
  });

  for (const [value, pressed, then] of [
    ['false', 'false', [false, true]],
    ['true', 'true', [true, false]],
    ['high', 'true', ['high', false, 'high']],
  ] as const) {
    test(`begins with what the page says: think="${value}"`, async ({ open }) => {
      const at = await open({ model: 'think', think: value });
      await at.box.focus();
      await expect(thinkSwitch(at)).toHaveAttribute('aria-pressed', pressed);
      for (const [index] of then.entries()) {
        if (index) await thinkSwitch(at).click();
        await answered(at);
      }
      expect(asked(at)).toEqual(then);
    });
  }

  test('goes through the levels of a model that takes levels', async ({ open }) => {
    const at = await open({ model: 'gpt-oss:20b' }, { server: { models: [chat('gpt-oss:20b', 'thinking', 'tools')] } });
    await at.box.focus();
    await expect(levels(at)).toHaveAccessibleName('How much it thinks: Think');
    await expect(thinkSwitch(at)).toHaveCount(0);
    await answered(at);
    for (const name of ['Think a lot', 'Think a little', 'Think']) {
      await levels(at).click();
      await expect(levels(at)).toHaveAccessibleName(`How much it thinks: ${name}`);
      await answered(at);
    }
    expect(asked(at)).toEqual([undefined, 'high', 'low', 'medium']);
  });

  test('begins with the level that the page says', async ({ open }) => {
    const at = await open({ model: 'gpt-oss', think: 'low' }, { server: { models: [chat('gpt-oss', 'thinking')] } });
    await answered(at);
    await expect(levels(at)).toHaveAccessibleName('How much it thinks: Think a little');
    expect(asked(at)).toEqual(['low']);
  });

  test('belongs to the model: another model and another server are asked themselves', async ({ open, serve }) => {
    const at = await open({ model: 'one,two' }, { server: { models: [chat('one', 'thinking'), chat('two')] } });
    await at.box.focus();
    await thinkSwitch(at).click();
    await at.chat.getByRole('button', { name: 'Model: one' }).click();
    await at.chat.getByRole('option').filter({ hasText: 'two' }).click();
    await expect(thinkSwitch(at)).toHaveCount(0);
    await answered(at);
    await at.set({ model: 'one' });
    await expect(thinkSwitch(at), 'the page’s own again').toHaveAttribute('aria-pressed', 'true');
    const other = await serve({ models: [chat('one')] });
    await at.set({ url: other.url });
    await expect(thinkSwitch(at)).toHaveCount(0);
    expect(asked(at)).toEqual([undefined]);
  });
});

test.describe('Thoughts', () => {
  test('are folded as they come, with a live line; then the fold says how long they took', async ({ open }) => {
    const at = await open({ model: 'think-held' });
    await at.ask('Why?');
    await expect(fold(at)).toHaveText(/^Thinking …\s*\d+ s$/);
    await expect(at.answers.getByText('Two plus two is four.').last()).toBeVisible();
    await expect(at.answers.getByRole('group').first(), 'folded').not.toHaveAttribute('open');
    at.ollama.release();
    await at.idle();
    await expect(fold(at)).toHaveText(/^Thought for \d+ s$/);
    await expect(at.answers.getByText('Two plus two'), 'no longer live').toHaveCount(0);
    await expect(at.answers).toContainText('Hello!');
    await fold(at).click();
    await expect(at.answers.getByText('Two plus two is four. Let me see that again.')).toBeVisible();
    await fold(at).click();
    await expect(at.answers.getByText('Two plus two is four. Let me see that again.')).toBeHidden();
  });

  for (const [what, all, thinking] of [
    ['in tags that are cut anywhere', ['<th', 'ink>\nTwo ', 'and two.\n</th', 'ink', '>', '\n\nFo', 'ur.'], 'Two and two.'],
    ['before a closing tag alone', ['Two ', 'and two.\n<', '/think>\n\n', 'Four.'], 'Two and two.'],
    ['in a field of their own', [{ thinking: 'Two ' }, { thinking: 'and two.' }, 'Fo', 'ur.'], 'Two and two.'],
  ] as const satisfies [string, Piece[], string][]) {
    test(`${what} are folded, not announced, not copied, and not sent back`, async ({ open, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const at = await open({ preload: 'none' }, { server: pieces(...all) });
      await answered(at);
      expect((await at.messages())[1]).toMatchObject({ content: 'Four.', thinking });
      await expect(at.answers.locator('.markdown').last()).toHaveText('Four.');
      await expect(at.answers.getByText(thinking)).toHaveCount(0);
      await expect(at.chat.getByRole('status').filter({ hasText: /\S/ }).first()).toHaveText('Four.');
      await fold(at).click();
      await expect(at.answers.getByText(thinking)).toBeVisible();
      await at.answers.getByRole('button', { name: 'Copy' }).click();
      await expect.poll(() => at.page.evaluate(() => navigator.clipboard.readText())).toBe('Four.');
      await answered(at, 'And then?');
      expect(at.ollama.chats()[1]?.body.messages).toEqual([
        { role: 'user', content: 'Why?' },
        { role: 'assistant', content: 'Four.' },
        { role: 'user', content: 'And then?' },
      ]);
    });
  }

  test('in an open tag count as such while they come', async ({ open }) => {
    const at = await open(
      { preload: 'none' },
      {
        server: {
          answer: async call => {
            const lines = chatLines(call.chat, ['<think>Two ', 'and two.', '</think>Four.']);
            call.response.setHeader('Content-Type', 'application/x-ndjson');
            call.response.write(lines.slice(0, 2).join(''));
            await call.released();
            call.response.end(lines.slice(2).join(''));
          },
        },
      },
    );
    await at.ask('Why?');
    await expect(fold(at)).toHaveText(/^Thinking …\s*\d+ s$/);
    await expect(at.chat).toHaveJSProperty('phase', 'thinking');
    at.ollama.release();
    await at.idle();
    await expect(fold(at)).toHaveText(/^Thought for \d+ s$/);
    expect((await at.events('chat-phase')).map(({ phase }) => phase)).toEqual(['waiting', 'thinking', 'answering', 'idle']);
  });

  test('that are empty leave no fold, and a tag within code is no thought', async ({ open }) => {
    const at = await open({ preload: 'none' }, { server: pieces('<think>\n\n</think>\n\n', 'Models write `</think>` at the end.') });
    await answered(at);
    await expect(at.answers).toContainText('Models write </think> at the end.');
    await expect(fold(at)).toHaveCount(0);
  });

  test('of a model that said nothing else are all there is, and no failure', async ({ open }) => {
    const at = await open({ model: 'think-only' });
    await answered(at);
    await expect(at.alert).toHaveCount(0);
    await expect(fold(at)).toHaveText(/^Thought/);
    await expect(at.answers.getByRole('button', { name: 'Copy' })).toHaveCount(0);
  });
});

test('the sample of these tests is what a model says that does not think', async ({ open }) => {
  const at = await open({ model: 'tiny' });
  await answered(at);
  expect(await at.said()).toEqual(['user: Why?', `assistant: ${SAMPLE}`]);
  await expect(fold(at)).toHaveCount(0);
  await expect(thinkSwitch(at)).toHaveCount(0);
});
