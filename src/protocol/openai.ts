/**
 * The OpenAI-compatible API (`/v1/*`) of Ollama, llama-server, LiteLLM, vLLM and others as a `ChatClient`. Not needed by a page
 * that talks to Ollama's own API. How the servers differ stands in `openai-servers.ts`; decides nothing about what to show.
 */
import { ChatError } from '../errors';
import type { ChatClient, ChatEvent, ChatRequest, ModelInfo, RequestOptions } from './client';
import { isCount, isObject, isText, parseJson } from './json';
import { OpenAIAnswer, type Chunk } from './openai-answer';
import { chatBody } from './openai-request';
import { CONTEXT_LENGTHS, REFUSABLE } from './openai-servers';
import { Refused } from './refused';
import { answerBytes, errorOf, readText, request, requestJson, type ServerOptions } from './request';
import { readEvents } from './sse';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What `[DONE]` says where no chunk has said it. */
const END: Chunk = { choices: [{ finish_reason: 'stop' }] };

export class OpenAIApi implements ChatClient {
  /** By what `mark()` says. */
  readonly #refused = new Refused<string>((model, field) => this.server.onRefused?.(model, field));
  readonly #server: ServerOptions;

  /** @internal */
  constructor(server: ServerOptions) {
    this.#server = server;
  }

  /**
   * Not a field: who prints a client does not want its key printed.
   * @internal
   */
  get server(): ServerOptions {
    return this.#server;
  }

  /**
   * `POST /v1/chat/completions`, streamed. Ends after `[DONE]`, also when the connection stays open, or with the connection
   * once the model has finished. Of `options` only those are sent that this API knows; what a server refuses that can be
   * left out (`think`, `tools`, the counters) is left out, and asked once more.
   * @throws {ChatError} `interrupted` when the answer ends before that, which is how Ollama hides an error here; see {@link request}.
   */
  chat(body: ChatRequest, options: RequestOptions = {}): AsyncIterable<ChatEvent> {
    const wire = chatBody(body);
    return this.#refused.ask(
      body.model,
      (marks, onBegin) => this.#stream(body.model, without(wire, marks), options, onBegin),
      (error, marks) => {
        // It says so in words.
        const isRefusal = error instanceof ChatError && ['bad-request', 'capability-missing', 'server'].includes(error.kind);
        const text = isRefusal && 'text' in error.detail ? error.detail.text : '';
        const row = REFUSABLE.find(other => other.field in wire && other.when.test(text) && !marks.has(mark(other, wire)));
        return row && mark(row, wire);
      },
    );
  }

  async *#stream(model: string, wire: object, { signal }: RequestOptions, onBegin: () => void): AsyncIterable<ChatEvent> {
    const reply = await request(this.server, '/v1/chat/completions', wire, { signal });
    onBegin();
    const type = reply.response.headers.get('Content-Type') ?? '';
    const bytes = answerBytes(reply, this.server.url);
    const answer = new OpenAIAnswer();
    try {
      for await (const chunk of /^application\/json/i.test(type) ? whole(bytes, this.server.url) : chunks(bytes)) {
        if (chunk.error) throw await errorOf(chunk, model);
        yield* answer.take(chunk);
      }
    } catch (cause) {
      signal?.throwIfAborted();
      const lost = !(cause instanceof ChatError);
      // Nothing is missing where the connection breaks, or falls silent, after the model has finished.
      if (!answer.reason || !(lost || cause.kind === 'timeout')) throw lost ? new ChatError({ kind: 'interrupted' }, { cause }) : cause;
    }
    signal?.throwIfAborted();
    yield* answer.end();
  }

  /** `GET /v1/models`, in the server's order. */
  async models(options?: RequestOptions): Promise<ModelInfo[]> {
    const answer = await requestJson(this.server, '/v1/models', undefined, options);
    if (!isObject(answer) || !('data' in answer)) throw new ChatError({ kind: 'not-ollama', status: 200, url: this.server.url });
    // Ollama says `null` where it has none.
    const models: unknown[] = Array.isArray(answer.data) ? answer.data : [];
    return models.flatMap(model => (isObject(model) && isText(model.id) ? [{ name: model.id, ...contextLength(model) }] : []));
  }
}

/** A model that refuses one value may know another. */
const mark = ({ field, byValue }: (typeof REFUSABLE)[number], wire: Record<string, unknown>) =>
  byValue ? `${field} ${String(wire[field])}` : field;

/** Under other names where there are some, and else not at all. */
function without(wire: Record<string, unknown>, marks: ReadonlySet<string>): Record<string, unknown> {
  const sent = { ...wire };
  for (const row of REFUSABLE) {
    if (!marks.has(mark(row, wire))) continue;
    if (row.instead) sent[row.instead] = sent[row.field];
    delete sent[row.field];
  }
  return sent;
}

function contextLength(model: Record<string, unknown>): Pick<ModelInfo, 'context_length'> {
  const values = CONTEXT_LENGTHS.map(path => path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), model));
  const context_length = values.find(isCount);
  return context_length ? { context_length } : {};
}

async function* chunks(bytes: Bytes): AsyncGenerator<Chunk, void, undefined> {
  for await (const { event, data } of readEvents(bytes)) {
    if (data.trim() === '[DONE]') return yield END;
    const chunk = parseJson(data);
    if (isObject(chunk)) yield chunk;
    // An event with a name, or with nothing in it, is a server's own affair: a sign of life, for example.
    else if (!event && data.trim()) throw new ChatError({ kind: 'bad-line', text: data.slice(0, 200) });
  }
}

/** The answer of a server that does not stream. */
async function* whole(bytes: Bytes, url: string): AsyncGenerator<Chunk, void, undefined> {
  const answer = parseJson(await readText(bytes));
  if (!isObject(answer) || !(answer.error || answer.choices)) throw new ChatError({ kind: 'not-ollama', status: 200, url });
  yield answer;
  yield END;
}
