/** An answer of Ollama's own API that comes line by line: what chats and downloads have in common. */
import { ChatError } from '../errors';
import type { RequestOptions } from './client';
import { isObject } from './json';
import { readJsonLines } from './ndjson';
import { answerBytes, errorOf, request, type ServerOptions } from './request';

/**
 * Yields each line as an object. Whoever asks leaves the loop once the answer is complete, which closes the connection.
 * @throws {ChatError} `interrupted` when the stream ends before that; `bad-line`; `not-ollama`; what a line with an `error` says;
 * see {@link request}.
 */
export async function* jsonStream(
  server: ServerOptions,
  path: string,
  body: { model: string; stream?: boolean },
  { signal }: RequestOptions,
): AsyncGenerator<Record<string, unknown>, void, undefined> {
  const bytes = answerBytes(await request(server, path, body, { signal }), server.url);
  try {
    for await (const line of readJsonLines(bytes)) {
      // What was read before the abort may hold further lines: they are nobody's.
      signal?.throwIfAborted();
      if (!isObject(line)) throw new ChatError({ kind: 'bad-line', text: JSON.stringify(line).slice(0, 200) });
      // The status went out with the first line: what goes wrong later can only be told in one.
      if (line.error) throw await errorOf(line, body.model);
      yield line;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    // A connection that breaks is the network's `TypeError`; what was received stays valid.
    throw cause instanceof ChatError ? cause : new ChatError({ kind: 'interrupted' }, { cause });
  }
  signal?.throwIfAborted();
  throw new ChatError({ kind: 'interrupted' });
}
