/** Failures that people can act on: a title that names the cause, the text they typed, what had come, and one way on. */
import { PARTIAL, SAMPLE } from '../support/behaviours.ts';
import { transcript } from '../support/transcripts.ts';
import { type ChatPage, expect, type OllamaChat, test } from './chat-page.ts';

const QUESTION = 'Why is the sky blue?';
const UNSENT = 'And the sea?';

interface Failure {
  model: string;
  title: string;
  kind: string;
  /** What the alert says besides. */
  says?: string[];
  /** What must remain of the answer. */
  kept?: string;
  /** The server breaks the connection once the test releases it: browsers drop what they have not read by then. */
  breaks?: boolean;
}

const UNREACHABLE = { title: 'Ollama on this computer doesn’t answer', kind: 'unreachable', says: ['ollama serve'] };
const NO_ANSWER = { title: 'The connection ended without an answer', kind: 'no-answer' };
const REFUSED = { title: 'Ollama is running, but doesn’t accept this page', kind: 'origin-refused' };
const NOT_OLLAMA = { title: 'Something else than Ollama answered', kind: 'not-ollama' };
const INTERRUPTED = { title: 'The answer was interrupted', kind: 'interrupted' };
const BAD_LINE = { title: 'The answer can’t be read', kind: 'bad-line' };
const BUSY = { title: 'The server is busy', kind: 'busy', says: ['maximum pending requests exceeded'] };
const CRASHED = { title: 'The model stopped on the server', kind: 'crashed', says: ['unexpected EOF'] };

/** The two lines before a bad one. */
const SAMPLE_BEGINNING = 'Hello!';

/** Faults of the test server's own. */
const FAULTS: Failure[] = [
  { model: 'nope', title: 'The model nope isn’t installed', kind: 'model-missing', says: ['ollama pull nope'] },
  { model: 'out-of-memory', title: 'Not enough memory for this model', kind: 'out-of-memory', says: ['Close other programs'] },
  { model: 'queue-full', ...BUSY },
  { model: 'html-502', title: 'The model server doesn’t answer', kind: 'proxy', says: ['502'] },
  { model: 'html-502-unreadable', ...NO_ANSWER },
  { model: 'html-200', ...NOT_OLLAMA },
  { model: 'error-midstream', ...CRASHED, kept: PARTIAL },
  { model: 'cut', ...INTERRUPTED, kept: PARTIAL, breaks: true },
  { model: 'reset', ...INTERRUPTED, kept: PARTIAL, breaks: true },
  { model: 'ends-early', ...INTERRUPTED, kept: PARTIAL },
  { model: 'garbage-line', ...BAD_LINE, kept: SAMPLE_BEGINNING },
  { model: 'null-line', ...BAD_LINE, kept: SAMPLE_BEGINNING },
  { model: 'odd-lines', ...BAD_LINE, kept: SAMPLE_BEGINNING },
  { model: 'empty-reply', title: 'The model answered nothing', kind: 'empty-reply' },
  { model: 'empty-body', ...INTERRUPTED },
];

const NEW = 'ollama-0.33.0-rc2';
const OLD = 'ollama-0.24.0';

/** What real servers sent. */
const RECORDED: Failure[] = [
  recorded(NEW, 'rendered-chat-stutter', INTERRUPTED),
  recorded(OLD, 'rendered-chat-stutter', INTERRUPTED),
  recorded(NEW, 'native-chat-closed', INTERRUPTED),
  recorded(NEW, 'native-runner-killed-midstream', CRASHED),
  recorded(NEW, 'rendered-runner-killed-midstream', CRASHED),
  recorded(OLD, 'rendered-runner-killed-midstream', CRASHED),
  recorded(NEW, 'native-overflow', { title: 'This chat is too long for the model', kind: 'too-long', says: ['2421', '1024'] }),
  recorded(OLD, 'rendered-overflow-noshift', { title: 'This chat is too long for the model', kind: 'too-long' }),
  recorded(NEW, 'error-unknown-model', missing(NEW, 'error-unknown-model')),
  recorded(OLD, 'error-unknown-model', missing(OLD, 'error-unknown-model')),
  recorded(NEW, 'native-queue-full', BUSY),
  recorded(NEW, 'rendered-queue-full', BUSY),
  recorded(OLD, 'rendered-queue-full', BUSY),
  recorded(NEW, 'cors-post-refused', NO_ANSWER),
];

function missing(file: string, name: string): Omit<Failure, 'model'> {
  const model = `transcript:${file}:${name}`;
  return { title: `The model ${model} isn’t installed`, kind: 'model-missing', says: [`ollama pull ${model}`] };
}

