/**
 * Ollama's own API (`/api/*`, https://docs.ollama.com/api) as a `ChatClient`.
 * Reads what servers really send, old and new; decides nothing about what to show.
 */
import { ChatError } from '../errors';
import type { ChatClient, ChatEvent, ChatRequest, ChatStats, DoneReason, ModelInfo, RequestOptions, ShowResponse } from './client';
import { isCount, isObject, isStrings, isText } from './json';
import { jsonStream } from './json-stream';
import { Refused } from './refused';
import { requestJson, type ServerOptions } from './request';
import { toolCall } from './tool-call';

/** How long `/api/ps` may take, in seconds: it only decorates. */
const PS_TIMEOUT = 5;

/** What a model is loaded with. */
export type LoadSettings = Pick<ChatRequest, 'keep_alive' | 'options'>;

/** What a model may refuse, and is asked without then. */
type Refusable = 'think' | 'tools';

/** Where a conversation is sent, and in which form. */
export interface Endpoint {
  path: string;
  body: (request: ChatRequest) => OllamaRequest;
}

/** What any question holds. */
export type OllamaRequest = Pick<ChatRequest, 'model' | 'think' | 'tools'>;

const CHAT: Endpoint = { path: '/api/chat', body: request => request };

export class OllamaApi implements ChatClient {
  /** By what `mark()` says. */
  readonly #refused = new Refused<unknown>((model, field) => this.server.onRefused?.(model, field));
  /** For what only decorates an answer. */
  protected readonly brief: Partial<ServerOptions> = { timeout: PS_TIMEOUT, retries: 0, onRetry: undefined, diagnose: undefined };

  readonly #server: ServerOptions;
  readonly #endpoint: Endpoint;

  /** @internal */
  constructor(server: ServerOptions, endpoint = CHAT) {
    this.#server = server;
    this.#endpoint = endpoint;
  }

  /**
   * Not a field: who prints a client does not want its key printed.
   * @internal
   */
  get server(): ServerOptions {
    return this.#server;
  }

  /**
   * `POST /api/chat`, streamed. Ends after the `done` event, also when the connection stays open. A model that cannot think
   * or call tools is asked once more without that.
   * @throws {ChatError} `interrupted` when the answer ends without having been completed; see {@link jsonStream}.
   */
  chat(request: ChatRequest, options?: RequestOptions): AsyncIterable<ChatEvent> {
    return this.ask(this.#endpoint.path, this.#endpoint.body(request), options);
  }

  protected ask(path: string, body: OllamaRequest, options: RequestOptions = {}): AsyncIterable<ChatEvent> {
    return this.#refused.ask(
      body.model,
      (marks, onBegin) => this.#stream(path, without(body, marks), options, onBegin),
      error => {
        const field = refusedField(error);
        return field && body[field] !== undefined ? mark(field, body[field]) : undefined;
      },
    );
  }

  async *#stream(path: string, body: OllamaRequest, options: RequestOptions, onBegin: () => void): AsyncIterable<ChatEvent> {
    for await (const line of jsonStream(this.server, path, { stream: true, ...body }, options)) {
      const events = chatEvents(line);
      onBegin();
      yield* events;
      if (events.at(-1)?.type === 'done') return;
    }
  }

  /**
   * `POST /api/chat` without messages: loads the model, and resolves when it is loaded; a `keep_alive` of 0 unloads it.
   * Aborting ends the loading. Asked with other options afterwards, it may be loaded anew.
   * @internal
   */
  async load(model: string, settings?: LoadSettings, options?: RequestOptions): Promise<void> {
    // Not worth an attempt more, nor a diagnosis: whoever asks the model will hear of it.
    const { timeout } = this.server;
    await requestJson({ ...this.server, ...this.brief, timeout }, '/api/chat', { model, messages: [], ...settings }, options);
  }

  /** `GET /api/tags`, newest first, with what `GET /api/ps` says of the loaded ones, where it answers. */
  async models(options?: RequestOptions): Promise<ModelInfo[]> {
    const [installed, loaded] = await Promise.all([this.tags(options), this.ps(options).catch(() => [])]);
    const byName = new Map(loaded.map(model => [model.name, model]));
    return installed.map(model => ({ ...byName.get(model.name), ...model }));
  }

  /** `GET /api/tags`: the installed models, newest first. */
  async tags(options?: RequestOptions): Promise<ModelInfo[]> {
    return this.#list(this.server, '/api/tags', options);
  }

  /** `GET /api/ps`: the models in memory, and those on their way there. */
  async ps(options?: RequestOptions): Promise<ModelInfo[]> {
    return this.#list({ ...this.server, ...this.brief }, '/api/ps', options);
  }

  /** `POST /api/show`: what the server knows about one model. `capabilities` is absent on older servers. */
  async show(model: string, options?: RequestOptions): Promise<ShowResponse> {
    const shown = await requestJson(this.server, '/api/show', { model }, options);
    if (!isObject(shown)) return {};
    const { capabilities, ...rest } = shown;
    return { ...rest, ...(isStrings(capabilities) && { capabilities }) };
  }

  /** `GET /api/version`, such as `0.33.0`; source builds say `0.0.0`. */
  async version(options?: RequestOptions): Promise<string> {
    const answer = await requestJson({ ...this.server, ...this.brief }, '/api/version', undefined, options);
    return isObject(answer) && typeof answer.version === 'string' ? answer.version : '';
  }

  async #list(server: ServerOptions, path: string, options?: RequestOptions): Promise<ModelInfo[]> {
    return modelList(await requestJson(server, path, undefined, options), server.url);
  }
}

