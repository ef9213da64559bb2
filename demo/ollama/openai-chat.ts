/**
 * `POST /v1/chat/completions`: what it asks for, in Ollama's own terms, and how its answer is written.
 * Sends nothing by itself; ignores what Ollama ignores, such as `max_completion_tokens` and `keep_alive`.
 */
import type { Counts, Dialect, Said } from './answer.ts';
import { askedOf, type Body, type Chat, isRefusal, type Message, parseBody, type Question, refuse, type Refusal } from './chat-request.ts';
import { OPENAI_TYPE, sendOpenAiError } from './openai.ts';
import { goJson } from './wire.ts';

/** The order of the checks is Ollama's. */
export function readOpenAiChat(text: string): Question | Refusal {
  if (!text) return refuse('EOF');
  const body = parseBody(text, 'openai.ChatCompletionRequest');
  if (isRefusal(body)) return body;
  const { max_tokens, messages: given } = body;
  if (max_tokens !== undefined && max_tokens !== null && !Number.isInteger(max_tokens)) {
    const type = typeof max_tokens === 'number' ? `number ${max_tokens}` : typeof max_tokens === 'boolean' ? 'bool' : typeof max_tokens;
    return refuse(`json: cannot unmarshal ${type} into Go struct field ChatCompletionRequest.max_tokens of type int`);
  }
  if (!Array.isArray(given) || !given.length) return refuse("[] is too short - 'messages'");
  const messages = messagesOf(given as Body[]);
  if (isRefusal(messages)) return messages;
  const think = thinkOf(body);
  if (think !== undefined && typeof think === 'object') return think;
  const chat: Chat = {
    model: typeof body['model'] === 'string' ? body['model'] : '',
    messages,
    stream: body['stream'] === true,
    ...(think !== undefined && { think }),
    ...(Array.isArray(body['tools']) && { tools: body['tools'] as object[] }),
    ...formatOf(body['response_format']),
    options: optionsOf(body),
  };
  return askedOf(chat, asked => dialect(asked, body));
}

/** Each part of a message becomes a message of its own, as Ollama has it. */
function messagesOf(given: readonly Body[]): Message[] | Refusal {
  const messages: Message[] = [];
  for (const message of given) {
    const { content } = message;
    const role = String(message['role'] ?? '');
    const calls = callsOf(message['tool_calls']);
    if (calls && !Array.isArray(calls)) return calls;
    const about = { ...resultOf(message, given), ...(typeof message['reasoning'] === 'string' && { thinking: message['reasoning'] }) };
    if (typeof content === 'string') messages.push({ role, content, ...about, ...(calls?.length && { tool_calls: calls }) });
    else if (Array.isArray(content)) {
      const parts = content.map(part => partOf(role, part as Body | null));
      const wrong = parts.find(isRefusal);
      if (wrong) return wrong;
      messages.push(...(parts as Message[]));
      if (calls?.length) messages.push({ ...(messages.pop() as Message), tool_calls: calls, ...about });
    } else {
      if (!calls) return refuse(`invalid message content type: ${goType(content)}`);
      messages.push({ role, content: '', ...about, tool_calls: calls });
    }
  }
  return messages;
}

