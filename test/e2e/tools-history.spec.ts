/** What becomes of a turn with tools where it ends early, is cut, is asked again, or is looked at from another tab. */
import { partsOf, type Piece } from '../../demo/ollama/answer.ts';
import { type Call, sendAll } from '../support/behaviours.ts';
import { type Attributes, ChatPage, expect, type OllamaChat, test, watch } from './chat-page.ts';
import { call, consent, giveTools, ran, script, sent } from './tools-page.ts';

const NOT_FINISHED = 'Error: This call was not finished.';
const time = (city: string, id?: string) => ({ tool_calls: [call('get_time', { city }, id)] });

/** What a model does, request by request: the first `cut` answers stay open behind their pieces. */
function held(cut: number, ...rounds: Piece[][]) {
  let round = 0;
  const answer = async (asked: Call) => {
    const index = round++;
    const parts = partsOf(asked.dialect, asked.chat, rounds[index] ?? ['Well.']);
    if (index >= cut) return sendAll(asked, parts);
    for (const part of parts.slice(0, -1)) asked.response.write(part);
    asked.response.flushHeaders();
    await asked.released();
    asked.hangUp();
  };
  return { server: { answer, models: [{ name: 'tiny', capabilities: ['completion', 'tools'] }] } };
}

/** What the newest request sent, as any server of these two APIs wants it: each call with its result, and none without a call. */
async function expectWellFormed(at: ChatPage, ...results: string[]) {
  const { messages } = at.ollama.chats().at(-1)!.body;
  const open: string[] = [];
  const told: string[] = [];
  for (const message of messages) {
    const { role, content, tool_calls = [] } = message;
    if (role === 'tool') {
      expect((message as { tool_call_id?: string }).tool_call_id).toBe(open.shift());
      told.push(content ?? '');
    } else {
      expect(open).toEqual([]);
      open.push(...tool_calls.map(made => (made as { id: string }).id));
    }
  }
  expect(open).toEqual([]);
  expect(told).toEqual(results);
}

const calling = (at: ChatPage) =>
  expect.poll(() => at.chat.evaluate((chat: OllamaChat) => chat.messages.at(-1)?.tool_calls?.length ?? 0)).toBe(1);

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
    ...['user: Go', 'assistant: ', 'tool: Error: This call was not finished.', 'tool: 09:02', 'assistant: (No answer.)', 'user: And now?'],
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

for (const api of ['ollama', 'openai'] as const) {
  test.describe(`over ${api}`, () => {
    const begin = async (
      open: (attributes?: Attributes, options?: object) => Promise<ChatPage>,
      options: ReturnType<typeof script>,
      attributes: Attributes = {},
    ) => {
      const at = await open({ api, ...attributes }, options);
      await at.chat.evaluate(giveTools);
      return at;
    };

    test('an answer that was stopped, or broke off, with an open call costs no later question', async ({ open }) => {
      const at = await begin(open, held(2, [time('Oslo', 'a')], [time('Lima', 'b')]));
      // The other API tells of a call once it is whole, at the end.
      const isTold = api === 'ollama';
      await at.ask('One');
      if (isTold) await calling(at);
      else await expect.poll(() => at.ollama.chats().length).toBe(1);
      await at.button('Stop').click();
      await at.idle();
      await at.ask('Two');
      if (isTold) await calling(at);
      else await expect.poll(() => at.ollama.chats().length).toBe(2);
      at.ollama.release();
      await expect(at.alert).toBeVisible();
      await at.ask('Three');
      await at.idle();
      await expect(at.answers.last()).toContainText('Well.');
      expect(await ran(at)).toEqual([]);
      await expectWellFormed(at, ...(isTold ? [NOT_FINISHED, NOT_FINISHED] : []));
    });

    test('a conversation that the page sets is sent with every result it lacks, and none that nobody asked for', async ({ open }) => {
      const at = await begin(open, script(['Well.']));
      await at.chat.evaluate((chat: OllamaChat) => {
        const called = (id: string) => ({ id, function: { name: 'get_time', arguments: { city: id } } });
        chat.messages = [
          { role: 'user', content: 'One' },
          { role: 'tool', content: 'nobody asked', tool_call_id: 'x' },
          { role: 'assistant', content: '', tool_calls: [called('a'), called('b'), called('c')] },
          { role: 'tool', content: 'third', tool_name: 'get_time', tool_call_id: 'c' },
          { role: 'tool', content: 'first', tool_name: 'get_time', tool_call_id: 'a' },
        ] as typeof chat.messages;
      });
      await at.ask('Two');
      await at.idle();
      await expectWellFormed(at, 'first', NOT_FINISHED, 'third');
    });

    test('an answer at the model’s limit says that it broke off, and goes on', async ({ open }) => {
      let round = 0;
      const answer = (asked: Call) => {
        const part = asked.dialect.part({ content: round ? ' and ends.' : 'It begins' });
        return sendAll(asked, [part, asked.dialect.end({ done_reason: round++ ? 'stop' : 'length', eval_count: 2 })]);
      };
      const at = await open({ api }, { server: { answer } });
      await at.ask('Go');
      await at.idle();
      await expect(at.answers).toContainText('The answer broke off here');
      await expect(at.alert).toHaveCount(0);
      await at.button('Continue').click();
      await at.idle();
      expect((await at.messages()).map(({ content, status }) => `${status}: ${content}`)).toEqual([
        ...['complete: Go', 'complete: It begins and ends.'],
      ]);
      await expect(at.answers).not.toContainText('The answer broke off here');
    });
  });
}

test('a call that was open when the page went is told as such after a reload', async ({ open, page }) => {
  const at = await open({ persist: 'tab' }, held(1, [time('Oslo', 'a')]));
  await at.chat.evaluate(giveTools);
  await at.ask('One');
  await calling(at);
  await page.reload();
  await at.chat.evaluate(giveTools);
  await expect(at.button('Try again')).toBeVisible();
  await expect(at.button('Continue')).toHaveCount(0);
  await at.ask('Two');
  await at.idle();
  await expectWellFormed(at, NOT_FINISHED);
});

test('thoughts that the model’s limit cut say so', async ({ open }) => {
  const answer = (asked: Call) =>
    sendAll(asked, [asked.dialect.part({ thinking: 'Hm, let me' }), asked.dialect.end({ done_reason: 'length', eval_count: 3 })]);
  const at = await open({}, { server: { answer } });
  await at.ask('Go');
  await at.idle();
  await expect(at.answers).toContainText('The answer broke off here');
  await expect(at.button('Try again')).toBeVisible();
  await expect(at.button('Continue')).toHaveCount(0);
});
