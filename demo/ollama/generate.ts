/**
 * `POST /api/generate`: one prompt instead of messages. What it asks for, and how its answer is written.
 * Sends nothing by itself.
 */
import type { Dialect, Said } from './answer.ts';
import {
  type Body,
  type Chat,
  fullName,
  INVALID_NAME,
  isRefusal,
  parseBody,
  type Question,
  refuse,
  refuseImages,
  refuseModel,
  refuseSettings,
  type Refusal,
} from './chat-request.ts';
import { JSON_TYPE, LINES_TYPE } from './chat.ts';
import { keepAlive } from './keep-alive.ts';
import { goJson, goTime, sendError } from './wire.ts';

/** The order of the checks is Ollama's. */
export function readGenerate(text: string): Question | Refusal {
  const body = parseBody(text, 'api.GenerateRequest');
  if (isRefusal(body)) return body;
  const malformed = refuseImages(body['images']) ?? refuseSettings(body);
  if (malformed) return malformed;
  const name = textOf(body['model']);
  if (!name || INVALID_NAME.test(name)) return refuse(`model '${name}' not found`, 404);
  const chat = chatOf(body, name);
  const unloads = !chat.messages.length && keepAlive(chat.keep_alive) === 0;
  return {
    chat,
    dialect: dialect(chat, body),
    refuse: model => (unloads ? undefined : (refuseRaw(body) ?? refuseModelFor(body, chat, model))),
  };
}

/** A prompt as a chat of one question, so that the same scripts answer it. Without a prompt the model is only loaded. */
function chatOf(body: Body, model: string): Chat {
  const { images, system } = body;
  const content = textOf(body['prompt']);
  const question = { role: 'user', content, ...(Array.isArray(images) && { images: images as string[] }) };
  const prompt = system ? [{ role: 'system', content: textOf(system) }] : [];
  return { ...body, model, messages: content ? [...prompt, question] : [] };
}

function refuseRaw({ raw, template, system, context }: Body): Refusal | undefined {
  const templated = Boolean(template || system || (Array.isArray(context) && context.length));
  return raw && templated ? refuse('raw mode does not support template, system, or context') : undefined;
}

function refuseModelFor({ suffix }: Body, chat: Chat, model: Parameters<Question['refuse']>[0]): Refusal | undefined {
  const refused = refuseModel({ ...chat, tools: [] }, model, 'generate');
  if (refused || !suffix || model.capabilities.includes('insert')) return refused;
  return refuse(`${fullName(chat.model)} does not support insert`);
}

function dialect({ model, messages }: Chat, { raw, context }: Body): Dialect {
  const tokens = new Tokens(Array.isArray(context) ? (context as number[]) : []);
  for (const { content } of messages) tokens.add(content);
  const line = ({ content = '', thinking, tool_calls }: Said, rest: object) => ({
    ...{ model, created_at: goTime(), response: content, ...(thinking && { thinking }) },
    ...rest,
    ...(tool_calls?.length && { tool_calls }),
  });
  const part = (said: Said) => {
    tokens.add(said.content);
    return line(said, { done: false });
  };
  const last = (said: Said, { done_reason, ...counts }: Parameters<Dialect['end']>[0]) => {
    tokens.add(said.content);
    const ran = done_reason === 'stop' || done_reason === 'length';
    return line(said, { done: true, done_reason, ...(ran && !raw && { context: tokens.all }), ...counts });
  };
  return {
    type: LINES_TYPE,
    frame: text => `${text}\n`,
    part: said => `${goJson(part(said))}\n`,
    end: counts => `${goJson(last({}, counts))}\n`,
    broken: error => `${goJson({ error })}\n`,
    whole: (said, counts) => ({ text: goJson(last(said, counts)), type: JSON_TYPE }),
    refuse: sendError,
  };
}

/** The conversation so far as numbers, to be handed back with the next prompt: one for each character, as of the smallest vocabulary. */
class Tokens {
  readonly all: number[];

  constructor(before: readonly number[]) {
    this.all = [...before];
  }

  add(text = ''): void {
    for (const byte of Buffer.from(text)) this.all.push(byte + 3);
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
