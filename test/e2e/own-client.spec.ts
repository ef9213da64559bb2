/** A backend of the page's own behind the tag: what the `client` property takes, and what it makes of what it gets. */
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

type Given = NonNullable<OllamaChat['client']>;

/** What the page's client was asked for. */
interface Asked {
  requests: Parameters<Given['chat']>[0][];
  aborted: number;
}

const asked = (at: ChatPage) => at.page.evaluate(() => (window as unknown as { asked: Asked }).asked);

/** Runs in the page: a client that answers by what the question says. */
function makeClient(chat: OllamaChat) {
  const heard: Asked = { requests: [], aborted: 0 };
  Object.assign(window, { asked: heard });
  chat.client = {
    async *chat(request, { signal } = {}) {
      heard.requests.push(JSON.parse(JSON.stringify(request)) as (typeof heard.requests)[number]);
      signal?.addEventListener('abort', () => heard.aborted++);
      const question = request.messages.at(-1)?.content ?? '';
      if (question === 'fail') throw new Error('The shop is closed.');
      yield { type: 'thinking', text: 'Hm.' };
      yield { type: 'text', text: `**You** said “${question}”` };
      if (question === 'wait') await new Promise(() => {}); // overlooks its signal
      if (question === 'break') return;
      if (question === 'odd') yield { type: 'weather' } as never;
      yield { type: 'done', reason: 'stop', stats: { eval_count: 7 } };
    },
  };
}

const own = async (open: (attributes?: Record<string, string | null>) => Promise<ChatPage>, attributes?: Record<string, string | null>) => {
  const at = await open(attributes);
  await at.chat.evaluate(makeClient);
  return at;
};

test('it answers, and nobody else is asked for anything', async ({ open }) => {
  const at = await own(open, { system: 'Be brief.' });
  await at.ask('Hello');
  await at.idle();
  await expect(at.answers.getByRole('strong')).toHaveText('You');
  expect((await at.messages()).at(-1)).toMatchObject({ content: '**You** said “Hello”', thinking: 'Hm.', stats: { eval_count: 7 } });
  expect((await asked(at)).requests).toEqual([
    {
      model: 'tiny',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
    },
  ]);
  expect(at.ollama.requests).toEqual([]);
});

test('without a model and a list it is asked all the same, and no machine is named that nobody knows', async ({ open }) => {
  const at = await own(open, { model: null });
  await expect(at.chat.getByText('127.0.0.1')).toHaveCount(0);
  await at.ask('Hello');
  await at.idle();
  expect((await asked(at)).requests[0]?.model).toBe('');
  await expect(at.answers).toContainText('Hello');
  await expect(at.chat.getByText('127.0.0.1')).toHaveCount(0);
});

test('its models are the ones to choose from', async ({ open }) => {
  const at = await own(open, { model: null });
  await at.chat.evaluate((chat: OllamaChat) => {
    chat.client = { ...chat.client!, models: async () => [{ name: 'small' }, { name: 'large' }] };
  });
  await at.box.focus();
  await at.chat.getByRole('button', { name: /small/ }).click();
  await at.chat.getByRole('option', { name: /large/ }).click();
  await at.ask('Hello');
  await at.idle();
  expect((await asked(at)).requests[0]?.model).toBe('large');
});

test('what they can do is taken from that list', async ({ open }) => {
  const at = await own(open, { model: null });
  await at.chat.evaluate((chat: OllamaChat) => {
    chat.client = { ...chat.client!, models: async () => [{ name: 'ours', capabilities: ['completion', 'thinking'] }] };
  });
  await at.box.focus();
  await expect(at.button('Thinking')).toHaveAttribute('aria-pressed', 'true');
});

test('a list that fails, or is none, keeps nobody from asking', async ({ open }) => {
  const at = await own(open, { model: null });
  for (const list of ['fails', 'odd']) {
    await at.chat.evaluate((chat: OllamaChat, how) => {
      const { client } = chat;
      chat.client = {
        ...client!,
        models: async () => (how === 'odd' ? ({ models: [] } as never) : Promise.reject(new Error('list down'))),
      };
    }, list);
    await at.ask(list);
    await at.idle();
  }
  await expect(at.alert).toHaveCount(0);
  await expect(at.answers).toHaveText([/“fails”/, /“odd”/]);
});

test('what it throws is shown in its own words, and asked again by a click', async ({ open }) => {
  const at = await own(open);
  await at.ask('fail');
  await expect(at.alert).toContainText('The shop is closed.');
  expect((await at.events('chat-error')).map(({ detail }) => detail)).toEqual([{ kind: 'server', text: 'The shop is closed.' }]);
  await at.button('Try again').click();
  await expect.poll(async () => (await asked(at)).requests.length).toBe(2);
  await expect(at.questions).toHaveText('fail');
});

test('an answer without its end is interrupted, and what came of it stays', async ({ open }) => {
  const at = await own(open);
  await at.ask('break');
  await expect(at.alert).toContainText('The answer was interrupted');
  expect((await at.messages()).at(-1)).toMatchObject({ content: '**You** said “break”', status: 'interrupted' });
  // Whether it would answer now nobody can know.
  await at.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await at.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(at.alert).not.toContainText('answers now');
});

test('an event that the chat does not know changes nothing', async ({ open }) => {
  const at = await own(open);
  await at.ask('odd');
  await at.idle();
  expect((await at.messages()).at(-1)).toMatchObject({ content: '**You** said “odd”', status: 'complete' });
});

test('Stop ends it at once, also where it overlooks its signal', async ({ open }) => {
  const at = await own(open);
  await at.ask('wait');
  await expect(at.answers).toContainText('wait');
  await at.button('Stop').click();
  await at.idle();
  expect((await at.messages()).at(-1)).toMatchObject({ content: '**You** said “wait”', status: 'stopped' });
  expect((await asked(at)).aborted).toBe(1);
  await at.ask('Hello');
  await at.idle();
  await expect(at.answers).toHaveCount(2);
});

test('another one takes over with the next question, and taken away, the server is asked again', async ({ open }) => {
  const at = await own(open);
  await at.ask('Hello');
  await at.idle();
  await at.chat.evaluate(makeClient);
  await at.ask('Again');
  await at.idle();
  expect((await asked(at)).requests).toHaveLength(1);
  await at.chat.evaluate((chat: OllamaChat) => void (chat.client = undefined));
  await at.ask('And now?');
  await at.idle();
  expect(at.ollama.chats()[0]?.body.messages.map(({ content }) => content)).toContain('**You** said “Again”');
});

test('given before the script has come it is the one that is asked', async ({ open, page }) => {
  const script = `<script>
    document.querySelector('ollama-chat').client = {
      async *chat() { yield { type: 'text', text: 'Here.' }; yield { type: 'done', reason: 'stop', stats: {} }; },
    };
  </script>`;
  const at = await open({}, { body: tag => tag + script });
  await at.ask('Hello');
  await expect(at.answers).toContainText('Here.');
  expect(at.ollama.requests).toEqual([]);
  await expect(page.getByRole('log')).toBeVisible();
});
