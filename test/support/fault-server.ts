/**
 * An Ollama on a bare socket: it answers what a page asks beside a chat, and a chat by whatever bytes the test wants, in whatever
 * pieces, with whatever end. Speaks just enough HTTP/1.1 for that.
 * Knows no fault: see `faults.ts`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Chat } from '../../demo/ollama/chat-request.ts';
import { DEFAULT_ORIGINS, passesCors } from '../../demo/ollama/cors.ts';
import { show, tags } from '../../demo/ollama/models.ts';
import { goJson, pause } from '../../demo/ollama/wire.ts';
import { Gate } from './gate.ts';
import { MODELS, type OllamaServer } from './ollama-server.ts';
import { type Entry, RequestLog, type RecordedRequest } from './request-log.ts';

/** Bytes for one packet, a pause, or what happens to the connection. After the last one it stays open. */
export type Step = string | Uint8Array | { readonly pause: number } | typeof HOLD | typeof RESET | typeof END;

/** The answer goes on once the test releases it. */
export const HOLD = Symbol('hold');
/** Breaks the connection off, by a reset. */
export const RESET = Symbol('reset');
/** Ends the connection regularly, whatever was promised. */
export const END = Symbol('end');

/** The connection is not used again. */
export const CLOSE = 'Connection: close\r\n';

/** What is answered. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly chat: Chat;
  /** The header lines by which Ollama lets the page read the answer. */
  readonly cors: string;
  /** 1 for the first request since this fault plays. */
  readonly attempt: number;
  /** Whether the connection has been used before. */
  readonly reused: boolean;
  /** What Ollama answers, to all but chats. */
  readonly usual: readonly Step[];
}

export type Fault = (question: Question) => Iterable<Step>;

/** How a connection is received, whatever will be asked. */
export type Reception = typeof RESET | typeof END | 'silence';

interface Playing {
  fault: Fault;
  gate: Gate;
  attempts: number;
}

/** A request that is being answered, or was the last one of its connection. */
interface Underway {
  readonly entry: Entry;
  readonly gone: AbortController;
  /** Whether the end of the connection is ours. */
  ours: boolean;
}

export class FaultServer implements OllamaServer {
  /** Accepted origins, as an OLLAMA_ORIGINS sets them. */
  origins: readonly string[] = DEFAULT_ORIGINS;
  /** A page of its own origin, at `/page`. */
  page = '';
  readonly #log = new RequestLog();
  readonly #sockets = new Set<Socket>();
  readonly #playing = new Map<string, Playing>();
  #gate = new Gate();
  #receptions: Reception[] = [];
  #reception: Reception | undefined;
  #server: Server | undefined;
  #port = 0;

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get requests(): readonly RecordedRequest[] {
    return this.#log.entries;
  }

  chats(): ReturnType<OllamaServer['chats']> {
    return this.#log.entries.filter(isChat) as ReturnType<OllamaServer['chats']>;
  }

  waitForRequest(predicate: (request: RecordedRequest) => boolean, timeout?: number): Promise<RecordedRequest> {
    return this.#log.wait(() => this.#log.entries.find(predicate), timeout);
  }

  waitForClose(request: RecordedRequest, timeout?: number): Promise<number> {
    return this.#log.wait(() => request.closedAt, timeout);
  }

  /** Lets go on what holds since the last {@link play}. */
  release(): void {
    this.#gate.release();
  }

