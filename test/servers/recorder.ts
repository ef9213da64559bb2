/**
 * Stands between the chat and a real server and keeps what both said, as a transcript that `npm test` can replay.
 * Changes nothing on the way; what is kept holds no address of this run.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Transcript } from '../support/transcript-format.ts';

type Kept = Omit<Transcript, 'file'>;

/** What tells of this run, and is nobody's business or different each time. */
const LEFT_OUT = new Set(['date', 'llm_provider-date', 'connection', 'keep-alive', 'llm_provider-keep-alive']);
/** The pages of the recordings that were made by hand. */
const PAGE = 'https://shop.example';
const CHAT = /\/chat(?:\/completions)?$/;

export class Recorder {
  readonly #kept = new Map<string, Kept>();
  #name = '';
  #target = '';
  readonly #server = createServer((request, response) => void this.#pass(request, response));

  async start(): Promise<void> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /**
   * What is asked from now on is kept under this name; a second question with `-2` behind it.
   * @returns The address to use instead of the server's.
   */
  between(name: string, url: string): string {
    this.#name = name;
    const { origin, pathname } = new URL(url);
    this.#target = origin;
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${pathname.replace(/\/$/, '')}`;
  }

  /** Writes what was kept over what the file held under the same names. */
  save(file: string): void {
    const path = new URL(`../transcripts/${file}.ndjson`, import.meta.url);
    const earlier = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
    const all = new Map(earlier.map(line => [(JSON.parse(line) as Kept).name, line]));
    for (const [name, kept] of this.#kept) all.set(name, JSON.stringify(kept));
    const sorted = [...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => `${line}\n`);
    if (sorted.length) writeFileSync(path, sorted.join(''));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const target = new URL(path, this.#target);
    const name = method === 'POST' && CHAT.test(path) ? this.#nextName() : undefined;
    const body: Buffer[] = [];
    for await (const bytes of request) body.push(bytes as Buffer);
    // A connection of its own: one that is kept may be closed by the server at the moment of the next request.
    const onward = httpRequest(
      target,
      { method, agent: false, headers: { ...headers, host: target.host, connection: 'close' } },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        const decoder = new StringDecoder('utf8');
        const chunks: string[] = [];
        answer.on('data', (bytes: Buffer) => {
          const text = decoder.write(bytes);
          if (text) chunks.push(text);
          response.write(bytes);
        });
        answer.on('close', () => {
          response.end();
          // An answer that the visitor stopped shows nothing of the server.
          if (!name || !answer.complete) return;
          const origin = headers.origin ?? PAGE;
          const clean = (text: string) => text.replaceAll(origin, PAGE).replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:8080');
          this.#kept.set(name, {
            name,
            request: { method, path, headers: { Origin: PAGE }, body: Buffer.concat(body).toString() },
            response: {
              status: answer.statusCode ?? 0,
              headers: Object.fromEntries(
                Object.entries(answer.headers)
                  .filter(([key]) => !LEFT_OUT.has(key))
                  .map(([key, value]) => [key, clean(String(value))]),
              ),
              chunks,
            },
          });
        });
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(Buffer.concat(body));
  }

  #nextName(): string {
    for (let turn = 1; ; turn++) {
      const name = turn === 1 ? this.#name : `${this.#name}-${turn}`;
      if (!this.#kept.has(name)) return name;
    }
  }
}
