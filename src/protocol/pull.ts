/**
 * Ollama's `POST /api/pull`: a model is downloaded, and tells how far it has come.
 * Adds nothing up, and is loaded only where somebody downloads: nothing that chats may import it.
 */
import type { PullProgress, RequestOptions } from './client';
import { isCount, isText } from './json';
import { jsonStream } from './json-stream';
import type { ServerOptions } from './request';

/**
 * Yields each line, the last one with the status `success`. Aborting, or leaving the loop, closes the connection at once;
 * what was downloaded stays on the server, and the next pull goes on from there.
 * @throws {ChatError} `interrupted` when the stream ends without having been completed; see {@link jsonStream}.
 */
export async function* pull(
  server: ServerOptions,
  model: string,
  options: RequestOptions = {},
): AsyncGenerator<PullProgress, void, undefined> {
  for await (const line of jsonStream(server, '/api/pull', { model, stream: true }, options)) {
    const progress = pullProgress(line);
    yield progress;
    if (progress.status === 'success') return;
  }
}

function pullProgress({ status, digest, total, completed }: Record<string, unknown>): PullProgress {
  return {
    status: isText(status) ? status : '',
    ...(isText(digest) && { digest }),
    ...(isCount(total) && { total }),
    ...(isCount(completed) && { completed }),
  };
}
