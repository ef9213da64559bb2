/** A question in the words of OpenAI's API. Pure; what that API has no word for is left out: `keep_alive`, `num_ctx`, and most other options. */
import type { ChatRequest, RequestMessage, ToolCall } from './client';
import { toJson } from './json';
import { IMAGE_TYPES, OPTIONS } from './openai-servers';

/** The body of a `POST /v1/chat/completions`. */
export const chatBody = ({ model, messages, tools, think, options, format }: ChatRequest): Record<string, unknown> => ({
  model,
  messages: [...wireMessages(withoutGaps(messages))],
  ...(tools?.length && { tools }),
  ...(think !== undefined && { reasoning_effort: think === true ? 'medium' : think || 'none' }),
  ...(format && { response_format: responseFormat(format) }),
  ...wireOptions(options),
  stream: true,
  stream_options: { include_usage: true },
});

const responseFormat = (format: NonNullable<ChatRequest['format']>) =>
  format === 'json' ? { type: 'json_object' } : { type: 'json_schema', json_schema: { name: 'answer', schema: format } };

function wireOptions(options: Record<string, unknown> = {}): Record<string, unknown> {
  const known = Object.entries(options).flatMap(([name, value]) => {
    const wire = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    // Nothing, or less, is Ollama's word for no limit.
    const isUnlimited = name === 'num_predict' && Number(value) <= 0;
    return wire && value !== null && value !== undefined && !isUnlimited ? [[wire, value]] : [];
  });
  return Object.fromEntries(known) as Record<string, unknown>;
}

/**
 * An answer that never came is an empty message, which some servers refuse, as some templates do two questions in a row: so these
 * become one.
 */
function withoutGaps(messages: readonly RequestMessage[]): RequestMessage[] {
  const kept: RequestMessage[] = [];
  for (const message of messages) {
    const { role, content, images, tool_calls } = message;
    const last = kept.at(-1);
    if (role === 'assistant' && !content && !tool_calls?.length) continue;
    if (role !== 'user' || last?.role !== 'user') kept.push(message);
    else {
      const all = [...(last.images ?? []), ...(images ?? [])];
      kept[kept.length - 1] = { role, content: [last.content, content].filter(Boolean).join('\n\n'), ...(all.length && { images: all }) };
    }
  }
  return kept;
}

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
  function: { name, arguments: toJson(given) },
});

const withImages = (text: string, images: readonly string[]) => [
  ...(text ? [{ type: 'text', text }] : []),
  ...images.map(data => ({ type: 'image_url', image_url: { url: `data:${imageType(data)};base64,${data}` } })),
];

const imageType = (data: string) => Object.entries(IMAGE_TYPES).find(([start]) => data.startsWith(start))?.[1] ?? 'image/png';
