/**
 * Single paths answered as no Ollama does, or not at all: what a gateway lets through, what another server lacks.
 * Knows no port and keeps no record.
 */
import type { ServerResponse } from 'node:http';
import { pause, sendJson, sendText } from '../../demo/ollama/wire.ts';
import { transcript } from './transcripts.ts';

/** What is asked of a route. */
export interface RouteCall {
  readonly response: ServerResponse;
  /** Aborted when the client goes. */
  readonly signal: AbortSignal;
  /** Resolves when the test releases the answer, or the client goes. */
  readonly released: () => Promise<void>;
  /** Ends the connection, not the answer; with `true` by a reset instead of a regular end. */
  readonly hangUp: (reset?: boolean) => void;
  /** Lets the page read what comes, and answers its preflight; `false` where that is all. */
  readonly passes: () => boolean;
}

export type Route = (call: RouteCall) => void | Promise<void>;

/** A path that the server does not have. */
export const missing: Route = ({ passes, response }) => {
  if (passes()) sendText(response, 404, '404 page not found');
};

/** A gateway's refusal, which no page of another origin may read. */
export const refused: Route = ({ response }) => sendText(response, 403, '');

/** No answer: the connection ends. */
export const closed: Route = ({ hangUp }) => hangUp(true);

/** No answer, ever. */
export const hanging: Route = ({ passes }) => void passes();

export const json =
  (value: object, status = 200): Route =>
  ({ passes, response }) => {
    if (passes()) sendJson(response, status, value);
  };

/** What a real server sent, chunk by chunk. */
export const recorded =
  (file: string, name: string): Route =>
  async call => {
    if (call.passes()) await replay(call, file, name);
  };

/** The same up to the `hold`th chunk, and the others once the test releases them. */
export async function replay({ response, signal, released, hangUp }: Omit<RouteCall, 'passes'>, file: string, name: string, hold?: number) {
  const { status, headers, chunks, cut } = transcript(file, name).response;
  response.writeHead(status, { 'Content-Type': headers['content-type'] });
  for (const [index, chunk] of chunks.entries()) {
    if (index === hold) await released();
    if (signal.aborted) return;
    response.write(chunk);
    await pause(1, signal);
  }
  if (cut) await released().then(() => hangUp());
  else response.end();
}
