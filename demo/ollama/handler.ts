/**
 * An Ollama without a model: the routes of its API, answered as version 0.33 does, with scripted replies.
 * Knows no server: mount the handler in any Node one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendLoaded, sendWhole, streamAnswer, type Pace, type Piece } from './answer.ts';
import { admit, INVALID_NAME, isRefusal, parseBody, readChat, type Body, type Chat, type Question, type Refusal } from './chat-request.ts';
import { DEFAULT_ORIGINS, passesCors } from './cors.ts';
import { embed, readEmbed, type Embedded } from './embed.ts';
import { readGenerate } from './generate.ts';
import { keepAlive } from './keep-alive.ts';
import { findModel, LoadedModels, show, tags, windowOf, type Model } from './models.ts';
import { openAiEmbeddings, openAiModels, readEmbeddings, sendEarlyOpenAiError, sendOpenAi, sendOpenAiError } from './openai.ts';
import { readOpenAiChat } from './openai-chat.ts';
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
  /** Only paths that start with one of these are served; others are handed back. All by default. */
  readonly under?: readonly string[];
}

/** Answers, or returns `false` at once where the path is somebody else's. */
export type OllamaHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | false;

type Respond = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
type Routes = Record<string, Record<string, Respond>>;

/** The release whose answers these are. */
export const VERSION = '0.33.0';

export function createOllama(options: OllamaOptions): OllamaHandler {
  const { origins = DEFAULT_ORIGINS, under = ['/'] } = options;
  const routes = createRoutes(options);
  return (request, response) => {
    const path = (request.url ?? '/').replace(/[?#].*/s, '');
    if (!under.some(start => path.startsWith(start))) return false;
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

/** The paths that ask a model for an answer: how each is read, and how a body is refused before a model is looked at. */
interface Endpoint {
  readonly read: (text: string) => Question | Refusal;
  readonly refuse: (response: ServerResponse, refusal: Refusal) => void;
}

const sendRefusal = (response: ServerResponse, { status, error }: Refusal) => sendError(response, status, error);

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  '/api/chat': { read: readChat, refuse: sendRefusal },
  '/api/generate': { read: readGenerate, refuse: sendRefusal },
  '/v1/chat/completions': { read: readOpenAiChat, refuse: sendEarlyOpenAiError },
};

/** What a request asks a model, where that is what its path is for and its body can be read. */
export function questionOf(path: string, text: string): Question | undefined {
  const question = ENDPOINTS[path]?.read(text);
  return question && !isRefusal(question) ? question : undefined;
}

/** What the routes have in common. */
interface Scripted {
  readonly library: Library;
  readonly loaded: LoadedModels;
  readonly reply: (chat: Chat) => Iterable<Piece>;
  readonly times: Pace;
}

function createRoutes({ models: given, library: offered = [], reply, pace, pull, version = VERSION }: OllamaOptions): Routes {
  const library = new Library(given, offered, pull);
  const scripted: Scripted = { library, loaded: new LoadedModels(), reply, times: { load: 0, first: 0, next: 0, ...pace } };
  const { loaded } = scripted;
  const get = (respond: Respond) => ({ GET: respond, HEAD: respond });
  const asked = Object.entries(ENDPOINTS).map(([path, endpoint]): [string, Routes[string]] => [
    path,
    { POST: (request, response) => respondAnswer(scripted, endpoint, request, response) },
  ]);
  return {
    '/': get((_, response) => sendText(response, 200, 'Ollama is running', 'text/plain; charset=utf-8')),
    '/api/version': get((_, response) => sendJson(response, 200, { version })),
    '/api/tags': get((_, response) => sendJson(response, 200, tags(library.installed()))),
    '/api/ps': { GET: (_, response) => sendJson(response, 200, loaded.ps()) },
    '/api/show': { POST: (request, response) => respondShow(library.installed(), request, response) },
    ...Object.fromEntries(asked),
    '/api/embed': { POST: (request, response) => respondEmbed(scripted, request, response) },
    '/api/pull': { POST: (request, response) => respondPull(library, request, response) },
    '/v1/models': { GET: (_, response) => sendOpenAi(response, openAiModels(library.installed())) },
    '/v1/embeddings': { POST: (request, response) => respondEmbeddings(scripted, request, response) },
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

async function respondAnswer(
  { library, loaded, reply, times }: Scripted,
  { read, refuse }: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const signal = closeSignal(response);
  const question = read(await readBody(request));
  if (isRefusal(question)) return refuse(response, question);
  const { chat, dialect } = question;
  const model = admit(question, library.installed());
  if (isRefusal(model)) return dialect.refuse(response, model.status, model.error);
  const seconds = Number(keepAlive(chat.keep_alive));
  if (!chat.messages.length && seconds === 0) {
    loaded.unload(model);
    return sendLoaded(response, dialect, 'unload');
  }
  if (!(await load(model, chat, { loaded, times }, signal))) return;
  if (!chat.messages.length) return sendLoaded(response, dialect, 'load');
  const answer = { chat, model, dialect, pieces: reply(chat), pace: times, response, signal };
  await (chat.stream === false ? sendWhole(answer) : streamAnswer(answer));
  loaded.keep(model, seconds, windowOf(model, chat.options?.['num_ctx']));
}

/** Whether the client waited until the model was in memory: an abort cancels the load. */
async function load(
  model: Model,
  { keep_alive, options }: Pick<Chat, 'keep_alive' | 'options'>,
  { loaded, times }: Pick<Scripted, 'loaded' | 'times'>,
  signal: AbortSignal,
): Promise<boolean> {
  const seconds = Number(keepAlive(keep_alive));
  const window = windowOf(model, options?.['num_ctx']);
  if (!loaded.has(model, window)) {
    loaded.begin(model, seconds, window);
    await pause(times.load, signal);
    if (signal.aborted) loaded.unload(model);
  }
  if (!signal.aborted) loaded.keep(model, seconds, window);
  return !signal.aborted;
}

async function respondEmbed(scripted: Scripted, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const body = parseBody(await readBody(request), 'api.EmbedRequest');
  const answer = isRefusal(body) ? body : await vectors(scripted, body, signal);
  if (!answer) return;
  if (isRefusal(answer)) sendRefusal(response, answer);
  else sendJson(response, 200, answer);
}

async function respondEmbeddings(scripted: Scripted, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const body = readEmbeddings(await readBody(request));
  if (isRefusal(body)) return sendEarlyOpenAiError(response, body);
  const answer = await vectors(scripted, body, signal);
  if (!answer) return;
  if (isRefusal(answer)) sendOpenAiError(response, answer);
  else sendOpenAi(response, openAiEmbeddings(answer, body['encoding_format']));
}

/** Nothing where the client did not wait. */
async function vectors(scripted: Scripted, body: Body, signal: AbortSignal): Promise<Embedded | Refusal | undefined> {
  const wanted = readEmbed(body, scripted.library.installed());
  if (isRefusal(wanted)) return wanted;
  // A model that cannot do this is loaded all the same.
  if (!(await load(wanted.model, {}, scripted, signal))) return undefined;
  return embed(wanted);
}

async function respondPull(library: Library, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const signal = closeSignal(response);
  const body = parseBody(await readBody(request));
  if (isRefusal(body)) return sendError(response, body.status, body.error);
  const name = String(body['model'] ?? body['name'] ?? '');
  if (!name || INVALID_NAME.test(name)) return sendError(response, 400, 'invalid model name');
  await (body['stream'] === false ? sendPull : streamPull)(response, library, name, signal);
}
