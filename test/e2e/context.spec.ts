/** How full the model's context is: what the header says of it, what is said near its end, and what is still sent then. */
import { chatLines } from '../../demo/ollama/chat.ts';
import { type Call, sendAll, SAMPLE } from '../support/behaviours.ts';
import { type OllamaServer } from '../support/ollama-server.ts';
import { hanging, missing, recorded, replay } from '../support/routes.ts';
import { type ChatPage, expect, test } from './chat-page.ts';

const NEW = 'ollama-0.33.0-rc2';

/** The scripted model has four characters to a token, and a context of 4096 tokens unless it is asked for more. */
const long = (tokens: number) => 'four'.repeat(tokens);

const TINY = { name: 'tiny', capabilities: ['completion'], contextLength: 16_384 };

const meter = ({ chat }: ChatPage, name = 'Context') => chat.getByRole('meter', { name });
const warning = ({ chat }: ChatPage) =>
  chat
    .getByRole('status')
    .filter({ hasText: /\S/ })
    .filter({ hasText: /fills \d+ %|no longer sees/ });
const larger = ({ chat }: ChatPage) => chat.getByRole('button', { name: /^Let it read [\d,]+ tokens$/ });
const sent = (server: OllamaServer, index = -1) =>
  server
    .chats()
    .at(index)
    ?.body.messages.map(({ role, content }) => `${role}: ${content}`);

/** What the server counted for the last answer. */
async function counted(at: ChatPage): Promise<number> {
  const { stats } = (await at.messages()).at(-1) ?? {};
  return (stats?.prompt_eval_count ?? NaN) + (stats?.eval_count ?? NaN);
}

/** What a real server with a context of 1024 sent. */
const replays = (name: string) => ({
  answer: (call: Call) => replay(call, NEW, name),
  routes: { '/api/ps': recorded(NEW, 'ps') },
});

test('after an answer the header says how much of the context is used, with the size that the model was loaded with', async ({ open }) => {
  const at = await open();
  await at.box.focus();
  await expect(meter(at)).toHaveCount(0);
  await at.ask('Why?');
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuetext', `${await counted(at)} of 4,096 tokens`);
  await expect(meter(at)).toHaveAttribute('aria-valuenow', `${await counted(at)}`);
  await expect(meter(at)).toHaveAttribute('aria-valuemax', '4096');
  await expect(warning(at)).toHaveCount(0);
  const first = await counted(at);
  await at.ask('And then?');
  await at.idle();
  expect(await counted(at)).toBeGreaterThan(first);
  await expect(meter(at)).toHaveAttribute('aria-valuenow', `${await counted(at)}`);
  await at.set({ lang: 'vi' });
  await expect(meter(at, 'Ngữ cảnh')).toHaveAttribute('aria-valuetext', `${await counted(at)} trong 4.096 token`);
});

test('at four fifths a warning says so, and New chat begins an empty one', async ({ open }) => {
  const at = await open();
  await at.ask(long(3000));
  await at.idle();
  await expect(meter(at)).toHaveCount(1);
  await expect(warning(at)).toHaveCount(0);
  await at.ask(long(300));
  await at.idle();
  await expect(warning(at)).toHaveText(`This chat fills ${Math.round(((await counted(at)) / 4096) * 100)} % of what the model can read.`);
  await at.button('New chat').last().click();
  await expect(at.questions).toHaveCount(0);
  await expect(at.box).toBeFocused();
  await expect(meter(at)).toHaveCount(0);
  await expect(warning(at)).toHaveCount(0);
  await at.ask('Why?');
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuenow', `${await counted(at)}`);
});

test('a prompt that the server has cut without a word is said plainly', async ({ open }) => {
  const at = await open({ model: 'rendered' }, { server: replays('rendered-overflow-history') });
  await at.begin(...Array.from({ length: 20 }, (_, index) => `q${index} ${'word '.repeat(100)}`));
  await at.ask('hello');
  await at.idle();
  await expect(warning(at)).toContainText('it no longer sees the beginning');
  await expect(meter(at)).toHaveAttribute('aria-valuetext', '1,024 of 1,024 tokens');
  await expect(at.alert).toHaveCount(0);
});

