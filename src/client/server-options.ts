/** What a client is made with, as a request takes it. Knows no page: what differs in a browser, Node or a worker is asked of the globals. */
import type { ChatErrorDetail } from '../errors';
import type { RequestHeaders } from '../protocol/headers';
import type { NoAnswer, ServerOptions } from '../protocol/request';
import { serverUrl } from '../protocol/server-url';

export interface ClientOptions {
  /**
   * The server. Relative addresses resolve against the page; without a scheme it is read as OLLAMA_HOST is (`http`, port 11434);
   * `/api` and `/v1` at its end are taken off. Default: `http://localhost:11434`.
   */
  url?: string | undefined;
  /** Keys, for example: an object, or a function, also an async one, that is asked before each attempt. */
  headers?: RequestHeaders | undefined;
  /** Seconds of silence, before the first byte and between bytes, after which a request is given up; 0 for never. Default: 300, which is also what Node's own `fetch` waits at most. */
  timeout?: number | undefined;
  /** Attempts after the first, for 502, 503 and 504 only: after 1, 2, 4 … seconds, or `Retry-After`. Default: 3. */
  retries?: number | undefined;
}

/** @throws {ChatError} `bad-url` */
export const serverOptions = ({ url, headers, timeout = 300, retries = 3 }: ClientOptions): ServerOptions => ({
  url: serverUrl(url, globalThis.document?.baseURI ?? globalThis.location?.href),
  headers,
  timeout,
  retries,
  diagnose,
});

/** How long Node's `fetch` waits for an answer, in seconds (https://undici.nodejs.org/#/docs/api/Client, `headersTimeout`). */
const NODE_WAITS = 300;

/** What Node says of a request that failed; browsers keep it to themselves. */
async function diagnose({ cause, url }: NoAnswer): Promise<ChatErrorDetail | undefined> {
  const { code, message } = ((cause as Error).cause ?? {}) as { code?: unknown; message?: unknown };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { kind: 'timeout', seconds: NODE_WAITS, phase: 'waiting' };
  if (message === 'unexpected redirect') return { kind: 'redirected', url };
  return code === 'UND_ERR_INVALID_ARG' ? { kind: 'bad-headers' } : undefined;
}
