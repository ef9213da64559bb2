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
import { errorOf, readText, request, requestJson, type ServerOptions } from './request';
import { readEvents } from './sse';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What `[DONE]` says where no chunk has said it. */
const END: Chunk = { choices: [{ finish_reason: 'stop' }] };

export class OpenAIApi implements ChatClient {
  /** What each model has refused before, as `mark()` says it. */
  readonly #refused = new Map<string, Set<string>>();

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
   * left out (`think`, the counters) is left out, and asked once more.
   * @throws {ChatError} `interrupted` when the answer ends before that, which is how Ollama hides an error here;
   * `bad-tool-call` for arguments that are no JSON object; see {@link request}.
   */
  async *chat(body: ChatRequest, options: RequestOptions = {}): AsyncIterable<ChatEvent> {
    const refused = this.#refused.get(body.model) ?? new Set();
    this.#refused.set(body.model, refused);
    const wire = chatBody(body);
    for (let begun = false; ;) {
      const sent = { ...wire };
      for (const row of REFUSABLE) {
        const { field, instead } = row;
        if (!refused.has(mark(row, wire))) continue;
        if (instead) sent[instead] = sent[field];
        delete sent[field];
      }
      try {
        return yield* this.#stream(body.model, sent, options, () => (begun = true));
      } catch (error) {
        // It comes before the first event, and says so in words.
        const isRefusal = error instanceof ChatError && (error.kind === 'bad-request' || error.kind === 'capability-missing');
        const text = isRefusal && 'text' in error.detail ? error.detail.text : '';
        const row = REFUSABLE.find(({ field, when }) => field in sent && when.test(text));
        if (begun || !row) throw error;
        refused.add(mark(row, wire));
      }
    }
  }

  async *#stream(model: string, wire: object, { signal }: RequestOptions, onBegin: () => void): AsyncIterable<ChatEvent> {
    const { response, body: bytes } = await request(this.server, '/v1/chat/completions', wire, { signal });
    onBegin();
    const { status, headers } = response;
    const type = headers.get('Content-Type') ?? '';
    const other = () => new ChatError({ kind: 'not-ollama', status, url: this.server.url });
    // A 204 has a body in some browsers, and an answer in none.
    if (status > 200 || /^text\/html/i.test(type) || !bytes) {
      void bytes?.cancel();
      throw other();
    }
    const answer = new OpenAIAnswer();
    try {
      for await (const chunk of /^application\/json/i.test(type) ? whole(bytes, other) : chunks(bytes)) {
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
async function* whole(bytes: Bytes, other: () => ChatError): AsyncGenerator<Chunk, void, undefined> {
  const answer = parseJson(await readText(bytes));
  if (!isObject(answer) || !(answer.error || answer.choices)) throw other();
  yield answer;
  yield END;
}