test('what no longer fits is left out of the request by whole turns, and said; the log keeps it', async ({ open }) => {
  const at = await open({ system: 'Be brief.' });
  for (const question of ['Q1', 'Q2', 'Q3']) {
    await at.ask(question + long(1100));
    await at.idle();
  }
  await expect(warning(at)).toContainText('This chat fills 8');
  await at.ask(`Q4${long(500)}`);
  await at.idle();
  expect(sent(at.ollama, 2)).toHaveLength(6);
  expect(sent(at.ollama)).toEqual(['system: Be brief.', `user: Q3${long(1100)}`, `assistant: ${SAMPLE}`, `user: Q4${long(500)}`]);
  await expect(warning(at)).toContainText('it no longer sees the beginning');
  await expect(at.questions).toHaveCount(4);
  await at.ask('Q5');
  await at.idle();
  expect(sent(at.ollama), 'the beginning stays where it is').toHaveLength(6);
  expect(sent(at.ollama)?.[1]).toContain('Q3');
});

test('after a refusal as too long, Try again sends what fits: the system prompt and the newest turn', async ({ open }) => {
  const at = await open(
    { model: 'native', system: 'Be brief.' },
    {
      server: {
        answer: call => (call.attempt === 1 ? replay(call, NEW, 'native-overflow') : sendAll(call, chatLines(call.chat, [SAMPLE]))),
      },
    },
  );
  await at.begin('Q1', long(300), 'Q2', long(300));
  await at.ask('Q3');
  await at.idle();
  await expect(at.alert).toContainText('This chat is too long for the model');
  await expect(at.alert).toContainText('2421');
  await at.button('Try again').click();
  await at.idle();
  await expect(at.alert).toHaveCount(0);
  const [first, second] = [sent(at.ollama, 0), sent(at.ollama, 1)];
  expect(first).toEqual(['system: Be brief.', 'user: Q1', `assistant: ${long(300)}`, 'user: Q2', `assistant: ${long(300)}`, 'user: Q3']);
  expect(second).toEqual(['system: Be brief.', 'user: Q3']);
  await expect(at.questions).toHaveCount(3);
  expect((await at.messages()).at(-1)?.content).toBe(SAMPLE);
});

test('a message that is too long by itself is refused each time, and stays', async ({ open }) => {
  const at = await open({ model: 'native' }, { server: { answer: call => replay(call, NEW, 'native-overflow') } });
  await at.ask('hello '.repeat(400));
  await at.idle();
  await at.button('Try again').click();
  await expect.poll(() => at.ollama.chats().length).toBe(2);
  await at.idle();
  await expect(at.alert).toContainText('Shorten your message');
  expect(sent(at.ollama)).toEqual(sent(at.ollama, 0));
  await expect(at.questions).toHaveCount(1);
});

test('on this computer the model can be let read more: from the next question on it is asked for', async ({ open }) => {
  const at = await open({}, { server: { models: [TINY] } });
  await at.ask(long(3400));
  await at.idle();
  await expect(larger(at)).toHaveText('Let it read 8,192 tokens');
  await larger(at).click();
  await expect(at.box).toBeFocused();
  await expect(warning(at)).toHaveCount(0);
  await at.ask('And then?');
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuetext', /of 8,192 tokens$/);
  expect(at.ollama.chats().map(({ body }) => body.options)).toEqual([undefined, { num_ctx: 8192 }]);
  expect(at.ollama.requests.filter(({ body }) => JSON.stringify(body)?.includes('num_ctx'))).toHaveLength(1);
  await at.ask('And now?');
  await at.idle();
  // The same each time: another value would load the model anew.
  expect(at.ollama.chats().at(-1)?.body.options).toEqual({ num_ctx: 8192 });
});

