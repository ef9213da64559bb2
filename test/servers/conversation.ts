/**
 * The one conversation that every real server holds with the built chat. Where the model has a script its words are known; of any
 * other model only the shape of what comes is judged. Starts no server by itself.
 */
import process from 'node:process';
import type { Page } from '@playwright/test';
import type { ChatMessage } from '../../src/conversation/message.ts';
import { type Attributes, type ChatPage, expect, type OllamaChat, type PageOptions, test } from '../e2e/chat-page.ts';
import { bearer, loadClient } from './node-client.ts';
import { Missing } from './program.ts';
import { Recorder } from './recorder.ts';
import { ANSWERS, QUESTIONS } from './scripted-model.ts';

export { expect, test } from '../e2e/chat-page.ts';

export interface RealServer {
  /** As a page names it. */
  readonly url: string;
  readonly model: string;
  /** What it asks for, which the page then gives. */
  readonly key?: string;
  /** For example `llama-server-0.7.0`: the transcript is named after it, and none is kept without it. */
  version?(): string;
  /** Whether its model calls tools; one that does not say so does. */
  callsTools?(): Promise<boolean>;
  /** How many answers it is computing now, where it says so. */
  busy?(): Promise<number>;
  close(): Promise<void>;
}

export interface Traits {
  /** Whether it holds the scripted model. */
  scripted: boolean;
  /** Whether it refuses a model that it does not have. */
  refusesModels: boolean;
  /** One that wants a key, by default the server itself, and the title of the failure where there is none. */
  locked?: { start?: () => Promise<Pick<RealServer, 'url' | 'key' | 'close'>>; says: string };
}

type Open = (attributes: Attributes, options?: PageOptions) => Promise<ChatPage>;

export const REFUSED = 'The server refused this request';
const SCHEMA = { type: 'object', properties: { isBlue: { type: 'boolean' } }, required: ['isBlue'], additionalProperties: false };
/** For a model that somebody uses, on a processor, in milliseconds. */
const PATIENCE = { timeout: 200_000 };

/**
 * @param name What the titles of the tests say.
 * @param start Throws {@link Missing} where this machine lacks something.
 */
