/**
 * How Ollama writes JSON, lines, times and errors, and how a request's body is read.
 * Knows no endpoint and no model.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

const bodies = new WeakMap<IncomingMessage, Promise<string>>();

/** The request's body; may be asked for twice, so that a test can look at it before the handler does. */
export function readBody(request: IncomingMessage): Promise<string> {
  const known = bodies.get(request);
  if (known) return known;
  const body = collect(request);
  bodies.set(request, body);
  return body;
}

async function collect(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

/** JSON as Go writes it: `<`, `>`, `&` and the two line separators are escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The time in RFC 3339 with nine fractional digits. */
export function goTime(date = new Date()): string {
  const beyondMilliseconds = process.hrtime.bigint() % 1_000_000n;
  return date.toISOString().replace('Z', `${String(beyondMilliseconds).padStart(6, '0')}Z`);
}

/** Sends a whole answer as one JSON object. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  sendText(response, status, goJson(value), 'application/json; charset=utf-8');
}

/** Where a stream was to begin, the charset is left away. */
export function sendError(response: ServerResponse, status: number, error: string, streaming = false): void {
  if (streaming) sendText(response, status, goJson({ error }), 'application/json');
  else sendJson(response, status, { error });
}

export function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** Waits, at least for one turn of the event loop, so that an endless script never starves the sockets. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** Aborted when the client closes the connection before the answer has ended. */
export function closeSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const check = () => {
    if (response.destroyed && !response.writableFinished) controller.abort();
  };
  response.on('close', check);
  check(); // it may be gone already
  return controller.signal;
}