test('once the model is let read more, what was left out is sent again', async ({ open }) => {
  const at = await open({}, { server: { models: [TINY] } });
  for (const question of ['Q1', 'Q2', 'Q3']) {
    await at.ask(question + long(1800));
    await at.idle();
  }
  expect(sent(at.ollama)).toHaveLength(1);
  await expect(warning(at)).toContainText('it no longer sees the beginning');
  await larger(at).click();
  await expect(warning(at)).toHaveCount(0);
  await at.ask('Q4');
  await at.idle();
  expect(sent(at.ollama)).toHaveLength(7);
  await expect(meter(at)).toHaveAttribute('aria-valuetext', /of 8,192 tokens$/);
  await expect(warning(at)).toHaveCount(0);
});

test('a model that cannot read as much as was wanted is not asked for still more', async ({ open }) => {
  const at = await open({}, { server: { models: [{ ...TINY, contextLength: 6000 }] } });
  await at.ask(long(3600));
  await at.idle();
  await larger(at).click();
  await at.ask(long(1400));
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuetext', /of 6,000 tokens$/);
  await expect(warning(at)).toContainText('This chat fills 8');
  await expect(larger(at)).toHaveCount(0);
});

for (const [where, attributes] of [
  ['for a server elsewhere, which would load the model anew for everybody', { url: 'http://models.example' }],
  ['for a model in the cloud', { model: 'tiny:cloud' }],
] as const) {
  test(`no larger context is offered ${where}`, async ({ open, serve, page }) => {
    const server = await serve({ models: [TINY, { ...TINY, name: 'tiny:cloud' }] });
    await page.route('http://models.example/**', async route => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: server.url + pathname }) });
    });
    const at = await open({ url: server.url, ...attributes });
    await at.ask(long(3400));
    await at.idle();
    await expect(warning(at)).toBeVisible();
    await expect(at.button('New chat')).toHaveCount(2);
    await expect(larger(at)).toHaveCount(0);
  });
}

for (const [what, route] of [
  ['does not have', missing],
  ['does not answer', hanging],
] as const) {
  test(`where a server ${what} /api/ps there is no meter and no failure`, async ({ open }) => {
    const at = await open({}, { server: { routes: { '/api/ps': route } } });
    for (const question of ['Why?', long(4000)]) {
      await at.ask(question);
      await at.idle();
    }
    await at.ollama.waitForRequest(({ path }) => path === '/api/ps');
    await expect(at.alert).toHaveCount(0);
    await expect(meter(at)).toHaveCount(0);
    await expect(warning(at)).toHaveCount(0);
    expect(await at.events('chat-error')).toEqual([]);
  });
}

test('a page in a language that is none is counted all the same', async ({ open }) => {
  const at = await open({}, { lang: 'en_US' });
  await at.ask('Why?');
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuetext', /^\d+ of 4.?096 tokens$/);
});

test('a script that was copied without its parts chats all the same, and counts nothing', async ({ open, page }) => {
  await page.route('**/parts/context*.js', route => route.abort());
  const at = await open();
  await at.ask(long(3400));
  await at.idle();
  await at.ask('And then?');
  await at.idle();
  expect(sent(at.ollama)).toHaveLength(3);
  await expect(meter(at)).toHaveCount(0);
  await expect(at.alert).toHaveCount(0);
});

test('a conversation that the page replaces is counted anew', async ({ open }) => {
  const at = await open();
  await at.ask(long(3400));
  await at.idle();
  await expect(warning(at)).toBeVisible();
  await at.begin('Q1', 'A1');
  await expect(meter(at)).toHaveCount(0);
  await expect(warning(at)).toHaveCount(0);
  await at.ask('Q2');
  await at.idle();
  await expect(meter(at)).toHaveAttribute('aria-valuenow', `${await counted(at)}`);
});
