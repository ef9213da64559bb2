/**
 * Ollama's `POST /api/pull`: a model is downloaded, and tells how far it has come.
 * Adds nothing up, and is loaded only where somebody downloads: nothing that chats may import it.
 */
import { ChatError } from '../errors';
import type { PullProgress, RequestOptions } from './client';
import { isCount, isObject, isText } from './json';
import { readJsonLines } from './ndjson';
import { errorOf, request, type ServerOptions } from './request';

/**
 * Yields each line, the last one with the status `success`. Aborting, or leaving the loop, closes the connection at once;
 * what was downloaded stays on the server, and the next pull goes on from there.
 * @throws {ChatError} `interrupted` when the stream ends without having been completed; see {@link request}.
 */
export async function* pull(
  server: ServerOptions,
  model: string,
  { signal }: RequestOptions = {},
): AsyncGenerator<PullProgress, void, undefined> {
  const { response, body: bytes } = await request(server, '/api/pull', { model, stream: true }, { signal });
  const { status, headers } = response;
  if (status > 200 || /^text\/html/i.test(headers.get('Content-Type') ?? '') || !bytes) {
    void bytes?.cancel();
    throw new ChatError({ kind: 'not-ollama', status, url: server.url });
  }
  try {
    for await (const line of readJsonLines(bytes)) {
      // What was read before the abort may hold further lines: they are nobody's.
      signal?.throwIfAborted();
      // A wrong name is an error here too: the status went out with the first line.
      if (isObject(line) && line.error) throw await errorOf(line, model);
      const progress = pullProgress(line);
      yield progress;
      if (progress.status === 'success') return;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw cause instanceof ChatError ? cause : new ChatError({ kind: 'interrupted' }, { cause });
  }
  signal?.throwIfAborted();
  throw new ChatError({ kind: 'interrupted' });
}

/** @throws {ChatError} for a line that is no object. */
function pullProgress(line: unknown): PullProgress {
  if (!isObject(line)) throw new ChatError({ kind: 'bad-line', text: JSON.stringify(line).slice(0, 200) });
  const { status, digest, total, completed } = line;
  return {
    status: isText(status) ? status : '',
    ...(isText(digest) && { digest }),
    ...(isCount(total) && { total }),
    ...(isCount(completed) && { completed }),
  };
}