/** A model that refuses one way of thinking may know another, and must still hear that it is not to think. */
const mark = (field: string, value: unknown) => (field === 'think' ? value : field);

const without = (body: OllamaRequest, refused: ReadonlySet<unknown>) =>
  Object.fromEntries(Object.entries(body).filter(([field, value]) => !refused.has(mark(field, value)))) as unknown as OllamaRequest;

function refusedField(error: unknown): Refusable | undefined {
  if (!(error instanceof ChatError) || error.detail.kind !== 'capability-missing') return undefined;
  const { capability } = error.detail;
  return capability === 'thinking' ? 'think' : capability === 'tools' ? 'tools' : undefined;
}

/**
 * The events of one line. Every field counts on every line, the last one included: the text and the tool calls of a whole
 * answer can come together with `done`.
 */
function chatEvents(line: Record<string, unknown>): ChatEvent[] {
  // `/api/generate` has the same fields in the line itself, and another name for the text.
  const message = isObject(line.message) ? line.message : { ...line, content: line.response };
  const calls = Array.isArray(message.tool_calls) ? message.tool_calls.flatMap(call => toolCall(call) ?? []) : [];
  const events: ChatEvent[] = [];
  if (isText(message.thinking)) events.push({ type: 'thinking', text: message.thinking });
  if (isText(message.content)) events.push({ type: 'text', text: message.content });
  events.push(...calls.map(call => ({ type: 'tool-call' as const, call })));
  // Some builds leave `done` out on the last line and write only the reason.
  if (line.done === true || isText(line.done_reason)) {
    events.push({ type: 'done', reason: doneReason(line.done_reason), stats: stats(line) });
  }
  return events;
}

const doneReason = (reason: unknown): DoneReason => (reason === 'length' || reason === 'load' || reason === 'unload' ? reason : 'stop');

const COUNTERS = [
  'total_duration',
  'load_duration',
  'prompt_eval_count',
  'prompt_eval_duration',
  'eval_count',
  'eval_duration',
] as const satisfies (keyof ChatStats)[];

const stats = (line: Record<string, unknown>): ChatStats =>
  Object.fromEntries(COUNTERS.flatMap(key => (isCount(line[key]) ? [[key, line[key]]] : [])));

function modelList(answer: unknown, url: string): ModelInfo[] {
  // A gateway may answer 200 with anything; a list of models is what makes it a model server.
  if (!isObject(answer) || !('models' in answer)) throw new ChatError({ kind: 'not-ollama', status: 200, url });
  const models: unknown[] = Array.isArray(answer.models) ? answer.models : [];
  return models
    .filter((model): model is ModelInfo & Record<string, unknown> => isObject(model) && isText(model.name))
    .map(({ capabilities, context_length, size, details, ...model }) => ({
      ...model,
      ...(isCount(size) && { size }),
      ...(isObject(details) && { details: texts(details) }),
      ...(isStrings(capabilities) && { capabilities }),
      ...(isCount(context_length) && { context_length }),
    }));
}

/** Those fields that are texts. */
const texts = (fields: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (isText(value) ? [[name, value]] : [])));
