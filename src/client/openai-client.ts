/** A server of OpenAI's API for a program: what a chat needs of it, and embeddings. */
import { ChatError } from '../errors';
import type { ChatEvent, ChatRequest, RequestOptions } from '../protocol/client';
import { isObject } from '../protocol/json';
import { OpenAIApi } from '../protocol/openai';
import { requestJson } from '../protocol/request';
import { Answer } from './answer';
import { type ClientOptions, serverOptions } from './server-options';
import { type ChatResponse, chatResponse, readable, VECTORS_LIMIT } from './whole';

/** What goes to `/v1/embeddings`. */
export interface EmbeddingsRequest {
  model: string;
  input: string | string[];
  /** How many numbers each vector has, where the model lets one choose. */
  dimensions?: number;
}

export interface EmbeddingsResponse {
  model?: string;
  /** One for each text; `index` is its place. */
  data: { index: number; embedding: number[] }[];
  usage?: { prompt_tokens: number; total_tokens: number };
}

/** A server of OpenAI's API. Every call takes a `signal`, and rejects with its reason when it aborts, else with a `ChatError`. */
export class OpenAIClient extends OpenAIApi {
  /** @throws {ChatError} `bad-url` */
  constructor(options: ClientOptions = {}) {
    super(serverOptions(options));
  }

  /**
   * `POST /v1/chat/completions`, in the same words as Ollama's own API: the whole answer when awaited, its events in a loop. Of `options`
   * those are sent that this API knows (`num_predict` as `max_tokens`), `format` as `response_format`, `think` as `reasoning_effort`;
   * `keep_alive` is not.
   */
  override chat(request: ChatRequest, options?: RequestOptions): Answer<ChatEvent, ChatResponse> {
    return new Answer(own => readable(super.chat(request, own)), chatResponse, options);
  }

  /** `POST /v1/embeddings`: a vector for each text. */
  async embeddings(request: EmbeddingsRequest, options?: RequestOptions): Promise<EmbeddingsResponse> {
    const answer = await requestJson(this.server, '/v1/embeddings', request, options, VECTORS_LIMIT);
    if (isObject(answer) && Array.isArray(answer.data)) return answer as unknown as EmbeddingsResponse;
    throw new ChatError({ kind: 'not-ollama', status: 200, url: this.server.url });
  }
}
