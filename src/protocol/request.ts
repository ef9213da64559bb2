/** One HTTP request to a model server; whatever goes wrong leaves here as a `ChatError`. */
import { ChatError, type ChatErrorDetail } from '../errors';
import type { RequestOptions } from './client';
import type { RequestHeaders } from './headers';
import { isObject, isText, toJson } from './json';
import { LINE_LIMIT } from './lines';
import { requestInit } from './request-init';
import { SilenceLimit } from './silence';

/** Where a server is and how patient a client is with it. */
export interface ServerOptions {
  /** Base address without a slash at its end, see `serverUrl`. */
  url: string;
  /** Seconds of silence, before the first byte and between bytes, after which a request is given up; 0 for never. Default: 300. */
  timeout?: number;
  /** Attempts after the first, for 502, 503 and 504 only. Default: 3. */
  retries?: number;
  /** Keys, for example: an object, or a function that is asked anew before each attempt. */
  headers?: RequestHeaders | undefined;
  /** Told before each wait for another attempt. */
  onRetry?: ((retry: Retry) => void) | undefined;
  /** Told what a model refuses to be asked with, by the name of its field: it is asked without that from now on. */
  onRefused?: ((model: string, field: unknown) => void) | undefined;
  /** Finds out why there was no answer that a page may read. Default: `unreachable` or `offline`. */
  diagnose?: ((failure: NoAnswer) => Promise<ChatErrorDetail | undefined>) | undefined;
}

/** A request that got no answer which may be read. */
export interface NoAnswer {
  /** The server's base address. */
  url: string;
  /** How long it took to fail, in milliseconds. */
  took: number;
  /** The names of the headers that the page itself set. */
  headers: readonly string[];
  /** What `fetch()` threw. */
  cause: unknown;
  signal: AbortSignal | undefined;
}

/** An attempt that is to come. */
export interface Retry {
  /** From 1 to `of`. */
  attempt: number;
  of: number;
  /** Seconds until then. */
  delay: number;
}

/** An answer that is a success. */
export interface Reply {
  response: Response;
  /** Its bytes, under the same limit of silence. */
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** The headers that the page itself set. */
  own: Readonly<Record<string, string>>;
}

/**
 * Sends `body` as JSON by POST, or a GET where there is none. Resolves once the headers are there, which for a chat is
 * when the model has been loaded and has written its first token.
 * @throws {ChatError} `timeout`; what `diagnose` says when the browser gives no answer; what {@link refusal} makes of one.
 * @throws the signal's reason when it aborts, also between attempts.
 */
export async function request(server: ServerOptions, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
  const { url, retries = 3, onRetry } = server;
  const { signal } = options;
  for (let attempt = 0; ; attempt++) {
    const reply = await ask(server, path, body, signal);
    const { ok, status, headers } = reply.response;
    if (ok) return reply;
    const part = await refusalPart();
    const retryAfter = headers.get('Retry-After');
    const delay = attempt < retries ? part?.retryDelay(status, attempt, retryAfter) : undefined;
    // A refusal whose text breaks off is still a refusal: its status speaks.
    const text = await readText(reply.body).catch(() => '');
    signal?.throwIfAborted();
    if (!part) throw new ChatError({ kind: 'server', status, text: '' });
    if (delay === undefined) throw part.refusal({ status, text, retryAfter, own: reply.own }, url, modelOf(body));
    onRetry?.({ attempt: attempt + 1, of: retries, delay });
    await part.pause(delay, signal);
  }
}

/**
 * The bytes of an answer that comes in pieces.
 * @throws {ChatError} `not-ollama` for a web page, or for nothing.
 */
export function answerBytes({ response: { status, headers }, body }: Reply, url: string): NonNullable<Reply['body']> {
  // A 204 has a body in some browsers, and an answer in none.
  if (status === 200 && body && !/^text\/html/i.test(headers.get('Content-Type') ?? '')) return body;
  void body?.cancel();
  throw new ChatError({ kind: 'not-ollama', status, url });
}

