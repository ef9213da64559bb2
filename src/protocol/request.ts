/** One HTTP request to a model server; whatever goes wrong leaves here as a `ChatError`. */
import { ChatError } from '../errors';
import type { RequestOptions } from './client';
import { isObject, isText } from './json';
import { refusal } from './refusal';

/**
 * Sends `body` as JSON by POST, or a GET where there is none. Resolves once the headers are there, which for a chat is
 * when the model has been loaded and has written its first token.
 * @throws {ChatError} `unreachable` when the browser gives no answer, otherwise what {@link refusal} makes of the answer.
 * @throws the signal's reason when it aborts.
 */
export async function request(url: string, body: unknown, { signal }: RequestOptions = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      // A gateway on the page's own origin sees the site's session; any other server gets nothing, not even a referrer.
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      // The conversation goes to the server that the page names, and not where that one would send it on to.
      redirect: 'error',
      signal: signal ?? null,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ChatError({ kind: 'unreachable', url }, { cause });
  }
  if (!response.ok) {
    const text = await bodyText(response);
    signal?.throwIfAborted();
    throw refusal(response.status, text, url, modelOf(body));
  }
  return response;
}

/** {@link request} for an answer that is one JSON value. */
export async function requestJson(url: string, body: unknown, options?: RequestOptions): Promise<unknown> {
  const response = await request(url, body, options);
  try {
    return await response.json();
  } catch (cause) {
    options?.signal?.throwIfAborted();
    throw new ChatError({ kind: 'not-ollama', status: response.status, url }, { cause });
  }
}

/** The body as far as it came: a refusal whose text breaks off is still a refusal. */
const bodyText = (response: Response) => response.text().catch(() => '');

const modelOf = (body: unknown) => (isObject(body) && isText(body.model) ? body.model : '');