export function holdsAConversation(name: string, start: () => Promise<RealServer>, { scripted, refusesModels, locked }: Traits): void {
  test.describe(name, () => {
    let server: RealServer;
    let recorder: Recorder | undefined;

    test.beforeAll(async () => {
      // What is not there may be installed.
      test.setTimeout(900_000);
      server = await orSkip(start);
      if (!process.env['RECORD'] || !server.version) return;
      recorder = new Recorder();
      await recorder.start();
    });
    test.afterAll(async () => {
      if (server?.version) recorder?.save(`${server.version()}-own`);
      await recorder?.close();
      await server?.close();
    });

    /** @param what the name that is recorded, if it is. */
    const address = (what: string | undefined, url = server.url) => (what && recorder?.between(what, url)) || url;
    const tag = (what?: string, attributes: Attributes = {}, url?: string) => ({
      url: address(what, url),
      model: server.model,
      ...attributes,
    });
    /** Opens a page that has the key where there is one: before the chat is there, so that nothing is asked without it. */
    const opened = (open: Open, ...about: [what?: string, attributes?: Attributes]) => {
      const given = server.key && `<script>document.querySelector('ollama-chat').headers = ${JSON.stringify(bearer(server.key))}</script>`;
      return open(tag(...about), given ? { body: html => html + given } : {});
    };

    test('answers in Markdown, which becomes nodes, and counts its tokens', async ({ open }) => {
      const at = await opened(open, 'markdown');
      const answer = await answered(at, QUESTIONS.markdown);
      expect(answer.stats?.eval_count, 'the tokens of the answer').toBeGreaterThan(0);
      expect(answer.stats?.prompt_eval_count, 'the tokens of the question').toBeGreaterThan(0);
      await expect(at.answers).not.toBeEmpty();
      if (!scripted) return;
      expect(answer.content).toBe(ANSWERS.markdown);
      await expect(at.answers.locator('strong')).toHaveText('Markdown');
      await expect(at.answers.locator('p code')).toHaveText('code');
      await expect(at.answers.getByRole('link', { name: 'link' })).toHaveAttribute('href', /^https:\/\/example\.com\/?$/);
      await expect(at.answers.getByRole('listitem')).toHaveText(['first', 'second item']);
    });

    test('writes a block of code', async ({ open }) => {
      const at = await opened(open, 'code');
      const { content } = await answered(at, QUESTIONS.code);
      if (scripted) expect(content).toBe(ANSWERS.code);
      if (!content.includes('```')) return;
      await expect(at.answers.locator('pre').first()).not.toBeEmpty();
      await expect(at.answers.first()).not.toContainText('```');
      if (scripted) await expect(at.answers.locator('pre')).toContainText('def f(a):\n    return a + 1');
    });

    test('thinks, and its thoughts are folded behind the time that they took', async ({ open }) => {
      const at = await opened(open, 'think');
      const { thinking = '', content } = await answered(at, QUESTIONS.think);
      expect(content).not.toContain('think>');
      if (scripted) expect({ thinking, content }).toEqual({ thinking: ANSWERS.think.thinking, content: ANSWERS.think.answer });
      if (thinking) await expect(at.answers.locator('summary')).toHaveText(/^\s*Thought for /);
    });

    test('is sent what was said before, without its thoughts', async ({ open, page }) => {
      const sent = sentBy(page);
      const at = await opened(open, 'turns', { system: 'Be brief.' });
      const first = await answered(at, QUESTIONS.think);
      const second = await answered(at, QUESTIONS.code);
      await answered(at, QUESTIONS.markdown);
      expect(sent.at(-1)).toEqual([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: QUESTIONS.think },
        { role: 'assistant', content: first.content },
        { role: 'user', content: QUESTIONS.code },
        { role: 'assistant', content: second.content },
        { role: 'user', content: QUESTIONS.markdown },
      ]);
      expect(sent).toHaveLength(3);
      await expect(at.answers).toHaveCount(3);
    });

    test('stops when told to, and is free for the next question at once', async ({ open }) => {
      const at = await opened(open, 'after-stop');
      await at.ask(QUESTIONS.forever);
      const written = async () => {
        const { content = '', thinking = '' } = (await at.messages())[1] ?? {};
        return content.length + thinking.length;
      };
      await expect.poll(written, PATIENCE).toBeGreaterThan(20);
      await at.button('Stop').click();
      await settled(at);
      expect((await at.messages())[1]?.status).toBe('stopped');
      await expect(at.answers.getByText('Stopped')).toBeVisible();
      if (server.busy) await expect.poll(server.busy).toBe(0);
      const next = await answered(at, QUESTIONS.markdown);
      if (scripted) expect(next.content).toBe(ANSWERS.markdown);
    });

    test('writes no more than the page allows, which is said', async ({ open }) => {
      const at = await opened(open, 'length');
      await at.chat.evaluate((chat: OllamaChat) => void (chat.options = { num_predict: 12 }));
      const { status, stats } = await asked(at, QUESTIONS.forever);
      expect(status).toBe('interrupted');
      await expect(at.answers.getByText('The answer broke off here')).toBeVisible();
      expect(stats?.eval_count).toBeGreaterThan(0);
      expect(stats?.eval_count).toBeLessThanOrEqual(12);
      await expect(at.alert).toHaveCount(0);
    });

    test('writes JSON where the page wants it, which is shown as code', async ({ open }) => {
      const at = await opened(open, 'format');
      // The scripted model knows one text of JSON, and none of this shape.
      const format = scripted ? 'json' : SCHEMA;
      await at.chat.evaluate(
        (chat: OllamaChat, given) => void Object.assign(chat, { format: given, options: { seed: 1, num_predict: 2000 } }),
        format,
      );
      const { content } = await answered(at, 'Is the sky blue? Answer in JSON.');
      expect(JSON.parse(content)).toEqual(scripted ? expect.any(Object) : { isBlue: expect.any(Boolean) });
      await expect(at.answers.locator('pre')).not.toBeEmpty();
    });

    // Not recorded: each call has another id, and the recordings of others hold all its forms.
    test.describe('calls a tool of the page', () => {
      test.beforeEach(() =>
        orSkip(async () => {
          if (await (server.callsTools?.() ?? true)) return;
          throw new Missing(`The model ${server.model} calls no tools: OLLAMA_MODEL names one that does`);
        }),
      );

      test('which runs once the visitor allows it: the answer comes of its result, and the conversation goes on', async ({
        open,
        page,
      }) => {
        const sent = sentBy(page);
        const at = await opened(open);
        await at.chat.evaluate(giveWeather, WEATHER);
        await at.ask(QUESTIONS.weather);
        await expect(consent(at), 'the question').toBeVisible(PATIENCE);
        await expect(consent(at).getByText('get_weather')).toBeVisible();
        await expect(consent(at).getByRole('term')).toHaveText('city');
        await expect(consent(at).getByRole('definition')).toHaveText(scripted ? 'Oslo' : /Oslo/);
        expect(await ran(at), 'not yet').toEqual([]);
        await decide(at, 'Allow once', !scripted);

        const [question, call, result] = await at.messages();
        const calls = call?.tool_calls ?? [];
        const ranWith = await ran(at);
        expect(ranWith[0], 'with what the server sent').toEqual(calls[0]?.function.arguments);
        if (scripted) expect(ranWith).toHaveLength(1);
        expect(calls[0]?.function).toMatchObject({
          name: 'get_weather',
          arguments: { city: scripted ? 'Oslo' : expect.stringMatching(/Oslo/) },
        });
        expect(question).toMatchObject({ role: 'user', content: QUESTIONS.weather });
        expect(result).toMatchObject({ role: 'tool', status: 'complete', content: WEATHER, tool_name: 'get_weather' });
        const answer = (await at.messages()).at(-1)!;
        expect(answer).toMatchObject({ role: 'assistant', status: 'complete', content: expect.stringContaining('4') });
        if (scripted) expect(answer.content).toBe(ANSWERS.toolResult);
        await expect(at.alert).toHaveCount(0);
        await expect(at.answers.last()).toContainText(scripted ? ANSWERS.toolResult : '4');
        await expect(at.answers.first().locator('details.step summary').first()).toContainText(/Weather.*done/);

        // As the server gave it, so that it knows its call again.
        const { id } = calls[0]!;
        expect(id).toMatch(/./);
        expect(sent[1]?.slice(0, 3)).toMatchObject([
          { role: 'user', content: QUESTIONS.weather },
          { role: 'assistant', tool_calls: [{ id, function: { name: 'get_weather' } }] },
          { role: 'tool', content: WEATHER, tool_call_id: id },
        ]);

        const before = sent.length;
        const next = await answered(at, QUESTIONS.markdown);
        if (scripted) expect(next.content).toBe(ANSWERS.markdown);
        expect(sent[before]?.map(({ role }) => role).slice(0, 3), 'the call is part of what was said').toEqual([
          'user',
          'assistant',
          'tool',
        ]);
        expect(sent[before]?.at(-1)).toMatchObject({ role: 'user', content: QUESTIONS.markdown });
      });

      test('which does not run where the visitor refuses: the model is told, answers, and the conversation goes on', async ({
        open,
        page,
      }) => {
        const sent = sentBy(page);
        const at = await opened(open);
        await at.chat.evaluate(giveWeather, WEATHER);
        await at.ask(QUESTIONS.weather);
        await decide(at, 'Refuse', !scripted);
        expect(await ran(at)).toEqual([]);
        expect(sent[1]?.[2]).toMatchObject({ role: 'tool', content: expect.stringContaining('The user refused this call.') });
        expect((await at.messages())[2]).toMatchObject({ role: 'tool', status: 'stopped' });
        await expect(at.answers.first().locator('details.step summary').first()).toContainText(/Weather.*refused/);
        const answer = (await at.messages()).at(-1)!;
        expect(answer).toMatchObject({ role: 'assistant', status: 'complete', content: expect.stringMatching(/\S/) });
        if (scripted) expect(answer.content).toBe(ANSWERS.toolResult);
        await expect(at.alert).toHaveCount(0);
        await expect(at.answers.last()).toContainText(/\S/);

        const next = await answered(at, QUESTIONS.markdown);
        if (scripted) expect(next.content).toBe(ANSWERS.markdown);
        // Calls without any tools beside them, as when a page takes its tools back.
        await at.chat.evaluate((chat: OllamaChat) => void (chat.tools = undefined));
        const last = await answered(at, QUESTIONS.code);
        if (scripted) expect(last.content).toBe(ANSWERS.code);
      });
    });

    test('answers a program in Node by the same client: awaited, in a loop, and no longer once the loop is left', async () => {
      const { OllamaClient, OpenAIClient } = await loadClient();
      const Client = server.url.endsWith('/v1') ? OpenAIClient : OllamaClient;
      const { model, url, key } = server;
      const client = new Client({ url, headers: key ? bearer(key) : undefined });
      const ask = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });

      expect((await client.models()).map(({ name }) => name.replace(/:latest$/, ''))).toContain(model.replace(/:latest$/, ''));
      const whole = await client.chat(ask(QUESTIONS.markdown));
      expect(whole).toMatchObject({ message: { role: 'assistant', content: expect.stringMatching(/\S/) }, done_reason: 'stop' });
      expect(whole.eval_count).toBeGreaterThan(0);
      if (scripted) expect(whole.message.content).toBe(ANSWERS.markdown);
      expect((await client.chat({ ...ask(QUESTIONS.forever), options: { num_predict: 12 } })).done_reason).toBe('length');

      const written = { thinking: '', text: '' };
      const ends: string[] = [];
      for await (const event of client.chat(ask(QUESTIONS.think))) {
        if (event.type === 'thinking' || event.type === 'text') written[event.type] += event.text;
        else ends.push(event.type);
      }
      expect(ends).toEqual(['done']);
      if (scripted) expect(written).toEqual({ thinking: ANSWERS.think.thinking, text: ANSWERS.think.answer });
      else expect(written.text).toMatch(/\S/);

      for await (const { type } of client.chat(ask(QUESTIONS.forever))) if (type === 'text' || type === 'thinking') break;
      if (server.busy) await expect.poll(server.busy).toBe(0);
    });

    if (refusesModels) {
      test('refuses a model that it does not have: the chat says which, and Try again goes on', async ({ open }) => {
        const at = await opened(open, 'unknown-model', { model: 'no-such-model' });
        await at.ask(QUESTIONS.markdown);
        await expect(at.alert).toContainText('no-such-model');
        expect((await at.events('chat-error')).map(({ kind }) => kind)).toEqual(['model-missing']);
        await at.set({ model: server.model });
        await at.button('Try again').click();
        await expect.poll(async () => (await at.messages()).length, PATIENCE).toBe(2);
        await settled(at);
        await expect(at.alert).toHaveCount(0);
        expect((await at.messages())[1]?.status).toBe('complete');
      });
    }

    if (locked) {
      test('refuses who has no key, and who has a wrong one: the chat says so, and Try again goes on with the right one', async ({
        open,
      }) => {
        const shut = locked.start ? await locked.start() : server;
        try {
          const at = await open(tag('key-missing', {}, shut.url));
          await at.ask(QUESTIONS.markdown);
          await expect(at.alert).toContainText(locked.says);

          const again = async (what: string, key = '') => {
            // The address first: a key is for the server that the chat has when it is set.
            await at.set({ url: address(what, shut.url) });
            await at.chat.evaluate((chat: OllamaChat, headers) => void (chat.headers = headers), bearer(key));
            await at.button('Try again').click();
          };
          await again('key-wrong', 'sk-a-wrong-one');
          await expect(at.alert).toContainText(REFUSED);
          expect((await at.events('chat-error')).at(-1)?.kind).toBe('unauthorized');
          const { OpenAIClient } = await loadClient();
          const client = new OpenAIClient({ url: shut.url, headers: bearer('sk-a-wrong-one') });
          const messages = [{ role: 'user' as const, content: QUESTIONS.markdown }];
          await expect(client.chat({ model: server.model, messages })).rejects.toMatchObject({ kind: 'unauthorized' });

          await again('key-right', shut.key);
          await expect.poll(async () => (await at.messages()).length, PATIENCE).toBe(2);
          await settled(at);
          await expect(at.alert).toHaveCount(0);
          expect((await at.messages())[1]).toMatchObject({ status: 'complete', content: ANSWERS.markdown });
        } finally {
          if (shut !== server) await shut.close();
        }
      });
    }
  });
}