function recorded(file: string, name: string, failure: Omit<Failure, 'model'>): Failure {
  const { status, chunks, cut } = transcript(file, name).response;
  const lines = status === 200 ? chunks.join('').split('\n').filter(Boolean) : [];
  const kept = lines.map(line => (JSON.parse(line) as { message?: { content?: string } }).message?.content ?? '').join('');
  return { model: `transcript:${file}:${name}`, ...failure, ...(kept && { kept }), ...(cut && { breaks: true }) };
}

for (const { model, title, kind, says = [], kept, breaks } of [...FAULTS, ...RECORDED]) {
  test(`${model}: says what is wrong, loses nothing, and Try again asks once`, async ({ open }) => {
    // What is tried again by itself has tests of its own.
    const at = await open({ model, retries: '0' });
    await at.ask(QUESTION);
    await at.box.fill(UNSENT);
    if (breaks) await breaksAfter(at, kept);
    await fails(at, { title, kind, says, kept });

    await at.button('Try again').click();
    await expect.poll(() => at.ollama.chats().length).toBe(2);
    if (breaks) await breaksAfter(at, kept);
    await fails(at, { title, kind, says, kept });
    expect(at.ollama.chats()).toHaveLength(2);
    expect(at.ollama.chats()[1]?.body.messages).toEqual([{ role: 'user', content: QUESTION }]);
    expect((await at.events('chat-error')).map(event => event.kind)).toEqual([kind, kind]);

    await at.set({ model: 'tiny' });
    await at.box.press('Enter');
    await at.idle();
    await expect(at.alert).toHaveCount(0);
    expect(at.ollama.chats()).toHaveLength(3);
    const sent = at.ollama
      .chats()[2]
      ?.body.messages.filter(({ role }) => role === 'user')
      .map(({ content }) => content);
    expect(sent).toEqual([QUESTION, UNSENT]);
    expect((await at.messages()).at(-1)).toMatchObject({ content: SAMPLE, status: 'complete' });
  });
}

/** Waits until the browser has read what came, then lets the connection break. */
async function breaksAfter(at: ChatPage, text?: string) {
  await expect.poll(async () => (await at.messages()).at(-1)?.content).toBe(text);
  at.ollama.release();
}

