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

test('shown pictures, the script says how many and how large, and nothing of what is on them', () => {
  const says = (...images: string[]) =>
    [...demoReply({ model: 'scripted-vision', messages: [{ role: 'user', content: 'What is it?', images }] })].join('');
  expect(says('A'.repeat(16_000))).toBe('You showed me one picture, of 12 kB.');
  expect(says('AAAA', 'A'.repeat(4000))).toBe('You showed me 2 pictures, of 1 kB, 3 kB.');
});