  /** Also the idle ones: a network that is lost knows no difference. */
  cut(): void {
    for (const socket of this.#sockets) socket.end();
  }

  /** Answers chats like this from now on; with `what`, only those of one model, or what is asked of one path. */
  play(fault: Fault, what = ''): void {
    this.#gate = new Gate();
    this.#playing.set(what, { fault, gate: this.#gate, attempts: 0 });
  }

  /** All connections from now on, or the next few; those that are idle now are ended. Nothing is read there. */
  receive(how: Reception | undefined, count?: number): void {
    this.#reception = count === undefined ? how : undefined;
    this.#receptions = count !== undefined && how ? Array.from({ length: count }, () => how) : [];
    for (const socket of this.#sockets) socket.destroy();
  }

  /** As new, on the same port, but for its record of requests. */
  async heal(): Promise<void> {
    this.origins = DEFAULT_ORIGINS;
    this.#playing.clear();
    this.receive(undefined);
    if (!this.#server?.listening) await this.#listen();
  }

  async #listen(): Promise<void> {
    const server = createServer({ noDelay: true }, socket => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Nothing answers on its port from now on. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => (this.#server ? this.#server.close(resolve) : resolve(undefined)));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket) {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {}); // the client has gone; `close` comes next
    const how = this.#receptions.shift() ?? this.#reception;
    if (how === RESET) socket.resetAndDestroy();
    else if (how === END) socket.end();
    else if (how === undefined) this.#read(socket);
  }

  /** One request after the other, as they come. */
  #read(socket: Socket) {
    let unread = Buffer.alloc(0);
    let underway: Underway | undefined;
    let count = 0;
    let busy = false;
    const next = async () => {
      const request = busy ? undefined : parseRequest(unread);
      if (!request) return;
      busy = true;
      unread = unread.subarray(request.length);
      underway = { entry: request.entry, gone: new AbortController(), ours: false };
      await this.#answer(socket, underway, count++ > 0);
      busy = false;
      void next();
    };
    const gone = () => {
      if (!underway || underway.gone.signal.aborted) return;
      underway.gone.abort();
      if (!underway.ours) this.#log.closed(underway.entry);
    };
    socket.on('data', (bytes: Buffer) => {
      unread = Buffer.concat([unread, bytes]);
      void next();
    });
    socket.once('end', gone);
    socket.once('close', gone);
  }

  async #answer(socket: Socket, underway: Underway, reused: boolean): Promise<void> {
    const { signal } = underway.gone;
    const { steps, gate } = this.#stepsFor(underway.entry, reused);
    this.#log.received(underway.entry);
    for (const step of steps) {
      if (signal.aborted) return;
      if (step === HOLD) {
        await gate.wait(signal);
      } else if (step === RESET || step === END) {
        underway.ours = true;
        if (step === RESET) socket.resetAndDestroy();
        else socket.end();
        return;
      } else if (typeof step === 'object' && 'pause' in step) {
        await pause(step.pause, signal);
      } else {
        socket.write(step);
        // The next ones go out in a packet of their own.
        await pause(0, signal);
      }
    }
  }

  #stepsFor(entry: Entry, reused: boolean): { steps: Iterable<Step>; gate: Gate } {
    const { lines, passes } = this.#passCors(entry);
    const { method, path } = entry;
    const chat = (entry.body ?? {}) as Chat;
    const playing = this.#playing.get(`${method} ${path}`) ?? this.#playing.get(path);
    const chats = isChat(entry) ? (this.#playing.get(chat.model) ?? this.#playing.get('')) : undefined;
    const found = method === 'OPTIONS' ? this.#playing.get(`OPTIONS ${path}`) : (playing ?? chats);
    const usual: Step[] = passes ? this.#normal(entry, lines) : [lines, END];
    if (!found || (!passes && method !== 'OPTIONS')) return { steps: usual, gate: this.#gate };
    found.attempts += 1;
    const question: Question = { method, path, chat, cors: passes ? lines : '', attempt: found.attempts, reused, usual };
    return { steps: found.fault(question), gate: found.gate };
  }

  #normal({ method, path, body }: Entry, cors: string): Step[] {
    const json = (value: unknown, status = '200 OK') => answer(`${status}`, 'application/json; charset=utf-8', goJson(value), cors);
    const { model } = (body ?? {}) as Partial<Chat>;
    switch (`${method} ${path}`) {
      case 'GET /':
        return answer('200 OK', 'text/plain; charset=utf-8', 'Ollama is running', cors);
      case 'GET /page':
        return answer('200 OK', 'text/html; charset=utf-8', this.page);
      case 'GET /api/version':
        return json({ version: '0.33.0' });
      case 'GET /api/tags':
        return json(tags(MODELS));
      case 'GET /api/ps':
        return json({ models: [] });
      case 'POST /api/show':
        return json(show({ name: model ?? '', capabilities: ['completion'] }));
      case 'POST /api/chat':
        return json({ model, message: { role: 'assistant', content: '' }, done: true, done_reason: 'load' });
      default:
        return answer('404 Not Found', 'text/plain', '404 page not found', cors);
    }
  }

  /** The lines by which a page may read an answer; the whole of it for a preflight and a page that may not. */
  #passCors({ method, headers }: Entry): { passes: boolean; lines: string } {
    let lines = '';
    const add = (name: string, value: unknown) => (lines += `${name}: ${String(value)}\r\n`);
    const response = {
      setHeader: add,
      writeHead: (status: number, more: Record<string, unknown>) => {
        for (const [name, value] of Object.entries(more)) add(name, value);
        lines = `HTTP/1.1 ${status} ${status === 204 ? 'No Content' : 'Forbidden'}\r\n${lines}${CLOSE}\r\n`;
      },
      end() {},
    };
    const request = { method, headers } as unknown as IncomingMessage;
    return { passes: passesCors(request, response as unknown as ServerResponse, this.origins), lines };
  }
}

export async function startFaultServer(): Promise<FaultServer> {
  const server = new FaultServer();
  await server.heal();
  return server;
}

/**
 * A whole answer, and the end of its connection: on one that was used before, Chromium repeats by itself a request that is broken
 * off before its headers, and nobody could count.
 */
export function answer(status: string, type: string, body: string | Uint8Array, more = ''): Step[] {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status}\r\n${type && `Content-Type: ${type}\r\n`}Content-Length: ${bytes.length}\r\n${CLOSE}${more}\r\n`;
  return [Buffer.concat([Buffer.from(head), bytes]), END];
}

/** Whether an answer is asked for, and not only a model to be loaded. */
const isChat = ({ method, path, body }: RecordedRequest) =>
  method === 'POST' &&
  /^\/(?:api\/chat|v1\/chat\/completions)$/.test(path) &&
  Boolean((body as Partial<Chat> | undefined)?.messages?.length);

/** The first whole request in `bytes`, and how long it is. */
function parseRequest(bytes: Buffer): { entry: Entry; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...fields] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(fields.map(field => /^([^:]+):\s*(.*)$/s.exec(field)?.slice(1) ?? [])) as Record<string, string>;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const length = end + 4 + Number(lower['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const [method = '', path = ''] = line.split(' ');
  const text = bytes.subarray(end + 4, length).toString('utf8');
  return { entry: { method, path, headers: lower, body: text ? (JSON.parse(text) as unknown) : undefined, time: Date.now() }, length };
}
