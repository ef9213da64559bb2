/** Tools: the loop of calls and results, over both APIs; the visitor's consent; what is seen of it. */
import type { Piece } from '../../demo/ollama/answer.ts';
import { json, recorded, type Route } from '../support/routes.ts';
import { findings } from './axe.ts';
import { type Attributes, type ChatPage, expect, type OllamaChat, type PageOptions, test } from './chat-page.ts';
import { call, consent, giveTools, ran, script, sent } from './tools-page.ts';

type Open = (attributes?: Attributes, options?: PageOptions) => Promise<ChatPage>;

const apis = {
  ollama: (url: string) => url,
  openai: (url: string) => `${url}/v1`,
};

for (const [api, address] of Object.entries(apis)) {
  const withTools = async (open: Open, ...rounds: Piece[][]) => {
    const at = await open({}, script(...rounds));
    await at.chat.evaluate((chat: OllamaChat, url) => void (chat.url = url), address(at.ollama.url));
    await at.chat.evaluate(giveTools);
    return at;
  };

  test.describe(`over ${api}`, () => {
    test('a call is asked for, runs, and its result goes back to the model, which answers', async ({ open }) => {
      const at = await withTools(open, [
        'Let me see. ',
        { tool_calls: [call('get_weather', { city: 'Oslo', when: 'tonight' }, 'call_1')] },
      ]);
      await at.ask('Will I need a coat?');
      const card = consent(at);
      await expect(card.getByText('get_weather')).toBeVisible();
      await expect(card.getByRole('term')).toHaveText(['city', 'when']);
      await expect(card.getByRole('definition')).toHaveText(['Oslo', 'tonight']);
      expect(await at.chat.evaluate((chat: OllamaChat) => chat.phase)).toBe('tool');
      expect(await ran(at)).toEqual([]);
      await card.getByRole('button', { name: 'Allow once' }).click();
      await at.idle();
      expect(await ran(at)).toEqual(['get_weather {"city":"Oslo","when":"tonight"}']);
      await expect(at.answers.last()).toContainText('I was told: 4 °C in Oslo');
      const [, second] = sent(at);
      expect(second?.map(({ role }) => role)).toEqual(['assistant', 'tool']);
      expect(second?.[0]).toMatchObject({ content: 'Let me see. ', tool_calls: [{ id: 'call_1' }] });
      expect(second?.[1]).toMatchObject({
        content: '4 °C in Oslo',
        tool_call_id: 'call_1',
        ...(api === 'ollama' && { tool_name: 'get_weather' }),
      });
      expect(at.ollama.chats()[0]?.body.tools).toHaveLength(5);
      expect((await at.messages()).map(({ role, status }) => `${role} ${status}`)).toEqual([
        ...['user complete', 'assistant complete', 'tool complete', 'assistant complete'],
      ]);
      const step = at.answers.first().locator('details.step');
      await expect(step.locator('summary')).toContainText('Weather');
      await step.locator('summary').click();
      await expect(step.getByText('4 °C in Oslo')).toBeVisible();
    });

    test('two tools in one turn run at once, and their results go back in the order of the calls', async ({ open }) => {
      const at = await withTools(open, [{ tool_calls: [call('get_time', { city: 'Oslo' }), call('get_weather', { city: 'Lima' })] }]);
      await at.ask('Time in Oslo, weather in Lima?');
      // The first has run already while the second is asked for.
      await expect.poll(() => ran(at)).toEqual(['get_time {"city":"Oslo"}']);
      const done = at.answers.first().locator('details.step').first();
      await done.locator('summary').click();
      await consent(at).getByRole('button', { name: 'Allow once' }).click();
      await at.idle();
      // What was opened stays open.
      await expect(done).toHaveAttribute('open');
      const [, second] = sent(at);
      expect(second?.slice(1).map(({ content }) => content)).toEqual(['{"city":"Oslo","time":"09:02"}', '4 °C in Lima']);
      const ids = (second?.[0]?.tool_calls ?? []).map(made => (made as { id: string }).id);
      expect(second?.slice(1).map(message => (message as { tool_call_id?: string }).tool_call_id)).toEqual(ids);
      expect(new Set(ids).size).toBe(2);
    });

    test('five rounds, one after the other', async ({ open }) => {
      const cities = ['Oslo', 'Lima', 'Hanoi', 'Accra', 'Perth'];
      const at = await withTools(open, ...cities.map(city => [{ tool_calls: [call('get_time', { city })] }]));
      await at.ask('What time is it everywhere?');
      await at.idle();
      expect(await ran(at)).toEqual(cities.map(city => `get_time {"city":"${city}"}`));
      expect(at.ollama.chats()).toHaveLength(6);
      await expect(at.answers.last()).toContainText('I was told: {"city":"Perth"');
      await expect(at.answers.locator('details.step')).toHaveCount(5);
    });

    test('a refused call is told to the model, which answers without it', async ({ open }) => {
      const at = await withTools(open, [{ tool_calls: [call('get_weather', { city: 'Oslo' })] }]);
      await at.ask('Weather?');
      await consent(at).getByRole('button', { name: 'Refuse' }).click();
      await at.idle();
      expect(await ran(at)).toEqual([]);
      await expect(at.answers.last()).toContainText('I was told: Error: The user refused this call.');
      await expect(at.answers.first()).toContainText('refused');
    });

    for (const [what, calls, told] of [
      ['a tool that fails', [call('fails', { city: 'Oslo' })], 'Error: out of order'],
      ['a name that nobody offered', [call('launch', { city: 'Oslo' })], 'Error: There is no tool named "launch".'],
      ['arguments that do not fit', [call('get_time', { town: 'Oslo' })], 'Error: The arguments do not fit.'],
      [
        'a value that is none of those allowed',
        [call('get_time', { city: 'Oslo', when: 'never' })],
        'Error: The arguments do not fit. /when',
      ],
    ] as const) {
      test(`${what} is told to the model, and the answer goes on`, async ({ open }) => {
        const at = await withTools(open, [{ tool_calls: calls }]);
        await at.ask('Go');
        await at.idle();
        await expect(at.answers.last()).toContainText(`I was told: ${told}`);
        await expect(at.answers.first()).toContainText('failed');
        expect((await ran(at)).filter(entry => !entry.startsWith('fails'))).toEqual([]);
      });
    }

    test('without any tools a call runs nothing, also where there were some before, and the answer goes on', async ({ open }) => {
      const at = await withTools(open, ['Hello.'], [{ tool_calls: [call('get_time', { city: 'Oslo' })] }]);
      await at.ask('Hello');
      await at.idle();
      await at.chat.evaluate((chat: OllamaChat) => void (chat.tools = undefined));
      await at.ask('Go');
      await at.idle();
      expect(await ran(at)).toEqual([]);
      await expect(at.answers.last()).toContainText('I was told: Error: There is no tool named "get_time".');
    });

    test('the same call twice in a row ends the loop: the model is asked once more, without tools', async ({ open }) => {
      const again = [{ tool_calls: [call('get_time', { city: 'Oslo' })] }];
      const at = await withTools(open, again, again);
      await at.ask('Go');
      await at.idle();
      expect(await ran(at)).toEqual(['get_time {"city":"Oslo"}']);
      expect(at.ollama.chats().map(({ body }) => body.tools?.length ?? 0)).toEqual([5, 5, 0]);
      await expect(at.answers.last()).toContainText('The same call was made just before');
    });

    test('the rounds are limited, and then it has to answer', async ({ open }) => {
      const at = await withTools(
        open,
        ...Array.from({ length: 9 }, (_, index) => [{ tool_calls: [call('get_time', { city: `${index}` })] }]),
      );
      await at.chat.evaluate((chat: OllamaChat) => void (chat.toolRounds = 3));
      await at.ask('Go');
      await at.idle();
      expect(at.ollama.chats().map(({ body }) => body.tools?.length ?? 0)).toEqual([5, 5, 5, 0]);
      expect(await ran(at)).toHaveLength(3);
      await expect(at.answers.last()).toContainText('The model gave no answer after this.');
    });

    test('Stop ends a running tool by its signal, and the next question is well formed', async ({ open }) => {
      const at = await withTools(open, [{ tool_calls: [call('hangs', { city: 'Oslo' }), call('get_time', { city: 'Lima' })] }]);
      await at.ask('Go');
      await expect.poll(() => ran(at)).toContain('get_time {"city":"Lima"}');
      await at.button('Stop').click();
      await at.idle();
      expect(await ran(at)).toContain('hangs aborted');
      await at.ask('And now?');
      await at.idle();
      const all = at.ollama
        .chats()
        .at(-1)
        ?.body.messages.map(({ role, content }) => `${role}: ${content}`);
      expect(all).toEqual([
        ...[
          'user: Go',
          'assistant: ',
          'tool: Error: This call was not finished.',
          'tool: {"city":"Lima","time":"09:02"}',
          // Many templates want an answer before the next question, and some servers none that is empty.
          'assistant: (No answer.)',
          'user: And now?',
        ],
      ]);
    });

    test('a call that takes longer than the time limit is given up, and told', async ({ open }) => {
      const at = await withTools(open, [{ tool_calls: [call('hangs', { city: 'Oslo' })] }]);
      await at.chat.evaluate((chat: OllamaChat) => void (chat.timeout = 0.5));
      await at.ask('Go');
      await at.idle();
      await expect(at.answers.last()).toContainText('Error: No result came within 0.5 seconds.');
      expect(await ran(at)).toContain('hangs aborted');
    });

    test('a model that turns out to use no tools is asked once more without them, and a notice says so', async ({ open }) => {
      // An old server does not say beforehand what its models can do.
      const routes: Record<string, Route> = { '/api/show': json({}) };
      const at = await open({}, { server: { models: [{ name: 'tiny', capabilities: ['completion'] }], routes } });
      await at.chat.evaluate((chat: OllamaChat, url) => void (chat.url = url), address(at.ollama.url));
      await at.chat.evaluate(giveTools);
      await at.ask('Go');
      await at.idle();
      await at.ask('And now?');
      await at.idle();
      expect(at.ollama.chats().map(({ body }) => body.tools?.length ?? 0)).toEqual([5, 0, 0]);
      await expect(at.answers).toHaveCount(2);
      await expect(at.chat.getByText('tiny can’t use tools. It answers without them.')).toBeVisible();
    });

    test('the page can refuse a call by its event', async ({ open }) => {
      const at = await withTools(open, [{ tool_calls: [call('get_weather', { city: 'Oslo' })] }]);
      await at.page.evaluate(() =>
        document.addEventListener('chat-tool-call', event => {
          if (event.name === 'get_weather' && event.arguments.city === 'Oslo') event.preventDefault();
        }),
      );
      await at.ask('Go');
      await at.idle();
      await expect(at.answers.last()).toContainText('I was told: Error: The page refused this call.');
      expect(await ran(at)).toEqual([]);
    });
  });
}

