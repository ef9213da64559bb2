/**
 * The OpenAI-compatible API (`/v1/*`) of Ollama, llama-server, LiteLLM and others as a `ChatClient`. Not needed by a page
 * that talks to Ollama's own API. Sends only what all of them understand; decides nothing about what to show.
 */
import { ChatError } from '../errors';
import type {
  ChatClient,
  ChatEvent,
  ChatRequest,
  ChatStats,
  DoneReason,
  ModelInfo,
  RequestMessage,
  RequestOptions,
  ToolCall,
} from './client';
import { isObject, isText, parseJson } from './json';
import { LINE_LIMIT } from './lines';
import { errorOf, readText, request, requestJson, type ServerOptions } from './request';
import { readEvents } from './sse';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;
type Chunk = Record<string, unknown>;

/** What `[DONE]` says where no chunk has said it. */
const END: Chunk = { choices: [{ finish_reason: 'stop' }] };

export class OpenAIClient implements ChatClient {
  constructor(readonly server: ServerOptions) {}

  /**
   * `POST /v1/chat/completions`, streamed. Ends after `[DONE]`, also when the connection stays open, or with the connection
   * once the model has finished.
   * @throws {ChatError} `interrupted` when the answer ends before that, which is how Ollama hides an error here;
   * `bad-tool-call` for arguments that are no JSON object; see {@link request}.
   */
  async *chat(body: ChatRequest, { signal }: RequestOptions = {}): AsyncGenerator<ChatEvent, void, undefined> {
    const { response, body: bytes } = await request(this.server, '/v1/chat/completions', chatBody(body), { signal });
    const { status, headers } = response;
    const type = headers.get('Content-Type') ?? '';
    const other = () => new ChatError({ kind: 'not-ollama', status, url: this.server.url });
    // A 204 has a body in some browsers, and an answer in none.
    if (status > 200 || /^text\/html/i.test(type) || !bytes) {
      void bytes?.cancel();
      throw other();
    }
    const answer = new Answer();
    try {
      for await (const chunk of /^application\/json/i.test(type) ? whole(bytes, other) : chunks(bytes)) {
        if (chunk.error) throw await errorOf(chunk, body.model);
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
    return models.flatMap(model => (isObject(model) && isText(model.id) ? [{ name: model.id }] : []));
  }
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

/** A call that is being written. */
interface Call {
  id: string;
  name: string;
  fragments: string[];
}

/** What has come of one answer. A call is complete only when the answer is. */
class Answer {
  reason: DoneReason | undefined;
  #stats: ChatStats = {};
  readonly #calls: Call[] = [];
  /** Of all that has come for the calls. */
  #length = 0;
  /** The call that each index stands for at present. */
  readonly #current = new Map<number, Call>();

  *take(chunk: Chunk): Generator<ChatEvent, void, undefined> {
    if (isObject(chunk.usage)) this.#stats = stats(chunk.usage);
    const choice: unknown = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (!isObject(choice)) return;
    const delta = choice.delta ?? choice.message;
    if (isObject(delta)) {
      const thinking = delta.reasoning || delta.reasoning_content;
      if (isText(thinking)) yield { type: 'thinking', text: thinking };
      if (isText(delta.content)) yield { type: 'text', text: delta.content };
      if (Array.isArray(delta.tool_calls)) delta.tool_calls.forEach((call, index) => this.#takeCall(call, index));
    }
    if (isText(choice.finish_reason)) this.reason ??= doneReason(choice.finish_reason);
  }

  /** @throws {ChatError} `interrupted` where the model has not finished; `bad-tool-call` */
  *end(): Generator<ChatEvent, void, undefined> {
    if (!this.reason) throw new ChatError({ kind: 'interrupted' });
    for (const { id, name, fragments } of this.#calls) {
      if (name) yield { type: 'tool-call', call: { ...(id && { id }), function: { name, arguments: parseArguments(fragments.join('')) } } };
    }
    yield { type: 'done', reason: this.reason, stats: this.#stats };
  }

  /** Servers send a call at once, or its name first and then its arguments in pieces. */
  #takeCall(part: unknown, place: number) {
    if (!isObject(part)) return;
    this.#length += JSON.stringify(part).length;
    if (this.#length > LINE_LIMIT) throw new ChatError({ kind: 'too-large', limit: LINE_LIMIT });
    const index = typeof part.index === 'number' ? part.index : place;
    let call = this.#current.get(index);
    // Some count every call as 0.
    if (!call || (isText(part.id) && call.id && part.id !== call.id)) {
      call = { id: '', name: '', fragments: [] };
      this.#calls.push(call);
      this.#current.set(index, call);
    }
    if (isText(part.id)) call.id = part.id;
    if (!isObject(part.function)) return;
    const { name, arguments: fragment } = part.function;
    if (isText(name)) call.name ||= name;
    if (isText(fragment)) call.fragments.push(fragment);
    // As Ollama's own API writes them, and what imitates both.
    if (isObject(fragment)) call.fragments.push(JSON.stringify(fragment));
  }
}

function parseArguments(text: string): Record<string, unknown> {
  // A function without parameters is often called with nothing.
  const value = text.trim() ? parseJson(text) : {};
  if (!isObject(value)) throw new ChatError({ kind: 'bad-tool-call', text: text.slice(0, 200) });
  return value;
}

const doneReason = (reason: string): DoneReason => (reason === 'length' ? reason : reason === 'tool_calls' ? 'tool-calls' : 'stop');

const stats = ({ prompt_tokens, completion_tokens }: Chunk): ChatStats => ({
  ...(typeof prompt_tokens === 'number' && { prompt_eval_count: prompt_tokens }),
  ...(typeof completion_tokens === 'number' && { eval_count: completion_tokens }),
});

// `think`, `keep_alive` and `options` are Ollama's own: servers ignore them here, or refuse them.
const chatBody = ({ model, messages, tools }: ChatRequest) => ({
  model,
  messages: [...wireMessages(messages)],
  ...(tools && { tools }),
  stream: true,
  stream_options: { include_usage: true },
});

function* wireMessages(messages: readonly RequestMessage[]): Generator<object, void, undefined> {
  /** The calls that wait for their results, in order. */
  let open: { id: string; name: string }[] = [];
  for (const [place, { role, content, images, tool_calls, tool_name, tool_call_id }] of messages.entries()) {
    if (role === 'tool') {
      const call = open.find(({ id, name }) => (tool_call_id ? id === tool_call_id : !tool_name || name === tool_name));
      open = open.filter(other => other !== call);
      yield { role, tool_call_id: tool_call_id || call?.id, content };
    } else if (tool_calls?.length) {
      // The same each time that a conversation is sent, or no server could reuse what it has read of it.
      const calls = tool_calls.map((call, index) => wireCall(call, `call_${place}_${index}`));
      open = calls.map(({ id, function: { name } }) => ({ id, name }));
      yield { role, content, tool_calls: calls };
    } else {
      yield { role, content: images?.length ? withImages(content, images) : content };
    }
  }
}

const wireCall = ({ id, function: { name, arguments: given } }: ToolCall, otherwise: string) => ({
  id: id || otherwise,
  type: 'function',
  function: { name, arguments: JSON.stringify(given) },
});

const withImages = (text: string, images: readonly string[]) => [
  ...(text ? [{ type: 'text', text }] : []),
  ...images.map(data => ({ type: 'image_url', image_url: { url: `data:${imageType(data)};base64,${data}` } })),
];

/** First bytes of files, in base64 (https://mimesniff.spec.whatwg.org/#image-type-pattern-matching-algorithm). */
const IMAGE_TYPES = { iVBORw: 'image/png', '/9j/': 'image/jpeg', UklGR: 'image/webp', R0lGOD: 'image/gif' };

const imageType = (data: string) => Object.entries(IMAGE_TYPES).find(([start]) => data.startsWith(start))?.[1] ?? 'image/png';