interface Sent {
  role: string;
  content: string;
}

/** The messages of each question that the page asks from now on. */
function sentBy(page: Page): Sent[][] {
  const sent: Sent[][] = [];
  page.on('request', request => {
    if (request.method() !== 'POST' || !/\/chat(?:\/completions)?$/.test(request.url())) return;
    const { messages } = request.postDataJSON() as { messages?: Sent[] };
    // One without messages loads the model ahead.
    if (messages?.length) sent.push(messages);
  });
  return sent;
}

/** What the tool gives. */
export const WEATHER = '4 degrees, rain';

/** Runs in the page: a tool that keeps what it was called with. */
export function giveWeather(chat: OllamaChat, weather: string) {
  const ran: object[] = [];
  Object.assign(window, { ran });
  chat.tools = [
    {
      ...{ name: 'get_weather', title: 'Weather', description: 'The weather in a city now' },
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
      execute(args: object) {
        ran.push(args);
        return weather;
      },
    },
  ];
}

export const ran = (at: ChatPage) => at.page.evaluate(() => (window as unknown as { ran: object[] }).ran);
const consent = (at: ChatPage) => at.chat.getByRole('group', { name: 'Let the model use Weather?' }).first();

/**
 * Answers the question whether the tool may run, and waits for the end of what the model says then.
 * @param forGood for a model that may call again
 */
