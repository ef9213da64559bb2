/**
 * What all of `/v1/*` has in common, its list of models, and how it writes vectors.
 * Answers no chat.
 */
import type { ServerResponse } from 'node:http';
import { type Body, isRefusal, parseBody, refuse, type Refusal } from './chat-request.ts';
import type { Embedded } from './embed.ts';
import { listed, type Model } from './models.ts';
import { goJson, sendJson, sendText } from './wire.ts';

/** Of what has gone through Ollama's translation; what is refused before that says its charset, and has no line end. */
export const OPENAI_TYPE = 'application/json';

/** A refusal of Ollama's own API, translated. */
export function sendOpenAiError(response: ServerResponse, refusal: Refusal): void {
  sendOpenAi(response, errorOf(refusal), refusal.status);
}

/** A refusal of the translation itself. */
export function sendEarlyOpenAiError(response: ServerResponse, refusal: Refusal): void {
  sendJson(response, refusal.status, errorOf(refusal));
}

export function sendOpenAi(response: ServerResponse, value: object, status = 200): void {
  sendText(response, status, `${goJson(value)}\n`, OPENAI_TYPE);
}

/** `GET /v1/models`: `null` where there are none. */
export function openAiModels(models: readonly Model[]): object {
  const data = listed(models).map(({ name, modified_at }) => ({
    ...{ id: name, object: 'model', created: Math.floor(Date.parse(modified_at) / 1000) },
    owned_by: name.split('/').at(-2) ?? 'library',
  }));
  return { object: 'list', data: data.length ? data : null };
}

/** `POST /v1/embeddings` in the terms of `POST /api/embed`. */
export function readEmbeddings(text: string): Body | Refusal {
  if (!text) return refuse('EOF');
  const body = parseBody(text, 'openai.EmbedRequest');
  if (isRefusal(body)) return body;
  const { encoding_format: format, input } = body;
  if (typeof format === 'string' && format && !/^(?:float|base64)$/i.test(format)) {
    return refuse(`Invalid value for 'encoding_format' = ${format}. Supported values: ['float', 'base64'].`);
  }
  if (input === undefined || input === null || (Array.isArray(input) && !input.length)) return refuse('invalid input');
  return { ...body, input: input === '' ? [''] : input };
}

export function openAiEmbeddings({ model, embeddings, prompt_eval_count: prompt_tokens = 0 }: Embedded, format: unknown): object {
  const encoded = (vector: readonly number[]) => Buffer.from(new Float32Array(vector).buffer).toString('base64');
  const base64 = typeof format === 'string' && /^base64$/i.test(format);
  const data = embeddings.map((vector, index) => ({ object: 'embedding', embedding: base64 ? encoded(vector) : vector, index }));
  return { object: 'list', data, model, usage: { prompt_tokens, total_tokens: prompt_tokens } };
}

function errorOf({ status, error }: Refusal): object {
  const type = status === 400 ? 'invalid_request_error' : status === 404 ? 'not_found_error' : 'api_error';
  return { error: { message: error, type, param: null, code: null } };
}