/** {@link request} for an answer that is one JSON value. */
export async function requestJson(
  server: ServerOptions,
  path: string,
  body?: unknown,
  options?: RequestOptions,
  limit = LINE_LIMIT,
): Promise<unknown> {
  const { response, body: bytes } = await request(server, path, body, options);
  try {
    const text = await readText(bytes, limit);
    if (text.length > limit) throw new ChatError({ kind: 'too-large', limit });
    return JSON.parse(text);
  } catch (cause) {
    options?.signal?.throwIfAborted();
    if (cause instanceof ChatError) throw cause;
    // A connection that breaks is the network's `TypeError`.
    const other = cause instanceof SyntaxError;
    throw new ChatError(other ? { kind: 'not-ollama', status: response.status, url: server.url } : { kind: 'interrupted' }, { cause });
  }
}

/** All of `bytes`, or a little more than `limit` characters of it. Not by way of a `Response`, which in Chromium throws an error of its own instead of what broke them off. */
export async function readText(bytes: Reply['body'], limit = LINE_LIMIT): Promise<string> {
  const reader = bytes?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    text += decoder.decode(value, { stream: !done });
    if (done) return text;
    if (text.length > limit) {
      void reader?.cancel();
      return text;
    }
  }
}

async function ask(server: ServerOptions, path: string, body: unknown, signal?: AbortSignal): Promise<Reply> {
  const url = server.url + path;
  const sent = body === undefined ? {} : { method: 'POST', body: toJson(body) };
  const silence = new SilenceLimit(server.timeout ?? 300, signal);
  let start = performance.now();
  let own: Record<string, string> = {};
  try {
    if (server.headers) own = await (await headersPart()).readHeaders(server.headers, silence.signal);
    start = performance.now();
    const response = await fetch(url, {
      ...sent,
      headers: { ...('body' in sent && { 'content-type': 'application/json' }), ...own },
      ...requestInit(url),
      // The conversation goes to the server that the page names, and not where that one would send it on to.
      redirect: 'error',
      signal: silence.signal,
    });
    if (!response.body) silence.end();
    return { response, body: response.body && limited(response.body, silence), own };
  } catch (cause) {
    silence.end();
    signal?.throwIfAborted();
    if (silence.failure) throw silence.failure;
    if (cause instanceof ChatError) throw cause;
    const failure = { url: server.url, took: performance.now() - start, headers: Object.keys(own), cause, signal };
    // A diagnosis that cannot be made says nothing: without a network what makes it cannot be loaded.
    const detail = await server.diagnose?.(failure).catch(() => undefined);
    signal?.throwIfAborted();
    throw new ChatError(detail ?? { kind: globalThis.navigator?.onLine === false ? 'offline' : 'unreachable', url: server.url }, { cause });
  }
}

/** The same bytes; a silence that is too long breaks them off with its `timeout`. */
function limited(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, silence: SilenceLimit): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = bytes.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          silence.heard();
          if (!done) return controller.enqueue(value);
          silence.end();
          controller.close();
        } catch (cause) {
          silence.end();
          controller.error(silence.failure ?? cause);
        }
      },
      cancel(reason) {
        silence.end();
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** What reads refusals and says whether to ask again; it comes with the first one. `undefined` where it is not to be had. */
const refusalPart = async () => import('./refusal').catch(() => undefined);

/** Most pages have no headers of their own. Without this part a request must not go out as if it had none. */
const headersPart = () =>
  import('./headers').catch((cause: unknown) => {
    throw new ChatError({ kind: 'part-missing', part: 'headers' }, { cause });
  });

/** Reads an event of a stream that holds an `error`. */
export async function errorOf(event: Record<string, unknown>, model: string): Promise<ChatError> {
  const part = await refusalPart();
  return part?.serverError(event.error, { model, facts: event }) ?? new ChatError({ kind: 'server', text: String(event.error) });
}

const modelOf = (body: unknown) => (isObject(body) && isText(body.model) ? body.model : '');
