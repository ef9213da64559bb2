/**
 * The server of the end-to-end tests: real HTTP on 127.0.0.1, a record of what was asked, and a behaviour for each model name.
 * Knows none of the behaviours by name: see `behaviours.ts`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pace } from '../../demo/ollama/answer.ts';
import type { Chat } from '../../demo/ollama/chat-request.ts';
import { DEFAULT_ORIGINS, passesCors } from '../../demo/ollama/cors.ts';
import { createOllama, questionOf } from '../../demo/ollama/handler.ts';
import { findModel, type Model } from '../../demo/ollama/models.ts';
import { closeSignal, readBody } from '../../demo/ollama/wire.ts';
import { FAULTS, PULL_PARTS, PULLS, REPLIES, type Call } from './behaviours.ts';
import { Gate } from './gate.ts';
import type { Route } from './routes.ts';
import { RequestLog, type RecordedRequest } from './request-log.ts';

export type { RecordedRequest } from './request-log.ts';

export interface OllamaServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** The requests that asked for an answer: `POST /api/chat` or `/v1/chat/completions` with messages, as they came. */
  chats(): (RecordedRequest & { readonly body: Chat })[];
  /** The first request that fits, also one that came before. Rejects after `timeout` milliseconds. */
  waitForRequest(predicate: (request: RecordedRequest) => boolean, timeout?: number): Promise<RecordedRequest>;
  /** When the client closed the connection of `request`, as `Date.now()` counts. */
  waitForClose(request: RecordedRequest, timeout?: number): Promise<number>;
  /** Lets an answer go on that its behaviour holds; where none is held yet, the next one. */
  release(): void;
  /** Ends the connections of all answers that are not complete, as a network does that is lost. */
  cut(): void;
  close(): Promise<void>;
}

export interface ServerOptions {
  /** What is installed, newest first. Models named after a behaviour need not be in it. */
  readonly models?: readonly Model[];
  /** What can be pulled: by default one model for each behaviour of a pull. */
  readonly library?: readonly Model[];
  /** Accepted origins; Ollama's own by default. `[]` refuses every page but its own. */
  readonly origins?: readonly string[];
  readonly pace?: Partial<Pace>;
  readonly version?: string;
  /** Answers every chat, instead of the behaviours. */
  readonly answer?: (call: Call) => void | Promise<void>;
  /** What answers instead of Ollama, by path; other methods and preflights included. */
  readonly routes?: Readonly<Record<string, Route>>;
  /** To come back where an earlier server was. */
  readonly port?: number;
}

/** The newest one cannot chat. */
export const MODELS: readonly Model[] = [
  { name: 'embed:latest', capabilities: ['embedding'] },
  { name: 'tiny:latest', capabilities: ['completion'] },
  { name: 'think:latest', capabilities: ['completion', 'thinking'] },
];

/** What can be pulled. */
export const LIBRARY: readonly Model[] = Object.keys(PULLS).map(name => ({
  name: `${name}:latest`,
  capabilities: ['completion'],
  size: 1_000_000_000,
}));

export async function startOllama({ port: wanted = 0, origins = DEFAULT_ORIGINS, ...options }: ServerOptions = {}): Promise<OllamaServer> {
  const models = [...(options.models ?? MODELS)];
  const log = new RequestLog();
  const attempts = new Map<string, number>();
  const gate = new Gate();
  const open = new Set<() => void>();
  const normal = createOllama({
    library: LIBRARY,
    ...options,
    models,
    origins,
    reply,
    pull: { parts: PULL_PARTS, next: async ({ model, signal }) => PULLS[split(model.name).name]?.(() => gate.wait(signal)) },
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { entry, hangUp } = log.add(request, response);
    open.add(hangUp);
    response.on('close', () => open.delete(hangUp));
    const signal = closeSignal(response);
    const text = await readBody(request);
    entry.body = parse(text);
    log.received(entry);
    const released = () => gate.wait(signal);
    const route = options.routes?.[entry.path];
    if (route) return route({ response, signal, released, hangUp, passes: () => passesCors(request, response, origins) });
    const model = modelOf(entry);
    if (model) install(models, model);
    // Who answers by itself answers under any name, also one that Ollama would refuse.
    const renamed = options.answer && JSON.stringify({ ...(entry.body as object), model: 'any' });
    const read = () => questionOf(entry.path, text) ?? (renamed ? questionOf(entry.path, renamed) : undefined);
    const question = entry.method === 'POST' ? read() : undefined;
    const fault = question?.chat.messages.length && (options.answer ?? FAULTS[split(question.chat.model).name]);
    if (!question || !fault) return void (await normal(request, response));
    const { chat, dialect } = question;
    const attempt = (attempts.get(chat.model) ?? 0) + 1;
    attempts.set(chat.model, attempt);
    const call: Call = { chat, dialect, argument: split(chat.model).argument, attempt, response, signal, released, hangUp };
    if (passesCors(request, response, origins)) await fault(call);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A client may leave in the middle of its request; anything else is a mistake in a behaviour.
      if (!request.socket.destroyed) console.error(error);
      response.destroy();
    });
  });
  const port = await listen(server, wanted);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: log.entries,
    chats: () => log.entries.filter(entry => chatOf(entry)) as ReturnType<OllamaServer['chats']>,
    waitForRequest: (predicate, timeout) => log.wait(() => log.entries.find(predicate), timeout),
    waitForClose: (request, timeout) => log.wait(() => request.closedAt, timeout),
    release: () => gate.release(),
    cut: () => open.forEach(hangUp => hangUp()),
    close: () => close(server),
  };
}

function reply(chat: Chat) {
  const { name, argument } = split(chat.model);
  return (REPLIES[name] ?? REPLIES['tiny']!)(chat, argument);
}

/** `transcript:file:case` is `transcript` with the argument `file:case`. */
function split(model: string): { name: string; argument: string } {
  const [name = '', argument = ''] = model.replace(/:latest$/, '').split(/:(.*)/s);
  return { name, argument };
}

/** A model named after a behaviour is there as soon as somebody asks for it, though not in the list. */
function install(models: Model[], name: string): void {
  const known = split(name).name;
  if (findModel(models, name) || !(Object.hasOwn(REPLIES, known) || Object.hasOwn(FAULTS, known))) return;
  const thinks = /^(?:think|transcript)/.test(known);
  models.push({ name, capabilities: thinks ? ['completion', 'tools', 'thinking'] : ['completion'], unlisted: true });
}

const ASKING: ReadonlySet<string> = new Set(['/api/chat', '/v1/chat/completions']);

function chatOf({ method, path, body }: RecordedRequest): Chat | undefined {
  const chat = body as Partial<Chat> | undefined;
  const asks = method === 'POST' && ASKING.has(path) && typeof chat?.model === 'string' && chat.messages?.length;
  return asks ? (chat as Chat) : undefined;
}

function modelOf({ body }: RecordedRequest): string | undefined {
  const model = (body as { model?: unknown } | undefined)?.model;
  return typeof model === 'string' ? model : undefined;
}

function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
