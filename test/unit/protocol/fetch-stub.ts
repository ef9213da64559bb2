/** Stands in for the browser's `fetch` during one test. */
import { type Bytes, streamOf } from './byte-stream.ts';

export interface FetchCall {
  readonly url: string;
  readonly init: RequestInit;
}

const { fetch: realFetch } = globalThis;

/** Answers every request with `answer` until {@link restoreFetch}. Returns the requests, in order. */
export function stubFetch(answer: (call: FetchCall) => Response | Promise<Response>): FetchCall[] {
  const calls: FetchCall[] = [];
  globalThis.fetch = async (input, init = {}) => {
    const call = { url: String(input), init };
    calls.push(call);
    return answer(call);
  };
  return calls;
}

export function restoreFetch(): void {
  globalThis.fetch = realFetch;
}

/** A stream of `lines`: JSON values, or texts that are sent as they are. */
export function ndjson(...lines: unknown[]): Response {
  const text = lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return new Response(streamOf([text]), { headers: { 'Content-Type': 'application/x-ndjson' } });
}

export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json; charset=utf-8' } });

/** A stream of server-sent events: JSON values, or texts that are sent as they are. */
export function sse(...values: unknown[]): Response {
  const text = values.map(value => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('');
  return new Response(streamOf([text]), { headers: { 'Content-Type': 'text/event-stream' } });
}

/** A body that stays silent; `happen` when somebody begins to read it. */
export const whenRead = (happen: () => void) =>
  new ReadableStream<Bytes>(
    {
      pull() {
        happen();
        return new Promise(() => {});
      },
    },
    { highWaterMark: 0 },
  );

/** Answers as a browser does: aborting ends the request, or the body that is being read. */
export function likeABrowser(answer: (call: FetchCall) => Response | Promise<Response>): Parameters<typeof stubFetch>[0] {
  return call => {
    const { signal } = call.init;
    signal?.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    aborted.catch(() => {});
    const answered = Promise.resolve(answer(call)).then(response => {
      if (!response.body) return response;
      const reader = response.body.getReader();
      const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
        const { done, value } = await Promise.race([reader.read(), aborted]);
        if (done) controller.close();
        else controller.enqueue(value);
      };
      const cancel = (reason: unknown) => reader.cancel(reason);
      return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), response);
    });
    return Promise.race([answered, aborted]);
  };
}