/** What every failure has in common. */
async function fails(at: ChatPage, { title, kind, says = [], kept }: Omit<Failure, 'model' | 'breaks'>) {
  await at.idle();
  await expect(at.alert).toHaveCount(1);
  await expect(at.alert.getByText(title)).toBeVisible();
  for (const words of says) await expect(at.alert).toContainText(words);
  // Neither a server's JSON or HTML nor ours.
  expect(await at.alert.innerText()).not.toMatch(/[{}]|<\/?\w+>|\[object|undefined/);
  await expect(at.log.getByRole('article').getByText(QUESTION)).toHaveCount(1);
  await expect(at.box).toHaveValue(UNSENT);
  expect((await at.events('chat-error')).at(-1)?.kind).toBe(kind);
  const [question, reply, ...more] = await at.messages();
  expect(question).toMatchObject({ role: 'user', content: QUESTION });
  expect(more).toEqual([]);
  if (kept === undefined) expect(reply).toBeUndefined();
  else expect(reply).toMatchObject({ role: 'assistant', content: kept, status: 'interrupted' });
}

test('a server that is down is asked again once it is back, with the question once', async ({ open, serve }) => {
  const at = await open();
  await at.ollama.close();
  await at.ask(QUESTION);
  await at.box.fill(UNSENT);
  await fails(at, UNREACHABLE);
  const back = await serve({ port: at.ollama.port });
  await at.button('Try again').click();
  await at.idle();
  await expect(at.alert).toHaveCount(0);
  expect(await at.said()).toEqual([`user: ${QUESTION}`, `assistant: ${SAMPLE}`]);
  expect(back.chats().map(({ body }) => body.messages)).toEqual([[{ role: 'user', content: QUESTION }]]);
  await expect(at.box).toHaveValue(UNSENT);
});

test('a server that goes away in the middle of an answer leaves what had come', async ({ open }) => {
  const at = await open({ model: 'stalls' });
  await at.ask(QUESTION);
  await at.box.fill(UNSENT);
  await expect(at.answers).toContainText(PARTIAL);
  await at.ollama.close();
  await fails(at, { ...INTERRUPTED, kept: PARTIAL });
});

/** How each system is told to accept the page; where the browser runs comes first. */
const WAYS = (origin: string): Record<string, string[]> => ({
  Linux: ['sudo systemctl edit ollama', `[Service]\nEnvironment="OLLAMA_ORIGINS=${origin}"`, 'sudo systemctl restart ollama'],
  macOS: [`launchctl setenv OLLAMA_ORIGINS "${origin}"`],
  Windows: [`setx OLLAMA_ORIGINS "${origin}"`],
  Docker: [`docker run -d -e OLLAMA_ORIGINS=${origin} -v ollama:/root/.ollama -p 11434:11434 --name ollama ollama/ollama`],
  Once: [`OLLAMA_ORIGINS=${origin} ollama serve`],
});

test('an Ollama that refuses the page’s origin: the alert shows how each system allows it', async ({ open, context, page }) => {
  await context.grantPermissions(['local-network-access']);
  await page.addInitScript(() => Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (X11; Linux x86_64)' }));
  const at = await open({}, { at: 'https://shop.example/' });
  await at.ask(QUESTION);
  await at.box.fill(UNSENT);
  await fails(at, { ...REFUSED, says: ['https://shop.example', 'Already there? Add the address after a comma'] });
  // It was there, and refused.
  expect(at.ollama.requests.map(({ headers }) => headers['origin'])).toContain('https://shop.example');

  const systems = at.alert.getByRole('group', { name: 'Your system' }).getByRole('radio');
  const ways = WAYS('https://shop.example');
  await expect(systems).toHaveCount(Object.keys(ways).length);
  await expect(systems.first()).toBeChecked();
  for (const [index, [name, commands]] of Object.entries(ways).entries()) {
    await at.alert.getByRole('radio', { name, exact: true }).check();
    await expect(systems.nth(index)).toBeChecked();
    await expect(at.alert.locator('code')).toHaveText(commands);
  }
  await at.alert.getByText('Why this happens').click();
  await expect(at.alert.getByText('OLLAMA_ORIGINS names their address')).toBeVisible();
});

test('a refused origin on this computer is told from a server that is not there', async ({ open }) => {
  const at = await open({}, { server: { origins: [] } });
  const refused = { ...REFUSED, says: [new URL(at.site.url).origin] };
  await at.ask(QUESTION);
  await at.box.fill(UNSENT);
  await fails(at, refused);
  await at.button('Try again').click();
  await fails(at, refused);
  expect(at.ollama.chats()).toEqual([]);
  await at.ollama.close();
  await at.button('Try again').click();
  await fails(at, UNREACHABLE);
});

for (const url of ['ftp://example.com', 'http://', 'http://name:secret@127.0.0.1']) {
  test(`an address that is none is named: ${url}`, async ({ open }) => {
    const at = await open({ url });
    await at.ask(QUESTION);
    await at.idle();
    await expect(at.alert).toContainText(/The address of the server isn’t valid|This chat isn’t available/);
    expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['bad-url']);
    expect(at.ollama.requests).toEqual([]);
  });
}

test('the line that downloads a missing model can be copied', async ({ open, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const at = await open({ model: 'llama9:1b' });
  await at.ask(QUESTION);
  await at.alert.getByRole('button', { name: 'Copy' }).click();
  await expect(at.chat.getByRole('status')).toHaveText('Copied');
  await at.box.press('ControlOrMeta+v');
  await expect(at.box).toHaveValue('ollama pull llama9:1b');
});

test('a visitor of somebody else’s server is not told to run commands', async ({ open, page }) => {
  const at = await open({ url: 'http://models.example:11434' });
  await page.route('http://models.example:11434/**', route => route.abort());
  await at.ask(QUESTION);
  await expect(at.alert).toContainText('This chat isn’t available right now');
  await expect(at.alert.getByText('doesn’t answer')).toBeHidden();
  await at.alert.getByText('For the owner of this site').click();
  await expect(at.alert.getByText('Ollama on models.example:11434 doesn’t answer')).toBeVisible();
});

test('a send() of the page rejects with the failure, and one that nobody awaits is no unhandled rejection', async ({ open }) => {
  const at = await open({ model: 'nope' });
  const thrown = await at.chat.evaluate(async (chat: OllamaChat) => {
    void chat.send('ignored');
    try {
      await chat.send('awaited');
      return undefined;
    } catch (error) {
      const { name, kind, detail } = error as Error & { kind: string; detail: object };
      return { name, kind, detail };
    }
  });
  expect(thrown).toEqual({ name: 'ChatError', kind: 'model-missing', detail: { kind: 'model-missing', model: 'nope' } });
});

test('Try again after a broken-off answer puts the new one in its place', async ({ open }) => {
  const at = await open({ model: 'ends-early' });
  await at.ask(QUESTION);
  await expect(at.alert).toBeVisible();
  await at.set({ model: 'held' });
  await at.button('Try again').click();
  await expect(at.box).toBeFocused();
  at.ollama.release();
  await at.idle();
  await expect(at.alert).toHaveCount(0);
  expect(await at.said()).toEqual([`user: ${QUESTION}`, `assistant: ${SAMPLE}`]);
  await expect(at.answers).toHaveCount(1);
});

test('New chat puts a failure away', async ({ open }) => {
  const at = await open({ model: 'nope' });
  await at.ask(QUESTION);
  await expect(at.alert).toBeVisible();
  await at.button('New chat').click();
  await expect(at.alert).toHaveCount(0);
});
