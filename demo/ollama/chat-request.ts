/**
 * What `POST /api/chat` asks for, and the words in which Ollama refuses what it cannot do.
 * Sends nothing.
 */
import { keepAlive } from './keep-alive.ts';
import { findModel, type Model } from './models.ts';

export interface Message {
  readonly role: string;
  readonly content: string;
  readonly thinking?: string;
  readonly images?: readonly string[];
  readonly tool_calls?: readonly object[];
  readonly tool_name?: string;
}

/** The body of the request, as it came, with `messages` always there. */
export interface Chat {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly stream?: boolean;
  readonly think?: boolean | string;
  readonly tools?: readonly object[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly keep_alive?: number | string | null;
}

export interface Refusal {
  readonly status: number;
  readonly error: string;
}

type Body = Record<string, unknown>;

export const INVALID_NAME = /^[^\w]|[^\w.:/-]/;
const THINK_LEVELS: readonly unknown[] = ['high', 'medium', 'low', 'max'];

/** The body as an object; the decoder's own words where it is none. */
export function parseBody(text: string): Body | Refusal {
  if (!text) return refuse('missing request body');
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null
      ? (body as Body)
      : refuse('json: cannot unmarshal into Go value of type api.ChatRequest');
  } catch {
    const first = text.trimStart().charAt(0);
    return refuse(/[[{"\d-]/.test(first) ? 'unexpected EOF' : `invalid character '${first}' looking for beginning of value`);
  }
}

export const isRefusal = (value: object): value is Refusal => 'status' in value && 'error' in value;

/** The chat and its model, or why not. The order of the checks is Ollama's. */
export function parseChat(body: Body, models: readonly Model[]): { chat: Chat; model: Model } | Refusal {
  const malformed = refuseBody(body);
  if (malformed) return malformed;
  const chat = { ...body, messages: body['messages'] ?? [] } as unknown as Chat;
  const model = findModel(models, chat.model);
  if (!model) return refuse(`model '${chat.model}' not found`, 404);
  return refuseModel(chat, model) ?? { chat, model };
}

function refuseBody({ model, messages, think, top_logprobs, keep_alive }: Body): Refusal | undefined {
  for (const message of Array.isArray(messages) ? (messages as Body[]) : []) {
    const { content } = message;
    if (typeof content !== 'string' && content !== undefined && content !== null) {
      const type = Array.isArray(content) ? 'array' : typeof content;
      return refuse(`json: cannot unmarshal ${type} into Go struct field ChatRequest.messages.content of type string`);
    }
  }
  if (typeof think === 'string' && !THINK_LEVELS.includes(think)) {
    return refuse(`invalid think value: "${think}" (must be "high", "medium", "low", "max", true, or false)`);
  }
  if (typeof top_logprobs === 'number' && (top_logprobs < 0 || top_logprobs > 20)) return refuse('top_logprobs must be between 0 and 20');
  const kept = keepAlive(keep_alive);
  if (typeof kept === 'object') return refuse(kept.error);
  if (typeof model !== 'string' || !model) return refuse('model is required');
  return INVALID_NAME.test(model) ? refuse('invalid model name') : undefined;
}

function refuseModel({ model, messages, think, tools, options }: Chat, { capabilities }: Model): Refusal | undefined {
  if (!messages.length) return;
  if (!capabilities.includes('completion')) return refuse(`"${model}" does not support chat`);
  if (think && !capabilities.includes('thinking')) return refuse(`"${model}" does not support thinking`);
  if (tools?.length && !capabilities.includes('tools')) {
    return refuse(`registry.ollama.ai/library/${model.includes(':') ? model : `${model}:latest`} does not support tools`);
  }
  const window = options?.['num_ctx'];
  if (window !== undefined && typeof window !== 'number') return refuse('option "num_ctx" must be of type integer', 500);
}

function refuse(error: string, status = 400): Refusal {
  return { status, error };
}
