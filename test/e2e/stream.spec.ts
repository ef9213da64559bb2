/** However the bytes of an answer are cut and framed, its text is the server's, byte for byte. */
import { SAMPLE } from '../support/behaviours.ts';
import { type Transcript, transcripts } from '../support/transcripts.ts';
import { expect, type OllamaChat, test } from './chat-page.ts';

for (const [model, how, text = SAMPLE] of [
  ['split-lines', 'in pieces that end inside lines and characters'],
  ['byte-slow', 'byte by byte', 'Hi 👋🏽 chào'],
  ['two-lines-per-read', 'with two lines in one read, and one and a half'],
  ['crlf', 'with the line ends of Windows'],
  ['no-final-newline', 'without a newline at the end'],
  ['single-object', 'as one object'],
] as const) {
  test(`an answer that comes ${how} is the one that was sent`, async ({ open }) => {
    const at = await open({ model });
    await at.ask('Why?');
    await at.idle();
    await expect(at.alert).toHaveCount(0);
    const reply = (await at.messages())[1];
    expect(reply).toMatchObject({ content: text, status: 'complete' });
    // What is shown is the same, rendered.
    await expect(at.answers).toContainText(text.replaceAll(/\*\*|`/g, ''));
  });
}

test('an answer is complete with its last line, though the connection stays open', async ({ open }) => {
  const at = await open({ model: 'done-open' });
  await at.ask('Why?');
  await at.idle();
  expect((await at.messages())[1]).toMatchObject({ content: SAMPLE, status: 'complete' });
  await expect(at.button('Send')).toBeVisible();
  // Nobody needs it any more.
  await at.ollama.waitForClose(at.ollama.chats()[0]!);
  await at.ask('And now?');
  await at.idle();
  expect(await at.said()).toHaveLength(4);
});

const chats = transcripts().filter(({ file, name, request, response }) => {
  return file.startsWith('ollama-') && request.path === '/api/chat' && response.status === 200 && /-chat|killed|queued/.test(name);
});

for (const file of new Set(chats.map(chat => chat.file))) {
  test(`every recorded chat of ${file} ends in its right state`, async ({ open }) => {
    test.setTimeout(180_000);
    const at = await open();
    const recorded = chats.filter(chat => chat.file === file);
    expect(recorded.length).toBeGreaterThan(15);
    for (const chat of recorded) {
      const ended = at.chat.evaluate(async (element: OllamaChat, model) => {
        element.messages = [];
        element.model = model;
        const failure = await element.send('Why?').then(
          () => undefined,
          (error: { kind: string }) => error.kind,
        );
        const { content, thinking, status, tool_calls, stats } = element.messages[1] ?? {};
        return { failure, content, thinking, status, calls: tool_calls?.length, tokens: stats?.eval_count };
      }, `transcript:${chat.file}:${chat.name}`);
      const wanted = expected(chat);
      // Browsers drop what they have not read yet when the connection breaks.
      if (chat.response.cut) {
        await expect.poll(async () => (await at.messages()).at(-1)?.content, chat.name).toBe(wanted.content);
        at.ollama.release();
      }
      const seen = await ended;
      expect.soft(seen, chat.name).toEqual(wanted);
      await expect.soft(at.alert, chat.name).toHaveCount(seen.failure ? 1 : 0);
      await expect.soft(at.button('Stop'), chat.name).toHaveCount(0);
    }
  });
}

/** Read here in the plainest way: whole text, whole lines. */
function expected({ response }: Transcript) {
  interface Line {
    error?: string;
    done?: boolean;
    done_reason?: string;
    eval_count?: number;
    message?: { content?: string; thinking?: string; tool_calls?: object[] };
  }
  const lines = response.chunks
    .join('')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Line);
  const join = (key: 'content' | 'thinking') => lines.map(({ message }) => message?.[key] ?? '').join('');
  const calls = lines.flatMap(({ message }) => message?.tool_calls ?? []).length;
  const last = lines.at(-1);
  // What stands between tags is a thought, and what comes after it the answer.
  const [, tagged, rest] = /^<think>([^]*?)<\/think>([^]*)$/.exec(join('content')) ?? [];
  const failure = last?.error ? 'crashed' : last?.done ? undefined : 'interrupted';
  return {
    failure,
    content: rest?.trimStart() ?? join('content'),
    thinking: (tagged?.trim() ?? join('thinking')) || undefined,
    // At its limit a model ends anywhere.
    status: failure || last?.done_reason === 'length' ? 'interrupted' : 'complete',
    calls: calls || undefined,
    tokens: last?.eval_count,
  };
}