async function decide(at: ChatPage, decision: 'Allow once' | 'Refuse', forGood: boolean): Promise<void> {
  await expect(consent(at)).toBeVisible(PATIENCE);
  if (forGood) await consent(at).getByRole('checkbox').check();
  await consent(at).getByRole('button', { name: decision }).click();
  await settled(at);
}

/** What starts something, and skips the tests where it cannot be had. */
export async function orSkip<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof Missing) test.skip(true, error.message);
    throw error;
  }
}

/** Resolves when nothing is being answered any more. */
export async function settled({ chat }: ChatPage): Promise<void> {
  await expect.poll(() => chat.evaluate((element: OllamaChat) => element.phase), PATIENCE).toBe('idle');
}

/** Asks, and waits for the end of the answer. */
async function asked(at: ChatPage, question: string): Promise<ChatMessage> {
  const before = (await at.messages()).length;
  await at.ask(question);
  await expect.poll(async () => (await at.messages()).length, PATIENCE).toBe(before + 2);
  await settled(at);
  return (await at.messages()).at(-1)!;
}

/** Asks, and waits for the whole answer. */
export async function answered(at: ChatPage, question: string): Promise<ChatMessage> {
  const answer = await asked(at, question);
  await expect(at.alert).toHaveCount(0);
  expect(answer).toMatchObject({ role: 'assistant', status: 'complete' });
  expect(answer.content.trim()).not.toBe('');
  return answer;
}