test('a result is text like any other hostile word', async ({ open }) => {
  const at = await open({}, script([{ tool_calls: [call('hostile', { city: '<b>Oslo</b>' })] }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await at.idle();
  const step = at.answers.first().locator('details.step');
  await step.locator('summary').click();
  await expect(step.locator('pre')).toHaveText('<img src=x onerror=alert(1)> **bold**');
  await expect(step.getByRole('definition')).toHaveText('<b>Oslo</b>');
  await expect(at.chat.locator('img, b')).toHaveCount(0);
});

test('what a visitor is asked about is seen to its end, and as it is', async ({ open }) => {
  const city = `${'Oslo '.repeat(1000)}\u202Eedir\u200B`;
  const at = await open({}, script([{ tool_calls: [call('get_weather', { city })] }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await expect(consent(at).getByRole('definition')).toHaveText(/(?:Oslo ){1000}‹U\+202E›edir‹U\+200B›$/);
});

test('a popup that is closed shows that a question waits in it', async ({ open }) => {
  const at = await open({ layout: 'popup' }, script([{ wait: 1 }, { tool_calls: [call('get_weather', { city: 'Oslo' })] }]));
  await at.chat.evaluate(giveTools);
  await at.button('Open chat').click();
  await at.box.fill('Go');
  await at.page.evaluate(() => document.addEventListener('chat-send', ({ target }) => (target as OllamaChat).hide(), { once: true }));
  await at.box.press('Enter');
  await at.button('Open chat, new answer').click();
  await expect(consent(at)).toBeVisible();
  // Also where it was seen before.
  await at.page.keyboard.press('Escape');
  await at.button('Open chat, new answer').click();
  await consent(at).getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  expect(await ran(at)).toHaveLength(1);
});

test('“Don’t ask again” is said of one tool: another one under its name is asked about', async ({ open }) => {
  const once = (city: string) => [{ tool_calls: [call('get_weather', { city })] }];
  const at = await open({}, script(once('Oslo'), ['Fine.'], once('Lima')));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await consent(at).getByRole('checkbox').check();
  await consent(at).getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  await at.chat.evaluate((chat: OllamaChat) => {
    const [first] = chat.tools ?? [];
    if (first) chat.tools = [{ ...first, description: 'Orders an umbrella' } as typeof first];
  });
  await at.ask('Go');
  await expect(consent(at)).toBeVisible();
  expect(await ran(at)).toHaveLength(1);
});

test('“Don’t ask again in this chat” holds for this chat, and no longer', async ({ open }) => {
  const once = (city: string) => [{ tool_calls: [call('get_weather', { city })] }];
  const at = await open({}, script(once('Oslo'), once('Lima'), ['Fine.'], once('Hanoi')));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await consent(at).getByRole('checkbox', { name: 'Don’t ask again in this chat' }).check();
  await consent(at).getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  expect(await ran(at)).toHaveLength(2);
  await at.button('New chat').click();
  await at.ask('Go');
  await expect(consent(at)).toBeVisible();
  expect(await ran(at)).toHaveLength(2);
});

test('a model without tools is asked without them, and a notice says so', async ({ open }) => {
  const at = await open({}, { server: { models: [{ name: 'tiny', capabilities: ['completion'] }] } });
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await at.idle();
  expect(at.ollama.chats().map(({ body }) => body.tools)).toEqual([undefined]);
  await expect(at.chat.getByText('tiny can’t use tools. It answers without them.')).toBeVisible();
  await at.button('Close this notice').click();
  await expect(at.chat.getByText('can’t use tools')).toHaveCount(0);
});

test('by keyboard alone: the question is reached, answered, and the focus goes on to the next one, then to the box', async ({ open }) => {
  const at = await open({}, script([{ tool_calls: ['Oslo', 'Lima'].map(city => call('get_weather', { city })) }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await expect(at.chat.getByRole('status')).toContainText('The model wants to use Weather.');
  const allow = consent(at).first().getByRole('button', { name: 'Allow once' });
  await expect(allow).toBeEnabled();
  await expect(async () => {
    await at.page.keyboard.press('Shift+Tab');
    await expect(allow).toBeFocused({ timeout: 50 });
  }).toPass();
  await at.page.keyboard.press('Enter');
  await expect(consent(at)).toHaveCount(1);
  const refuse = consent(at).getByRole('button', { name: 'Refuse' });
  await expect(refuse).toBeFocused();
  // A key that is held on the question before does not answer this one.
  await expect(refuse).toBeEnabled();
  await at.page.keyboard.press('Enter');
  await at.idle();
  await expect(at.box).toBeFocused();
  expect(await ran(at)).toEqual(['get_weather {"city":"Oslo"}']);
});

test('axe finds nothing in the question before a call, nor in a step that is open, light and dark', async ({ open, page }) => {
  const at = await open(
    {},
    { ...script([{ tool_calls: [call('get_weather', { city: 'Oslo' })] }]), body: tag => `<main><h1>A page</h1>${tag}</main>` },
  );
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await expect(consent(at)).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await at.set({ theme });
    expect(await findings(page)).toEqual([]);
  }
  await consent(at).getByRole('button', { name: 'Allow once' }).click();
  await at.idle();
  await at.answers.first().locator('summary').click();
  for (const theme of ['light', 'dark'] as const) {
    await at.set({ theme });
    expect(await findings(page)).toEqual([]);
  }
});

test('the steps are there again after a reload, with what they gave', async ({ open, page }) => {
  const at = await open({ persist: 'tab' }, script([{ tool_calls: [call('get_time', { city: 'Oslo' })] }]));
  await at.chat.evaluate(giveTools);
  await at.ask('Go');
  await at.idle();
  await page.reload();
  const step = at.answers.first().locator('details.step');
  await step.locator('summary').click();
  await expect(step.getByText('"time":"09:02"')).toBeVisible();
});

/** What four real servers sent where a model called a tool, and what they answered to its result. */
const RECORDED = [
  ['ollama-0.33.0-rc2', 'native-chat-tools', 'native-chat-tool-result', '/api/chat'],
  ['ollama-0.33.0-rc2', 'rendered-chat-tools', 'rendered-chat-tool-result', '/api/chat'],
  ['ollama-0.33.0-rc2', 'native-v1-chat-tools', 'native-v1-tool-result', '/v1/chat/completions'],
  ['ollama-0.33.0-rc2', 'rendered-v1-chat-tools', 'rendered-v1-tool-result', '/v1/chat/completions'],
  ['ollama-0.24.0', 'rendered-chat-tools', 'rendered-chat-tool-result', '/api/chat'],
  ['ollama-0.24.0', 'rendered-v1-chat-tools', 'rendered-v1-tool-result', '/v1/chat/completions'],
  ['llama-server-0.7.0', 'chat-tools', 'tool-result', '/v1/chat/completions'],
  ['litellm-1.106.2', 'chat-tools', 'tool-result', '/v1/chat/completions'],
] as const;

for (const [file, calls, result, path] of RECORDED) {
  test(`the recorded call runs, and its recorded answer comes: ${calls} of ${file}`, async ({ open }) => {
    let questions = 0;
    const replay: Route = route => {
      const isQuestion = route.response.req.method === 'POST';
      return recorded(file, isQuestion && questions++ ? result : calls)(route);
    };
    const models = [{ name: 'tiny', capabilities: ['completion', 'tools'] }];
    const at = await open({ preload: 'none' }, { server: { models, routes: { [path]: replay } } });
    await at.chat.evaluate(giveTools);
    if (path.startsWith('/v1')) await at.chat.evaluate((chat: OllamaChat) => void (chat.api = 'openai'));
    await at.ask('weather');
    await consent(at).getByRole('button', { name: 'Allow once' }).click();
    await at.idle();
    expect(await ran(at)).toEqual(['get_weather {"city":"Oslo"}']);
    await expect(at.answers.last()).toContainText('In Oslo it is 4 degrees now.');
    const body = at.ollama.requests.filter(request => request.path === path && request.method === 'POST').at(-1)?.body as {
      messages: Message[];
    };
    const [made, told] = body.messages.slice(-2);
    expect(told).toMatchObject({ role: 'tool', content: '4 °C in Oslo', tool_call_id: made?.tool_calls?.[0]?.id });
    expect(told?.tool_call_id).toBeTruthy();
  });
}

interface Message {
  role: string;
  tool_calls?: { id: string }[];
  tool_call_id?: string;
}
