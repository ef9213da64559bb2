/** Stands in for the browser's `fetch` during one test. */
import { streamOf } from './byte-stream.ts';

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
