/**
 * The requests of one MCP session: with the page's headers, ended when nobody waits for them, and told of where an answer
 * breaks off. The library notices none of the last two by itself. Knows only the envelope of what is sent.
 */
import { type RequestHeaders, readHeaders } from '../protocol/headers';
import { isObject, isText } from '../protocol/json';
import { requestInit } from '../protocol/request-init';

/** The page's headers could not be had. */
export class NoHeaders extends Error {}

/** There is no answer that a page may read. */
export class NoAnswer extends Error {}

/** How long what has been read of an answer may take until the library has read it, too. */
const READ_UP = 1000;

export class McpWire {
  readonly #headers: RequestHeaders | undefined;
  readonly #lost: (id: unknown) => void;
  readonly #running = new Map<unknown, AbortController>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #secrets: string[] = [];
  #ended = false;

  /** @param lost told of the request whose answer ended before it was complete; also of some that were. */
  constructor(headers: RequestHeaders | undefined, lost: (id: unknown) => void) {
    this.#headers = headers;
    this.#lost = lost;
  }

  readonly fetch = async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    // What the library still tries afterwards it takes for something that the server has not.
    if (this.#ended) return new Response(null, { status: 405 });
    const { id, cancels } = envelope(init.body);
    const own = new AbortController();
    if (id !== undefined) this.#running.set(id, own);
    let isStream = false;
    try {
      const response = await this.#request(address, {
        ...init,
        signal: init.signal ? AbortSignal.any([init.signal, own.signal]) : own.signal,
      });
      if (id === undefined || !response.ok || !response.body || !/^text\/event-stream\b/.test(response.headers.get('content-type') ?? ''))
        return response;
      isStream = true;
      return new Response(this.#watched(response.body, id, own.signal), response);
    } finally {
      if (!isStream) this.#running.delete(id);
      // The server has been told; a stream that it leaves open would take one of the six connections.
      if (cancels !== undefined) this.#running.get(cancels)?.abort();
    }
  };

  /** Asks the server to forget the session, without waiting for it; a page that is being left may do so, too. */
  forget(address: URL, headers: Record<string, string>): void {
    const asked = this.#request(address, {
      method: 'DELETE',
      headers,
      keepalive: true,
      redirect: 'manual',
      signal: AbortSignal.timeout(5000),
    });
    void asked.then(response => response.body?.cancel()).catch(() => {});
  }

  /** Lets go of everything. */
  end(): void {
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const request of this.#running.values()) request.abort();
    this.#running.clear();
  }

  /** Without the values of headers: a server may repeat a key that it refuses. */
  discreet(text: string): string {
    return this.#secrets.reduce((words, secret) => words.replaceAll(secret, '…'), text);
  }

  async #request(address: string | URL, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
    const { signal } = init;
    let headers: Headers;
    try {
      const own = this.#headers ? await readHeaders(this.#headers, signal) : {};
      // A key also without the word before it.
      this.#secrets = Object.values(own)
        .flatMap(value => [value, value.split(' ').at(-1) ?? ''])
        .filter(({ length }) => length > 5);
      headers = new Headers(own);
    } catch {
      signal.throwIfAborted();
      throw new NoHeaders();
    }
    new Headers(init.headers).forEach((value, name) => headers.set(name, value));
    try {
      return await fetch(address, { ...init, ...requestInit(String(address)), headers });
    } catch (cause) {
      signal.throwIfAborted();
      throw new NoAnswer('', { cause });
    }
  }

  /** The same bytes. Where they break off the library would wait on, unless it can ask for the rest by the number of an event. */
  #watched(body: ReadableStream<Uint8Array<ArrayBuffer>>, id: unknown, cancelled: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let line = '';
    let isResumable = false;
    return new ReadableStream(
      {
        pull: async controller => {
          try {
            const { done, value } = await reader.read();
            if (!done) {
              const text = line + decoder.decode(value, { stream: true });
              isResumable ||= /(?:^|\n)id:/.test(text);
              line = text.slice(text.lastIndexOf('\n') + 1).slice(0, 10);
              return controller.enqueue(value);
            }
            controller.close();
            if (!isResumable) this.#later(() => this.#lost(id));
          } catch (error) {
            // The library would try to get back what was given up.
            if (cancelled.aborted) return new Promise(() => {});
            controller.error(error);
            if (!isResumable) this.#lost(id);
          }
          this.#running.delete(id);
          return;
        },
        cancel: reason => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    );
  }

  #later(action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, READ_UP);
    this.#timers.add(timer);
  }
}

/** The number of the request in `body`, or of the one that it cancels. */
function envelope(body: unknown): { id?: unknown; cancels?: unknown } {
  const message: unknown = isText(body) ? JSON.parse(body) : undefined;
  if (!isObject(message)) return {};
  const { id, method, params } = message;
  if (method === 'notifications/cancelled') return { cancels: isObject(params) ? params['requestId'] : undefined };
  return method === undefined ? {} : { id };
}
