/**
 * An Ollama without a model: the routes of its API, answered as version 0.33 does, with scripted replies.
 * Knows no server: mount the handler in any Node one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendLoaded, sendWhole, streamAnswer, type Pace, type Piece } from './chat.ts';
import { INVALID_NAME, isRefusal, parseBody, parseChat, type Chat } from './chat-request.ts';
import { DEFAULT_ORIGINS, passesCors } from './cors.ts';
import { keepAlive } from './keep-alive.ts';
import { findModel, LoadedModels, show, tags, windowOf, type Model } from './models.ts';
import { Library, sendPull, streamPull, type PullPace } from './pull.ts';
import { closeSignal, pause, readBody, sendError, sendJson, sendText } from './wire.ts';

export interface OllamaOptions {
  /** Newest first. Read at each request. */
  readonly models: readonly Model[];
  /** What can be pulled. Read at each request. */
  readonly library?: readonly Model[];
  /** The script for one chat. */
  readonly reply: (chat: Chat) => Iterable<Piece>;
  /** Accepted origins; one `*` in each. Ollama's own by default, which an OLLAMA_ORIGINS adds to. */
  readonly origins?: readonly string[];
  readonly pace?: Partial<Pace>;
  readonly pull?: Partial<PullPace>;
  readonly version?: string;
  /** Only paths that start so are served; others are handed back. All by default. */
  readonly under?: string;
}

/** Answers, or returns `false` at once where the path is somebody else's. */
export type OllamaHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | false;

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Routes = Record<string, Record<string, Respond>>;

/** The release whose answers these are. */
export const VERSION = '0.33.0';

export function createOllama(options: OllamaOptions): OllamaHandler {
  const { origins = DEFAULT_ORIGINS, under = '/' } = options;
  const routes = createRoutes(options);
  return (request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*/s, '');
    if (!path.startsWith(under)) return false;
    return serve(routes, path, origins, request, response);
  };
}

async function serve(routes: Routes, path: string, origins: readonly string[], request: IncomingMessage, response: ServerResponse) {
  const unslashed = path.replace(/(?<=.)\/$/, '');
  const methods = routes[path];
  if (!methods && routes[unslashed]) return redirect(request, response, unslashed);
  const respond = methods?.[request.method ?? 'GET'];
  if (methods && !respond) response.setHeader('Allow', Object.keys(methods).join(', '));
  if (!passesCors(request, response, origins)) return;
  if (!methods) return sendText(response, 404, '404 page not found');
  if (!respond) return sendText(response, 405, '405 method not allowed');
  try {
    await respond(request, response);
  } catch (error) {
    // A client that leaves in the middle of its own request is nobody's fault.
    if (!response.destroyed && !response.headersSent) sendError(response, 500, String(error));
    else response.destroy();
  }
}

/** Without CORS headers, as Ollama does it: no page may rely on a trailing slash. */
function redirect(request: IncomingMessage, response: ServerResponse, location: string): void {
  response.writeHead(request.method === 'GET' ? 301 : 307, { Location: location, 'Content-Length': 0 });
  response.end();
}

function createRoutes({ models: given, library: offered = [], reply, pace, pull, version = VERSION }: OllamaOptions): Routes {
  const loaded = new LoadedModels();
  const library = new Library(given, offered, pull);
  const times: Pace = { load: 0, first: 0, next: 0, ...pace };
  const get = (respond: Respond) => ({ GET: respond, HEAD: respond });
  return {
    '/': get((_, response) => sendText(response, 200, 'Ollama is running', 'text/plain; charset=utf-8')),
    '/api/version': get((_, response) => sendJson(response, 200, { version })),
    '/api/tags': get((_, response) => sendJson(response, 200, tags(library.installed()))),
    '/api/ps': { GET: (_, response) => sendJson(response, 200, loaded.ps()) },
    '/api/show': { POST: (request, response) => respondShow(library.installed(), request, response) },
    '/api/chat': { POST: (request, response) => respondChat({ library, loaded, reply, times }, request, response) },
    '/api/pull': { POST: (request, response) => respondPull(library, request, response) },
  };
}

async function respondShow(models: readonly Model[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = parseBody(await readBody(request));
  if (isRefusal(body)) return sendError(response, body.status, body.error);
  const name = String(body['model'] ?? body['name'] ?? '');
  if (!name) return sendError(response, 400, 'model is required');
  const model = findModel(models, name);
  if (!model) return sendError(response, 404, `model '${name.includes(':') ? name : `${name}:latest`}' not found`);
  sendJson(response, 200, show(model));
}

interface Chats {
  readonly library: Library;
  readonly loaded: LoadedModels;
  readonly reply: (chat: Chat) => Iterable<Piece>;
  readonly times: Pace;
}

async function respondChat({ library, loaded, reply, times }: Chats, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const body = parseBody(await readBody(request));
  if (isRefusal(body)) return sendError(response, body.status, body.error);
  const parsed = parseChat(body, library.installed());
  if (isRefusal(parsed)) return sendError(response, parsed.status, parsed.error);
  const { chat, model } = parsed;
  const seconds = Number(keepAlive(chat.keep_alive));
  if (!chat.messages.length && seconds === 0) {
    loaded.unload(model);
    return sendLoaded(response, chat.model, 'unload');
  }
  const window = windowOf(model, chat.options?.['num_ctx']);
  if (!loaded.has(model, window)) {
    loaded.begin(model, seconds, window);
    await pause(times.load, signal);
    if (signal.aborted) return loaded.unload(model); // an abort cancels the load
  }
  loaded.keep(model, seconds, window);
  if (!chat.messages.length) return sendLoaded(response, chat.model, 'load');
  const answer = { chat, model, pieces: reply(chat), pace: times, response, signal };
  await (chat.stream === false ? sendWhole(answer) : streamAnswer(answer));
  loaded.keep(model, seconds, window);
}

async function respondPull(library: Library, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const body = parseBody(await readBody(request));
  if (isRefusal(body)) return sendError(response, body.status, body.error);
  const name = String(body['model'] ?? body['name'] ?? '');
  if (!name || INVALID_NAME.test(name)) return sendError(response, 400, 'invalid model name');
  await (body['stream'] === false ? sendPull : streamPull)(response, library, name, signal);
}
