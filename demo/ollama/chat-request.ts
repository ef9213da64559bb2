/**
 * What `POST /api/chat` asks for, and the words in which Ollama refuses what it cannot do.
 * Sends nothing.
 */
import type { Dialect } from './answer.ts';
import { chatDialect } from './chat.ts';
import { keepAlive } from './keep-alive.ts';
import { findModel, type Model } from './models.ts';

export interface Message {
  readonly role: string;
  readonly content: string;
  readonly thinking?: string;
  readonly images?: readonly string[];
  readonly tool_calls?: readonly object[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

/** The body of the request, as it came, with `messages` always there. Other endpoints are read into the same. */
export interface Chat {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream?: boolean;
  readonly think?: boolean | string;
  readonly tools?: readonly object[];
  readonly format?: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly keep_alive?: number | string | null;
}

export interface Refusal {
  readonly status: number;
  readonly error: string;
}

/** What one request asks for, and how it wants to be answered. */
export interface Question {
  readonly chat: Chat;
  readonly dialect: Dialect;
  /** Why this model cannot; asked in any case, also where the model is only to be loaded. */
  readonly refuse: (model: Model) => Refusal | undefined;
}

export type Body = Record<string, unknown>;

export const INVALID_NAME = /^[^\w]|[^\w.:/-]/;
const THINK_LEVELS: readonly unknown[] = ['high', 'medium', 'low', 'max'];

/** The body as an object; the decoder's own words where it is none. */
export function parseBody(text: string, type = 'api.ChatRequest'): Body | Refusal {
  if (!text) return refuse('missing request body');
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Body) : refuse(`json: cannot unmarshal into Go value of type ${type}`);
  } catch {
    const first = text.trimStart().charAt(0);
    return refuse(/[[{"\d-]/.test(first) ? 'unexpected EOF' : `invalid character '${first}' looking for beginning of value`);
  }
}

export const isRefusal = (value: object): value is Refusal => 'status' in value && 'error' in value;

/** The order of the checks is Ollama's. */
export function readChat(text: string): Question | Refusal {
  const body = parseBody(text);
  if (isRefusal(body)) return body;
  const malformed = refuseContent(body) ?? refuseSettings(body) ?? refuseName(body);
  if (malformed) return malformed;
  return askedOf({ ...body, messages: body['messages'] ?? [] } as unknown as Chat, chatDialect);
}

/** A chat as a question: that of this endpoint, or what another one makes a chat of. */
export function askedOf(chat: Chat, dialect: (chat: Chat) => Dialect): Question {
  return { chat, dialect: dialect(chat), refuse: model => (chat.messages.length ? refuseModel(chat, model, 'chat') : undefined) };
}

/** The model that is asked for, or why not. */
export function admit({ chat, refuse: refused }: Question, models: readonly Model[]): Model | Refusal {
  const unnamed = refuseName({ model: chat.model });
  if (unnamed) return unnamed;
  const model = findModel(models, chat.model);
  if (!model) return refuse(`model '${chat.model}' not found`, 404);
  return refused(model) ?? model;
}

function refuseContent({ messages }: Body): Refusal | undefined {
  for (const message of Array.isArray(messages) ? (messages as Body[]) : []) {
    const { content } = message;
    if (typeof content !== 'string' && content !== undefined && content !== null) {
      const type = Array.isArray(content) ? 'array' : typeof content;
      return refuse(`json: cannot unmarshal ${type} into Go struct field ChatRequest.messages.content of type string`);
    }
    const illegal = refuseImages(message['images']);
    if (illegal) return illegal;
  }
}

/** Pictures are plain base64: an address, also a `data:` one, is none. */
export function refuseImages(images: unknown): Refusal | undefined {
  for (const image of Array.isArray(images) ? (images as unknown[]) : []) {
    const place = typeof image === 'string' ? image.search(/[^A-Za-z0-9+/=\n\r]/) : -1;
    if (place >= 0) return refuse(`illegal base64 data at input byte ${place}`);
  }
}

/** What all endpoints of Ollama's own API have in common. */
export function refuseSettings({ think, top_logprobs, keep_alive }: Body): Refusal | undefined {
  if (typeof think === 'string' && !THINK_LEVELS.includes(think)) {
    return refuse(`invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)`);
  }
  if (typeof top_logprobs === 'number' && (top_logprobs < 0 || top_logprobs > 20)) return refuse('top_logprobs must be between 0 and 20');
  const kept = keepAlive(keep_alive);
  return typeof kept === 'object' ? refuse(kept.error) : undefined;
}

export function refuseName({ model }: Body): Refusal | undefined {
  if (typeof model !== 'string' || !model) return refuse('model is required');
  return INVALID_NAME.test(model) ? refuse('invalid model name') : undefined;
}

export function refuseModel({ model, think, tools, options }: Chat, { capabilities }: Model, wanted: string): Refusal | undefined {
  if (!capabilities.includes('completion')) return refuse(`"${model}" does not support ${wanted}`);
  if (think && !capabilities.includes('thinking')) return refuse(`"${model}" does not support thinking`);
  if (tools?.length && !capabilities.includes('tools')) return refuse(`${fullName(model)} does not support tools`);
  const window = options?.['num_ctx'];
  if (window !== undefined && typeof window !== 'number') return refuse('option "num_ctx" must be of type integer', 500);
}

export const fullName = (model: string) => `registry.ollama.ai/library/${model.includes(':') ? model : `${model}:latest`}`;

export function refuse(error: string, status = 400): Refusal {
  return { status, error };
}
