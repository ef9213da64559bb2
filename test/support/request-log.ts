/**
 * What a test server was asked, when, and who waits for it.
 * Answers nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed where it is JSON, else its text; `undefined` where there is none. */
  readonly body: unknown;
  /** When it came, as `Date.now()` counts. */
  readonly time: number;
  /** When the client closed the connection, if it did so before the answer had ended. */
  readonly closedAt?: number;
}

export type Entry = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };

export class RequestLog {
  readonly entries: Entry[] = [];
  readonly #waiting = new Set<() => void>();

  add(request: IncomingMessage, response: ServerResponse): { entry: Entry; hangUp(reset?: boolean): void } {
    const { method = 'GET', url = '/', headers, socket } = request;
    const entry: Entry = { method, path: url, headers, body: undefined, time: Date.now() };
    let ours = false;
    response.on('close', () => {
      if (!ours && !response.writableFinished) this.closed(entry);
    });
    const hangUp = (reset = false) => {
      ours = true;
      if (reset) socket.resetAndDestroy();
      else socket.end(); // what was written still goes out
    };
    return { entry, hangUp };
  }

  /** Listed once its body is here, so that nobody finds half a request. */
  received(entry: Entry): void {
    this.entries.push(entry);
    this.#changed();
  }

  /** The client closed its connection. */
  closed(entry: Entry): void {
    entry.closedAt = Date.now();
    this.#changed();
  }

  /** What `find` finds, now or after a change. */
  wait<T>(find: () => T | undefined, timeout = 15_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`Not within ${timeout} ms. Requests so far: ${JSON.stringify(this.entries, null, 1)}`));
      }, timeout);
      this.#waiting.add(check);
      check();
    });
  }

  #changed(): void {
    for (const check of this.#waiting) check();
  }
}
