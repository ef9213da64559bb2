/** Ollama's own API for a program: what a chat needs of it, and the calls that it does not. */
import { ChatError } from '../errors';
import type { ChatEvent, ChatRequest, PullProgress, RequestOptions } from '../protocol/client';
import { isObject } from '../protocol/json';
import { OllamaApi } from '../protocol/ollama';
import { pull } from '../protocol/pull';
import { requestJson } from '../protocol/request';
import { Answer } from './answer';
import { type ClientOptions, serverOptions } from './server-options';
import { type ChatResponse, chatResponse, type GenerateResponse, generateResponse, readable, VECTORS_LIMIT } from './whole';

/** What goes to `/api/generate`. */
export interface GenerateRequest extends Pick<ChatRequest, 'model' | 'think' | 'format' | 'options' | 'keep_alive'> {
  /** Empty: the model is loaded, or with a `keep_alive` of 0 unloaded, and nothing is answered. */
  prompt: string;
  /** What comes after the answer, for models that can fill in (`insert`). */
  suffix?: string;
  system?: string;
  /** Base64 without a prefix. */
  images?: string[];
  /** The prompt goes to the model as it is, without its template. */
  raw?: boolean;
}

/** What goes to `/api/embed`. */
export interface EmbedRequest extends Pick<ChatRequest, 'model' | 'options' | 'keep_alive'> {
  input: string | string[];
  /** Whether what is too long is cut off. Default: true. */
  truncate?: boolean;
  /** How many numbers each vector has, where the model lets one choose. */
  dimensions?: number;
}

export interface EmbedResponse {
  model: string;
  /** One for each text, of length 1. */
  embeddings: number[][];
  /** In nanoseconds. */
  total_duration?: number;
  /** In nanoseconds. */
  load_duration?: number;
  prompt_eval_count?: number;
}

/** An Ollama server. Every call takes a `signal`, and rejects with its reason when it aborts, else with a `ChatError`. */
export class OllamaClient extends OllamaApi {
  protected override readonly brief = {};

  /** @throws {ChatError} `bad-url` */
  constructor(options: ClientOptions = {}) {
    super(serverOptions(options));
  }

  /**
   * `POST /api/chat`: the whole answer when awaited, its events in a loop. Without messages the model is loaded, or with a `keep_alive`
   * of 0 unloaded. A model that cannot think or call tools is asked once more without that.
   */
  override chat(request: ChatRequest, options?: RequestOptions): Answer<ChatEvent, ChatResponse> {
    return new Answer(own => readable(super.chat(request, own)), chatResponse, options);
  }

  /** `POST /api/generate`: one prompt and nothing before it; the whole answer when awaited, its events in a loop. */
  generate(request: GenerateRequest, options?: RequestOptions): Answer<ChatEvent, GenerateResponse> {
    return new Answer(own => readable(this.ask('/api/generate', request, own)), generateResponse, options);
  }

  /** `POST /api/embed`: a vector for each text. */
  async embed(request: EmbedRequest, options?: RequestOptions): Promise<EmbedResponse> {
    const answer = await requestJson(this.server, '/api/embed', request, options, VECTORS_LIMIT);
    if (isObject(answer) && Array.isArray(answer.embeddings)) return answer as unknown as EmbedResponse;
    throw new ChatError({ kind: 'not-ollama', status: 200, url: this.server.url });
  }

  /** `POST /api/pull`: its progress in a loop; the last of it when awaited. What was downloaded stays where the loop is left. */
  pull(model: string, options?: RequestOptions): Answer<PullProgress, PullProgress> {
    return new Answer(own => pull(this.server, model, own), lastOf, options);
  }
}

function lastOf(lines: readonly PullProgress[]): PullProgress {
  const last = lines.at(-1);
  if (last?.status !== 'success') throw new ChatError({ kind: 'interrupted' });
  return last;
}
