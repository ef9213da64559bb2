/**
 * A site's own backend, as the page beside it asks: a conversation comes in as JSON, plain text goes out as it is written.
 * It knows a shop and no model; yours would ask whatever you like.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { closeSignal, pause, readBody, sendText } from '../ollama/wire.ts';

const KNOWN: [when: RegExp, answer: string][] = [
  [/open|hours|time/i, 'We are open **Monday to Saturday, 9 to 18**. On Sundays we bake for ourselves.'],
  [/return|refund|back/i, 'Bring it back within 30 days:\n\n1. as it was,\n2. with the receipt,\n3. and with a smile, where you can.'],
  [
    /ship|deliver|send/i,
    '| where | how long | price |\n| --- | --- | --: |\n| in town | same day | free |\n| elsewhere | 2 to 4 days | 4.90 |',
  ],
];

const OTHERWISE =
  'That I don’t know. I know our *opening hours*, *returns* and *delivery*: there is no model behind this page, only thirty lines of code.';

/** In milliseconds, between two words. */
const PACE = 40;

/** Answers one question. */
export async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const question = lastOf(await readBody(request));
  if (question === undefined) return sendText(response, 400, 'A conversation is expected: [{ "role": "user", "content": "…" }]');
  const text = KNOWN.find(([when]) => when.test(question))?.[1] ?? OTHERWISE;
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  for (const word of text.split(/(?<= )/)) {
    response.write(word);
    await pause(PACE, signal);
    // Stop closes the connection.
    if (signal.aborted) return;
  }
  response.end();
}

/** The last message can be the beginning of an answer that is to go on. */
function lastOf(body: string): string | undefined {
  try {
    const messages = JSON.parse(body) as { role: unknown; content: unknown }[];
    return String(messages.findLast(({ role }) => role === 'user')?.content);
  } catch {
    return undefined;
  }
}
