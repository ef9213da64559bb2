/** The demo as `npm start` serves it: the sources through Vite, with a real Ollama behind it where one answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { demoReply } from '../../demo/ollama/replies.ts';
import { FAULTS, SAMPLE } from '../support/behaviours.ts';
import { expect, test as base } from './chat-page.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = fileURLToPath(new URL('../../node_modules/vite/bin/vite.js', import.meta.url));

/** Starts the demo with this OLLAMA_HOST; resolves with its address. */
const test = base.extend<{ startDemo: (host: string) => Promise<string> }>({
  startDemo: async ({}, use) => {
    const children: ChildProcess[] = [];
    await use(async host => {
      const port = await freePort();
      const child = spawn(process.execPath, [vite, '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
        cwd: root,
        env: { ...process.env, CI: '1', OLLAMA_HOST: host },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (printed += part.toString()));
      await expect
        .poll(() => (child.exitCode === null ? printed : `exit ${child.exitCode}: ${printed}`), { timeout: 60_000 })
        .toContain('ready in');
      return `http://127.0.0.1:${port}/`;
    });
    for (const child of children) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  },
});

// One at a time: on its first start Vite prepares the libraries.
test.describe.configure({ mode: 'serial', timeout: 180_000 });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('without an Ollama the demo answers by itself, remembers, and says that no model is behind it', async ({ startDemo, page }) => {
  await page.goto(await startDemo('127.0.0.1:9'));
  await expect(page.getByRole('note')).toContainText('No Ollama was found, so no model is behind this demo');
  const chat = page.locator('#chat');
  const answers = chat.getByRole('article', { name: 'Answer' });
  const box = chat.getByRole('textbox');
  await box.fill('Hello, who is there?');
  await box.press('Enter');
  await expect(answers.getByRole('button', { name: 'Copy' }).last()).toBeVisible({ timeout: 60_000 });
  await expect(answers).toContainText('scripted');
  await box.fill('What did I ask before?');
  await box.press('Enter');
  await expect(answers.last()).toContainText('Hello, who is there?', { timeout: 60_000 });

  const popup = page.locator('#popup');
  await popup.getByRole('button', { name: 'Open chat' }).click();
  await popup.getByRole('textbox').fill('Hello?');
  await popup.getByRole('textbox').press('Enter');
  await expect(popup.getByRole('article', { name: 'Answer' })).toContainText(/\w+/, { timeout: 60_000 });
});

test('with an Ollama at OLLAMA_HOST the demo talks to that one, directly', async ({ startDemo, page, serve }) => {
  const ollama = await serve();
  const site = await startDemo(`127.0.0.1:${ollama.port}`);
  await page.goto(site);
  await expect(page.getByRole('note')).toContainText(`Talking to Ollama 0.33.0 at ${ollama.url}`);
  const chat = page.locator('#chat');
  const box = chat.getByRole('textbox');
  const answers = chat.getByRole('article', { name: 'Answer' });
  for (const [index, question] of ['Who are you?', 'And now?'].entries()) {
    await box.fill(question);
    await box.press('Enter');
    await expect(answers).toHaveCount(index + 1);
    await expect(chat.getByRole('button', { name: 'Send' })).toBeVisible();
  }
  await expect(answers.last()).toContainText('Hello! This is bold');
  expect(
    ollama.chats().map(({ body, headers }) => [body.model, headers['origin'], ...body.messages.map(({ content }) => content)]),
  ).toEqual([
    ['tiny:latest', site.slice(0, -1), 'Who are you?'],
    ['tiny:latest', site.slice(0, -1), 'Who are you?', SAMPLE, 'And now?'],
  ]);
});

test('an Ollama that refuses the demo’s page is passed through by its server', async ({ startDemo, page, serve }) => {
  const ollama = await serve({ origins: [] });
  await page.goto(await startDemo(`127.0.0.1:${ollama.port}`));
  await expect(page.getByRole('note')).toContainText('through this page’s server');
  const chat = page.locator('#chat');
  await chat.getByRole('textbox').fill('Who are you?');
  await chat.getByRole('textbox').press('Enter');
  await expect(chat.getByRole('article', { name: 'Answer' })).toContainText('Hello! This is bold');
  expect(ollama.chats()).toHaveLength(1);
});

test('the popup goes along to the second page in mid-answer: what was said, half an answer, the draft, and its being open', async ({
  startDemo,
  page,
  serve,
}) => {
  const ollama = await serve({ answer: FAULTS['held']! });
  await page.goto(`${await startDemo(`127.0.0.1:${ollama.port}`)}demo/popup.html`);
  const chat = page.locator('ollama-chat');
  await page.getByRole('button', { name: 'Ask a question' }).click();
  await chat.getByRole('textbox').fill('What is new?');
  await chat.getByRole('textbox').press('Enter');
  await expect(chat.getByRole('article', { name: 'Answer' })).toContainText('Hello!');
  await chat.getByRole('textbox').fill('And then');

  await page.getByRole('link', { name: 'The second page' }).click();
  await expect(page.getByRole('heading', { name: 'A second page' })).toBeVisible();
  await expect(chat.getByRole('article', { name: 'You' })).toHaveText('What is new?');
  await expect(chat.getByRole('article', { name: 'Answer' })).toContainText('Hello!');
  await expect(chat.getByRole('textbox')).toHaveValue('And then');
  ollama.release();
  await chat.getByRole('button', { name: 'Continue' }).click();
  ollama.release();
  await expect(chat.getByRole('button', { name: 'Continue' })).toBeHidden();
  expect(ollama.chats()).toHaveLength(2);
});

test('the chat operates the page around it: its colours, its menu and its form, each after consent, and not after a refusal', async ({
  startDemo,
  page,
}) => {
  await page.goto(await startDemo('127.0.0.1:9'));
  await page.getByRole('link', { name: 'operating the page around it' }).click();
  await expect(page.getByRole('note')).toContainText('No Ollama was found');
  const chat = page.locator('#chat');
  const answers = chat.getByRole('article', { name: 'Answer' });
  const dishes = page.getByRole('table').getByRole('rowheader');
  const consent = (title: string) => chat.getByRole('group', { name: `Let the model use ${title}?` });
  const ask = async (question: string) => {
    await chat.getByRole('textbox').fill(question);
    await chat.getByRole('textbox').press('Enter');
  };
  const looks = () =>
    page.evaluate(() => [
      getComputedStyle(document.documentElement).colorScheme,
      document.querySelector('ollama-chat')?.getAttribute('theme'),
    ]);
  await expect(dishes).toHaveCount(10);
  expect(await looks()).toEqual(['light dark', null]);

  // Two things at once, and the first answer says who speaks before anything is allowed.
  await ask('Dark, and only what costs less than 10');
  await expect(consent('Menu filter').getByRole('definition')).toHaveText('10');
  await expect(answers).toContainText('No model is behind this demo');
  await expect(dishes).toHaveCount(10);
  await consent('Menu filter').getByRole('button', { name: 'Allow once' }).click();
  await expect(dishes).toHaveCount(6);
  await expect(page.getByText('6 of 10 dishes', { exact: true })).toBeVisible();
  expect(await looks()).toEqual(['light dark', null]);
  await consent('Theme').getByRole('button', { name: 'Allow once' }).click();
  await expect.poll(looks).toEqual(['dark', 'dark']);
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(answers.last()).toContainText('Done. The page is dark. 6 of 10 dishes are shown');
  await expect(chat.getByRole('button', { name: 'Send' })).toBeVisible();

  const form = [
    page.getByRole('textbox', { name: 'Name' }),
    page.getByRole('combobox', { name: 'Day' }),
    page.getByRole('spinbutton', { name: 'People' }),
    page.getByRole('textbox', { name: 'Note' }),
  ];
  const filled = () => Promise.all(form.map(field => field.inputValue()));
  await ask('Book a table for four on Friday, for Kim');
  await consent('Booking form').getByRole('button', { name: 'Refuse' }).click();
  await expect(answers.last()).toContainText('fill_booking was refused');
  expect(await filled()).toEqual(['', '', '', '']);
  await expect(chat.getByRole('button', { name: 'Send' })).toBeVisible();
  await ask('Book a table for four on Friday, for Kim. Note: by the window');
  await consent('Booking form').getByRole('button', { name: 'Allow once' }).click();
  await expect.poll(filled).toEqual(['Kim', 'Friday', '4', 'by the window']);
  await expect(page.getByText('Nothing is sent before you press Book.')).toBeVisible();
  await page.getByRole('button', { name: 'Book' }).click();
  await expect(page.getByText('Thank you, Kim.')).toBeVisible();

  // By hand, without the chat.
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByLabel('Dishes with').fill('lemon');
  await expect(dishes).toHaveText(['Roast chicken with lemon', 'Lemon tart']);
  await page.getByRole('radio', { name: 'System' }).check();
  expect(await looks()).toEqual(['light dark', 'auto']);
});

const SCHEMAS = {
  set_theme: { properties: { theme: { type: 'string', enum: ['light', 'dark'] } }, required: ['theme'] },
  get_weather: { properties: { city_name: { type: 'string' }, days: { type: 'integer' } }, required: ['city_name'] },
  filter_shop: { properties: { text: { type: 'string' }, max_price: { type: 'number', description: 'What it costs' } } },
};
const TOOLS = Object.entries(SCHEMAS).map(([name, parameters]) => ({
  type: 'function',
  function: { name, description: 'Of the page', parameters: { type: 'object', ...parameters } },
}));

for (const [question, calls] of [
  ['Dark, please', { set_theme: { theme: 'dark' } }],
  ['Another theme', {}],
  ['The darkest thing here', {}],
  ['The weather for Oslo, three days', { get_weather: { city_name: 'Oslo', days: 3 } }],
  ['The weather', {}],
  ['The whole shop', { filter_shop: {} }],
  [
    'Light, and of the shop only things with “olive oil”, under €7.50',
    { set_theme: { theme: 'light' }, filter_shop: { text: 'olive oil', max_price: 7.5 } },
  ],
  ['Two shops, and filtering', { filter_shop: {} }],
  ['A shoplifter', {}],
  ['Show me some code', {}],
] as const) {
  test(`offered tools, the script answers “${question}” by ${Object.keys(calls).join(' and ') || 'words'}`, () => {
    const messages = [{ role: 'user', content: question }];
    const called = (tools?: object[]) =>
      [...demoReply({ model: 'scripted', messages, ...(tools && { tools }) })].flatMap(piece =>
        typeof piece === 'object' && 'tool_calls' in piece ? (piece.tool_calls as { function: { name: string; arguments: object } }[]) : [],
      );
    expect(Object.fromEntries(called(TOOLS).map(({ function: made }) => [made.name, made.arguments]))).toEqual(calls);
    expect(called()).toEqual([]);
  });
}

test('of results the script says what they say, as text, and what was refused or failed', () => {
  const says = (...contents: string[]) => {
    const results = contents.map(content => ({ role: 'tool', tool_name: 'set_theme', content }));
    const messages = [{ role: 'user', content: 'Dark' }, { role: 'assistant', content: '', tool_calls: [{}] }, ...results];
    return [...demoReply({ model: 'scripted', messages, tools: TOOLS })].join('');
  };
  expect(says('The page is dark.', 'It has <b>one</b> row.')).toBe('Done. The page is dark. It has \\<b\\>one\\</b\\> row.');
  expect(says('Error: The user refused this call. Do not make it again.')).toContain('was refused, so I left that as it was');
  expect(says('Fine.', 'Error: out of order')).toBe('Done. Fine. **set\\_theme** did not work, sorry: out of order');
});

test('shown pictures, the script says how many and how large, and nothing of what is on them', () => {
  const says = (...images: string[]) =>
    [...demoReply({ model: 'scripted-vision', messages: [{ role: 'user', content: 'What is it?', images }] })].join('');
  expect(says('A'.repeat(16_000))).toBe('You showed me one picture, of 12 kB.');
  expect(says('AAAA', 'A'.repeat(4000))).toBe('You showed me 2 pictures, of 1 kB, 3 kB.');
});