function partOf(role: string, part: Body | null): Message | Refusal {
  const { type, text, image_url } = part ?? {};
  if (type === 'text' && typeof text === 'string') return { role, content: text };
  if (type !== 'image_url') return refuse('invalid message format');
  const url = typeof image_url === 'object' && image_url !== null ? (image_url as Body)['url'] : image_url;
  if (typeof url !== 'string') return refuse('invalid message format');
  if (/^https?:\/\//.test(url)) return refuse('image URLs are not currently supported, please use base64 encoded data instead');
  const image = /^data:(?:image\/(?:jpeg|jpg|png|webp))?;base64,((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(
    url,
  )?.[1];
  return image === undefined ? refuse('invalid image input') : { role, content: '', images: [image] };
}

/** With their arguments as objects, as Ollama's own API has them. */
function callsOf(calls: unknown): object[] | Refusal | undefined {
  if (!Array.isArray(calls)) return undefined;
  const read: object[] = [];
  for (const { id, function: called } of calls as { id?: string; function?: { name?: string; arguments?: string } }[]) {
    try {
      const given: unknown = JSON.parse(called?.arguments ?? '');
      read.push({ ...(id && { id }), function: { index: read.length, name: called?.name ?? '', arguments: given } });
    } catch {
      return refuse('invalid tool call arguments');
    }
  }
  return read;
}

/** What a result answers; the last call with its id gives it a name. */
function resultOf({ role, name, tool_call_id }: Body, given: readonly Body[]): Partial<Message> {
  if (typeof tool_call_id !== 'string') return {};
  const calls = given.flatMap(({ tool_calls }) => (Array.isArray(tool_calls) ? (tool_calls as { id?: string; function?: Body }[]) : []));
  const called = name ?? calls.findLast(({ id }) => id === tool_call_id)?.function?.['name'];
  return { ...(role === 'tool' && typeof called === 'string' && { tool_name: called }), tool_call_id };
}

const EFFORTS: Record<string, boolean | string> = {
  ...{ none: false, minimal: 'low', low: 'low', medium: 'medium' },
  ...{ high: 'high', xhigh: 'max', ultra: 'max', max: 'max' },
};

function thinkOf({ reasoning, reasoning_effort }: Body): boolean | string | Refusal | undefined {
  const effort = typeof reasoning === 'object' && reasoning !== null ? (reasoning as Body)['effort'] : reasoning_effort;
  if (typeof effort !== 'string' || !effort) return undefined;
  const known = Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  const all = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';
  return known ?? refuse(`invalid reasoning value: ${JSON.stringify(effort)} (must be ${all})`);
}

function formatOf(format: unknown): Pick<Chat, 'format'> {
  const { type, json_schema } = (format ?? {}) as { type?: unknown; json_schema?: { schema?: unknown } };
  const kind = typeof type === 'string' ? type.trim().toLowerCase() : '';
  if (kind === 'json_object') return { format: 'json' };
  return kind === 'json_schema' && json_schema?.schema ? { format: json_schema.schema } : {};
}

/** Two of them are set here where the request leaves them away, over the model's own. */
function optionsOf({ stop, max_tokens, temperature, top_p, seed, frequency_penalty, presence_penalty }: Body): Body {
  const stops = typeof stop === 'string' ? [stop] : Array.isArray(stop) ? stop.filter(text => typeof text === 'string') : undefined;
  const given = {
    stop: stops,
    num_predict: max_tokens,
    temperature: temperature ?? 1,
    top_p: top_p ?? 1,
    seed,
    frequency_penalty,
    presence_penalty,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}

function dialect({ model }: Chat, { stream_options }: Body): Dialect {
  const counted = (stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
  const id = `chatcmpl-${Math.floor(Math.random() * 999)}`;
  const created = Math.floor(Date.now() / 1000);
  const head = (object: string, named = model) => ({ id, object, created, model: named, system_fingerprint: 'fp_ollama' });
  const event = (choices: object[], named?: string, usage?: object) =>
    `data: ${goJson({ ...head('chat.completion.chunk', named), choices, ...(usage && { usage }) })}\n\n`;
  let begun = false;
  let called = false;
  const chunk = (delta: object, named?: string) => {
    const role = begun ? {} : { role: 'assistant' };
    begun = true;
    return event([{ index: 0, delta: { ...role, ...delta }, finish_reason: null }], named);
  };
  const part = ({ content = '', thinking, tool_calls }: Said) => {
    const calls = tool_calls?.length ? { tool_calls: wireCalls(tool_calls) } : {};
    called ||= 'tool_calls' in calls;
    // What mixes thoughts and words comes in two.
    if (thinking && (content || 'tool_calls' in calls)) return chunk({ reasoning: thinking }) + chunk({ content, ...calls });
    return chunk({ content, ...(thinking && { reasoning: thinking }), ...calls });
  };
  const reason = ({ done_reason }: Counts) => (done_reason === 'stop' && called ? 'tool_calls' : done_reason);
  return {
    type: 'text/event-stream',
    frame: text => `data: ${text}\n\n`,
    part,
    end: counts =>
      [
        begun ? '' : chunk({ content: '' }),
        event([{ index: 0, delta: {}, finish_reason: reason(counts) }]),
        counted ? event([], undefined, usageOf(counts)) : '',
        'data: [DONE]\n\n',
      ].join(''),
    // The error itself gets lost on the way: what is left of it is an empty chunk of no model, and the end.
    broken: () => chunk({ content: '' }, ''),
    whole: ({ content = '', thinking, tool_calls }, counts) => {
      const calls = tool_calls?.length ? { tool_calls: wireCalls(tool_calls) } : {};
      const message = { role: 'assistant', content, ...(thinking && { reasoning: thinking }), ...calls };
      const finish_reason = tool_calls?.length ? 'tool_calls' : counts.done_reason;
      const answer = { ...head('chat.completion'), choices: [{ index: 0, message, finish_reason }], usage: usageOf(counts) };
      return { text: `${goJson(answer)}\n`, type: OPENAI_TYPE };
    },
    refuse: (response, status, error) => sendOpenAiError(response, { status, error }),
  };
}

function wireCalls(calls: readonly object[]): object[] {
  return (calls as { id?: string; function: { index?: number; name: string; arguments: unknown } }[]).map(
    ({ id, function: call }, place) => ({
      ...{ id: id ?? '', index: call.index ?? place, type: 'function' },
      function: { name: call.name, arguments: goJson(call.arguments) },
    }),
  );
}

function usageOf({ prompt_eval_count: prompt_tokens = 0, eval_count: completion_tokens = 0 }: Counts): object {
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function goType(value: unknown): string {
  if (value === undefined || value === null) return '<nil>';
  if (typeof value === 'number') return 'float64';
  return typeof value === 'boolean' ? 'bool' : 'map[string]interface {}';
}
